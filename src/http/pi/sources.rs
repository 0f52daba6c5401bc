//! The brand and the job that the input of a picture names: whether they are there is said before
//! a job is accepted. In a run the step that names them fails instead.

use serde_json::{Map, Value};

use crate::actions::{
    CAMPAIGNS_EDIT, CAMPAIGNS_GENERATE, CAMPAIGNS_LOCALIZE_AD, IMAGES_GENERATE, is_ad_with_scene,
};
use crate::domain::ids::{BrandId, JobId};
use crate::domain::job::JobState;
use crate::http::auth::Caller;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::front::Front;
use crate::http::pi::{brands, render};

/// What an input names.
#[derive(Debug, Default)]
pub(super) struct Named {
    brand: Option<BrandId>,
    source: Option<JobId>,
}

impl Named {
    /// What the input of this action names; other actions name nothing. A member that is no id is
    /// passed over: the action says so.
    pub(super) fn of(action: &str, input: &Map<String, Value>) -> Self {
        let text = |name: &str| input.get(name).and_then(Value::as_str).map(str::trim);
        let is_change = [CAMPAIGNS_EDIT, CAMPAIGNS_LOCALIZE_AD].contains(&action);
        if !is_change && ![IMAGES_GENERATE, CAMPAIGNS_GENERATE].contains(&action) {
            return Self::default();
        }
        let source = text("source_job_id").filter(|_| is_change);
        Self {
            brand: text("brand_id").and_then(|id| id.parse().ok()),
            source: source.and_then(|id| id.parse().ok()),
        }
    }

    /// Refuses what is not there, or cannot be used; the input stands at `path` in the body.
    pub(super) async fn check(
        self,
        front: &Front,
        caller: &Caller,
        path: &str,
    ) -> Result<(), ApiError> {
        let place = |name: &str| match path {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        };
        if let Some(id) = self.source {
            check_source(front, caller, id)
                .await
                .map_err(|error| error.at(place("source_job_id")))?;
        }
        if let Some(id) = self.brand
            && front.catalog.brand(caller.org, id).await?.is_none()
        {
            return Err(brands::not_found().at(place("brand_id")));
        }
        Ok(())
    }
}

async fn check_source(front: &Front, caller: &Caller, id: JobId) -> Result<(), ApiError> {
    let job = front.catalog.job(caller.org, id).await?.ok_or_else(ApiError::job_not_found)?;
    if !is_ad_with_scene(&job.action) {
        let kind = render::type_of_action(&job.action);
        let message = format!(
            "the job is a `{kind}`; give one of the type `campaign_ad_generation`, \
             `campaign_ad_edit` or `campaign_ad_localization`"
        );
        return Err(ApiError::new(ErrorCode::SourceJobTypeInvalid, message));
    }
    if job.state != JobState::Completed {
        let status = render::job_status(job.state);
        let message = format!("the job is `{status}`; give one that has completed");
        return Err(ApiError::new(ErrorCode::SourceJobNotCompleted, message));
    }
    Ok(())
}
