//! Brands: stored by a job's end, changed by people, listed and searched.

use std::collections::BTreeMap;

use tidemill::domain::audit::Author;
use tidemill::domain::brand::{
    BrandDraft, BrandEdit, BrandEvidence, BrandLogo, BrandProfile, ColorRole, FieldEvidence,
    Ground, Hex,
};
use tidemill::domain::ids::{AssetId, BrandId, JobId, OrgId};
use tidemill::domain::job::Write;
use tidemill::store::{BrandFilter, Deletion};

use crate::Subject;
use crate::fixture::{
    at, claim_one, completed_with, enqueue, finish, new_asset, new_job, org, processing,
};

pub(crate) async fn an_extraction_stores_a_brand(store: &impl Subject) {
    let org = org(store, "one").await;
    let draft = draft("example.org", "Tide");
    extract(store, org, draft.clone(), 5).await;
    let id = BrandId::of_domain(org, "example.org");
    let stored = store.brand(org, id).await.expect("a read").expect("the brand is there");
    assert_eq!((stored.id, stored.org), (id, org));
    assert_eq!((stored.domain, stored.name), (draft.domain, draft.name));
    assert_eq!((stored.profile, stored.logo, stored.font), (draft.profile, None, None));
    assert_eq!(stored.evidence["name"], draft.evidence["name"]);
    assert_eq!((stored.created_at, stored.updated_at), (at(5), at(5)));
}

pub(crate) async fn a_later_extraction_keeps_what_a_person_set(store: &impl Subject) {
    let org = org(store, "one").await;
    extract(store, org, draft("example.org", "Tide"), 5).await;
    let id = BrandId::of_domain(org, "example.org");
    let chosen = Hex::new(9, 200, 9);
    let edit = BrandEdit {
        colors: BTreeMap::from([(ColorRole::Primary, Some(chosen))]),
        ..BrandEdit::default()
    };
    store.edit_brand(org, id, edit, Vec::new(), at(6)).await.expect("a write").expect("a brand");
    extract(store, org, draft("example.org", "Tide & Co"), 7).await;
    let stored = store.brand(org, id).await.expect("a read").expect("the brand is there");
    assert_eq!((stored.name.as_str(), stored.profile.colors.primary), ("Tide & Co", Some(chosen)));
    assert_eq!((stored.created_at, stored.updated_at), (at(5), at(7)));
}

pub(crate) async fn brands_are_listed_newest_first(store: &impl Subject) {
    let org = org(store, "one").await;
    for (number, second) in [(1, 10), (2, 30), (3, 20)] {
        let domain = format!("{number}.example");
        extract(store, org, draft(&domain, &domain), second).await;
    }
    // What was changed last is not therefore newer.
    extract(store, org, draft("1.example", "1.example"), 40).await;
    let page = store.brands(BrandFilter { limit: 2, ..all_brands(org) }).await.expect("a read");
    let names: Vec<_> = page.brands.iter().map(|brand| brand.name.as_str()).collect();
    assert_eq!((names, page.total), (vec!["2.example", "3.example"], 3));
    let page = store.brands(BrandFilter { offset: 2, ..all_brands(org) }).await.expect("a read");
    let names: Vec<_> = page.brands.iter().map(|brand| brand.name.as_str()).collect();
    assert_eq!((names, page.total), (vec!["1.example"], 3));
}

pub(crate) async fn brands_are_found_by_a_part_of_their_name(store: &impl Subject) {
    let (org, other) = (org(store, "one").await, org(store, "two").await);
    for (org, domain, name) in [
        (org, "a.example", "Ökologie 100%"),
        (org, "b.example", "Under_score"),
        (other, "a.example", "ÖKOLOGIE"),
    ] {
        extract(store, org, draft(domain, name), 1).await;
    }
    let cases = [("öko", 1), ("ÖKO", 1), ("SCORE", 1), ("%", 1), ("_", 1), ("", 2), ("x", 0)];
    for (query, found) in cases {
        let filter = BrandFilter { query: Some(query.into()), ..all_brands(org) };
        let page = store.brands(filter).await.expect("a read");
        assert_eq!((page.brands.len(), page.total), (found, found as u64), "{query}");
    }
}

pub(crate) async fn an_edit_stores_its_files(store: &impl Subject) {
    let org = org(store, "one").await;
    extract(store, org, draft("example.org", "Tide"), 5).await;
    let id = BrandId::of_domain(org, "example.org");
    let file = new_asset("logo");
    let logo = BrandLogo {
        source_url: "upload".into(),
        format: "png".into(),
        width: 640,
        height: 480,
        ground: Ground::Any,
    };
    let edit = BrandEdit {
        name: Some("Chosen".into()),
        logo: Some(Some((file.id, logo.clone()))),
        ..BrandEdit::default()
    };
    let told = store
        .edit_brand(org, id, edit, vec![file.clone()], at(6))
        .await
        .expect("a write")
        .expect("the brand is there");
    assert_eq!((told.name.as_str(), told.logo, told.updated_at), ("Chosen", Some(file.id), at(6)));
    assert_eq!(told.profile.logo, Some(logo));
    assert_eq!(store.brand(org, id).await.expect("a read"), Some(told));
    let stored = store.asset(org, file.id).await.expect("a read").expect("the file is there");
    assert_eq!(stored.job, None);

    let nobody = store
        .edit_brand(org, BrandId::mint(), BrandEdit::default(), vec![new_asset("lost")], at(7))
        .await
        .expect("a write");
    assert_eq!(nobody, None);
    assert_eq!(store.usage().await.expect("a read").asset_bytes, file.bytes);
}

pub(crate) async fn a_deleted_brand_is_gone(store: &impl Subject) {
    let org = org(store, "one").await;
    extract(store, org, draft("example.org", "Tide"), 5).await;
    let id = BrandId::of_domain(org, "example.org");
    assert!(store.delete_brand(org, id).await.expect("a write"));
    assert!(!store.delete_brand(org, id).await.expect("a write"));
    assert_eq!(store.brand(org, id).await.expect("a read"), None);
    extract(store, org, draft("example.org", "Tide"), 9).await;
    let again = store.brand(org, id).await.expect("a read").expect("the brand is there");
    assert_eq!(again.created_at, at(9));
}

pub(crate) async fn another_organization_s_brand_is_unknown(store: &impl Subject) {
    let (ours, theirs) = (org(store, "one").await, org(store, "two").await);
    extract(store, theirs, draft("example.org", "Tide"), 5).await;
    let id = BrandId::of_domain(theirs, "example.org");
    assert_eq!(store.brand(ours, id).await.expect("a read"), None);
    assert!(!store.delete_brand(ours, id).await.expect("a write"));
    let edit = BrandEdit { name: Some("Ours".into()), ..BrandEdit::default() };
    let edited = store.edit_brand(ours, id, edit, Vec::new(), at(6)).await.expect("a write");
    assert_eq!(edited, None);
    assert_eq!(store.brands(all_brands(ours)).await.expect("a read").total, 0);
    assert_eq!(store.latest_job_of_brand(ours, id).await.expect("a read"), None);

    // A file of ours is not shown by a brand of theirs.
    let file = new_asset("ours");
    let ours_too = tidemill::domain::job::NewJob { assets: vec![file.clone()], ..new_job(ours) };
    enqueue(store, ours_too).await;
    claim_one(store, at(7)).await;
    let stolen = BrandDraft { logo: Some(file.id), ..draft("example.org", "Tide") };
    extract(store, theirs, stolen, 8).await;
    let brand = store.brand(theirs, id).await.expect("a read").expect("the brand is there");
    assert_eq!(brand.logo, None::<AssetId>);
}

pub(crate) async fn a_brand_knows_its_latest_job(store: &impl Subject) {
    let org = org(store, "one").await;
    let id = BrandId::of_domain(org, "example.org");
    assert_eq!(store.latest_job_of_brand(org, id).await.expect("a read"), None);
    extract(store, org, draft("example.org", "Tide"), 5).await;
    let latest = extract(store, org, draft("example.org", "Tide"), 6).await;
    let edit = BrandEdit { name: Some("Chosen".into()), ..BrandEdit::default() };
    store.edit_brand(org, id, edit, Vec::new(), at(7)).await.expect("a write");
    assert_eq!(store.latest_job_of_brand(org, id).await.expect("a read"), Some(latest));
    assert_eq!(
        store.delete(org, latest, at(9), Author::SERVER).await.expect("a delete"),
        Deletion::Deleted
    );
    assert_ne!(store.latest_job_of_brand(org, id).await.expect("a read"), Some(latest));
}

/// Stores `draft` as a job of `org` does that ends at `second`.
async fn extract(store: &impl Subject, org: OrgId, draft: BrandDraft, second: i64) -> JobId {
    let claimed = processing(store, org, at(second)).await;
    let id = BrandId::of_domain(org, &draft.domain);
    let writes = vec![Write::Brand { id, draft: Box::new(draft) }];
    finish(store, claimed.lease, completed_with("done", writes), at(second)).await;
    claimed.job.id
}

fn draft(domain: &str, name: &str) -> BrandDraft {
    let mut profile = BrandProfile { tagline: Some("Ebb & flow".into()), ..Default::default() };
    profile.colors.primary = Some(Hex::new(1, 2, 3));
    let seen = FieldEvidence { confidence: 0.5, ..FieldEvidence::default() };
    BrandDraft {
        domain: domain.into(),
        name: name.into(),
        profile,
        evidence: BrandEvidence::from([("name".to_owned(), seen)]),
        logo: None,
        font: None,
    }
}

const fn all_brands(org: OrgId) -> BrandFilter {
    BrandFilter { org, query: None, limit: 100, offset: 0 }
}
