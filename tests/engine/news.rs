//! Who waits hears of an end, whoever brought it about.

use std::time::Duration;

use tidemill::domain::audit::Author;
use tidemill::domain::job::{JobState, NewJob};
use tidemill::domain::key::Reach;
use tidemill::engine::{FeedNews, RemoteAsk, Subject};

use crate::acting::Deed;
use crate::house::{House, LONG};

#[tokio::test]
async fn a_canceller_who_hangs_up_does_not_silence_the_news() {
    let house = House::with(|_| ()).await;
    let story = async {
        let later = Some(house.clock.now().after(Duration::from_hours(1)));
        let id = house.accept(NewJob { run_at: later, ..house.draft(Deed::Done).await }).await;
        let mut watch = house.engine.watch(id);
        house.door.close();
        tokio::select! {
            _ = house.engine.cancel(house.org, vec![id], Author::SERVER) => {
                unreachable!("the door is closed")
            }
            () = house.door.reached() => {}
        }
        house.door.open();
        let news = tokio::time::timeout(LONG, watch.changed()).await.expect("news");
        assert_eq!(news.map(|job| job.state), Some(JobState::Cancelled));
    };
    house.live(story).await.expect("the engine ends");
}

#[tokio::test]
async fn a_cancelled_attempt_is_told_at_once() {
    let house = House::with(|_| ()).await;
    let story = async {
        let id = house.enqueue(Deed::Wait).await;
        house.stage.entered().await;
        house.engine.cancel(house.org, vec![id], Author::SERVER).await.expect("a cancel");
        assert_eq!(house.ended(id).await.state, JobState::Cancelled);
        // There is one worker, and it is free again.
        let next = house.enqueue(Deed::Done).await;
        assert_eq!(house.ended(next).await.state, JobState::Completed);
        assert_eq!(house.outcomes(id).await, ["cancelled"]);
    };
    house.live(story).await.expect("the engine ends");
}

#[tokio::test]
async fn a_job_whose_remote_worker_hung_up_is_told_to_the_stream() {
    let house = House::with(|_| ()).await;
    let story = async {
        let busy = house.enqueue(Deed::Wait).await;
        house.stage.entered().await;
        let id = house.enqueue(Deed::Done).await;
        let mut watch = house.engine.watch_all(Some(house.org), None).expect("few watch");
        let ask = RemoteAsk {
            reach: Reach::Org(house.org),
            worker: "far away".to_owned(),
            actions: vec![Deed::Done.action()],
            limit: 1,
            wait: Duration::ZERO,
        };
        house.door.close();
        tokio::select! {
            biased;
            _ = house.engine.claim_remote(ask) => unreachable!("the door is closed"),
            () = house.door.reached() => {}
        }
        house.door.open();
        tokio::time::timeout(LONG, watch.changed()).await.expect("news");
        let FeedNews::Changed(told) = watch.news(10) else { unreachable!("nothing is lost") };
        let Subject::Job(job) = &told[0].1.subject else { unreachable!("there is no run") };
        assert_eq!((job.id, job.state), (id, JobState::Queued));
        house.engine.cancel(house.org, vec![busy], Author::SERVER).await.expect("a cancel");
        assert_eq!(house.ended(id).await.state, JobState::Completed);
    };
    house.live(story).await.expect("the engine ends");
}
