//! The operator's models in one job, under one rule for all actions.
//!
//! A job whose request says `require_model` fails where a model of the kind that its action asks is
//! not configured, and where one was asked and did not do it. Every other job goes on without, and
//! its provenance says why. A model that had nothing left to do is no failure; where one was
//! required a warning says so.

use super::album::Album;
use super::{Studio, failure};
use crate::domain::asset::ContentDigest;
use crate::engine::{ActionContext, ActionError};
use crate::model::{PictureRequest, Reason, Session};

/// What a model can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Skill {
    Writing,
    Painting,
}

/// The models, as one job asks them.
pub(super) struct Partner<'a> {
    studio: &'a Studio,
    context: &'a ActionContext,
    pub(super) session: Session,
    require: bool,
    /// A picture came that no ad can carry.
    unusable: bool,
}

impl<'a> Partner<'a> {
    /// Asks the same for the same seed.
    pub(super) fn new(
        studio: &'a Studio,
        context: &'a ActionContext,
        require: bool,
        seed: u64,
    ) -> Self {
        let session = studio.model_session(context, seed);
        Self { studio, context, session, require, unusable: false }
    }

    /// Fails where a model is required and the one that can do this is not configured.
    pub(super) fn need(&self, skill: Skill) -> Result<(), ActionError> {
        let is_there = match skill {
            Skill::Writing => self.writes(),
            Skill::Painting => self.paints(),
        };
        if self.require && !is_there { Err(failure::model(Reason::NotConfigured)) } else { Ok(()) }
    }

    pub(super) fn writes(&self) -> bool {
        self.studio.model.writes()
    }

    pub(super) fn paints(&self) -> bool {
        self.studio.model.paints()
    }

    /// What a model did; none where it did not and the job goes on without.
    pub(super) fn or_without<T>(
        &self,
        answer: Result<T, Reason>,
    ) -> Result<Option<T>, ActionError> {
        match answer {
            Ok(answer) => Ok(Some(answer)),
            Err(reason) if self.require => Err(failure::model(reason)),
            Err(_) => Ok(None),
        }
    }

    /// A picture from the model, stored and opened; none where the job goes on without.
    pub(super) async fn paint(
        &mut self,
        request: &PictureRequest,
        album: &mut Album,
    ) -> Result<Option<ContentDigest>, ActionError> {
        super::breath(self.context).await;
        self.context.progress("painting", Some(0.1));
        let answer = self.session.picture(request).await;
        let Some(answer) = self.or_without(answer)? else { return Ok(None) };
        match album.add(&answer.png) {
            Ok(digest) => {
                let put = self.studio.assets.put(&answer.png);
                put.map_err(|error| failure::storage(&error))?;
                Ok(Some(digest))
            }
            Err(error) => {
                tracing::info!(%error, "a model's picture was left out");
                self.unusable = true;
                self.or_without(Err(Reason::Unusable))
            }
        }
    }

    /// How many answers there were, those included that an earlier attempt got.
    pub(super) fn calls(&self) -> u32 {
        let used = self.session.used();
        used.calls + used.replayed
    }

    /// The word for why a model that was asked did not do it; none where none was asked.
    pub(super) fn fallback_reason(&self) -> Option<String> {
        let last = self.session.used().fallback_reason;
        let reason = last.filter(|reason| *reason != Reason::NotConfigured);
        let reason = reason.or(self.unusable.then_some(Reason::Unusable));
        reason.map(|reason| reason.as_str().to_owned())
    }

    /// What a result says where a model was required and nothing was left for it to do.
    pub(super) fn warnings(&self) -> Vec<String> {
        let idle = self.require && self.calls() == 0;
        idle.then(|| "model_not_used".to_owned()).into_iter().collect()
    }
}
