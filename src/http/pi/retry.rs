//! Doing an ended job again: a new job from the same stored input.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value};

use crate::domain::asset::named_by_path;
use crate::domain::audit::Author;
use crate::domain::ids::{AssetId, OrgId};
use crate::domain::job::{Job, NewJob};
use crate::http::auth::{Authorized, Caller, Write};
use crate::http::body::Body;
use crate::http::error::ApiError;
use crate::http::fields::Fields;
use crate::http::front::Front;
use crate::http::idempotency::ClientKey;
use crate::http::jobs::job_id;
use crate::http::pi::{creation, jobs, requests};

/// Does one job again, with members of its input replaced.
pub(crate) async fn one(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let id = job_id(&request)?;
    let json = body.json().await?;
    let (key, json) = ClientKey::of(request.headers(), "jobs/retry", json).await?;
    let key = key.map(|key| key.about(id));
    let (mut members, share) = json.optional_object()?;
    Fields::of(&members).object("input")?;
    let replaced = match members.remove("input") {
        Some(Value::Object(input)) => input,
        _ => Map::new(),
    };
    let job = front.catalog.job(caller.org, id).await?;
    let author = caller.author(&front, &request);
    let job = again(&front, &caller, author, job, replaced).await?;
    drop(share);
    creation::accept(&front, &caller, &request, key, job).await
}

/// Does up to 1,000 jobs again, each with its own answer.
pub(crate) async fn many(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let json = body.json().await?;
    let (key, json) = ClientKey::of(request.headers(), "jobs/retry", json).await?;
    let ids = jobs::ids(json)?;
    let author = caller.author(&front, &request);
    let mut drafts = Vec::with_capacity(ids.len());
    for (_, id) in ids {
        let job = match id {
            Some(id) => front.catalog.job(caller.org, id).await?,
            None => None,
        };
        drafts.push(again(&front, &caller, author, job, Map::new()).await);
    }
    creation::accept_many(&front, &caller, key, drafts).await
}

async fn again(
    front: &Front,
    caller: &Caller,
    author: Author,
    job: Option<Job>,
    replaced: Map<String, Value>,
) -> Result<NewJob, ApiError> {
    let job = job.filter(|job| !job.internal).ok_or_else(ApiError::job_not_found)?;
    if !job.state.is_terminal() {
        return Err(jobs::not_terminal("only an ended job can be done again"));
    }
    requests::permit(front, &job.action).map_err(|error| error.at("action"))?;
    let mut input = front.engine.input_of(&job).await?;
    input.extend(replaced);
    let uses = files_in(front, caller.org, &input).await?;
    let mut echo = job.echo;
    // What was noted of the input is noted anew.
    echo.retain(|name, _| !input.contains_key(name));
    let mut new = requests::with_input(front, caller, &job.action, input, "input").await?;
    echo.append(&mut new.echo);
    Ok(NewJob {
        priority: job.priority,
        max_attempts: job.max_attempts,
        attempt_timeout: job.attempt_timeout,
        unique_key: job.unique_key,
        retry_of: Some(job.id),
        retried_by: Some(author),
        echo,
        uses,
        ..new
    })
}

/// The organization's files that an input names at its top, so that they are kept with the new
/// job.
async fn files_in(
    front: &Front,
    org: OrgId,
    input: &Map<String, Value>,
) -> Result<Vec<AssetId>, ApiError> {
    /// More ids than any action takes files.
    const MAX_FILES: usize = 16;
    let texts = input.values().flat_map(|value| match value {
        Value::Array(values) => values.as_slice(),
        value => std::slice::from_ref(value),
    });
    // A reference picture is named by its path, of which a run passes on the stored form.
    let id = |text: &str| {
        let bare = text.strip_prefix("assets/").unwrap_or(text);
        named_by_path(text).or_else(|| bare.parse().ok())
    };
    let ids: Vec<AssetId> = texts.filter_map(|text| id(text.as_str()?)).take(MAX_FILES).collect();
    let mut files = Vec::new();
    for id in ids {
        files.extend(front.catalog.asset(org, id).await?.map(|file| file.id));
    }
    Ok(files)
}
