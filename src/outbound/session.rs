//! One job's way to other machines: requests, redirects and bodies under one budget.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderName};
use tokio::time::{timeout, timeout_at};
use url::Url;

use super::client::{OutboundOptions, Shared};
use super::decode::{ACCEPT_ENCODING, Body};
use super::error::{FetchError, RedirectFault, Wait};
use super::ledger::{Budget, Ledger, Resource};
use super::resolve::Pins;
use super::robots::{self, Robots};
use super::rules::{Permit, Refusal, Target};

/// How many redirects are followed unless the request says fewer.
pub const MAX_REDIRECTS: usize = 5;

/// What to fetch, and how much of it.
#[derive(Clone, Debug)]
pub struct FetchRequest {
    /// `http` or `https`.
    pub url: Url,
    /// The `Accept` header.
    pub accept: &'static str,
    /// The `Accept-Language` header.
    pub accept_language: Option<String>,
    /// The media types that are read, such as `text/html`; empty for any. An answer that does not
    /// say its type is read.
    pub media_types: &'static [&'static str],
    /// How much of the decompressed body is kept.
    pub max_bytes: usize,
    /// How many redirects are followed.
    pub max_redirects: usize,
    /// Whether `robots.txt` is asked first, on public hosts and where the options want it.
    pub robots: bool,
}

impl FetchRequest {
    /// A request for anything at `url`, up to `max_bytes`, without asking `robots.txt`.
    pub fn new(url: Url, max_bytes: usize) -> Self {
        Self {
            url,
            accept: "*/*",
            accept_language: None,
            media_types: &[],
            max_bytes,
            max_redirects: MAX_REDIRECTS,
            robots: false,
        }
    }
}

/// A successful answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedResponse {
    /// Where it came from, after redirects.
    pub url: Url,
    /// 200 to 299.
    pub status: u16,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The decompressed body.
    pub body: Vec<u8>,
    /// The body was longer than the request's limit.
    pub truncated: bool,
    /// The URLs that redirected here, in order.
    pub redirects: Vec<Url>,
    /// A redirect led from `https` to `http`.
    pub downgraded: bool,
}

/// A job's session; share it by reference between fetches that run at the same time.
pub struct Session {
    shared: Arc<Shared>,
    client: reqwest::Client,
    pins: Pins,
    ledger: Ledger,
    /// By origin.
    robots: Mutex<HashMap<String, Arc<Robots>>>,
}

/// Where a URL leads that may be asked for.
pub(super) struct Admitted {
    pub(super) target: Target,
    pub(super) addresses: Arc<[IpAddr]>,
    permit: Permit,
}

enum Hop {
    Redirect(Url),
    Arrived(FetchedResponse),
}

impl Session {
    pub(super) fn new(
        shared: Arc<Shared>,
        client: reqwest::Client,
        pins: Pins,
        budget: Budget,
    ) -> Self {
        let ledger = Ledger::open(budget);
        Self { shared, client, pins, ledger, robots: Mutex::default() }
    }

    /// What may still be used.
    pub fn left(&self) -> Budget {
        self.ledger.left()
    }

    /// Fetches a URL with the redirects that it leads through, each checked like the first.
    pub async fn fetch(&self, request: FetchRequest) -> Result<FetchedResponse, FetchError> {
        // A timer may let a quick answer through after the deadline.
        if self.left().time.is_zero() {
            return Err(FetchError::BudgetSpent(Resource::Time));
        }
        timeout_at(self.ledger.deadline(), self.follow(request))
            .await
            .unwrap_or(Err(FetchError::BudgetSpent(Resource::Time)))
    }

    async fn follow(&self, request: FetchRequest) -> Result<FetchedResponse, FetchError> {
        let mut url = request.url.clone();
        url.set_fragment(None);
        let mut trail = Vec::new();
        loop {
            let next = match self.visit(&url, &request, !trail.is_empty()).await? {
                Hop::Redirect(next) => next,
                Hop::Arrived(response) => {
                    let downgraded = response.url.scheme() == "http" && trail.iter().any(is_https);
                    return Ok(FetchedResponse { redirects: trail, downgraded, ..response });
                }
            };
            trail.push(url);
            if trail.contains(&next) {
                return Err(FetchError::Redirects(RedirectFault::Loop));
            }
            if trail.len() > request.max_redirects {
                return Err(FetchError::Redirects(RedirectFault::TooMany));
            }
            url = next;
        }
    }

    /// Asks for one URL, without following where it leads.
    async fn visit(
        &self,
        url: &Url,
        request: &FetchRequest,
        redirected: bool,
    ) -> Result<Hop, FetchError> {
        let refused = |refusal| FetchError::Refused { refusal, redirected };
        let Admitted { target, addresses, permit } = self.admit(url, redirected).await?;
        if request.robots && self.shared.options.robots && permit == Permit::Public {
            self.ask_robots(url).await?;
        }
        let response = self.send(url, request).await?;
        // Nothing should connect elsewhere than where it was told. This does not trust it.
        let connected = response.remote_addr().is_some_and(|remote| {
            let ip = remote.ip().to_canonical();
            addresses.iter().any(|address| address.to_canonical() == ip)
                && remote.port() == target.port
        });
        if !connected {
            log_refusal(url, &addresses, Refusal::Address);
            return Err(refused(Refusal::Address));
        }
        self.receive(url, request, response).await
    }

    /// Where a URL leads, if the rules let us go there.
    pub(super) async fn admit(&self, url: &Url, redirected: bool) -> Result<Admitted, FetchError> {
        let refused = |refusal| FetchError::Refused { refusal, redirected };
        let rules = &self.shared.options.rules;
        let target = rules.check_url(url).map_err(|refusal| {
            log_refusal(url, &[], refusal);
            refused(refusal)
        })?;
        let addresses = self.resolve(url, &target).await?;
        let permit = rules.check_addresses(&target, &addresses).map_err(|refusal| {
            log_refusal(url, &addresses, refusal);
            refused(refusal)
        })?;
        Ok(Admitted { target, addresses, permit })
    }

    /// When the session's time is up.
    pub(super) fn deadline(&self) -> tokio::time::Instant {
        self.ledger.deadline()
    }

    /// What its requests are sent by.
    pub(super) const fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// How it may reach other machines.
    pub(super) fn options(&self) -> &OutboundOptions {
        &self.shared.options
    }

    /// The addresses of the URL's host, the same for the whole session.
    async fn resolve(&self, url: &Url, target: &Target) -> Result<Arc<[IpAddr]>, FetchError> {
        if let Some(address) = target.literal() {
            return Ok(Arc::new([address]));
        }
        let name = url.host_str().unwrap_or_default();
        if let Some(pinned) = self.pins.find(name) {
            return Ok(pinned);
        }
        let options = &self.shared.options;
        let found = timeout(options.timeouts.resolve, options.resolver.resolve(name))
            .await
            .map_err(|_| FetchError::TimedOut(Wait::Resolve))?;
        match found {
            Ok(addresses) if !addresses.is_empty() => Ok(self.pins.insert(name, addresses)),
            _ => Err(FetchError::UnknownHost),
        }
    }

    async fn send(
        &self,
        url: &Url,
        request: &FetchRequest,
    ) -> Result<reqwest::Response, FetchError> {
        self.ledger.spend_request()?;
        let mut builder = self
            .client
            .get(url.clone())
            .header(header::ACCEPT, request.accept)
            .header(header::ACCEPT_ENCODING, ACCEPT_ENCODING);
        if let Some(languages) = &request.accept_language {
            builder = builder.header(header::ACCEPT_LANGUAGE, languages);
        }
        timeout(self.shared.options.timeouts.first_byte, builder.send())
            .await
            .map_err(|_| FetchError::TimedOut(Wait::FirstByte))?
            .map_err(|error| FetchError::from_client(&error))
    }

    async fn receive(
        &self,
        url: &Url,
        request: &FetchRequest,
        response: reqwest::Response,
    ) -> Result<Hop, FetchError> {
        let status = response.status().as_u16();
        let location = text(response.headers(), &header::LOCATION);
        if let (301 | 302 | 303 | 307 | 308, Some(location)) = (status, location) {
            let invalid = |_| FetchError::Redirects(RedirectFault::Invalid);
            let mut next = url.join(location).map_err(invalid)?;
            next.set_fragment(None);
            return Ok(Hop::Redirect(next));
        }
        if !response.status().is_success() {
            let retry_after = retry_after(response.headers());
            return Err(FetchError::Status { status, retry_after });
        }
        let content_type = text(response.headers(), &header::CONTENT_TYPE).map(str::to_owned);
        check_media_type(request.media_types, content_type.as_deref())?;
        let (body, truncated) = self.read(response, request.max_bytes).await?;
        Ok(Hop::Arrived(FetchedResponse {
            url: url.clone(),
            status,
            content_type,
            body,
            truncated,
            redirects: Vec::new(),
            downgraded: false,
        }))
    }

    async fn read(
        &self,
        mut response: reqwest::Response,
        max_bytes: usize,
    ) -> Result<(Vec<u8>, bool), FetchError> {
        let encoding = text(response.headers(), &header::CONTENT_ENCODING).map(str::to_owned);
        let mut body = Body::new(encoding.as_deref(), max_bytes)?;
        while !body.is_full() {
            let part = timeout(self.shared.options.timeouts.idle, response.chunk())
                .await
                .map_err(|_| FetchError::TimedOut(Wait::Idle))?
                .map_err(|error| FetchError::from_client(&error))?;
            let Some(part) = part else { break };
            self.ledger.spend_bytes(body.push(&part)?)?;
        }
        body.finish()
    }

    /// Succeeds when the origin's `robots.txt` lets us fetch `url`.
    pub(super) async fn ask_robots(&self, url: &Url) -> Result<(), FetchError> {
        let origin = url.origin().ascii_serialization();
        let known = self.lock_robots().get(&origin).cloned();
        let robots = if let Some(known) = known {
            known
        } else {
            let fetched = Arc::new(self.fetch_robots(url).await?);
            self.lock_robots().entry(origin).or_insert(fetched).clone()
        };
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        if robots.allows(path) { Ok(()) } else { Err(FetchError::Disallowed) }
    }

    /// Boxed, since it is itself a fetch.
    fn fetch_robots<'a>(
        &'a self,
        page: &'a Url,
    ) -> Pin<Box<dyn Future<Output = Result<Robots, FetchError>> + Send + 'a>> {
        Box::pin(async move {
            let url = page.join("/robots.txt").map_err(|_| FetchError::UnknownHost)?;
            let request = FetchRequest {
                accept: "text/plain, */*;q=0.1",
                ..FetchRequest::new(url, robots::MAX_BYTES)
            };
            match self.follow(request).await {
                Ok(response) => Ok(Robots::parse(&response.body)),
                Err(FetchError::Status { status: status @ 500.., retry_after }) => {
                    Err(FetchError::RobotsUnavailable { status, retry_after })
                }
                // The site has none that can be read, and so forbids nothing.
                Err(
                    FetchError::Status { .. }
                    | FetchError::Redirects(_)
                    | FetchError::Refused { .. }
                    | FetchError::Malformed(_)
                    | FetchError::Bomb,
                ) => Ok(Robots::default()),
                // The page will not be reached either.
                Err(error) => Err(error),
            }
        })
    }

    fn lock_robots(&self) -> MutexGuard<'_, HashMap<String, Arc<Robots>>> {
        self.robots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("left", &self.left()).finish_non_exhaustive()
    }
}

/// The one place where an address that a client must not learn is told to the operator.
pub(super) fn log_refusal(url: &Url, addresses: &[IpAddr], refusal: Refusal) {
    let host = url.host_str().unwrap_or_default();
    tracing::warn!(host, port = url.port_or_known_default(), ?addresses, ?refusal, "not fetched");
}

fn is_https(url: &Url) -> bool {
    url.scheme() == "https"
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn check_media_type(accepted: &[&str], content_type: Option<&str>) -> Result<(), FetchError> {
    let Some(content_type) = content_type.filter(|_| !accepted.is_empty()) else { return Ok(()) };
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if essence.is_empty() || accepted.iter().any(|accepted| essence.eq_ignore_ascii_case(accepted))
    {
        Ok(())
    } else {
        Err(FetchError::ContentType(essence.to_owned()))
    }
}

/// Seconds, or a date: read against the answer's own `Date`, since the site's clock wrote both.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = text(headers, &header::RETRY_AFTER)?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = |text| jiff::fmt::rfc2822::parse(text).ok().map(|at| at.timestamp());
    let (until, from) = (moment(value)?, moment(text(headers, &header::DATE)?)?);
    Some(Duration::try_from(until.duration_since(from)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_read_as_seconds_or_as_a_date() {
        let read = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::DATE, "Sat, 21 Nov 2026 22:00:00 GMT".parse().expect("a date"));
            headers.insert(header::RETRY_AFTER, value.parse().expect("a value"));
            retry_after(&headers)
        };
        assert_eq!(read("7"), Some(Duration::from_secs(7)));
        assert_eq!(read("Sat, 21 Nov 2026 22:00:09 GMT"), Some(Duration::from_secs(9)));
        assert_eq!(read("Sat, 21 Nov 2026 21:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(read("soon"), None);
    }

    #[test]
    fn only_the_wanted_types_are_read_and_silence_is_no_type() {
        let check = |content_type| check_media_type(&["text/html"], content_type).is_ok();
        assert!(check(Some("Text/HTML; charset=utf-8")));
        assert!(check(None));
        assert!(!check(Some("application/pdf")));
        assert!(check_media_type(&[], Some("application/pdf")).is_ok());
    }
}
