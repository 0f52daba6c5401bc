//! What the log says of a request, and at which level.
//!
//! At the default level, `info`: what was refused, what failed, what was slow, and what changed
//! keys, brands or files or ended jobs. Reads and accepted jobs are told at `debug`, because
//! writing a line for each costs more than answering it. Every line carries the request's id.
//! Never: a header, a body, a query or a message for the caller, which may quote them.

use std::time::Duration;

use actix_web::http::Method;

use crate::http::error::Refusal;
use crate::http::frame::Route;
use crate::http::request_id::{Exchange, Wire};

/// A request that waits for nothing and takes so long has met a slow disk, too little processor,
/// or a client that sends its body slowly.
const SLOW: Duration = Duration::from_secs(2);

/// An answer, as the log sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Account<'a> {
    pub(super) exchange: &'a Exchange,
    pub(super) route: Route,
    pub(super) method: &'a Method,
    pub(super) status: u16,
    /// Why it was refused, if it was.
    pub(super) refusal: Option<&'a Refusal>,
}

macro_rules! line {
    ($level:ident, $account:expr, $message:literal $(, $($fields:tt)*)?) => {
        tracing::$level!(
            request_id = %Wire($account.exchange.id),
            key = $account.exchange.key.get().map(tracing::field::display),
            method = $account.method.as_str(),
            route = $account.route.pattern,
            status = $account.status,
            $($($fields)*,)?
            $message
        )
    };
}

impl Account<'_> {
    /// Writes the one line of this request, if the level asks for it.
    pub(super) fn write(self) {
        let Self { exchange, route, method, status, refusal } = self;
        if let Some(refusal) = refusal {
            let code = refusal.code.as_str();
            return match &refusal.cause {
                Some(cause) => line!(error, self, "request failed", code, %cause),
                None if status >= 500 => line!(warn, self, "request turned away", code),
                None => line!(info, self, "request refused", code),
            };
        }
        let took = exchange.began.elapsed();
        let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        if took >= SLOW && !exchange.waits.get() {
            line!(warn, self, "request was slow", took_ms);
        } else if route.noted && !matches!(*method, Method::GET | Method::HEAD) && status < 300 {
            line!(info, self, "request carried out", took_ms);
        } else {
            line!(debug, self, "request answered", took_ms);
        }
    }
}
