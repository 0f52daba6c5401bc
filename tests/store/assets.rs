//! Rows of stored files: ids, tokens, and what is still in use.

use tidemill::domain::asset::{ContentDigest, NewAsset};
use tidemill::domain::ids::{AssetId, OrgId};
use tidemill::domain::job::{NewJob, Outcome, Write};
use tidemill::domain::payload::Payload;
use tidemill::store::AssetUse;

use crate::Subject;
use crate::fixture::{
    NO_LIMIT, at, claim_one, completed_with, enqueue, failed, finish, new_asset, new_job, org,
};

pub(crate) async fn a_file_is_found_by_id_and_token(store: &impl Subject) {
    let org = org(store, "one").await;
    let picture = new_asset("picture");
    let font = NewAsset { mime_type: "font/woff2".into(), size: None, ..new_asset("font") };
    for new in [picture, font] {
        let job = enqueue(store, NewJob { assets: vec![new.clone()], ..new_job(org) }).await;
        let stored = store.asset(org, new.id).await.expect("a read").expect("the file is there");
        assert_eq!((stored.id, stored.org, stored.job), (new.id, org, Some(job)));
        assert_eq!((stored.digest, &stored.mime_type), (new.digest, &new.mime_type));
        assert_eq!((stored.bytes, stored.size, stored.created_at), (new.bytes, new.size, at(0)));
        let token = stored.token.clone().expect("a token");
        assert_eq!(
            (token.len(), stored.public_path()),
            (43, Some(format!("/assets/{}", new.token)))
        );
        assert_eq!(store.asset_by_token(&token).await.expect("a read"), Some(stored));
    }
    assert_eq!(store.asset_by_token("unknown").await.expect("a read"), None);
    assert_eq!(store.asset(org, AssetId::mint()).await.expect("a read"), None);
}

pub(crate) async fn the_same_id_again_changes_nothing(store: &impl Subject) {
    let org = org(store, "one").await;
    let new = new_asset("picture");
    let first = stored(store, org, &new).await;
    let claimed = claim_one(store, at(1)).await;
    let other = NewAsset { mime_type: "image/gif".into(), ..new.clone() };
    let outcome = completed_with("done", vec![Write::Asset(other)]);
    finish(store, claimed.lease, outcome, at(2)).await;
    assert_eq!(store.asset(org, new.id).await.expect("a read"), Some(first));
}

pub(crate) async fn a_rotated_token_is_another(store: &impl Subject) {
    let org = org(store, "one").await;
    let before = stored(store, org, &new_asset("picture")).await;
    let after = store.rotate_asset(org, before.id).await.expect("a write").expect("the file");
    assert_eq!((after.id, after.digest), (before.id, before.digest));
    let (old, new) = (before.token.expect("a token"), after.token.clone().expect("a token"));
    assert_eq!(store.asset_by_token(&old).await.expect("a read"), None);
    assert_eq!(store.asset_by_token(&new).await.expect("a read"), Some(after));
    assert_eq!(store.rotate_asset(org, AssetId::mint()).await.expect("a write"), None);
}

pub(crate) async fn a_deleted_file_is_gone(store: &impl Subject) {
    let org = org(store, "one").await;
    let before = stored(store, org, &new_asset("picture")).await;
    let deleted = store.delete_asset(org, before.id).await.expect("a write").expect("the file");
    assert_eq!((deleted.id, deleted.digest, deleted.token), (before.id, before.digest, None));
    assert_eq!(store.asset(org, before.id).await.expect("a read"), None);
    let token = before.token.expect("a token");
    assert_eq!(store.asset_by_token(&token).await.expect("a read"), None);
    assert_eq!(store.delete_asset(org, before.id).await.expect("a write"), None);
}

pub(crate) async fn another_organization_s_file_is_unknown(store: &impl Subject) {
    let (ours, theirs) = (org(store, "one").await, org(store, "two").await);
    let file = stored(store, theirs, &new_asset("picture")).await;
    assert_eq!(store.asset(ours, file.id).await.expect("a read"), None);
    assert_eq!(store.rotate_asset(ours, file.id).await.expect("a write"), None);
    assert_eq!(store.delete_asset(ours, file.id).await.expect("a write"), None);
    assert_eq!(store.asset(theirs, file.id).await.expect("a read"), Some(file));
}

pub(crate) async fn a_file_in_use_is_kept(store: &impl Subject) {
    let org = org(store, "one").await;
    let (touched, named, idle) = (new_asset("touched"), new_asset("named"), new_asset("idle"));
    for new in [&touched, &named, &idle] {
        stored(store, org, new).await;
        let claimed = claim_one(store, at(0)).await;
        finish(store, claimed.lease, failed(), at(0)).await;
    }
    let uses = [(touched.id, 50), (touched.id, 20), (AssetId::mint(), 50)];
    let uses = uses.map(|(asset, second)| AssetUse { asset, at: at(second) }).to_vec();
    store.touch_assets(uses).await.expect("a write");
    // A new job that names an old file uses it too.
    let again = NewJob { uses: vec![named.id], ..new_job(org) };
    store.enqueue(vec![again], at(50), NO_LIMIT, None).await.expect("an enqueue");

    store.prune_finished(at(1), at(0), at(0), 10).await.expect("a prune");
    let pruned = store.prune_finished(at(1), at(0), at(50), 10).await.expect("a prune");
    assert_eq!(pruned.assets, 1);
    for (id, is_there) in [(touched.id, true), (named.id, true), (idle.id, false)] {
        assert_eq!(store.asset(org, id).await.expect("a read").is_some(), is_there);
    }
}

pub(crate) async fn used_contents_are_those_that_a_row_names(store: &impl Subject) {
    let org = org(store, "one").await;
    let file = new_asset("file");
    stored(store, org, &file).await;
    let (input, result) = (ContentDigest::of(b"input"), ContentDigest::of(b"result"));
    let claimed = claim_one(store, at(1)).await;
    let outcome = Outcome::Completed {
        result: Payload::Stored(result),
        writes: Vec::new(),
        step_result: None,
    };
    finish(store, claimed.lease, outcome, at(2)).await;
    enqueue(store, NewJob { input: Payload::Stored(input), ..new_job(org) }).await;

    let unknown = ContentDigest::of(b"unknown");
    let asked = vec![unknown, file.digest, result, input];
    let mut used = store.used_contents(asked).await.expect("a read");
    let mut expected = vec![file.digest, result, input];
    used.sort();
    expected.sort();
    assert_eq!(used, expected);
    assert!(store.used_contents(Vec::new()).await.expect("a read").is_empty());

    store.delete_asset(org, file.id).await.expect("a write");
    assert!(store.used_contents(vec![file.digest]).await.expect("a read").is_empty());
}

/// Stores `new` as a job of `org` brings it.
async fn stored(
    store: &impl Subject,
    org: OrgId,
    new: &NewAsset,
) -> tidemill::domain::asset::Asset {
    enqueue(store, NewJob { assets: vec![new.clone()], ..new_job(org) }).await;
    store.asset(org, new.id).await.expect("a read").expect("the file is there")
}
