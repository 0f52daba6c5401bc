//! Attempts that do not end well end alone: their worker, or the one in its place, goes on.

use std::time::Duration;

use tidemill::domain::job::{JobState, NewJob};
use tidemill::engine::EngineError;
use tidemill::store::{Store as _, StoreReader as _};

use crate::acting::Deed;
use crate::house::House;

/// Threads given up at which the process is no longer fit.
const TOO_MANY: usize = 8;

#[tokio::test]
async fn a_panic_ends_one_attempt() {
    let house = House::with(|_| ()).await;
    let story = async {
        let job = NewJob { max_attempts: 2, ..house.draft(Deed::Panic).await };
        let failed = house.accept(job).await;
        let job = house.ended(failed).await;
        assert_eq!(job.error.map(|error| error.code).as_deref(), Some("action_panicked"));
        assert_eq!(house.outcomes(failed).await, ["retried", "failed"]);
        let next = house.enqueue(Deed::Done).await;
        assert_eq!(house.ended(next).await.state, JobState::Completed);
        assert_eq!(house.metrics.workers_abandoned(), 0);
    };
    house.live(story).await.expect("the engine ends");
}

#[tokio::test]
async fn a_time_out_ends_one_attempt() {
    let house = House::with(|options| options.heed_time_out = crate::house::LONG).await;
    let story = async {
        let failed = house.enqueue_short(Deed::Wait).await;
        let error = house.ended(failed).await.error.expect("an error");
        assert_eq!(error.code, "attempt_timed_out");
        assert!(error.message.contains("`attempt_timeout_seconds`"), "{}", error.message);
        let next = house.enqueue(Deed::Done).await;
        assert_eq!(house.ended(next).await.state, JobState::Completed);
        assert_eq!(house.metrics.workers_abandoned(), 0);
    };
    house.live(story).await.expect("the engine ends");
}

#[tokio::test]
async fn a_thread_that_hangs_is_given_up_and_replaced() {
    let house = House::with(|_| ()).await;
    let story = async {
        let failed = house.enqueue_short(Deed::Hang).await;
        let error = house.ended(failed).await.error.expect("an error");
        assert_eq!(error.code, "attempt_timed_out");
        assert_eq!(house.metrics.workers_abandoned(), 1);
        let next = house.enqueue(Deed::Done).await;
        assert_eq!(house.ended(next).await.state, JobState::Completed);
        assert!(house.engine.is_fit());
    };
    house.live(story).await.expect("the engine ends");
}

#[tokio::test]
async fn too_many_threads_that_hang_end_the_process() {
    let house = House::with(|options| options.workers = 2).await;
    let story = async {
        for nth in 1..TOO_MANY {
            let failed = house.enqueue_short(Deed::Hang).await;
            house.ended(failed).await;
            assert!(house.engine.is_fit(), "fit with {nth} lost");
        }
        house.enqueue_short(Deed::Hang).await;
        // It ends by itself.
        std::future::pending::<()>().await;
    };
    let ended = tokio::select! {
        ended = house.engine.run(house.shutdown.clone()) => ended,
        () = story => unreachable!("it waits for ever"),
    };
    assert!(matches!(ended, Err(EngineError::Abandoned(TOO_MANY))), "{ended:?}");
    assert!(!house.engine.is_fit());
    house.stage.let_go();
}

#[tokio::test]
async fn a_thread_given_up_gives_back_its_permit_to_draw() {
    let permits = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let permits = permits.min(TOO_MANY - 1);
    let house = House::with(|_| ()).await;
    let story = async {
        for _ in 0..permits {
            let failed = house.enqueue_short(Deed::HangDrawing).await;
            house.ended(failed).await;
        }
        let next = house.enqueue(Deed::Draw).await;
        assert_eq!(house.ended(next).await.state, JobState::Completed);
    };
    house.live(story).await.expect("the engine ends");
}

#[tokio::test]
async fn a_hung_attempt_is_given_up_though_its_job_went_on_without_it() {
    let house = House::with(|options| {
        options.workers = 2;
        // The rescue below happens behind the engine's back.
        options.poll = Duration::from_millis(5);
    })
    .await;
    let story = async {
        let attempt_timeout = Duration::from_millis(200);
        let job = NewJob { attempt_timeout, ..house.draft(Deed::HangOnce).await };
        let id = house.accept(job).await;
        house.stage.entered().await;
        let late = house.clock.now().after(Duration::from_hours(1));
        house.store.rescue_expired(late, 10).await.expect("a rescue");
        assert_eq!(house.ended(id).await.state, JobState::Completed);
        // Both workers are needed: one of them is the replacement.
        let two = [house.enqueue(Deed::Hang).await, house.enqueue(Deed::Hang).await];
        house.stage.entered().await;
        house.stage.entered().await;
        house.stage.entered().await;
        assert_eq!(house.metrics.workers_abandoned(), 1);
        house.stage.let_go();
        for id in two {
            assert_eq!(house.ended(id).await.state, JobState::Completed);
        }
    };
    house.live(story).await.expect("the engine ends");
}

#[tokio::test]
async fn a_job_whose_action_is_gone_waits_and_holds_nobody_up() {
    let house = House::with(|_| ()).await;
    let job = NewJob { action: "test.gone".to_owned(), ..house.draft(Deed::Done).await };
    let gone = job.id;
    house.store.enqueue(vec![job], house.clock.now(), 10, None).await.expect("an enqueue");
    let story = async {
        for _ in 0..3 {
            let next = house.enqueue(Deed::Done).await;
            assert_eq!(house.ended(next).await.state, JobState::Completed);
        }
    };
    house.live(story).await.expect("the engine ends");
    assert_eq!(house.job(gone).await.state, JobState::Queued);
    assert!(house.store.attempts(gone).await.expect("a read").is_empty());
}
