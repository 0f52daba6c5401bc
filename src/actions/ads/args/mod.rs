//! What the picture actions take. Files that were sent lie in the asset store already.
//!
//! Each fault names its member. What a run fills in later counts as there and valid, and is
//! checked again when the step runs. Never: a look at what a member names; that is the job's.

mod localization;
mod members;
mod output;
mod place;

#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use super::Task;
use crate::ads::kit::{BrandKit, KitError};
use crate::domain::ids::{BrandId, JobId};
use crate::engine::InvalidInput;
pub(super) use localization::Localization;
use members::Members;
pub(super) use output::{Canvas, MAX_FORMATS};
pub(super) use place::{Place, StoredFile};

/// How many reference pictures one job may name.
pub const MAX_REFERENCES: usize = 6;

/// The same of a localization.
pub const MAX_LOCALIZED_REFERENCES: usize = 5;

/// The longest prompt, in characters.
pub(super) const MAX_PROMPT: usize = 5_000;

/// The arguments of a picture action, valid as they stand.
#[derive(Clone, Debug)]
pub(super) struct AdArgs {
    /// What is asked for; empty only for a localization.
    pub(super) prompt: String,
    /// Pictures to be used.
    pub(super) references: Vec<Place>,
    /// The stored brand.
    pub(super) brand: Option<BrandId>,
    /// The brand as it was sent; a stored one wins.
    pub(super) identity: Option<BrandKit>,
    /// The canvases, at least one.
    pub(super) canvases: Vec<Canvas>,
    /// Which of the possible arrangements, from 0.
    pub(super) variant: u32,
    /// Whether the job fails without a model.
    pub(super) require_model: bool,
    /// The ad to be changed.
    pub(super) source: Option<Source>,
    /// Whom a localization is for.
    pub(super) localization: Localization,
}

/// The ad that an edit or a localization begins with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Source {
    /// Another job's.
    Job(JobId),
    /// A picture of which no scene is known.
    Picture(Place),
}

impl AdArgs {
    /// Reads a job's input.
    pub(super) fn parse(task: Task, input: &Map<String, Value>) -> Result<Self, InvalidInput> {
        Self::read(task, input, &[])
    }

    /// Reads an input whose members in `given` come later.
    pub(super) fn read(
        task: Task,
        input: &Map<String, Value>,
        given: &[&str],
    ) -> Result<Self, InvalidInput> {
        let members = Members::of(input, given);
        let prompt = match task {
            Task::Localization => members.text("prompt", 0..=MAX_PROMPT)?,
            _ => members.required("prompt", 1..=MAX_PROMPT)?,
        };
        let identity = members.object("brand_identity_json")?;
        Ok(Self {
            prompt: prompt.unwrap_or_default().trim().to_owned(),
            references: references(members, task)?,
            brand: id(members, "brand_id")?,
            identity: identity.map(|identity| kit(members, identity)).transpose()?,
            canvases: output::canvases(members.object("output")?)?,
            variant: members.count("variant")?.unwrap_or(0),
            require_model: members.boolean("require_model")?.unwrap_or(false),
            source: source(members, task)?,
            localization: match task {
                Task::Localization => Localization::read(members)?,
                _ => Localization::default(),
            },
        })
    }
}

fn references(members: Members<'_>, task: Task) -> Result<Vec<Place>, InvalidInput> {
    const NAME: &str = "reference_images";
    let most = task.most_references();
    match members.value(NAME) {
        None => Ok(Vec::new()),
        // What one step of a run passes to another is one picture.
        Some(value @ Value::String(_)) => Ok(vec![Place::read(NAME, value)?]),
        Some(Value::Array(list)) if list.len() <= most => {
            let each = |(at, value)| Place::read(&format!("{NAME}[{at}]"), value);
            list.iter().enumerate().map(each).collect()
        }
        Some(_) => Err(members.fault(NAME, &format!("must be a list of at most {most} pictures"))),
    }
}

fn id<T: std::str::FromStr>(members: Members<'_>, name: &str) -> Result<Option<T>, InvalidInput> {
    let Some(value) = members.value(name) else { return Ok(None) };
    let id = value.as_str().and_then(|text| text.trim().parse().ok());
    id.ok_or_else(|| members.fault(name, "must be a UUID")).map(Some)
}

fn kit(members: Members<'_>, identity: &Map<String, Value>) -> Result<BrandKit, InvalidInput> {
    const NAME: &str = "brand_identity_json";
    /// A brand in words and colours; pictures are sent beside it.
    const MAX_BYTES: usize = 256 * 1024;
    let value = Value::Object(identity.clone());
    if value.to_string().len() > MAX_BYTES {
        return Err(members.fault(NAME, &format!("must have at most {MAX_BYTES} bytes")));
    }
    BrandKit::of_identity(&value).map_err(|error| {
        let param = match &error {
            KitError::NotAnObject => NAME.to_owned(),
            KitError::Member { member, .. } => format!("{NAME}.{member}"),
        };
        InvalidInput { param, message: error.to_string() }
    })
}

fn source(members: Members<'_>, task: Task) -> Result<Option<Source>, InvalidInput> {
    const JOB: &str = "source_job_id";
    const PICTURE: &str = "source_image_url";
    let job = id(members, JOB)?.map(Source::Job);
    let is_there = |name: &str| members.value(name).is_some() || members.is_given(name);
    match task {
        Task::Image | Task::Campaign => Ok(None),
        Task::Edit if !is_there(JOB) => Err(members.fault(JOB, "is required")),
        Task::Edit => Ok(job),
        Task::Localization => {
            if is_there(JOB) == is_there(PICTURE) {
                let message = format!("or `{PICTURE}`: give exactly one of the two");
                return Err(members.fault(JOB, &message));
            }
            let picture = members.value(PICTURE).map(|value| Place::read(PICTURE, value));
            Ok(job.or(picture.transpose()?.map(Source::Picture)))
        }
    }
}
