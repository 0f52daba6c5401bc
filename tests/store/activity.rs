//! Projects, events, and the documents made of them.

use std::time::Duration;

use tidemill::domain::activity::{
    Author, Digest, DigestPeriod, DocumentStatus, Event, EventSource, Facts, Filters, Handoff,
    HandoffContent, Insight, InsightContent, InsightKind, ItemState, Place, Project, ProjectKind,
    Repository, Selection, TokenUsage, Window, WorkItem,
};
use tidemill::domain::audit::Author as Keeper;
use tidemill::domain::clock::Timestamp;
use tidemill::domain::ids::{DigestId, EventId, HandoffId, InsightId, KeyId, OrgId, ProjectId};
use tidemill::domain::job::Write;
use tidemill::store::{DocumentFilter, EventFilter, OrgDeletion, SavedEvents, StoreError};

use crate::Subject;
use crate::fixture::{at, completed_with, finish, org, processing, rescue};

async fn project(store: &impl Subject, org: OrgId, name: &str) -> Project {
    let project = Project {
        id: ProjectId::mint(),
        org,
        name: name.to_owned(),
        key: "MILL".to_owned(),
        description: "turns".to_owned(),
        kind: ProjectKind::Organization,
        repository: Some(Repository {
            path: "/srv/mill".to_owned(),
            source: Some(EventSource::GITHUB),
        }),
        digest: Some(DigestPeriod::Weekly),
        created_at: at(0),
        updated_at: at(0),
    };
    store.insert_project(project.clone()).await.expect("stored");
    project
}

fn event(project: ProjectId, id: &str, seconds: i64) -> Event {
    Event {
        id: EventId::of(project, "slack", id),
        project,
        source: EventSource::SLACK,
        external_id: id.to_owned(),
        event_type: "message".to_owned(),
        title: String::new(),
        content: format!("words of {id}"),
        author: Author::named("Ada"),
        url: None,
        refs: Vec::new(),
        place: Some(Place { id: "ops".to_owned(), label: "#ops".to_owned() }),
        branches: Vec::new(),
        priority: None,
        facts: Facts::Plain,
        created_at: at(seconds),
        updated_at: at(seconds),
    }
}

fn issue(project: ProjectId, id: &str, seconds: i64, state: ItemState) -> Event {
    let item = WorkItem { key: id.to_owned(), state, ..WorkItem::default() };
    Event { facts: Facts::Issue(item), ..event(project, id, seconds) }
}

async fn save(store: &impl Subject, org: OrgId, events: Vec<Event>) -> SavedEvents {
    let saved = store.save_events(org, events, None, at(100)).await.expect("a write");
    saved.expect("the project is there")
}

fn within(start: i64, end: i64) -> Selection {
    Selection {
        window: Window { start: at(start), end: at(end) },
        sources: None,
        filters: Filters::default(),
        max_events: 100,
    }
}

async fn candidates(store: &impl Subject, project: &Project, selection: Selection) -> Vec<String> {
    let found = store.candidates(project.org, project.id, selection).await.expect("a read");
    assert_eq!(found.left_out, 0);
    found.events.into_iter().map(|event| event.external_id).collect()
}

pub(crate) async fn a_project_reads_as_it_was_stored(store: &impl Subject) {
    let org = org(store, "acme").await;
    let first = project(store, org, "mill").await;
    let mut second = project(store, org, "wheel").await;
    assert_eq!(store.project(org, first.id).await.expect("a read"), Some(first.clone()));
    let found = store.find_project(org, "wheel").await.expect("a read");
    assert_eq!(found.as_ref(), Some(&second));
    second.repository = None;
    second.digest = None;
    second.updated_at = at(9);
    assert!(store.update_project(second.clone()).await.expect("a write"));
    let all = store.projects(Some(org)).await.expect("a read");
    assert_eq!(all, [first.clone(), second]);
    assert_eq!(store.projects(None).await.expect("a read").len(), 2);
    let taken = Project { id: ProjectId::mint(), ..first };
    let refused = store.insert_project(taken).await;
    assert!(matches!(refused, Err(StoreError::Taken(name)) if name == "mill"));
}

pub(crate) async fn a_directory_is_granted_to_one_organization(store: &impl Subject) {
    let (one, other) = (org(store, "one").await, org(store, "other").await);
    for _ in 0..2 {
        store.grant_repository(one, "/srv/mill", at(0)).await.expect("a write");
    }
    assert!(store.is_repository_granted(one, "/srv/mill").await.expect("a read"));
    assert!(!store.is_repository_granted(one, "/srv").await.expect("a read"));
    assert!(!store.is_repository_granted(other, "/srv/mill").await.expect("a read"));
}

pub(crate) async fn an_event_stored_again_changes_nothing(store: &impl Subject) {
    let org = org(store, "acme").await;
    let mill = project(store, org, "mill").await;
    let (one, two) = (event(mill.id, "one", 1), event(mill.id, "two", 2));
    let saved = save(store, org, vec![one.clone(), two.clone()]).await;
    assert_eq!(saved, SavedEvents { new: 2, changed: 0, unchanged: 0 });
    let edited = Event { content: "other words".to_owned(), ..one };
    let saved = save(store, org, vec![edited.clone(), two.clone()]).await;
    assert_eq!(saved, SavedEvents { new: 0, changed: 1, unchanged: 1 });
    let found = store.candidates(org, mill.id, within(0, 10)).await.expect("a read");
    assert_eq!(found.events, [two, edited]);
}

pub(crate) async fn a_selection_takes_what_happened_and_what_stands_open(store: &impl Subject) {
    let org = org(store, "acme").await;
    let mill = project(store, org, "mill").await;
    let late = Event { updated_at: at(50), ..event(mill.id, "edited", 1) };
    save(
        store,
        org,
        vec![
            event(mill.id, "before", 9),
            event(mill.id, "in", 20),
            event(mill.id, "after", 40),
            issue(mill.id, "open", 1, ItemState::Open),
            issue(mill.id, "done", 1, ItemState::Closed),
            issue(mill.id, "future", 60, ItemState::Open),
            late,
        ],
    )
    .await;
    assert_eq!(candidates(store, &mill, within(10, 30)).await, ["in", "open"]);
    let mut filtered = within(10, 30);
    filtered.sources = Some(vec![EventSource::GITHUB]);
    assert!(candidates(store, &mill, filtered).await.is_empty());
    let other = project(store, org, "other").await;
    assert!(candidates(store, &other, within(0, 100)).await.is_empty());
}

pub(crate) async fn events_of_a_lost_lease_are_not_stored(store: &impl Subject) {
    let org = org(store, "acme").await;
    let mill = project(store, org, "mill").await;
    let claimed = processing(store, org, at(0)).await;
    let events = vec![event(mill.id, "one", 1)];
    let save = async |some: Vec<Event>| {
        store.save_events(org, some, Some(claimed.lease), at(1)).await.expect("a write")
    };
    assert_eq!(save(events.clone()).await.map(|saved| saved.new), Some(1));
    rescue(store, at(1_000), 10).await;
    assert_eq!(save(events).await, None);
}

pub(crate) async fn events_find_their_project_s_organization_only(store: &impl Subject) {
    let (one, other) = (org(store, "one").await, org(store, "other").await);
    let mill = project(store, one, "mill").await;
    let stray = store.save_events(other, vec![event(mill.id, "x", 1)], None, at(1)).await;
    assert_eq!(stray.expect("a write"), None);
    save(store, one, vec![event(mill.id, "a", 1), event(mill.id, "b", 2)]).await;
    let filter = |org, source, limit| EventFilter { org, project: None, source, limit };
    let listed = store.events(filter(one, None, 1)).await.expect("a read");
    assert_eq!(listed.iter().map(|e| e.external_id.as_str()).collect::<Vec<_>>(), ["b"]);
    assert!(store.events(filter(other, None, 9)).await.expect("a read").is_empty());
    let none = store.events(filter(one, Some(EventSource::JIRA), 9)).await.expect("a read");
    assert!(none.is_empty());
    let places = store.event_places(one, None).await.expect("a read");
    assert_eq!(places.len(), 1);
    assert_eq!(places[0].place.as_ref().map(|place| place.label.as_str()), Some("#ops"));
    let facets = store.facets(one, mill.id).await.expect("a read");
    assert_eq!(facets.values[0].event_type, "message");
    assert!(store.facets(other, mill.id).await.expect("a read").values.is_empty());
}

pub(crate) async fn each_choice_of_events_is_found_once(store: &impl Subject) {
    let org = org(store, "acme").await;
    let (mill, weir) = (project(store, org, "mill").await, project(store, org, "weir").await);
    let at_place = |event: Event, id: &str, label: &str| Event {
        place: Some(Place { id: id.to_owned(), label: label.to_owned() }),
        ..event
    };
    let of_none = |event: Event| Event { place: None, ..event };
    let first = [
        event(mill.id, "a", 1),
        event(mill.id, "b", 2),
        of_none(event(mill.id, "c", 3)),
        Event { event_type: "thread".to_owned(), ..event(mill.id, "1", 4) },
        at_place(event(weir.id, "d", 5), "ops", "#ops"),
        at_place(event(weir.id, "e", 5), "gate", "#gate"),
    ];
    for project in [mill.id, weir.id] {
        let own: Vec<Event> = first.iter().filter(|one| one.project == project).cloned().collect();
        save(store, org, own).await;
    }
    let renamed = at_place(event(mill.id, "f", 6), "ops", "#operations");
    store.save_events(org, vec![renamed], None, at(200)).await.expect("a write");
    let facets = store.facets(org, mill.id).await.expect("a read");
    let told: Vec<(&str, Option<&str>, &str)> = facets
        .values
        .iter()
        .map(|one| {
            let label = one.place.as_ref().map(|place| place.label.as_str());
            (one.source.id(), label, one.event_type.as_str())
        })
        .collect();
    let expected = [
        ("slack", None, "message"),
        ("slack", Some("#operations"), "message"),
        ("slack", Some("#ops"), "thread"),
    ];
    assert_eq!(told, expected);
    let places = store.event_places(org, None).await.expect("a read");
    let slack = places.iter().filter(|one| one.source == EventSource::SLACK);
    let told: Vec<_> = slack
        .map(|one| {
            let label = one.place.as_ref().map(|place| place.label.as_str());
            (label, one.since, one.last_at)
        })
        .collect();
    let expected = [
        (None, at(100), at(100)),
        (Some("#gate"), at(100), at(100)),
        (Some("#ops"), at(100), at(200)),
    ];
    assert_eq!(told, expected, "of both projects");
    let of_weir = store.event_places(org, Some(weir.id)).await.expect("a read");
    assert_eq!(of_weir.len(), 2);
}

pub(crate) async fn a_known_commit_tells_its_branches(store: &impl Subject) {
    let org = org(store, "acme").await;
    let mill = project(store, org, "mill").await;
    let facts = serde_json::json!({"kind": "commit", "sha": "ab", "tags": ["v1"]});
    let commit = Event {
        event_type: "commit".to_owned(),
        branches: vec!["main".to_owned()],
        facts: serde_json::from_value(facts).expect("facts"),
        ..event(mill.id, "ab", 5)
    };
    save(store, org, vec![commit.clone(), event(mill.id, "x", 5)]).await;
    let window = Window { start: at(0), end: at(9) };
    let known = store.known_commits(mill.id, EventSource::SLACK, window).await.expect("a read");
    assert_eq!(known.len(), 1);
    assert_eq!((known[0].id, &known[0].branches), (commit.id, &commit.branches));
    assert_eq!(known[0].tags, ["v1"]);
    let choices = store.facets(org, mill.id).await.expect("a read");
    assert_eq!(choices.branches[0].2, "main");
}

fn content(title: &str) -> HandoffContent {
    HandoffContent {
        title: title.to_owned(),
        summary: "s".to_owned(),
        sources: vec![EventSource::SLACK],
        key_changes: Vec::new(),
        decisions: Vec::new(),
        open_questions: Vec::new(),
        next_steps: Vec::new(),
        related_event_ids: Vec::new(),
        markdown: "m".to_owned(),
        model_used: "extractive/1".to_owned(),
        token_usage: TokenUsage::default(),
    }
}

fn handoff(project: &Project, title: &str, seconds: i64) -> Handoff {
    Handoff {
        id: HandoffId::mint(),
        org: project.org,
        project: project.id,
        project_name: project.name.clone(),
        requested_by: Some(KeyId::mint()),
        status: DocumentStatus::Active,
        content: content(title),
        created_at: at(seconds),
        updated_at: at(seconds),
    }
}

fn insight(project: &Project, kind: InsightKind, seconds: i64) -> Insight {
    Insight {
        id: InsightId::mint(),
        org: project.org,
        project: project.id,
        requested_by: None,
        status: DocumentStatus::Active,
        content: InsightContent {
            kind,
            title: "t".to_owned(),
            summary: "s".to_owned(),
            data: serde_json::Map::new(),
            related_event_ids: Vec::new(),
            markdown: "m".to_owned(),
            model_used: "extractive/1".to_owned(),
            token_usage: TokenUsage::default(),
        },
        created_at: at(seconds),
        updated_at: at(seconds),
    }
}

fn digest(project: &Project, title: &str, end: i64) -> Digest {
    Digest {
        id: DigestId::mint(),
        org: project.org,
        project: project.id,
        period: DigestPeriod::Weekly,
        window: Window { start: at(end - 10), end: at(end) },
        content: content(title),
        created_at: at(end),
    }
}

async fn write(store: &impl Subject, org: OrgId, writes: Vec<Write>) {
    let claimed = processing(store, org, at(0)).await;
    finish(store, claimed.lease, completed_with("made", writes), at(1)).await;
}

fn of(org: OrgId) -> DocumentFilter {
    DocumentFilter { org, project: None, kind: None, status: None, limit: 20 }
}

pub(crate) async fn documents_are_stored_with_their_jobs(store: &impl Subject) {
    let acme = org(store, "acme").await;
    let mill = project(store, acme, "mill").await;
    let (old, new) = (handoff(&mill, "old", 1), handoff(&mill, "new", 2));
    let notes = insight(&mill, InsightKind::ReleaseNotes, 3);
    let plan = insight(&mill, InsightKind::PlanReview, 4);
    let weekly = digest(&mill, "week", 50);
    let writes = vec![
        Write::Handoff(Box::new(old.clone())),
        Write::Handoff(Box::new(new.clone())),
        Write::Insight(Box::new(notes.clone())),
        Write::Insight(Box::new(plan.clone())),
        Write::Digest(Box::new(weekly.clone())),
    ];
    write(store, acme, writes).await;
    assert_eq!(store.handoffs(of(acme)).await.expect("a read"), [new, old.clone()]);
    let kind = Some(InsightKind::ReleaseNotes);
    let listed = store.insights(DocumentFilter { kind, ..of(acme) }).await.expect("a read");
    assert_eq!(listed, std::slice::from_ref(&notes));
    assert_eq!(store.insight(acme, plan.id).await.expect("a read"), Some(plan));
    assert_eq!(store.digest(acme, weekly.id).await.expect("a read"), Some(weekly.clone()));
    let again = digest(&mill, "week again", 50);
    write(store, acme, vec![Write::Digest(Box::new(again))]).await;
    let digests = store.digests(acme, mill.id, 9).await.expect("a read");
    assert_eq!((digests.len(), digests[0].id), (1, weekly.id), "one digest a period");
    assert_eq!(digests[0].content.title, "week again");
    let stranger = org(store, "stranger").await;
    assert_eq!(store.handoff(stranger, old.id).await.expect("a read"), None);
    assert_eq!(store.insight(stranger, notes.id).await.expect("a read"), None);
}

pub(crate) async fn a_document_is_put_away_and_back(store: &impl Subject) {
    let acme = org(store, "acme").await;
    let mill = project(store, acme, "mill").await;
    let (one, note) = (handoff(&mill, "one", 1), insight(&mill, InsightKind::PlanReview, 1));
    let writes =
        vec![Write::Handoff(Box::new(one.clone())), Write::Insight(Box::new(note.clone()))];
    write(store, acme, writes).await;
    let away = DocumentStatus::Archived;
    let marked = store.mark_handoff(acme, one.id, away, at(5)).await.expect("a write");
    let marked = marked.expect("it is there");
    assert_eq!((marked.status, marked.updated_at), (away, at(5)));
    let active = DocumentFilter { status: Some(DocumentStatus::Active), ..of(acme) };
    assert!(store.handoffs(active.clone()).await.expect("a read").is_empty());
    let marked = store.mark_insight(acme, note.id, away, at(5)).await.expect("a write");
    assert_eq!(marked.map(|insight| insight.status), Some(away));
    assert!(store.insights(active).await.expect("a read").is_empty());
    let stranger = org(store, "stranger").await;
    let marked = store.mark_handoff(stranger, one.id, away, at(6)).await.expect("a write");
    assert_eq!(marked, None);
}

pub(crate) async fn a_project_goes_with_all_it_has(store: &impl Subject) {
    let acme = org(store, "acme").await;
    let (mill, wheel) = (project(store, acme, "mill").await, project(store, acme, "wheel").await);
    let many = (0..1_000).map(|n| event(mill.id, &n.to_string(), n)).collect();
    save(store, acme, many).await;
    save(store, acme, vec![event(wheel.id, "kept", 1)]).await;
    write(store, acme, vec![Write::Handoff(Box::new(handoff(&mill, "gone", 1)))]).await;
    assert!(store.delete_project(acme, mill.id).await.expect("a write"));
    assert!(!store.delete_project(acme, mill.id).await.expect("a write"));
    assert!(store.handoffs(of(acme)).await.expect("a read").is_empty());
    let left = EventFilter { org: acme, project: None, source: None, limit: 100 };
    assert_eq!(store.events(left).await.expect("a read").len(), 1);
    // A job of it that ends later leaves nothing behind, and ends all the same.
    write(store, acme, vec![Write::Handoff(Box::new(handoff(&mill, "late", 2)))]).await;
    assert!(store.handoffs(of(acme)).await.expect("a read").is_empty());
}

pub(crate) async fn an_organization_goes_with_its_projects(store: &impl Subject) {
    let acme = org(store, "acme").await;
    let mill = project(store, acme, "mill").await;
    let many = (0..700).map(|n| event(mill.id, &n.to_string(), n)).collect();
    save(store, acme, many).await;
    write(store, acme, vec![Write::Handoff(Box::new(handoff(&mill, "one", 1)))]).await;
    assert_eq!(
        store.delete_org("acme", at(9), Keeper::SERVER).await.expect("a write"),
        OrgDeletion::Deleted
    );
    assert_eq!(store.projects(None).await.expect("a read"), []);
    let left = EventFilter { org: acme, project: None, source: None, limit: 100 };
    assert!(store.events(left).await.expect("a read").is_empty());
}

pub(crate) async fn old_events_and_documents_are_pruned(store: &impl Subject) {
    let acme = org(store, "acme").await;
    let mill = project(store, acme, "mill").await;
    let events = vec![
        event(mill.id, "old", 1),
        event(mill.id, "new", 90),
        issue(mill.id, "open", 1, ItemState::Open),
    ];
    save(store, acme, events).await;
    let writes = vec![
        Write::Handoff(Box::new(handoff(&mill, "old", 1))),
        Write::Handoff(Box::new(handoff(&mill, "new", 90))),
        Write::Digest(Box::new(digest(&mill, "old", 20))),
    ];
    write(store, acme, writes).await;
    let before: Timestamp = at(0).after(Duration::from_secs(50));
    assert_eq!(store.prune_events(before, 10).await.expect("a write"), 1);
    assert_eq!(store.prune_documents(before, 10).await.expect("a write"), 1);
    assert_eq!(candidates(store, &mill, within(0, 100)).await, ["new", "open"]);
    assert_eq!(store.handoffs(of(acme)).await.expect("a read").len(), 1);
    assert!(store.digests(acme, mill.id, 9).await.expect("a read").is_empty());
}
