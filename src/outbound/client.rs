//! The shared part of all fetching: options, trust, and the opening of sessions.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::ledger::Budget;
use super::origin::{Origin, OriginOptions};
use super::resolve::{Pins, Resolver, SystemResolver};
use super::rules::{Refusal, Rules};
use super::session::Session;
use super::tls::Tls;

/// How long one request may wait for each of its parts.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For the name's addresses.
    pub resolve: Duration,
    /// For a connection, the TLS handshake included.
    pub connect: Duration,
    /// From the beginning of the request, connecting included, to the head of the answer.
    pub first_byte: Duration,
    /// Between two parts of the body.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            resolve: Duration::from_secs(3),
            connect: Duration::from_secs(3),
            first_byte: Duration::from_secs(6),
            idle: Duration::from_secs(4),
        }
    }
}

/// How Tidemill reaches other machines.
#[derive(Clone)]
pub struct OutboundOptions {
    /// Which addresses may be reached.
    pub rules: Rules,
    /// Which of these may be posted to without encryption; `None` is all.
    pub plain: Option<Rules>,
    /// Whether a page on a public host is fetched only as its `robots.txt` allows.
    pub robots: bool,
    /// A URL or mail address in the `User-Agent`, for those who want to talk about our visits.
    pub contact: Option<String>,
    /// The time-outs of each request.
    pub timeouts: Timeouts,
    /// Where names lead.
    pub resolver: Arc<dyn Resolver>,
}

impl Default for OutboundOptions {
    fn default() -> Self {
        Self {
            rules: Rules::default(),
            plain: None,
            robots: true,
            contact: None,
            timeouts: Timeouts::default(),
            resolver: Arc::new(SystemResolver),
        }
    }
}

impl fmt::Debug for OutboundOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rules, plain, robots, contact, timeouts, resolver: _ } = self;
        f.debug_struct("OutboundOptions")
            .field("rules", rules)
            .field("plain", plain)
            .field("robots", robots)
            .field("contact", contact)
            .field("timeouts", timeouts)
            .finish_non_exhaustive()
    }
}

/// The door. Cheap to clone; clones share everything.
#[derive(Clone, Debug)]
pub struct Outbound(Arc<Shared>);

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) options: OutboundOptions,
    user_agent: String,
    tls: Tls,
}

impl Outbound {
    /// Opens nothing and reads nothing yet: that is left to the first session.
    pub fn new(options: OutboundOptions) -> Self {
        let user_agent = user_agent(options.contact.as_deref());
        Self(Arc::new(Shared { options, user_agent, tls: Tls::default() }))
    }

    /// Opens a session for one job. Its connections end with it, and no other job uses them.
    pub fn session(&self, budget: Budget) -> Session {
        let pins = Pins::default();
        let client = self.0.client(pins.clone());
        Session::new(self.0.clone(), client, pins, budget)
    }

    /// Opens the way to a place that the operator named in the configuration: exactly the origin
    /// of its base URL, whatever its address is, without an entry in the allow-list.
    pub fn with_origin(&self, options: OriginOptions) -> Result<Origin, Refusal> {
        Origin::open(&self.0, options)
    }
}

impl Shared {
    fn client(&self, pins: Pins) -> reqwest::Client {
        self.builder()
            .connect_timeout(self.options.timeouts.connect)
            .dns_resolver(pins)
            .build()
            .expect("the client's options are fixed and fit together")
    }

    /// What every client of ours has in common, wherever it may go.
    pub(super) fn builder(&self) -> reqwest::ClientBuilder {
        reqwest::Client::builder()
            .user_agent(self.user_agent.as_str())
            .tls_backend_preconfigured(self.tls.config())
            // A proxy would connect where it likes, and the client's own redirects would not be
            // checked.
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
    }
}

/// `Tidemill/0.1.0 (+https://example.com/contact)`. What could not stand in a header is left out.
fn user_agent(contact: Option<&str>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let contact: String =
        contact.unwrap_or_default().chars().filter(char::is_ascii_graphic).collect();
    if contact.is_empty() {
        format!("Tidemill/{version}")
    } else {
        format!("Tidemill/{version} (+{contact})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_agent_names_the_product_and_the_contact() {
        assert!(user_agent(None).starts_with("Tidemill/"));
        let with = user_agent(Some("https://example.com/\r\nbot"));
        assert!(with.ends_with(" (+https://example.com/bot)"), "{with}");
    }
}
