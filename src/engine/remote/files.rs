//! Files that a remote worker brings: its attempt's until that ends well, then the job's.

use serde_json::{Map, Value};

use crate::domain::asset::{AttemptFile, FileRoom};
use crate::domain::ids::OrgId;
use crate::domain::job::{Claimed, Lease, Write};
use crate::domain::key::Reach;
use crate::engine::{Engine, EngineError};
use crate::store::{Attached, StoreError};

/// An attempt that may bring files.
#[derive(Clone, Copy, Debug)]
pub struct RemoteRoom {
    lease: Lease,
    /// Whose the files will be.
    pub org: OrgId,
    /// How many and how large they may be.
    pub room: FileRoom,
}

impl Engine {
    /// What the attempt may bring whose lease a token stands for; `None` when the lease is lost.
    pub async fn remote_room(
        &self,
        reach: Reach,
        token: &str,
    ) -> Result<Option<RemoteRoom>, EngineError> {
        let Some(Claimed { lease, job }) = self.held(reach, token).await? else { return Ok(None) };
        let action = self.actions().find(&job.action);
        let room = action.map(|action| action.file_room()).unwrap_or_default();
        Ok(Some(RemoteRoom { lease, org: job.org, room }))
    }

    /// Keeps a file, whose bytes are in the asset store, with the attempt.
    pub async fn attach_remote(
        &self,
        to: RemoteRoom,
        file: AttemptFile,
    ) -> Result<Attached, EngineError> {
        Ok(self.0.catalog.attach_file(to.lease, file, to.room).await?)
    }

    /// Tells in `result` of the files that an attempt brought, as commands' files are told, and
    /// gives the rows that make them the job's.
    pub(super) async fn take_files(
        &self,
        claimed: &Claimed,
        result: &mut Map<String, Value>,
    ) -> Result<Vec<Write>, StoreError> {
        let files = self.0.catalog.files_of_lease(claimed.lease).await?;
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let org = claimed.job.org;
        let told = files.iter().map(|file| file.told(org)).collect();
        result.insert("assets".to_owned(), Value::Array(told));
        Ok(files.into_iter().map(|file| Write::Asset(file.into_asset(org))).collect())
    }
}
