//! What stays of a job's course: its log and its attempts.

use tidemill::domain::job::LogLimits;
use tidemill::domain::job::{LogLevel, LogLine, NewJob, Outcome, Report};
use tidemill::store::{Ending, Renewing};

use crate::Subject;
use crate::fixture::{
    at, claim_one, completed, ending, enqueue, error, failed, finish, line, new_job, org,
    processing, try_finish,
};

pub(crate) async fn a_log_is_read_in_order_from_a_place(store: &impl Subject) {
    let org = org(store, "one").await;
    let first = processing(store, org, at(1)).await;
    let levels = [LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error];
    let lines = levels.map(|level| LogLine { at: at(2), level, message: level.as_str().into() });
    let report = Report { lines: lines.to_vec(), ..Report::default() };
    let outcome = Outcome::Retry { error: error("connect_timeout"), run_at: at(3) };
    try_finish(store, Ending { report, ..ending(first.lease, outcome, at(2)) })
        .await
        .expect("a finish");
    let second = claim_one(store, at(3)).await;
    let report = Report { lines: vec![line(at(4), "again")], ..Report::default() };
    try_finish(store, Ending { report, ..ending(second.lease, completed("done"), at(4)) })
        .await
        .expect("a finish");

    let log = store.log(first.job.id, 0, 10).await.expect("a read");
    assert_eq!(log.iter().map(|stored| stored.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(log.iter().map(|stored| stored.attempt).collect::<Vec<_>>(), [1, 1, 1, 1, 2]);
    assert_eq!(log[..4].iter().map(|stored| stored.line.clone()).collect::<Vec<_>>(), lines);
    assert_eq!(log[4].line, line(at(4), "again"));
    assert_eq!(store.log(first.job.id, 2, 2).await.expect("a read"), log[2..4]);
    assert!(store.log(first.job.id, 5, 10).await.expect("a read").is_empty());
}

pub(crate) async fn a_log_has_a_last_line(store: &impl Subject) {
    let org = org(store, "one").await;
    let claimed = processing(store, org, at(1)).await;
    let say = async |lines: &[&str], log_limits| {
        let lines = lines.iter().map(|text| line(at(2), text)).collect();
        let reports = vec![(claimed.lease, Report { lines, ..Report::default() })];
        let renewing = Renewing { reports, log_limits, now: at(2), lease_expires_at: at(30) };
        store.renew(renewing).await.expect("a renewal");
        let log = store.log(claimed.job.id, 0, 100).await.expect("a read");
        let size = store.log_size(claimed.job.id).await.expect("a read");
        assert_eq!(size.lines as usize, log.len());
        (log, size)
    };
    let few = LogLimits { lines: 4, bytes: 1_000 };
    let (log, size) = say(&["one", "two"], few).await;
    assert_eq!((log.len(), size.bytes, size.is_full(few)), (2, 6, false));
    let (log, size) = say(&["three", "four", "five"], few).await;
    assert_eq!((log.len(), size.is_full(few)), (4, true));
    assert_eq!((log[2].line.message.as_str(), log[3].line.level), ("three", LogLevel::Warn));
    assert!(log[3].line.message.contains("limits.log_lines = 4"), "{}", log[3].line.message);
    assert_eq!(say(&["six"], few).await.0.len(), 4);
    // An operator who gives it more room finds that it goes on.
    let more = LogLimits { lines: 100, bytes: 1_010 };
    assert_eq!(say(&["seven"], more).await.0.len(), 5);
    let (log, size) = say(&["a line of twenty-four by", "x"], more).await;
    assert_eq!((log.len(), size.is_full(more)), (6, true));
    assert!(log[5].line.message.contains("limits.log_bytes = 1010"));
    // A line that would fill it to the brim leaves no room to say so.
    let brim = LogLimits { lines: 100, bytes: 1_013 };
    let (log, size) = say(&["ten"], brim).await;
    assert_eq!((log.len(), log[6].line.level, size.is_full(brim)), (7, LogLevel::Warn, true));
}

pub(crate) async fn attempts_tell_how_each_ended(store: &impl Subject) {
    let org = org(store, "one").await;
    let id = enqueue(store, NewJob { max_attempts: 9, ..new_job(org) }).await;
    let outcomes = [
        Outcome::Retry { error: error("connect_timeout"), run_at: at(2) },
        Outcome::Released,
        failed(),
    ];
    for (outcome, now) in outcomes.into_iter().zip([10, 20, 30]) {
        let claimed = claim_one(store, at(now)).await;
        finish(store, claimed.lease, outcome, at(now + 1)).await;
    }
    let attempts = store.attempts(id).await.expect("a read");
    let outcomes: Vec<_> = attempts.iter().map(|attempt| attempt.outcome.as_str()).collect();
    assert_eq!(outcomes, ["retried", "released", "failed"]);
    assert_eq!(attempts.iter().map(|attempt| attempt.attempt).collect::<Vec<_>>(), [1, 2, 2]);
    assert_eq!(attempts[0].error, Some(error("connect_timeout")));
    assert_eq!((attempts[1].started_at, attempts[1].ended_at), (at(20), at(21)));
    assert_eq!((attempts[1].error.as_ref(), attempts[1].worker.as_str()), (None, "local"));
}
