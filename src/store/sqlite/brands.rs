//! Brands: rows of `brands`, their profile and evidence as JSON.
//!
//! How a new extraction or a person's edit changes a brand is the domain's rule; here it is only
//! read, applied and stored in one transaction. Never: a decision about a value.

use async_trait::async_trait;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::asset::NewAsset;
use crate::domain::brand::{Brand, BrandDraft, BrandEdit};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{AssetId, BrandId, JobId, OrgId};
use crate::store::sqlite::{SqliteStore, assets};
use crate::store::{BrandFilter, BrandPage, Brands, StoreError};

#[async_trait]
impl Brands for SqliteStore {
    async fn brand(&self, org: OrgId, id: BrandId) -> Result<Option<Brand>, StoreError> {
        self.readers.read(move |connection| find(connection, org, id)).await
    }

    async fn brands(&self, filter: BrandFilter) -> Result<BrandPage, StoreError> {
        let BrandFilter { org, query, limit, offset } = filter;
        let query = query.filter(|text| !text.is_empty()).map(|text| fold(&text));
        self.readers
            .read(move |connection| {
                let brands = connection
                    .prepare_cached(include_str!("sql/brands.sql"))?
                    .query_map(
                        named_params! {
                            ":org_id": org.as_bytes(),
                            ":query": query,
                            ":limit": limit,
                            ":offset": offset,
                        },
                        brand,
                    )?
                    .collect::<Result<_, _>>()?;
                let total =
                    connection.prepare_cached(include_str!("sql/brands_count.sql"))?.query_row(
                        named_params! { ":org_id": org.as_bytes(), ":query": query },
                        |row| row.get(0),
                    )?;
                Ok(BrandPage { brands, total })
            })
            .await
    }

    async fn edit_brand(
        &self,
        org: OrgId,
        id: BrandId,
        edit: BrandEdit,
        new_assets: Vec<NewAsset>,
        now: Timestamp,
    ) -> Result<Option<Brand>, StoreError> {
        self.writer
            .write(move |tx| {
                let Some(mut brand) = find(tx, org, id)? else {
                    return Ok(None);
                };
                for new in new_assets {
                    assets::insert(tx, org, None, new, now)?;
                }
                brand.edit(edit, now);
                put(tx, &brand, None)?;
                find(tx, org, id)
            })
            .await
    }

    async fn delete_brand(&self, org: OrgId, id: BrandId) -> Result<bool, StoreError> {
        self.writer
            .write(move |tx| {
                let deleted = tx
                    .prepare_cached(include_str!("sql/delete_brand.sql"))?
                    .execute(named_params! { ":org_id": org.as_bytes(), ":id": id.as_bytes() })?;
                Ok(deleted > 0)
            })
            .await
    }

    async fn latest_job_of_brand(
        &self,
        org: OrgId,
        id: BrandId,
    ) -> Result<Option<JobId>, StoreError> {
        self.readers
            .read(move |connection| {
                let parameters = named_params! { ":org_id": org.as_bytes(), ":id": id.as_bytes() };
                let job = connection
                    .prepare_cached(include_str!("sql/latest_job_of_brand.sql"))?
                    .query_row(parameters, |row| row.get(0).map(JobId::from_bytes))
                    .optional()?;
                Ok(job)
            })
            .await
    }
}

/// Stores what `job` found: a new brand, or a known one after the domain's rule. The rows of the
/// draft's files must be there before.
pub(super) fn absorb_draft(
    tx: &Connection,
    org: OrgId,
    id: BrandId,
    job: JobId,
    draft: BrandDraft,
    now: Timestamp,
) -> Result<(), StoreError> {
    let brand = match find(tx, org, id)? {
        Some(mut brand) => {
            brand.absorb(draft, now);
            brand
        }
        None => Brand::new(id, org, draft, now),
    };
    put(tx, &brand, Some(job))
}

/// A brand of `org`.
pub(super) fn find(
    connection: &Connection,
    org: OrgId,
    id: BrandId,
) -> Result<Option<Brand>, StoreError> {
    let found = connection
        .prepare_cached(include_str!("sql/brand.sql"))?
        .query_row(named_params! { ":org_id": org.as_bytes(), ":id": id.as_bytes() }, brand)
        .optional()?;
    Ok(found)
}

fn put(tx: &Connection, brand: &Brand, job: Option<JobId>) -> Result<(), StoreError> {
    let Brand { id, org, domain, name, profile, evidence, logo, font, created_at, updated_at } =
        brand;
    tx.prepare_cached(include_str!("sql/brands_put.sql"))?.execute(named_params! {
        ":id": id.as_bytes(),
        ":org_id": org.as_bytes(),
        ":domain": domain,
        ":name": name,
        ":folded_name": fold(name),
        ":profile": to_json(profile)?,
        ":evidence": to_json(evidence)?,
        ":logo_id": logo.as_ref().map(AssetId::as_bytes),
        ":font_id": font.as_ref().map(AssetId::as_bytes),
        ":job_id": job.as_ref().map(JobId::as_bytes),
        ":created_at": created_at.ms(),
        // The wall clock may have been set back: a row never changes before it began.
        ":updated_at": updated_at.max(created_at).ms(),
    })?;
    Ok(())
}

/// The form in which names and parts of names are compared.
fn fold(text: &str) -> String {
    text.to_lowercase()
}

fn brand(row: &Row<'_>) -> rusqlite::Result<Brand> {
    let file = |column| -> rusqlite::Result<Option<AssetId>> {
        Ok(row.get::<_, Option<_>>(column)?.map(AssetId::from_bytes))
    };
    Ok(Brand {
        id: BrandId::from_bytes(row.get("id")?),
        org: OrgId::from_bytes(row.get("org_id")?),
        domain: row.get("domain")?,
        name: row.get("name")?,
        profile: from_json(row, "profile")?,
        evidence: from_json(row, "evidence")?,
        logo: file("logo_id")?,
        font: file("font_id")?,
        created_at: Timestamp::from_ms(row.get("created_at")?),
        updated_at: Timestamp::from_ms(row.get("updated_at")?),
    })
}

fn to_json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Database(Box::new(error)))
}

fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let index = row.as_ref().column_index(column)?;
    let text: String = row.get(index)?;
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(error))
    })
}
