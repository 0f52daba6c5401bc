//! Events: rows of `events`, each with its whole event as JSON beside the columns that find it.
//!
//! What is stored again with the same content changes nothing. Never: a decision about what an
//! event tells.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use crate::domain::activity::{
    Candidates, Event, EventSource, MAX_CANDIDATES, Place, Selection, Window,
};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{EventId, OrgId, ProjectId};
use crate::domain::job::Lease;
use crate::store::sqlite::{SqliteStore, rows};
use crate::store::{
    EventFilter, EventPlace, Events, FacetValues, Facets, KnownCommit, SavedEvents, StoreError,
};

/// Combinations of values, branches and places that lists of choices show.
const MAX_CHOICES: usize = 2_000;

/// Steps from one combination of a project to the next, over all projects of an organization: some
/// tenths of a second.
const MAX_STEPS: usize = 50_000;

/// Events whose branches are choices: older branches are gone.
const RECENT_EVENTS: usize = 10_000;

#[async_trait]
impl Events for SqliteStore {
    async fn save_events(
        &self,
        org: OrgId,
        events: Vec<Event>,
        fence: Option<Lease>,
        now: Timestamp,
    ) -> Result<Option<SavedEvents>, StoreError> {
        self.writer
            .write(move |tx| {
                if let Some(lease) = fence
                    && !holds(tx, lease)?
                {
                    return Ok(None);
                }
                let mut saved = SavedEvents::default();
                let mut project = None;
                for event in events {
                    if project != Some(event.project) {
                        if !is_there(tx, org, event.project)? {
                            return Ok(None);
                        }
                        project = Some(event.project);
                    }
                    save(tx, org, &event, now, &mut saved)?;
                }
                Ok(Some(saved))
            })
            .await
    }

    async fn known_commits(
        &self,
        project: ProjectId,
        source: EventSource,
        window: Window,
    ) -> Result<Vec<KnownCommit>, StoreError> {
        self.readers
            .read(move |connection| {
                let parameters = named_params! {
                    ":project_id": project.as_bytes(), ":source": source.id(),
                    ":start": window.start.ms(), ":end": window.end.ms(),
                };
                let known = |row: &Row<'_>| {
                    let mut columns = rows::Columns::of(row);
                    Ok(KnownCommit {
                        id: columns.id(EventId::from_bytes)?,
                        branches: columns.maybe_json()?.unwrap_or_default(),
                        tags: columns.maybe_json()?.unwrap_or_default(),
                    })
                };
                rows::all(connection, include_str!("sql/known_commits.sql"), parameters, known)
            })
            .await
    }

    async fn candidates(
        &self,
        org: OrgId,
        project: ProjectId,
        selection: Selection,
    ) -> Result<Candidates, StoreError> {
        self.readers
            .read(move |connection| {
                let mut statement =
                    connection.prepare_cached(include_str!("sql/candidates.sql"))?;
                let mut found = statement.query(named_params! {
                    ":project_id": project.as_bytes(), ":org_id": org.as_bytes(),
                    ":start": selection.window.start.ms(), ":end": selection.window.end.ms(),
                })?;
                let mut candidates = Candidates::default();
                while let Some(row) = found.next()? {
                    let event: Event = rows::Columns::of(row).json()?;
                    if !selection.admits(&event) {
                        continue;
                    }
                    if candidates.events.len() < MAX_CANDIDATES {
                        candidates.events.push(event);
                    } else {
                        candidates.left_out += 1;
                    }
                }
                Ok(candidates)
            })
            .await
    }

    async fn events(&self, filter: EventFilter) -> Result<Vec<Event>, StoreError> {
        let EventFilter { org, project, source, limit } = filter;
        self.readers
            .read(move |connection| {
                let parameters = named_params! {
                    ":org_id": org.as_bytes(),
                    ":project_id": project.as_ref().map(ProjectId::as_bytes),
                    ":source": source.map(EventSource::id), ":limit": limit,
                };
                let event = |row: &Row<'_>| rows::Columns::of(row).json();
                rows::all(connection, include_str!("sql/events.sql"), parameters, event)
            })
            .await
    }

    async fn facets(&self, org: OrgId, project: ProjectId) -> Result<Facets, StoreError> {
        self.readers.read(move |connection| facets(connection, org, project)).await
    }

    async fn event_places(
        &self,
        org: OrgId,
        project: Option<ProjectId>,
    ) -> Result<Vec<EventPlace>, StoreError> {
        self.readers
            .read(move |connection| {
                let parameters = named_params! {
                    ":org_id": org.as_bytes(), ":limit": MAX_CHOICES, ":steps": MAX_STEPS,
                    ":project_id": project.as_ref().map(ProjectId::as_bytes),
                };
                let event_place = |row: &Row<'_>| {
                    Ok(EventPlace {
                        source: source(row)?,
                        place: place(row)?,
                        since: Timestamp::from_ms(row.get("since")?),
                        last_at: Timestamp::from_ms(row.get("last_at")?),
                    })
                };
                rows::all(connection, include_str!("sql/event_places.sql"), parameters, event_place)
            })
            .await
    }

    async fn prune_events(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        self.writer
            .write(move |tx| {
                let mut statement = tx.prepare_cached(include_str!("sql/prune_events.sql"))?;
                Ok(statement.execute(named_params! { ":before": before.ms(), ":limit": limit })?)
            })
            .await
    }
}

/// Whether an attempt still has the right to write.
fn holds(tx: &Connection, lease: Lease) -> Result<bool, StoreError> {
    let key = named_params! { ":id": lease.job.as_bytes(), ":epoch": lease.epoch };
    Ok(tx.prepare_cached(include_str!("sql/save_events_find_lease.sql"))?.exists(key)?)
}

fn is_there(tx: &Connection, org: OrgId, project: ProjectId) -> Result<bool, StoreError> {
    let key = named_params! { ":project_id": project.as_bytes(), ":org_id": org.as_bytes() };
    Ok(tx.prepare_cached(include_str!("sql/save_events_find_project.sql"))?.exists(key)?)
}

fn save(
    tx: &Connection,
    org: OrgId,
    event: &Event,
    now: Timestamp,
    saved: &mut SavedEvents,
) -> Result<(), StoreError> {
    let body = rows::text(event)?;
    let known: Option<String> = tx
        .prepare_cached(include_str!("sql/save_events_find_body.sql"))?
        .query_row([event.id.as_bytes()], |row| row.get(0))
        .optional()?;
    match known {
        Some(known) if known == body => {
            saved.unchanged += 1;
            return Ok(());
        }
        Some(_) => saved.changed += 1,
        None => saved.new += 1,
    }
    let last_at = event.moments().into_iter().max().unwrap_or(event.created_at);
    tx.prepare_cached(include_str!("sql/save_events.sql"))?.execute(named_params! {
        ":id": event.id.as_bytes(),
        ":org_id": org.as_bytes(),
        ":project_id": event.project.as_bytes(),
        ":source": event.source.id(),
        ":external_id": event.external_id,
        ":event_type": event.event_type,
        ":place_id": event.place.as_ref().map(|place| &place.id),
        ":place_label": event.place.as_ref().map(|place| &place.label),
        ":priority": event.priority,
        ":is_open": event.is_open(),
        ":created_at": event.created_at.ms(),
        ":last_at": last_at.max(event.created_at).ms(),
        ":body": body,
        ":now": now.ms(),
    })?;
    Ok(())
}

fn facets(connection: &Connection, org: OrgId, project: ProjectId) -> Result<Facets, StoreError> {
    let mut facets = Facets::default();
    let mut statement = connection.prepare_cached(include_str!("sql/facets.sql"))?;
    let mut found = statement.query(named_params! {
        ":project_id": project.as_bytes(), ":org_id": org.as_bytes(), ":limit": MAX_CHOICES,
    })?;
    while let Some(row) = found.next()? {
        facets.values.push(FacetValues {
            source: source(row)?,
            place: place(row)?,
            event_type: row.get("event_type")?,
            priority: row.get("priority")?,
        });
    }
    let mut statement = connection.prepare_cached(include_str!("sql/facets_branches.sql"))?;
    let mut found = statement.query(named_params! {
        ":project_id": project.as_bytes(), ":org_id": org.as_bytes(), ":limit": MAX_CHOICES,
        ":recent": RECENT_EVENTS,
    })?;
    while let Some(row) = found.next()? {
        facets.branches.push((source(row)?, row.get("place_id")?, row.get("value")?));
    }
    Ok(facets)
}

fn source(row: &Row<'_>) -> Result<EventSource, StoreError> {
    rows::word(&row.get::<_, String>("source")?)
}

fn place(row: &Row<'_>) -> Result<Option<Place>, StoreError> {
    let id: Option<String> = row.get("place_id")?;
    let label: Option<String> = row.get("place_label")?;
    Ok(id.map(|id| Place { label: label.unwrap_or_else(|| id.clone()), id }))
}
