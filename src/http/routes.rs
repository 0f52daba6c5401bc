//! Every route of Tidemill, on one page.
//!
//! A path's methods stand beside it, with the longest body that it takes and the form of its
//! errors. Never: a route defined anywhere else.

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::http::Method;
use actix_web::web::ServiceConfig;
use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse, Resource, Responder, web};

use crate::http::body::BodyLimit;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::flowrelay::{
    choices, discord, documents, events, generation, projects, questions,
};
use crate::http::frame::{AnyHost, ErrorForm, Route};
use crate::http::options::BodyLimits;
use crate::http::pi::{
    actions, assets, audit, brand_edit, brands, images, keys, log, overview, requests, retry,
    run_events, runs, schedules, session, stream, webhooks, worker_files, workers,
};
use crate::http::{control, control_projects, dashboard, jobs, operations, pi, reference};

/// The routes for clients. Those that are asked most stand first: paths are compared in order.
pub(crate) fn client(app: &mut ServiceConfig, limits: &BodyLimits) {
    let BodyLimits { standard: _, extract, brand_edit: edit, jobs: many, events: _, log: _ } =
        *limits;
    app.service(at("/api/v1/jobs").post(requests::create).get(pi::jobs::list).body(many))
        .service(at("/api/v1/jobs/cancel").post(pi::jobs::cancel_many).noted())
        .service(at("/api/v1/jobs/retry").post(retry::many))
        .service(at("/api/v1/jobs/{id}").get(jobs::show).delete(pi::jobs::delete).by_key().noted())
        .service(at("/api/v1/jobs/{id}/cancel").post(pi::jobs::cancel).noted())
        .service(at("/api/v1/jobs/{id}/retry").post(retry::one).body(many))
        .service(at("/api/v1/jobs/{id}/log").get(log::show))
        .service(at("/api/v1/jobs/{id}/events").get(log::events))
        .service(at("/api/v1/runs").post(runs::create).get(runs::list).body(many))
        .service(at("/api/v1/runs/{id}").get(runs::show))
        .service(at("/api/v1/runs/{id}/cancel").post(runs::cancel).noted())
        .service(at("/api/v1/runs/{id}/retry").post(runs::retry))
        .service(at("/api/v1/runs/{id}/events").get(run_events::events))
        .service(at("/api/v1/brands/extract").post(brands::extract).body(extract))
        .service(at("/api/v1/brands").get(brands::list))
        .service(
            at("/api/v1/brands/{id}")
                .get(brands::show)
                .patch(brand_edit::edit)
                .delete(brands::delete)
                .body(edit)
                .noted(),
        )
        .service(at("/api/v1/brands/{id}/project").post(brands::project))
        .service(at("/api/v1/images/generations").post(images::generate).body(many))
        .service(at("/api/v1/ads/generate").post(images::generate).body(many))
        .service(at("/api/v1/campaigns/generate").post(images::campaign).body(many))
        .service(at("/api/v1/images/campaigns").post(images::campaign).body(many))
        .service(at("/api/v1/campaigns/edit").post(images::edit).body(many))
        .service(at("/api/v1/campaigns/localize-ad").post(images::localize).body(many))
        .service(at("/api/v1/actions").get(actions::list))
        .service(at("/api/v1/actions/{name}").get(actions::show))
        .service(at("/api/v1/stream").get(stream::show))
        .configure(|app| for_workers(app, limits))
        .configure(|app| flow_relay(app, limits))
        .configure(of_an_organization)
        .configure(of_the_server)
        .default_service(web::to(unknown));
}

fn for_workers(app: &mut ServiceConfig, limits: &BodyLimits) {
    app.service(at("/api/v1/workers/claim").post(workers::claim))
        .service(at("/api/v1/workers/leases/{lease}/renew").post(workers::renew))
        .service(at("/api/v1/workers/leases/{lease}/log").post(workers::log).body(limits.log))
        .service(
            at("/api/v1/workers/leases/{lease}/finish").post(workers::finish).body(limits.jobs),
        )
        .service(at("/api/v1/workers/leases/{lease}/assets").post(worker_files::attach))
        .service(at("/api/v1/workers/leases/{lease}/fail").post(workers::fail));
}

/// What an organization has beside its work.
fn of_an_organization(app: &mut ServiceConfig) {
    app.service(at("/api/v1/schedules").get(schedules::list).post(schedules::create).noted())
        .service(
            at("/api/v1/schedules/{id}")
                .get(schedules::show)
                .patch(schedules::edit)
                .delete(schedules::delete)
                .noted(),
        )
        .service(at("/api/v1/schedules/{id}/run").post(schedules::run))
        .service(at("/api/v1/webhooks").get(webhooks::list).post(webhooks::create).noted())
        .service(at("/api/v1/webhooks/{id}").patch(webhooks::edit).delete(webhooks::delete).noted())
        .service(at("/api/v1/webhooks/{id}/deliveries").get(webhooks::deliveries))
        .service(
            at("/api/v1/webhooks/{id}/deliveries/{delivery}/resend").post(webhooks::resend).noted(),
        )
        .service(at("/api/v1/keys").get(keys::list).post(keys::create).noted())
        .service(at("/api/v1/keys/{id}").delete(keys::delete).noted())
        .service(at("/api/v1/audit").get(audit::list))
        .service(
            at("/api/v1/assets/{id}")
                .get(assets::show)
                .head(assets::show)
                .delete(assets::delete)
                .noted(),
        )
        .service(at("/api/v1/assets/{id}/rotate").post(assets::rotate).noted())
        .service(at("/api/v1/overview").get(overview::show))
        .service(
            at("/api/v1/session")
                .post(session::create)
                .get(session::show)
                .delete(session::end)
                .noted(),
        );
}

/// What is there for everybody, and the figures of all.
fn of_the_server(app: &mut ServiceConfig) {
    app.service(at("/assets/{token}").get(assets::show_public).head(assets::show_public))
        .service(at("/").get(dashboard::page).head(dashboard::page))
        .service(at("/ui/{page}").get(dashboard::page).head(dashboard::page))
        .service(at("/ui/{page}/{id}").get(dashboard::page).head(dashboard::page))
        .service(at("/static/{file}").get(dashboard::file).head(dashboard::file))
        .service(at("/static/{room}/{file}").get(dashboard::file).head(dashboard::file))
        .service(at("/healthz").get(operations::healthz).head(operations::healthz))
        .service(at("/readyz").get(operations::readyz).head(operations::readyz))
        .service(at("/metrics").get(operations::metrics))
        .service(at("/openapi.json").get(reference::show));
}

/// The routes of the second dialect.
fn flow_relay(app: &mut ServiceConfig, limits: &BodyLimits) {
    app.service(
        at("/api/v1/projects").get(projects::list).post(projects::create).flow_relay().noted(),
    )
    .service(at("/api/v1/projects/{id}").delete(projects::delete).flow_relay().noted())
    .service(at("/api/v1/projects/{id}/insights").get(documents::insights).flow_relay())
    .service(at("/api/v1/projects/{id}/insights/{kind}").post(generation::insight).flow_relay())
    .service(at("/api/v1/projects/{id}/digests").get(documents::digests).flow_relay())
    .service(at("/api/v1/projects/{id}/qa").post(questions::ask).flow_relay())
    .service(at("/api/v1/handoffs").get(documents::handoffs).post(generation::handoff).flow_relay())
    .service(at("/api/v1/handoffs/filters").get(choices::filters).flow_relay())
    .service(
        at("/api/v1/handoffs/{id}")
            .get(documents::handoff)
            .patch(documents::mark_handoff)
            .flow_relay(),
    )
    .service(
        at("/api/v1/insights/{id}")
            .get(documents::insight)
            .patch(documents::mark_insight)
            .flow_relay(),
    )
    .service(
        at("/api/v1/events")
            .get(events::list)
            .post(events::create)
            .body(limits.events)
            .flow_relay(),
    )
    .service(at("/api/v1/integrations").get(choices::integrations).flow_relay())
    .service(at("/api/v1/integrations/untracked").get(choices::untracked).flow_relay())
    .service(at("/api/v1/my-work").get(choices::my_work).flow_relay())
    .service(at("/api/v1/discord/channels").get(discord::channels).flow_relay())
    .service(at("/api/v1/discord/send").post(discord::send).flow_relay());
}

/// The routes of the control socket.
pub(crate) fn control(app: &mut ServiceConfig) {
    app.app_data(AnyHost)
        .service(at("/keys").get(control::list_keys).post(control::create_key).noted())
        .service(at("/keys/{id}").delete(control::revoke_key).noted())
        .service(at("/orgs").get(control::list_orgs))
        .service(at("/audit").get(control::list_audit))
        .service(at("/orgs/{name}").patch(control::rename_org).delete(control::delete_org).noted())
        .service(at("/projects").get(control_projects::list).post(control_projects::add).noted())
        .service(at("/projects/{name}").delete(control_projects::remove).noted())
        .service(at("/projects/{name}/events").post(control_projects::save_events).body(MAX_IMPORT))
        .default_service(web::to(unknown));
}

/// The longest body of an import's portion: 500 events of the greatest length, and then some.
const MAX_IMPORT: usize = 128 << 20;

/// The routes of the address for telemetry.
pub(crate) fn telemetry(app: &mut ServiceConfig) {
    app.app_data(AnyHost)
        .service(at("/metrics").get(operations::scrape))
        .default_service(web::to(unknown));
}

fn at(pattern: &'static str) -> Path {
    Path {
        resource: web::resource(pattern),
        route: Route { pattern, errors: ErrorForm::Pi, noted: false },
        limit: None,
        methods: Vec::new(),
    }
}

/// A path and its methods.
struct Path {
    resource: Resource,
    route: Route,
    limit: Option<BodyLimit>,
    methods: Vec<Method>,
}

macro_rules! methods {
    ($($name:ident = $method:ident),*) => {$(
        fn $name<F, Args>(self, handler: F) -> Self
        where
            F: Handler<Args>,
            Args: FromRequest + 'static,
            F::Output: Responder + 'static,
        {
            self.on(Method::$method, handler)
        }
    )*};
}

impl Path {
    methods! { get = GET, head = HEAD, post = POST, patch = PATCH, delete = DELETE }

    fn on<F, Args>(mut self, method: Method, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.resource = self.resource.route(web::method(method.clone()).to(handler));
        self.methods.push(method);
        self
    }

    /// Takes bodies of up to so many bytes.
    fn body(mut self, limit: usize) -> Self {
        self.limit = Some(BodyLimit(limit));
        self
    }

    /// Has every change that is made through it noted in the log.
    fn noted(mut self) -> Self {
        self.route.noted = true;
        self
    }

    /// Refuses as Flow Relay does.
    fn flow_relay(mut self) -> Self {
        self.route.errors = ErrorForm::FlowRelay;
        self
    }

    /// Refuses in the dialect that the key's prefix announces.
    fn by_key(mut self) -> Self {
        self.route.errors = ErrorForm::ByKey;
        self
    }
}

impl HttpServiceFactory for Path {
    fn register(self, config: &mut AppService) {
        let Self { mut resource, route, limit, methods } = self;
        if let Some(limit) = limit {
            resource = resource.app_data(limit);
        }
        let allow = methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
        let wrong_method = move |request: HttpRequest| {
            let message = format!("`{}` is not one of {allow}", request.method());
            let error = ApiError::new(ErrorCode::MethodNotAllowed, message);
            std::future::ready(Err::<HttpResponse, _>(error.allowing(allow.clone())))
        };
        resource.app_data(route).default_service(web::to(wrong_method)).register(config);
    }
}

async fn unknown(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let message = format!("there is no route `{}`", request.path());
    Err(ApiError::new(ErrorCode::RouteNotFound, message))
}
