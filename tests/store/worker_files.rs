//! Files of attempts of remote workers.

use tidemill::domain::asset::{AttemptFile, ContentDigest, FileRoom};
use tidemill::store::Attached;

use crate::Subject;
use crate::fixture::{at, completed, finish, org, processing, rescue};

const ROOM: FileRoom = FileRoom { files: 2, bytes: 10 };

fn file(name: &str, content: &str) -> AttemptFile {
    AttemptFile {
        name: name.to_owned(),
        digest: ContentDigest::of(content.as_bytes()),
        mime_type: "image/png".to_owned(),
        bytes: content.len() as u64,
        size: Some((2, 1)),
    }
}

pub(crate) async fn a_file_is_kept_under_its_lease_and_within_its_room(store: &impl Subject) {
    let org = org(store, "one").await;
    let lease = processing(store, org, at(1)).await.lease;
    let attach =
        async |new: AttemptFile| store.attach_file(lease, new, ROOM).await.expect("a write");
    assert_eq!(attach(file("a", "12345")).await, Attached::Kept);
    assert_eq!(attach(file("b", "123456")).await, Attached::TooLarge);
    assert_eq!(attach(file("b", "12345")).await, Attached::Kept);
    assert_eq!(attach(file("c", "")).await, Attached::TooMany);
    assert_eq!(attach(file("a", "1234")).await, Attached::Kept, "in the other's place");
    let kept = store.files_of_lease(lease).await.expect("a read");
    assert_eq!(kept, [file("a", "1234"), file("b", "12345")]);
    let digests = vec![file("", "1234").digest, file("", "12345").digest, file("", "x").digest];
    let used = store.used_contents(digests).await.expect("a read");
    assert_eq!(used.len(), 2, "what a file names is not swept");
}

pub(crate) async fn files_of_lost_and_ended_attempts_go(store: &impl Subject) {
    let org = org(store, "one").await;
    let lost = processing(store, org, at(1)).await.lease;
    store.attach_file(lost, file("a", "1"), ROOM).await.expect("a write");
    assert_eq!(store.prune_worker_files(10).await.expect("a write"), 0, "it goes on");
    rescue(store, at(1_000), 10).await;
    let late = store.attach_file(lost, file("b", "2"), ROOM).await.expect("a write");
    assert_eq!(late, Attached::LeaseLost);
    let ended = crate::fixture::claim_one(store, at(1_001)).await.lease;
    store.attach_file(ended, file("c", "3"), ROOM).await.expect("a write");
    assert_eq!(store.files_of_lease(ended).await.expect("a read").len(), 1);
    finish(store, ended, completed("so"), at(1_002)).await;
    assert_eq!(store.prune_worker_files(1).await.expect("a write"), 1);
    assert_eq!(store.prune_worker_files(10).await.expect("a write"), 1);
    assert_eq!(store.prune_worker_files(10).await.expect("a write"), 0);
}
