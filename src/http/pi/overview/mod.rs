//! The figures of the dashboard: the last hour, what waits, who works, and what to look at.
//!
//! From counters, partial indexes and the engine's memory, so that the size of the past costs
//! nothing. Without the scope `operator` a caller is told of its own organization alone. Never: a
//! number that counts another's work.

mod figures;
mod sizes;
mod warnings;

use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

use crate::domain::clock::Timestamp;
use crate::domain::ids::OrgId;
use crate::domain::key::Scope;
use crate::domain::org::Org;
use crate::engine::Recent;
use crate::http::auth::{Authorized, Read};
use crate::http::error::ApiError;
use crate::http::front::Front;
use crate::http::pi::overview::warnings::{Actions, Look};
use crate::http::pi::render::{self, Head};
use crate::store::{Backlog, Underway, Usage};

pub(crate) use sizes::Sizes;

/// Queues that are shown: beyond it a table is no overview.
const MAX_QUEUES: usize = 200;

/// Jobs in workers' hands that are shown, the longest at work first.
const MAX_UNDERWAY: usize = 200;

/// The figures.
pub(crate) async fn show(
    caller: Authorized<Read>,
    front: web::Data<Front>,
) -> Result<HttpResponse, ApiError> {
    let whole_server = caller.scopes.contains(Scope::Operator);
    let view = if whole_server {
        let usage = front.sizes.usage(front.catalog.as_ref()).await?;
        let server = Server { usage, orgs: front.catalog.orgs().await? };
        View::gather(&front, None, Some(server)).await?
    } else {
        View::gather(&front, Some(caller.org), None).await?
    };
    let now = front.clock.now();
    let data = view.data(&front, now);
    Ok(render::succeed(&caller.exchange, now, Head::of("overview"), data))
}

/// What only those are told who may see the whole server.
struct Server {
    usage: Usage,
    orgs: Vec<Org>,
}

/// All that the answer is made of.
struct View {
    /// Whose figures these are; everybody's without it.
    org: Option<OrgId>,
    server: Option<Server>,
    recent: Recent,
    backlogs: Vec<Backlog>,
    underway: Vec<Underway>,
}

impl View {
    async fn gather(
        front: &Front,
        org: Option<OrgId>,
        server: Option<Server>,
    ) -> Result<Self, ApiError> {
        let mut backlogs = front.catalog.backlogs(org, MAX_QUEUES).await?;
        // What the server does for itself is no client's job.
        let actions = front.engine.actions();
        backlogs.retain(|backlog| !actions.is_internal(&backlog.action));
        let recent = front.engine.recent(org);
        let underway = front.catalog.underway(org, MAX_UNDERWAY).await?;
        Ok(Self { org, server, recent, backlogs, underway })
    }

    fn data(&self, front: &Front, now: Timestamp) -> Value {
        let Self { org: _, server, recent, backlogs, underway } = self;
        json!({
            "scope": if server.is_some() { "server" } else { "organization" },
            "now": now.iso(),
            "since": front.since.iso(),
            "jobs": figures::jobs(recent, backlogs),
            "series": figures::series(&recent.ticks),
            "wait_seconds": recent.wait.map(figures::quantiles),
            "run_seconds": recent.run.map(figures::quantiles),
            "waiting_clients": recent.waiting_clients,
            "workers": self.workers(front),
            "queues": figures::queues(recent, backlogs),
            "organizations":
                server.as_ref().map(|server| figures::orgs(recent, backlogs, &server.orgs)),
            "storage": server.as_ref().map(|server| figures::storage(server.usage)),
            "warnings": self.look(front, underway, now).warnings(),
        })
    }

    fn workers(&self, front: &Front) -> Value {
        let (threads, abandoned) = front.engine.workers();
        let of_server = |number: usize| self.server.as_ref().map(|_| number);
        let names_org = self.server.is_some();
        let busy: Vec<Value> =
            self.underway.iter().map(|underway| figures::underway(underway, names_org)).collect();
        json!({ "threads": of_server(threads), "abandoned": of_server(abandoned), "busy": busy })
    }

    fn look<'a>(&'a self, front: &'a Front, underway: &'a [Underway], now: Timestamp) -> Look<'a> {
        let (threads, abandoned) = front.engine.workers();
        let registry = front.engine.actions();
        let actions = Actions {
            is_known: Box::new(|action| registry.find(action).is_some()),
            is_disabled: Box::new(|action| registry.is_disabled(action)),
            silence: Box::new(|action| front.engine.silence(self.org, action)),
        };
        Look {
            now,
            actions,
            queues: figures::by_action(&self.recent, &self.backlogs),
            underway,
            threads,
            abandoned: self.server.as_ref().map_or(0, |_| abandoned),
            usage: self.server.as_ref().map(|server| server.usage),
            remarks: match self.server {
                Some(_) => front.metrics.warnings(),
                None => Vec::new(),
            },
        }
    }
}
