//! The ad that an edit or a localization begins with.

use serde_json::{Map, Value};

use super::args::Source;
use crate::actions::is_ad_with_scene;
use crate::ads::kit::BrandKit;
use crate::ads::scene::{SCENE_VERSION, Scene};
use crate::domain::asset::named_by_path;
use crate::domain::ids::JobId;
use crate::domain::job::JobState;
use crate::engine::{ActionContext, ActionError};

/// A stored ad.
pub(super) struct SourceAd {
    pub(super) scene: Scene,
    /// The brand as the source's own request sent it.
    pub(super) identity: Option<BrandKit>,
    /// Its SVG as it was delivered; none where that is gone.
    pub(super) drawing: Option<String>,
}

/// Reads the stored ad; a picture without a scene is none.
pub(super) async fn read(
    context: &ActionContext,
    source: Option<&Source>,
) -> Result<SourceAd, ActionError> {
    match source {
        Some(Source::Job(id)) => of_job(context, *id).await,
        Some(Source::Picture(_)) | None => Err(ActionError::fatal(
            "source_has_no_scene",
            "`source_image_url` is only a picture, and this server has no model that can read and \
             redraw one; give the `source_job_id` of an ad that was made here",
        )),
    }
}

async fn of_job(context: &ActionContext, id: JobId) -> Result<SourceAd, ActionError> {
    let Some(job) = context.job(id).await? else {
        let message = format!("there is no job {id}; give the id of a job that made an ad");
        return Err(ActionError::fatal("job_not_found", message));
    };
    if !is_ad_with_scene(&job.action) {
        let message = format!("the job {id} is `{}`, which makes no campaign ad", job.action);
        return Err(ActionError::fatal("source_job_type_invalid", message));
    }
    let result = match job.state {
        JobState::Completed => context.result_of(&job)?,
        _ => None,
    };
    let Some(result) = result else {
        let message = format!("the job {id} has not completed; wait for it, or give another one");
        return Err(ActionError::fatal("source_job_not_completed", message));
    };
    let identity = context.input_of(&job)?.get("brand_identity_json").cloned();
    let identity = identity.and_then(|identity| BrandKit::of_identity(&identity).ok());
    Ok(SourceAd { scene: scene(&result)?, identity, drawing: drawing(context, &result).await? })
}

async fn drawing(
    context: &ActionContext,
    result: &Map<String, Value>,
) -> Result<Option<String>, ActionError> {
    let id = result.get("svg_url").and_then(Value::as_str).and_then(named_by_path);
    let Some(id) = id else { return Ok(None) };
    let stored = context.asset(id).await?;
    Ok(stored.and_then(|(_, bytes)| String::from_utf8(bytes).ok()))
}

fn scene(result: &Map<String, Value>) -> Result<Scene, ActionError> {
    let stored = result.get("scene").cloned().unwrap_or_default();
    let version = stored.get("scene").and_then(Value::as_u64);
    if version.is_some_and(|version| version != u64::from(SCENE_VERSION)) {
        let message =
            "the source ad was made by another version of this program; generate it again";
        return Err(ActionError::fatal("scene_version_unknown", message));
    }
    serde_json::from_value(stored).map_err(|error| {
        let message = "the source ad has no scene that could be changed; generate it again";
        ActionError::fatal("source_has_no_scene", message).because(error)
    })
}
