//! A shutdown: what is claimed comes to its end, or is released without having been counted.

use std::pin::pin;
use std::time::Duration;

use tidemill::domain::ids::JobId;
use tidemill::domain::job::JobState;

use crate::acting::Deed;
use crate::house::House;

#[tokio::test]
async fn a_claim_on_its_way_comes_to_its_end_within_the_grace() {
    let house = House::with(|_| ()).await;
    let id = shut_down_during_a_claim(&house, Deed::Done).await;
    assert_eq!(house.job(id).await.state, JobState::Completed);
    assert_eq!(house.outcomes(id).await, ["completed"]);
}

#[tokio::test]
async fn a_claim_on_its_way_is_released_after_the_grace() {
    let house = House::with(|options| options.shutdown_grace = Duration::ZERO).await;
    let id = shut_down_during_a_claim(&house, Deed::Wait).await;
    is_released(&house, id).await;
}

#[tokio::test]
async fn a_claim_that_comes_after_every_grace_is_released() {
    let house = House::with(|options| {
        (options.shutdown_grace, options.heed_stop) = (Duration::ZERO, Duration::ZERO);
    })
    .await;
    let id = shut_down_during_a_claim(&house, Deed::Wait).await;
    is_released(&house, id).await;
}

#[tokio::test]
async fn an_attempt_that_stops_when_told_is_released() {
    let house = House::with(|options| options.shutdown_grace = Duration::ZERO).await;
    let mut id = None;
    let ended = house.live(async {
        id = Some(house.enqueue(Deed::Wait).await);
        house.stage.entered().await;
    });
    ended.await.expect("the engine ends");
    is_released(&house, id.expect("a job")).await;
}

#[tokio::test]
async fn an_attempt_that_hangs_is_released_over_its_head() {
    let house = House::with(|options| {
        (options.shutdown_grace, options.heed_stop) = (Duration::ZERO, Duration::ZERO);
    })
    .await;
    let mut id = None;
    let ended = house.live(async {
        id = Some(house.enqueue(Deed::Hang).await);
        house.stage.entered().await;
    });
    ended.await.expect("the engine ends");
    is_released(&house, id.expect("a job")).await;
}

#[tokio::test]
async fn what_waits_for_a_worker_waits_on() {
    let house = House::with(|options| options.shutdown_grace = Duration::ZERO).await;
    let mut waiting = None;
    let ended = house.live(async {
        house.enqueue(Deed::Wait).await;
        house.stage.entered().await;
        waiting = Some(house.enqueue(Deed::Done).await);
    });
    ended.await.expect("the engine ends");
    let waiting = waiting.expect("a job");
    assert_eq!(house.job(waiting).await.state, JobState::Queued);
    assert!(house.outcomes(waiting).await.is_empty());
}

/// Shuts the engine down while the commit is held up that accepts and claims a job for `deed`.
async fn shut_down_during_a_claim(house: &House, deed: Deed) -> JobId {
    let job = house.draft(deed).await;
    house.door.close();
    // Before the engine runs, its worker is free for the first job that is accepted.
    let mut accepted = pin!(house.accept(job));
    tokio::select! {
        _ = &mut accepted => unreachable!("the door is closed"),
        () = house.door.reached() => {}
    }
    let mut id = None;
    let ended = house.live(async {
        house.shutdown.cancel();
        house.stopping().await;
        house.door.open();
        id = Some(accepted.await);
    });
    ended.await.expect("the engine ends");
    id.expect("it is accepted")
}

async fn is_released(house: &House, id: JobId) {
    let job = house.job(id).await;
    assert_eq!((job.state, job.attempt), (JobState::Queued, 0), "its attempt is not counted");
    assert_eq!(house.outcomes(id).await, ["released"]);
}
