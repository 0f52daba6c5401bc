//! What only the `SQLite` store promises: durable files, group commit, and how it refuses.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc::channel;

use futures_util::future::join_all;
use tidemill::domain::audit::Author;
use tidemill::domain::ids::OrgId;
use tidemill::domain::job::{Enqueued, JobState, NewJob};
use tidemill::store::sqlite::{SqliteStore, WriterHooks, newest_schema};
use tidemill::store::{
    Keys as _, OrgDeletion, Orgs as _, Store as _, StoreError, StoreReader as _,
};

use crate::fixture::{
    NO_LIMIT, at, claim_one, completed, enqueue, enqueue_one, finish, finish_is_refused, new_job,
    org, rescue, state,
};
use crate::invariants::Inspector;
use crate::{reopen, sqlite};

#[tokio::test]
async fn what_was_answered_is_there_after_a_restart() {
    let (store, dir) = sqlite(WriterHooks::default());
    let org = org(&*store, "one").await;
    let queued = enqueue_one(&*store, org).await;
    let running = claim_one(&*store, at(1)).await;
    drop(store);

    let store = reopen(&dir, WriterHooks::default());
    assert_eq!(store.expire_local_leases(at(2)).await.expect("an expiry"), 1);
    let rescued = rescue(&*store, at(2), 10).await;
    assert_eq!(rescued.iter().map(|job| job.id).collect::<Vec<_>>(), [running.job.id]);
    assert_eq!(queued, running.job.id);
    assert!(finish_is_refused(&*store, running.lease, at(3)).await);
    let again = claim_one(&*store, at(3)).await;
    let told = finish(&*store, again.lease, completed("done"), at(4)).await;
    assert_eq!(told.attempt, 2);
}

#[tokio::test]
async fn callers_share_a_commit() {
    let (writes, written) = channel();
    let (gate, opened) = channel::<()>();
    let opened = Mutex::new(opened);
    let hooks = WriterHooks {
        before_commit: Some(Arc::new(move |number| {
            // The first commit waits until all other writes stand in the channel.
            if number == 1 {
                opened.lock().expect("the gate").recv().expect("the gate opens");
            }
            Ok(())
        })),
        after_commit: Some(Arc::new(move |_, count| writes.send(count).expect("a listener"))),
    };
    let (store, _dir) = sqlite(hooks);
    let names: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    let calls = names.iter().map(|name| store.ensure_org(name, at(0), Author::SERVER));
    let open = async { gate.send(()).expect("a writer") };
    // Joined in this order, all hundred calls are in the channel before the gate opens.
    let (answers, ()) = futures_util::future::join(join_all(calls), open).await;
    assert!(answers.iter().all(Result::is_ok));
    let counts: Vec<usize> = written.try_iter().collect();
    assert_eq!(counts.iter().sum::<usize>(), 100);
    assert!(counts.len() <= 2, "{counts:?}");
}

/// As when the process is killed between two of its commits.
#[tokio::test]
async fn an_organizations_deletion_that_breaks_off_holds_up_nobody() {
    let hooks = WriterHooks {
        before_commit: Some(Arc::new(|number| match number {
            // Before it: two organizations and a job of each, then keys, jobs, events and files.
            9 => Err(StoreError::DiskFull),
            _ => Ok(()),
        })),
        ..WriterHooks::default()
    };
    let (store, dir) = sqlite(hooks);
    let (gone, stays) = (org(&*store, "gone").await, org(&*store, "stays").await);
    let own = enqueue(&*store, NewJob { internal: true, ..new_job(gone) }).await;
    let theirs = enqueue_one(&*store, stays).await;
    let broken_off = store.delete_org("gone", at(1), Author::SERVER).await;
    assert!(matches!(broken_off, Err(StoreError::DiskFull)), "{broken_off:?}");
    assert_eq!(store.job(gone, own).await.expect("a read"), None, "it was on its way");
    Inspector::of(dir.path()).check();
    assert_eq!(claim_one(&*store, at(2)).await.job.id, theirs);
    let again = store.delete_org("gone", at(3), Author::SERVER).await.expect("a write");
    assert_eq!(again, OrgDeletion::Deleted);
}

#[tokio::test]
async fn a_failed_commit_fails_each_of_its_callers_and_nothing_else() {
    let hooks = WriterHooks {
        before_commit: Some(Arc::new(|number| match number {
            2 => Err(StoreError::DiskFull),
            _ => Ok(()),
        })),
        ..WriterHooks::default()
    };
    let (store, _dir) = sqlite(hooks);
    let org = org(&*store, "one").await;
    let new = new_job(org);
    let refused = store.enqueue(vec![new.clone()], at(0), NO_LIMIT, None).await;
    assert!(matches!(refused, Err(StoreError::DiskFull)));
    assert_eq!(store.job(org, new.id).await.expect("a read"), None);
    assert_eq!(enqueue(&*store, new.clone()).await, new.id);
}

#[tokio::test]
async fn a_refused_write_leaves_its_neighbours_standing_and_nothing_of_itself() {
    let (store, _dir) = sqlite(WriterHooks::default());
    let org = org(&*store, "one").await;
    let (good, half, also_good) = (new_job(org), new_job(org), new_job(org));
    // The second job of this bulk is of nobody: the database refuses it after the first.
    let refused = vec![half.clone(), new_job(OrgId::mint())];
    let enqueue = |jobs| store.enqueue(jobs, at(0), NO_LIMIT, None);
    let calls = [enqueue(vec![good.clone()]), enqueue(refused), enqueue(vec![also_good.clone()])];
    let answers = join_all(calls).await;
    assert!(matches!(answers[0].as_deref(), Ok([Enqueued::Created(_)])));
    assert!(matches!(answers[1], Err(StoreError::Database(_))));
    assert!(matches!(answers[2].as_deref(), Ok([Enqueued::Created(_)])));
    for id in [good.id, also_good.id] {
        assert_eq!(state(&*store, org, id).await, JobState::Queued);
    }
    assert_eq!(store.job(org, half.id).await.expect("a read"), None);
}

#[tokio::test]
async fn a_full_channel_is_busy_and_recovers() {
    let (gate, opened) = channel::<()>();
    let opened = Mutex::new(opened);
    let hooks = WriterHooks {
        before_commit: Some(Arc::new(move |number| {
            if number == 1 {
                opened.lock().expect("the gate").recv().expect("the gate opens");
            }
            Ok(())
        })),
        ..WriterHooks::default()
    };
    let (store, _dir) = sqlite(hooks);
    // More than may wait: the rest is refused at once, and what was taken is written.
    let calls = (0..6_000).map(|_| store.touch_keys(Vec::new()));
    let open = async { gate.send(()).expect("a writer") };
    let (answers, ()) = futures_util::future::join(join_all(calls), open).await;
    let busy = answers.iter().filter(|answer| matches!(answer, Err(StoreError::Busy))).count();
    let written = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!(busy > 0 && written >= 4_096, "{busy} refused, {written} written");
    assert_eq!(busy + written, 6_000);
    store.ensure_org("later", at(0), Author::SERVER).await.expect("room again");
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let (store, dir) = sqlite(WriterHooks::default());
    drop(store);
    let path = dir.path().join(tidemill::store::sqlite::FILE_NAME);
    let newer = newest_schema() + 1;
    crate::fixture::database(&path).pragma_update(None, "user_version", newer).expect("a pragma");
    let runtime = tokio::runtime::Handle::current();
    let refused = SqliteStore::open(dir.path(), runtime, WriterHooks::default());
    assert!(matches!(
        refused.err(),
        Some(StoreError::SchemaTooNew { found, known }) if found == newer && known == newer - 1
    ));
}

#[tokio::test]
async fn the_audit_log_cannot_be_rewritten() {
    let (store, dir) = crate::sqlite(WriterHooks::default());
    store.ensure_org("one", at(0), Author::LOCAL).await.expect("a write");
    let path = dir.path().join(tidemill::store::sqlite::FILE_NAME);
    let database = crate::fixture::database(&path);
    let refused = database.execute("update audit set object_name = 'two'", []);
    let refused = refused.expect_err("a refusal").to_string();
    assert!(refused.contains("is never changed"), "{refused}");
}
