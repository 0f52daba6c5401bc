//! When digests are due: at midnight UTC, those of weeks on Mondays.
//!
//! The table of digests is the truth: what is due and not there is asked for, whether the server
//! ran at midnight or not. Never: a digest made here; its job is.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Zoned};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::actions::DIGESTS_GENERATE;
use crate::domain::activity::{DigestPeriod, Project};
use crate::domain::clock::{Clock, Timestamp};
use crate::domain::ids::ProjectId;
use crate::engine::{Engine, EngineError};
use crate::store::Catalog;

/// How often it is looked whether a digest is due.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// Asks for each project's digest when its day or week is over.
pub struct Digests {
    engine: Engine,
    catalog: Arc<dyn Catalog>,
    clock: Clock,
}

impl Digests {
    /// Digests of the projects in this catalog, made by this engine's jobs.
    pub fn new(engine: Engine, catalog: Arc<dyn Catalog>, clock: Clock) -> Self {
        Self { engine, catalog, clock }
    }

    /// Looks until `shutdown`.
    pub async fn run(&self, shutdown: CancellationToken) {
        // What was asked for by this process: a digest of a quiet week is not asked for again.
        let mut asked: HashMap<ProjectId, Timestamp> = HashMap::new();
        loop {
            if let Err(error) = self.look(&mut asked).await {
                tracing::warn!(%error, "failed to ask for digests; trying again");
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = shutdown.cancelled() => return,
            }
        }
    }

    async fn look(&self, asked: &mut HashMap<ProjectId, Timestamp>) -> Result<(), EngineError> {
        let now = self.clock.now();
        let projects = self.catalog.projects(None).await?;
        asked.retain(|id, _| projects.iter().any(|project| project.id == *id));
        for project in projects {
            let Some(period) = project.digest else { continue };
            let Some(end) = last_end(period, now) else { continue };
            // Nothing is made of the time before the project was there.
            let is_new = project.created_at < end && asked.get(&project.id) != Some(&end);
            if is_new && !self.is_made(&project, end).await? {
                self.ask(&project, period, end).await?;
            }
            asked.insert(project.id, end);
        }
        Ok(())
    }

    async fn is_made(&self, project: &Project, end: Timestamp) -> Result<bool, EngineError> {
        let last = self.catalog.digests(project.org, project.id, 1).await?;
        Ok(last.first().is_some_and(|digest| digest.window.end >= end))
    }

    async fn ask(
        &self,
        project: &Project,
        period: DigestPeriod,
        end: Timestamp,
    ) -> Result<(), EngineError> {
        let input = json!({ "project_id": project.id, "period": period, "asOf": end.iso() });
        let input = input.as_object().cloned().unwrap_or_default();
        let mut job = self.engine.draft(project.org, DIGESTS_GENERATE, &input).await?;
        job.unique_key = Some(format!("{}/{}", project.id, end.ms()));
        self.engine.enqueue(job).await?;
        Ok(())
    }
}

/// When the last whole day or week ended before `now`: at midnight UTC, weeks on Mondays.
fn last_end(period: DigestPeriod, now: Timestamp) -> Option<Timestamp> {
    let now = jiff::Timestamp::from_millisecond(now.ms()).ok()?;
    let midnight: Zoned = now.to_zoned(TimeZone::UTC).start_of_day().ok()?;
    let end = match period {
        DigestPeriod::Daily => midnight,
        DigestPeriod::Weekly => {
            let days = i64::from(midnight.weekday().to_monday_zero_offset());
            midnight.checked_sub(days.days()).ok()?
        }
    };
    Some(Timestamp::from_ms(end.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_and_a_week_on_monday() {
        let at = |text: &str| Timestamp::parse(text).expect("a time");
        let wednesday = at("2026-09-23T10:00:00Z");
        let end = |period| last_end(period, wednesday);
        assert_eq!(end(DigestPeriod::Daily), Some(at("2026-09-23T00:00:00Z")));
        assert_eq!(end(DigestPeriod::Weekly), Some(at("2026-09-21T00:00:00Z")));
        let monday = at("2026-09-21T00:00:00Z");
        assert_eq!(last_end(DigestPeriod::Weekly, monday), Some(monday));
    }
}
