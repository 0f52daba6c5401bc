//! Projects: rows of `projects` and `repository_grants`.
//!
//! A project with many events is deleted in portions, so that no other organization's writes wait
//! for it. Never: a path looked at.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, named_params};

use crate::domain::activity::{EventSource, Project, Repository};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{OrgId, ProjectId};
use crate::store::sqlite::{SqliteStore, rows};
use crate::store::{MAX_PROJECTS, Projects, StoreError};

#[async_trait]
impl Projects for SqliteStore {
    async fn insert_project(&self, project: Project) -> Result<(), StoreError> {
        self.writer
            .write(move |tx| match put(tx, include_str!("sql/insert_project.sql"), &project)? {
                0 => Err(StoreError::Taken(project.name)),
                _ => Ok(()),
            })
            .await
    }

    async fn update_project(&self, project: Project) -> Result<bool, StoreError> {
        self.writer
            .write(move |tx| Ok(put(tx, include_str!("sql/update_project.sql"), &project)? > 0))
            .await
    }

    async fn project(&self, org: OrgId, id: ProjectId) -> Result<Option<Project>, StoreError> {
        self.readers
            .read(move |connection| {
                let key = named_params! { ":org_id": org.as_bytes(), ":id": id.as_bytes() };
                find(connection, include_str!("sql/project.sql"), key)
            })
            .await
    }

    async fn find_project(&self, org: OrgId, name: &str) -> Result<Option<Project>, StoreError> {
        let name = name.to_owned();
        self.readers
            .read(move |connection| {
                let key = named_params! { ":org_id": org.as_bytes(), ":name": name };
                find(connection, include_str!("sql/find_project.sql"), key)
            })
            .await
    }

    async fn projects(&self, org: Option<OrgId>) -> Result<Vec<Project>, StoreError> {
        self.readers
            .read(move |connection| {
                let parameters = named_params! {
                    ":org_id": org.as_ref().map(OrgId::as_bytes), ":limit": MAX_PROJECTS,
                };
                rows::all(connection, include_str!("sql/projects.sql"), parameters, project)
            })
            .await
    }

    async fn delete_project(&self, org: OrgId, id: ProjectId) -> Result<bool, StoreError> {
        /// Events that one write deletes: some ten milliseconds of the writer's time.
        const PORTION: usize = 500;
        if self.project(org, id).await?.is_none() {
            return Ok(false);
        }
        let portion = move |tx: &Connection| {
            let mut statement = tx.prepare_cached(include_str!("sql/delete_project_events.sql"))?;
            let key = named_params! { ":id": id.as_bytes(), ":limit": PORTION };
            Ok(statement.execute(key)?)
        };
        while self.writer.write(portion).await? == PORTION {}
        self.writer
            .write(move |tx| {
                let deleted = tx
                    .prepare_cached(include_str!("sql/delete_project.sql"))?
                    .execute(named_params! { ":org_id": org.as_bytes(), ":id": id.as_bytes() })?;
                Ok(deleted > 0)
            })
            .await
    }

    async fn grant_repository(
        &self,
        org: OrgId,
        path: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let path = path.to_owned();
        self.writer
            .write(move |tx| {
                tx.prepare_cached(include_str!("sql/grant_repository.sql"))?.execute(
                    named_params! { ":org_id": org.as_bytes(), ":path": path, ":now": now.ms() },
                )?;
                Ok(())
            })
            .await
    }

    async fn is_repository_granted(&self, org: OrgId, path: &str) -> Result<bool, StoreError> {
        let path = path.to_owned();
        self.readers
            .read(move |connection| {
                let granted = connection
                    .prepare_cached(include_str!("sql/is_repository_granted.sql"))?
                    .exists(named_params! { ":org_id": org.as_bytes(), ":path": path })?;
                Ok(granted)
            })
            .await
    }
}

fn put(tx: &Connection, sql: &str, project: &Project) -> Result<usize, StoreError> {
    let Project {
        id,
        org,
        name,
        key,
        description,
        kind,
        repository,
        digest,
        created_at,
        updated_at,
    } = project;
    let source = repository.as_ref().and_then(|repository| repository.source);
    let (digest, kind) = (digest.as_ref().map(rows::name_of).transpose()?, rows::name_of(kind)?);
    let mut statement = tx.prepare_cached(sql)?;
    // An update says nothing of when it was made; what a statement does not name is left out.
    let parameters: [(&str, &dyn ToSql); 11] = [
        (":id", id.as_bytes()),
        (":org_id", org.as_bytes()),
        (":name", name),
        (":key", key),
        (":description", description),
        (":kind", &kind),
        (":repository", &repository.as_ref().map(|repository| &repository.path)),
        (":source", &source.map(EventSource::id)),
        (":digest", &digest),
        (":created_at", &created_at.ms()),
        (":updated_at", &updated_at.max(created_at).ms()),
    ];
    let mut named = Vec::with_capacity(parameters.len());
    for (name, value) in parameters {
        if statement.parameter_index(name)?.is_some() {
            named.push((name, value));
        }
    }
    Ok(statement.execute(named.as_slice())?)
}

fn find(
    connection: &Connection,
    sql: &str,
    key: &[(&str, &dyn ToSql)],
) -> Result<Option<Project>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_row(key, |row| Ok(project(row))).optional()?.transpose()
}

fn project(row: &Row<'_>) -> Result<Project, StoreError> {
    let source: Option<String> = row.get("source")?;
    let source = source.as_deref().map(rows::word).transpose()?;
    let path: Option<String> = row.get("repository")?;
    let digest: Option<String> = row.get("digest")?;
    Ok(Project {
        id: ProjectId::from_bytes(row.get("id")?),
        org: OrgId::from_bytes(row.get("org_id")?),
        name: row.get("name")?,
        key: row.get("key")?,
        description: row.get("description")?,
        kind: rows::named(row.get("kind")?)?,
        repository: path.map(|path| Repository { path, source }),
        digest: digest.map(rows::named).transpose()?,
        created_at: Timestamp::from_ms(row.get("created_at")?),
        updated_at: Timestamp::from_ms(row.get("updated_at")?),
    })
}
