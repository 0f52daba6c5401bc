//! Schedules, and their firings.

use tidemill::domain::audit::{AuditAction, Author};
use tidemill::domain::clock::Timestamp;
use tidemill::domain::idempotency::{Answer, Fingerprint, IdempotencyKey};
use tidemill::domain::ids::{OrgId, ScheduleId};
use tidemill::domain::job::JobState;
use tidemill::domain::run::RunState;
use tidemill::domain::schedule::{
    Fired, Limits, Occasion, Overlap, Schedule, Submission, Task, TaskJob,
};
use tidemill::store::{
    AuditFilter, Cancelling, CancellingRun, Firing, FiringEnd, Inserted, OrgDeletion,
};

use crate::Subject;
use crate::fixture::{
    NO_LIMIT, at, claim_one, completed, enqueue_one, finish, job, new_job, org, state, unheard,
};
use crate::run_fixture::{new_run, run};

/// A schedule whose next moment is the tenth second.
pub(crate) fn schedule(org: OrgId, overlap: Overlap) -> Schedule {
    Schedule {
        id: ScheduleId::mint(),
        org,
        name: Some("nightly".to_owned()),
        cron: "0 2 * * *".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        task: Task::Job(TaskJob::of(new_job(org)).expect("a job without files")),
        overlap,
        catch_up: 1,
        is_active: true,
        next_at: Some(at(10)),
        last_at: None,
        last: None,
        skip_reason: None,
        skipped: 0,
        created_at: at(0),
        updated_at: at(0),
    }
}

/// Stores a schedule that must be accepted.
pub(crate) async fn insert(store: &impl Subject, schedule: &Schedule) {
    let inserted = store.insert_schedule(schedule.clone(), 100, None, Author::SERVER).await;
    assert_eq!(inserted.expect("a write"), Inserted::Created);
}

/// The schedule, which must be there.
pub(crate) async fn stored(store: &impl Subject, schedule: &Schedule) -> Schedule {
    let mut found = store.schedules(schedule.org, Some(schedule.id)).await.expect("a read");
    found.pop().expect("the schedule is there")
}

/// What `schedule` submits at its moment.
pub(crate) fn submission(schedule: &Schedule, due_at: Timestamp) -> Submission {
    let occasion = Occasion { schedule: schedule.id, due_at: Some(due_at) };
    let limits =
        |_: &str| Limits { max_attempts: 3, attempt_timeout: std::time::Duration::from_secs(20) };
    schedule.task.submission(schedule.org, occasion, limits)
}

/// One submission at `now`; the next moment is ten seconds later.
fn firing(schedule: &Schedule, now: Timestamp) -> Firing {
    Firing {
        submissions: vec![submission(schedule, now)],
        schedule: schedule.clone(),
        missed: 0,
        skip_reason: None,
        next_at: Some(now.after(std::time::Duration::from_secs(10))),
        now,
        queue_limit: NO_LIMIT,
    }
}

async fn fire(store: &impl Subject, firing: Firing) -> FiringEnd {
    store.fire(firing, unheard()).await.expect("a firing")
}

pub(crate) async fn a_schedule_reads_as_it_was_stored(store: &impl Subject) {
    let org = org(store, "one").await;
    let first = schedule(org, Overlap::Skip);
    let paused = Schedule {
        name: None,
        is_active: false,
        next_at: None,
        task: Task::of_run(new_run(org, &[("a", &[]), ("b", &["a"])])).expect("no files"),
        ..schedule(org, Overlap::Replace)
    };
    insert(store, &first).await;
    insert(store, &paused).await;
    assert_eq!(store.schedules(org, None).await.expect("a read"), [paused, first.clone()]);
    assert_eq!(store.schedules(org, Some(first.id)).await.expect("a read"), [first]);
}

pub(crate) async fn a_known_key_answers_a_schedule_as_before(store: &impl Subject) {
    let org = org(store, "one").await;
    let key = |body: &str| IdempotencyKey {
        route: "schedules",
        key: "k".to_owned(),
        fingerprint: Fingerprint::of(&serde_json::json!(body)),
        answer: Answer { status: 201, body: body.to_owned() },
    };
    let insert = async |body: &str| {
        let schedule = schedule(org, Overlap::Skip);
        store
            .insert_schedule(schedule, 100, Some(key(body)), Author::SERVER)
            .await
            .expect("a write")
    };
    assert_eq!(insert("one").await, Inserted::Created);
    assert_eq!(insert("one").await, Inserted::Replayed(key("one").answer));
    assert_eq!(insert("two").await, Inserted::KeyMismatch);
    assert_eq!(store.schedules(org, None).await.expect("a read").len(), 1);
}

pub(crate) async fn an_organization_has_so_many_schedules_and_no_more(store: &impl Subject) {
    let (one, two) = (org(store, "one").await, org(store, "two").await);
    let insert = async |org| {
        let schedule = schedule(org, Overlap::Skip);
        store.insert_schedule(schedule, 2, None, Author::SERVER).await.expect("a write")
    };
    assert_eq!(insert(one).await, Inserted::Created);
    assert_eq!(insert(one).await, Inserted::Created);
    assert_eq!(insert(one).await, Inserted::Full);
    assert_eq!(insert(two).await, Inserted::Created);
}

pub(crate) async fn schedules_are_due_at_their_moment(store: &impl Subject) {
    assert_eq!(store.next_schedule().await.expect("a read"), None);
    let (one, two) = (org(store, "one").await, org(store, "two").await);
    let late = Schedule { next_at: Some(at(20)), ..schedule(one, Overlap::Skip) };
    let early = schedule(two, Overlap::Skip);
    let paused = Schedule { is_active: false, next_at: None, ..schedule(one, Overlap::Skip) };
    for schedule in [&late, &early, &paused] {
        insert(store, schedule).await;
    }
    assert_eq!(store.next_schedule().await.expect("a read"), Some(at(10)));
    assert_eq!(store.due_schedules(at(9), 10).await.expect("a read"), []);
    assert_eq!(
        store.due_schedules(at(10), 10).await.expect("a read"),
        std::slice::from_ref(&early)
    );
    assert_eq!(store.due_schedules(at(20), 10).await.expect("a read"), [early.clone(), late]);
    assert_eq!(store.due_schedules(at(20), 1).await.expect("a read"), [early]);
}

pub(crate) async fn a_firing_happens_once(store: &impl Subject) {
    let org = org(store, "one").await;
    let schedule = schedule(org, Overlap::Queue);
    insert(store, &schedule).await;
    let asked = firing(&schedule, at(11));
    let Submission::Job(submitted) = asked.submissions[0].clone() else { panic!("a job") };
    let again = Firing { submissions: vec![submission(&schedule, at(11))], ..asked.clone() };
    let end = fire(store, asked).await;
    assert_eq!((end.fired.as_slice(), end.skipped), (&[Fired::Job(submitted.id)][..], 0));
    let fired = stored(store, &schedule).await;
    assert_eq!((fired.next_at, fired.last_at), (Some(at(21)), Some(at(11))));
    assert_eq!(fired.last, Some(Fired::Job(submitted.id)));
    let job = job(store, org, submitted.id).await;
    assert_eq!(
        (job.state, job.echo["scheduled_at"].as_str()),
        (JobState::Queued, Some(&*at(11).iso()))
    );
    assert_eq!(job.echo["schedule_id"].as_str(), Some(&*schedule.id.to_string()));
    // Somebody who has read it before comes too late.
    assert_eq!(fire(store, again).await.fired, []);
    assert_eq!(stored(store, &schedule).await, fired);
}

pub(crate) async fn a_firing_that_overlaps_is_left_out(store: &impl Subject) {
    let org = org(store, "one").await;
    let first = schedule(org, Overlap::Skip);
    insert(store, &first).await;
    fire(store, firing(&first, at(10))).await;
    let second = stored(store, &first).await;
    let end = fire(store, firing(&second, at(20))).await;
    assert_eq!((end.fired.len(), end.skipped), (0, 1));
    let left = stored(store, &first).await;
    assert_eq!((left.skipped, left.last, left.last_at), (1, second.last, second.last_at));
    assert!(left.skip_reason.as_ref().is_some_and(|reason| reason.contains("not ended")));
    let claimed = claim_one(store, at(21)).await;
    finish(store, claimed.lease, completed("done"), at(22)).await;
    let end = fire(store, firing(&left, at(30))).await;
    assert_eq!((end.fired.len(), end.skipped), (1, 0));
    let third = stored(store, &first).await;
    assert_eq!((third.skipped, third.skip_reason), (1, None));
}

pub(crate) async fn a_firing_replaces_what_the_one_before_brought(store: &impl Subject) {
    let org = org(store, "one").await;
    let first = schedule(org, Overlap::Replace);
    insert(store, &first).await;
    let Some(Fired::Job(old)) = fire(store, firing(&first, at(10))).await.fired.pop() else {
        panic!("a job")
    };
    let end = fire(store, firing(&stored(store, &first).await, at(20))).await;
    assert_eq!((end.fired.len(), end.cancelled.len()), (1, 1));
    assert!(matches!(&end.cancelled[0], Cancelling::Cancelled { job, .. } if job.id == old));
    assert_eq!(state(store, org, old).await, JobState::Cancelled);
    // Of several that are made good at once the last one stays.
    let third = stored(store, &first).await;
    let asked = Firing {
        submissions: (27..30).map(|second| submission(&third, at(second))).collect(),
        ..firing(&third, at(30))
    };
    let end = fire(store, asked).await;
    assert_eq!((end.fired.len(), end.cancelled.len()), (3, 3));
    assert_eq!(stored(store, &first).await.last, end.fired.last().copied());
}

pub(crate) async fn a_run_is_replaced_whole(store: &impl Subject) {
    let org = org(store, "one").await;
    let task = Task::of_run(new_run(org, &[("a", &[]), ("b", &["a"])])).expect("no files");
    let first = Schedule { task, ..schedule(org, Overlap::Replace) };
    insert(store, &first).await;
    let Some(Fired::Run(old)) = fire(store, firing(&first, at(10))).await.fired.pop() else {
        panic!("a run")
    };
    let end = fire(store, firing(&stored(store, &first).await, at(20))).await;
    let [(id, CancellingRun::Cancelled(jobs))] = &end.cancelled_runs[..] else { panic!("one run") };
    assert_eq!((*id, jobs.len()), (old, 2));
    assert_eq!(run(store, org, old).await.state, RunState::Cancelled);
    assert_eq!(stored(store, &first).await.last, end.fired.last().copied());
}

pub(crate) async fn a_firing_into_a_full_queue_is_left_out(store: &impl Subject) {
    let org = org(store, "one").await;
    enqueue_one(store, org).await;
    let task = Task::of_run(new_run(org, &[("a", &[]), ("b", &[])])).expect("no files");
    for schedule in
        [schedule(org, Overlap::Queue), Schedule { task, ..schedule(org, Overlap::Queue) }]
    {
        insert(store, &schedule).await;
        let end = fire(store, Firing { queue_limit: 1, ..firing(&schedule, at(10)) }).await;
        assert_eq!((end.fired.len(), end.skipped), (0, 1));
        let left = stored(store, &schedule).await;
        assert_eq!((left.next_at, left.last_at), (Some(at(20)), None));
        assert!(left.skip_reason.is_some_and(|reason| reason.contains("unfinished jobs")));
    }
}

pub(crate) async fn an_edit_of_what_was_fired_meanwhile_is_refused(store: &impl Subject) {
    let org = org(store, "one").await;
    let was = schedule(org, Overlap::Queue);
    insert(store, &was).await;
    let edited = Schedule { name: None, updated_at: at(9), ..was.clone() };
    let edit = async |was: &Schedule, edited: &Schedule| {
        let edit = store.edit_schedule(was.clone(), edited.clone(), Author::SERVER);
        edit.await.expect("a write")
    };
    assert!(edit(&was, &edited).await);
    // A firing that was read before the edit does not happen either.
    assert_eq!(fire(store, firing(&was, at(10))).await.fired, []);
    fire(store, firing(&edited, at(10))).await;
    let fired = stored(store, &was).await;
    assert!(!edit(&edited, &Schedule { updated_at: at(11), ..edited.clone() }).await);
    assert_eq!(stored(store, &was).await, fired);
    assert!(edit(&fired, &Schedule { catch_up: 7, updated_at: at(12), ..fired.clone() }).await);
    let last = stored(store, &was).await;
    assert_eq!((last.catch_up, last.next_at, last.last), (7, fired.next_at, fired.last));
}

pub(crate) async fn another_organization_s_schedule_is_unknown(store: &impl Subject) {
    let (one, two) = (org(store, "one").await, org(store, "two").await);
    let was = schedule(one, Overlap::Skip);
    insert(store, &was).await;
    assert_eq!(store.schedules(two, None).await.expect("a read"), []);
    assert_eq!(store.schedules(two, Some(was.id)).await.expect("a read"), []);
    let other = Schedule { org: two, ..was.clone() };
    let edited = store.edit_schedule(other.clone(), other, Author::SERVER).await;
    assert!(!edited.expect("a write"));
    let delete = async |org| {
        store.delete_schedule(org, was.id, at(1), Author::SERVER).await.expect("a write")
    };
    assert!(!delete(two).await);
    assert!(delete(one).await);
    assert!(!delete(one).await);
    assert_eq!(fire(store, firing(&was, at(10))).await.fired, []);
}

pub(crate) async fn changes_are_noted_as_their_author_s(store: &impl Subject) {
    let org = org(store, "one").await;
    let was = schedule(org, Overlap::Skip);
    insert(store, &was).await;
    let paused = Schedule { is_active: false, next_at: None, updated_at: at(1), ..was.clone() };
    let edited = store.edit_schedule(was.clone(), paused, Author::LOCAL).await;
    assert!(edited.expect("a write"));
    store.delete_schedule(org, was.id, at(2), Author::LOCAL).await.expect("a write");
    let filter = AuditFilter {
        action: None,
        key: None,
        object: Some(was.id.to_string()),
        after: None,
        before: None,
        cursor: None,
        limit: 10,
    };
    let entries = store.audit(filter).await.expect("a read").entries;
    let told: Vec<_> = entries.iter().map(|entry| (entry.action, entry.author)).collect();
    assert_eq!(
        told,
        [
            (AuditAction::ScheduleDeleted, Author::LOCAL),
            (AuditAction::ScheduleChanged, Author::LOCAL),
            (AuditAction::ScheduleCreated, Author::SERVER),
        ]
    );
    assert_eq!(entries[1].detail.as_deref(), Some("`0 2 * * *` in Europe/Berlin, paused"));
    assert_eq!(entries[0].object_name.as_deref(), Some("nightly"));
}

pub(crate) async fn an_organization_goes_with_its_schedules(store: &impl Subject) {
    let (gone, stays) = (org(store, "gone").await, org(store, "stays").await);
    for org in [gone, stays] {
        insert(store, &schedule(org, Overlap::Skip)).await;
    }
    let deleted = store.delete_org("gone", at(5), Author::SERVER).await.expect("a write");
    assert_eq!(deleted, OrgDeletion::Deleted);
    let due = store.due_schedules(at(10), 10).await.expect("a read");
    assert_eq!(due.iter().map(|schedule| schedule.org).collect::<Vec<_>>(), [stays]);
}
