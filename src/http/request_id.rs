//! One request and what its answer must carry, from the first middleware to the last.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;
use std::time::Instant;

use actix_web::{HttpMessage as _, HttpRequest};

use crate::domain::ids::{KeyId, RequestId};
use crate::http::rate_limit::Allowance;

/// A request in the hands of the server.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// Its id, minted when it came in.
    pub(crate) id: RequestId,
    /// When it came in.
    pub(crate) began: Instant,
    /// The key that it showed, once that is known.
    pub(crate) key: Cell<Option<KeyId>>,
    /// Whether it takes its time because its client wants to wait.
    pub(crate) waits: Cell<bool>,
    /// What its key has left of the window, once the key is known.
    pub(crate) allowance: Cell<Option<Allowance>>,
}

impl Exchange {
    /// A request that just came in.
    pub(crate) fn begin() -> Rc<Self> {
        Rc::new(Self {
            id: RequestId::mint(),
            began: Instant::now(),
            key: Cell::new(None),
            waits: Cell::new(false),
            allowance: Cell::new(None),
        })
    }

    /// The exchange that `request` belongs to.
    pub(crate) fn of(request: &HttpRequest) -> Rc<Self> {
        // Only a request that did not pass through `frame` has none, as in a unit test.
        request.extensions().get::<Rc<Self>>().map_or_else(Self::begin, Rc::clone)
    }
}

/// A request's id as it stands on the wire.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wire(pub(crate) RequestId);

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "req_pi_{}", self.0)
    }
}
