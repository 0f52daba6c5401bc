//! Files that several jobs have: a row stays as long as the last of them, or a brand that shows it.

use tidemill::domain::asset::NewAsset;
use tidemill::domain::audit::Author;
use tidemill::domain::brand::{BrandDraft, BrandEvidence, BrandProfile};
use tidemill::domain::clock::Timestamp;
use tidemill::domain::ids::{AssetId, BrandId, JobId, OrgId};
use tidemill::domain::job::{NewJob, Write};
use tidemill::store::{Deletion, OrgDeletion};

use crate::Subject;
use crate::fixture::{
    at, claim_one, completed_with, enqueue, failed, finish, new_asset, new_asset_of, new_job, org,
    unheard,
};

/// Earlier than anything a case stores.
const NOTHING: Timestamp = Timestamp::from_ms(0);

pub(crate) async fn a_file_stays_until_the_last_job_that_has_it_is_deleted(store: &impl Subject) {
    let org = org(store, "one").await;
    for original_goes_first in [true, false] {
        let file = new_asset("picture");
        let (original, again) = done_twice(store, org, &file, [1, 2]).await;
        let order = if original_goes_first { [original, again] } else { [again, original] };
        assert_eq!(
            store.delete(org, order[0], at(9), Author::SERVER).await.expect("a delete"),
            Deletion::Deleted
        );
        let kept = store.asset(org, file.id).await.expect("a read").expect("the file is there");
        let token = kept.token.expect("a token");
        assert!(store.asset_by_token(&token).await.expect("a read").is_some());
        assert_eq!(ids_of(store, order[1]).await, [file.id]);
        assert_eq!(
            store.delete(org, order[1], at(9), Author::SERVER).await.expect("a delete"),
            Deletion::Deleted
        );
        assert_eq!(store.asset(org, file.id).await.expect("a read"), None);
        assert!(store.used_contents(vec![file.digest]).await.expect("a read").is_empty());
    }
}

pub(crate) async fn the_same_content_is_one_file_of_an_organization(store: &impl Subject) {
    let (one, two) = (org(store, "one").await, org(store, "two").await);
    let mut rows = Vec::new();
    for (at_ms, org) in [(1, one), (10, one), (20, two)] {
        let file = new_asset_of(org, "picture");
        enqueue(store, new_job(org)).await;
        let claimed = claim_one(store, at(at_ms)).await;
        let outcome = completed_with("done", vec![Write::Asset(file.clone())]);
        finish(store, claimed.lease, outcome, at(at_ms + 1)).await;
        rows.push((claimed.job.id, store.asset(org, file.id).await.expect("a read")));
    }
    let [(first, one), (second, again), (_, other)] = rows.try_into().expect("three");
    assert_eq!(one, again, "the row and its token stay");
    let (one, other) = (one.expect("a file"), other.expect("a file"));
    assert_ne!((one.id, &one.token), (other.id, &other.token));
    assert_eq!(ids_of(store, first).await, ids_of(store, second).await);
}

pub(crate) async fn a_shared_file_is_listed_with_each_job(store: &impl Subject) {
    let org = org(store, "one").await;
    let file = new_asset("picture");
    let (original, again) = done_twice(store, org, &file, [1, 2]).await;
    assert_eq!(ids_of(store, original).await, [file.id]);
    assert_eq!(ids_of(store, again).await, [file.id]);
    let shared = store.asset(org, file.id).await.expect("a read").expect("the file is there");
    assert_eq!(shared.job, Some(original), "it came with the first");
}

pub(crate) async fn a_file_stays_until_the_last_job_that_has_it_is_pruned(store: &impl Subject) {
    let org = org(store, "one").await;
    let file = new_asset("picture");
    let (original, again) = done_twice(store, org, &file, [1, 10]).await;
    let prune = async |jobs| store.prune_finished(jobs, NOTHING, at(1_000), 10).await;
    let pruned = prune(at(5)).await.expect("a prune");
    assert_eq!((pruned.jobs, pruned.assets), (1, 0));
    assert_eq!(store.job(org, original).await.expect("a read"), None);
    assert_eq!(ids_of(store, again).await, [file.id]);
    let pruned = prune(at(20)).await.expect("a prune");
    assert_eq!((pruned.jobs, pruned.assets), (1, 1));
    assert_eq!(store.asset(org, file.id).await.expect("a read"), None);
}

pub(crate) async fn a_brand_s_end_leaves_a_job_s_file(store: &impl Subject) {
    let org = org(store, "one").await;
    let logo = new_asset("logo");
    enqueue(store, new_job(org)).await;
    let claimed = claim_one(store, at(1)).await;
    let id = BrandId::of_domain(org, "example.org");
    let draft = BrandDraft {
        domain: "example.org".into(),
        name: "Tide".into(),
        profile: BrandProfile::default(),
        evidence: BrandEvidence::new(),
        logo: Some(logo.id),
        font: None,
    };
    let brand = Write::Brand { id, draft: Box::new(draft) };
    let outcome = completed_with("done", vec![Write::Asset(logo.clone()), brand]);
    finish(store, claimed.lease, outcome, at(2)).await;
    let again = again(store, org, claimed.job.id, &logo, 3).await;

    assert_eq!(
        store.delete(org, claimed.job.id, at(9), Author::SERVER).await.expect("a delete"),
        Deletion::Deleted
    );
    assert!(store.delete_brand(org, id).await.expect("a delete"));
    store.prune_finished(NOTHING, NOTHING, at(1_000), 10).await.expect("a prune");
    assert_eq!(ids_of(store, again).await, [logo.id]);
    assert_eq!(
        store.delete(org, again, at(9), Author::SERVER).await.expect("a delete"),
        Deletion::Deleted
    );
    assert_eq!(store.asset(org, logo.id).await.expect("a read"), None);
}

pub(crate) async fn a_deleted_file_is_no_job_s(store: &impl Subject) {
    let org = org(store, "one").await;
    let file = new_asset("picture");
    let (original, again) = done_twice(store, org, &file, [1, 2]).await;
    assert!(store.delete_asset(org, file.id).await.expect("a delete").is_some());
    assert!(ids_of(store, original).await.is_empty());
    assert!(ids_of(store, again).await.is_empty());
    assert_eq!(
        store.delete(org, original, at(9), Author::SERVER).await.expect("a delete"),
        Deletion::Deleted
    );
}

pub(crate) async fn another_organization_s_file_is_not_shared(store: &impl Subject) {
    let (ours, theirs) = (org(store, "one").await, org(store, "two").await);
    let file = new_asset("picture");
    let original = enqueue(store, NewJob { assets: vec![file.clone()], ..new_job(theirs) }).await;
    let ours = enqueue(store, NewJob { uses: vec![file.id], ..new_job(ours) }).await;
    assert!(ids_of(store, ours).await.is_empty());
    store.cancel(theirs, vec![original], at(1), Author::SERVER, unheard()).await.expect("a cancel");
    assert_eq!(
        store.delete(theirs, original, at(9), Author::SERVER).await.expect("a delete"),
        Deletion::Deleted
    );
    assert_eq!(store.asset(theirs, file.id).await.expect("a read"), None);
}

pub(crate) async fn an_organization_goes_with_its_shared_files(store: &impl Subject) {
    let org = org(store, "one").await;
    let file = new_asset("picture");
    done_twice(store, org, &file, [1, 2]).await;
    assert_eq!(
        store.delete_org("one", at(9), Author::SERVER).await.expect("a delete"),
        OrgDeletion::Deleted
    );
    assert_eq!(store.asset(org, file.id).await.expect("a read"), None);
    assert!(store.used_contents(vec![file.digest]).await.expect("a read").is_empty());
}

/// A job that came with `file`, and one that does it again; each ended at its second.
async fn done_twice(
    store: &impl Subject,
    org: OrgId,
    file: &NewAsset,
    [first, second]: [i64; 2],
) -> (JobId, JobId) {
    let new = NewJob { assets: vec![file.clone()], ..new_job(org) };
    let original = enqueue(store, new).await;
    let claimed = claim_one(store, at(first)).await;
    finish(store, claimed.lease, failed(), at(first)).await;
    (original, again(store, org, original, file, second).await)
}

/// A job that does `original` again with its `file`, and ended at `second`.
async fn again(
    store: &impl Subject,
    org: OrgId,
    original: JobId,
    file: &NewAsset,
    second: i64,
) -> JobId {
    let new = NewJob { retry_of: Some(original), uses: vec![file.id], ..new_job(org) };
    let id = enqueue(store, new).await;
    let claimed = claim_one(store, at(second)).await;
    finish(store, claimed.lease, failed(), at(second)).await;
    id
}

async fn ids_of(store: &impl Subject, job: JobId) -> Vec<AssetId> {
    let files = store.assets_of(job).await.expect("a read");
    files.into_iter().map(|file| file.id).collect()
}
