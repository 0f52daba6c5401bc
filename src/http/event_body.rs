//! How what ended is shown to a webhook: in the words of the Pi dialect, without a request to
//! answer. Never: a URL made of anything but the configuration and the listening address.

use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::actions::EventBody;
use crate::domain::job::Job;
use crate::domain::run::Run;
use crate::http::host::Hosts;
use crate::http::options::HttpOptions;
use crate::http::pi;

/// The words for a server of these options, which listens at `address`.
pub fn event_body(options: &HttpOptions, address: SocketAddr, tls: bool) -> Arc<dyn EventBody> {
    Arc::new(PiBody { base: Hosts::new(options, address, tls).own_url().to_owned() })
}

struct PiBody {
    base: String,
}

impl EventBody for PiBody {
    fn base_url(&self) -> &str {
        &self.base
    }

    fn job(&self, job: &Job, result: Option<Map<String, Value>>) -> Value {
        pi::event_job(job, result)
    }

    fn run(&self, run: &Run) -> Value {
        pi::event_run(run)
    }
}
