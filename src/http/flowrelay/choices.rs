//! What there is to choose from: filters of events, and the sources that are connected.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use crate::domain::activity::{EventSource, Project};
use crate::http::auth::{Authorized, Read};
use crate::http::error::ApiError;
use crate::http::flowrelay::projects;
use crate::http::front::Front;
use crate::http::query::Query;
use crate::store::{EventPlace, FacetValues, Facets};

/// By what the events of a project can be filtered.
pub(crate) async fn filters(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let query = Query(request.query_string());
    let project = projects::in_query(&front, &caller, query).await?;
    let project =
        project.ok_or_else(|| ApiError::query("project_id", "`project_id` is required"))?;
    let facets = front.catalog.facets(caller.org, project.id).await?;
    let mut sources: BTreeMap<EventSource, Choices> = BTreeMap::new();
    let Facets { values, branches } = facets;
    for FacetValues { source, place, event_type, priority } in values {
        let choices = sources.entry(source).or_default();
        choices.places.extend(place.map(|place| (place.id, place.label)));
        choices.types.insert(event_type);
        choices.priorities.extend(priority);
    }
    for (source, place, branch) in branches {
        let choices = sources.entry(source).or_default();
        let of_place = choices.branches_of.entry(place.unwrap_or_default()).or_default();
        of_place.insert(branch.clone());
        choices.branches.insert(branch);
    }
    let filters: Map<String, Value> = sources
        .into_iter()
        .map(|(source, choices)| (source.id().to_owned(), choices.shown(source)))
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "filters": filters })))
}

/// What one source has to choose from.
#[derive(Debug, Default)]
struct Choices {
    places: BTreeMap<String, String>,
    branches: BTreeSet<String>,
    branches_of: BTreeMap<String, BTreeSet<String>>,
    types: BTreeSet<String>,
    priorities: BTreeSet<String>,
}

/// Branches that are the default one wherever they are, the likeliest first.
const DEFAULT_BRANCHES: [&str; 4] = ["main", "master", "trunk", "develop"];

impl Choices {
    fn shown(self, source: EventSource) -> Value {
        let Self { places, branches, branches_of, types, priorities } = self;
        let named = |values: BTreeSet<String>| -> Vec<Value> {
            let named = |value: String| json!({ "label": value.replace('_', " "), "value": value });
            values.into_iter().map(named).collect()
        };
        let plain = |values: &BTreeSet<String>| -> Vec<Value> {
            values.iter().map(|value| json!({ "value": value, "label": value })).collect()
        };
        let default = |branches: &BTreeSet<String>| {
            DEFAULT_BRANCHES.into_iter().find(|name| branches.contains(*name))
        };
        let by_place: Map<String, Value> = branches_of
            .iter()
            .map(|(place, branches)| (place.clone(), Value::Array(plain(branches))))
            .collect();
        let defaults: Map<String, Value> = branches_of
            .iter()
            .filter_map(|(place, branches)| Some((place.clone(), json!(default(branches)?))))
            .collect();
        let places: Vec<Value> =
            places.iter().map(|(id, label)| json!({ "id": id, "label": label })).collect();
        json!({
            "projects": places,
            "branches": if source.has_branches() { plain(&branches) } else { Vec::new() },
            "branchesByProject": by_place,
            "defaultBranchByProject": defaults,
            "eventTypes": named(types),
            "priorities": if source.has_priorities() { plain(&priorities) } else { Vec::new() },
        })
    }
}

/// From where a project, or the whole organization, has its events.
pub(crate) async fn integrations(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let query = Query(request.query_string());
    let project = projects::in_query(&front, &caller, query).await?;
    let id = project.as_ref().map(|project| project.id);
    let places = front.catalog.event_places(caller.org, id).await?;
    let mut shown: Vec<Value> = places.iter().map(integration).collect();
    let projects = match project {
        Some(project) => vec![project],
        None => front.catalog.projects(Some(caller.org)).await?,
    };
    // A repository that no job has read yet is connected all the same.
    for project in projects {
        shown.extend(unread(&project, &places));
    }
    Ok(HttpResponse::Ok().json(json!({ "integrations": shown })))
}

/// Sources that are bound to no project: none, because whatever is imported names its project.
pub(crate) async fn untracked(_caller: Authorized<Read>) -> Result<HttpResponse, ApiError> {
    Ok(HttpResponse::Ok().json(json!([])))
}

/// Work that is assigned to the caller: none, because a key is nobody in a tracker.
pub(crate) async fn my_work(_caller: Authorized<Read>) -> Result<HttpResponse, ApiError> {
    Ok(HttpResponse::Ok().json(json!({ "items": [] })))
}

fn integration(place: &EventPlace) -> Value {
    let EventPlace { source, place, since, last_at } = place;
    let label = place.as_ref().map_or(source.label(), |place| &place.label);
    json!({
        "source": source,
        "workspace_id": place.as_ref().map_or(source.id(), |place| &place.id),
        "workspace_name": label,
        "connected_at": since.iso(),
        "scope": "project",
        "resource_type": resource_type(*source),
        "connection_status": "connected",
        "last_validated_at": last_at.iso(),
    })
}

fn unread(project: &Project, places: &[EventPlace]) -> Option<Value> {
    let repository = project.repository.as_ref()?;
    let source = repository.source.unwrap_or(EventSource::GIT);
    let is_read = places.iter().any(|place| place.source.has_branches());
    (!is_read).then(|| {
        json!({
            "source": source,
            "workspace_id": project.id,
            "workspace_name": project.name,
            "connected_at": project.created_at.iso(),
            "scope": "project",
            "resource_type": resource_type(source),
            "connection_status": "connected",
            "last_validated_at": project.updated_at.iso(),
        })
    })
}

fn resource_type(source: EventSource) -> &'static str {
    if source.has_branches() { "repository" } else { "workspace" }
}
