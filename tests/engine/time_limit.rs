//! The time that all attempts of a job may take together, where its action sets one.

use std::time::Duration;

use tidemill::domain::job::JobState;

use crate::acting::Deed;
use crate::house::House;

#[tokio::test]
async fn a_pause_that_is_too_long_ends_the_job_now() {
    let house = House::with(|_| ()).await;
    let story = async {
        let id = house.enqueue(Deed::FailAndAskForAnHour).await;
        let error = house.ended(id).await.error.expect("an error");
        assert_eq!(error.code, "test_failed", "what failed is what is told");
        assert_eq!(house.outcomes(id).await, ["failed"]);
    };
    house.live(story).await.expect("the engine ends");
}

#[tokio::test]
async fn an_attempt_without_time_left_is_not_begun() {
    let house = House::with(|_| ()).await;
    let story = async {
        let id = house.enqueue(Deed::Fail).await;
        house.stage.entered().await;
        while house.job(id).await.state != JobState::Queued {
            tokio::task::yield_now().await;
        }
        // The second attempt is due in a second, and finds a worker in two minutes.
        house.clock.advance(Duration::from_mins(2));
        let error = house.ended(id).await.error.expect("an error");
        assert_eq!(error.code, "test_failed", "what failed is what is told");
        assert_eq!(house.outcomes(id).await, ["retried", "failed"]);
    };
    house.live(story).await.expect("the engine ends");
    assert_eq!(house.stage.begun(), 1);
}
