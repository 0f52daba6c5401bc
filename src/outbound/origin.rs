//! The way to a place that the operator named in the configuration, such as a model's server.
//!
//! An [`Origin`] reaches exactly the scheme, host and port of its base URL, whatever address that
//! is, and helps no URL that came with a job. Each request has a time and a size of its own.
//! Never: a redirect, a proxy, a metadata address behind a name, or the secret in a text.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use tokio::time::timeout;
use url::Url;

use super::client::Shared;
use super::decode::{ACCEPT_ENCODING, Body};
use super::error::{FetchError, Wait};
use super::resolve::Resolver;
use super::rules::{Refusal, is_metadata, target_of};
use super::session::retry_after;

/// A key that opens a place. It is shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes what the operator gave, without the line's end that files and shells leave.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// `text` with the secret blotted out, for places that repeat what they refuse.
    pub fn blot(&self, text: &str) -> String {
        if self.0.is_empty() { text.to_owned() } else { text.replace(&self.0, "[secret]") }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Which place, and how it is reached.
#[derive(Clone, Debug)]
pub struct OriginOptions {
    /// `http` or `https`; the paths of requests begin where it ends.
    pub base_url: Url,
    /// Sent as `Authorization: Bearer …`.
    pub secret: Option<Secret>,
    /// Further headers of every request.
    pub headers: Vec<(String, Secret)>,
    /// For a connection, the TLS handshake included.
    pub connect_timeout: Duration,
    /// How much of a decompressed answer is kept.
    pub max_bytes: usize,
}

/// What the place answered, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginAnswer {
    /// A redirect is an answer like any other, and is not followed.
    pub status: u16,
    /// How long the place asks us to wait.
    pub retry_after: Option<Duration>,
    /// The `Location` header, as it stands there.
    pub location: Option<String>,
    /// The decompressed body.
    pub body: Vec<u8>,
    /// The body was longer than the limit.
    pub truncated: bool,
}

/// What to ask of a place.
#[derive(Clone, Debug)]
pub struct OriginRequest<'a> {
    /// Such as `POST`.
    pub method: &'a str,
    /// Relative to the base URL, or a whole URL of the same origin.
    pub url: &'a str,
    /// Headers of this request alone.
    pub headers: &'a [(&'static str, String)],
    /// A JSON document.
    pub body: Option<Bytes>,
}

/// An open way. Its connections are not kept: a place that thinks for seconds does not notice.
pub struct Origin {
    base: Url,
    client: reqwest::Client,
    headers: HeaderMap,
    max_bytes: usize,
}

impl Origin {
    pub(super) fn open(shared: &Shared, options: OriginOptions) -> Result<Self, Refusal> {
        let OriginOptions { mut base_url, secret, headers, connect_timeout, max_bytes } = options;
        target_of(&base_url)?;
        base_url.set_fragment(None);
        base_url.set_query(None);
        if !base_url.path().ends_with('/') {
            base_url.set_path(&format!("{}/", base_url.path()));
        }
        let headers = headers_of(secret.as_ref(), &headers)?;
        let names = OperatorNames(Arc::clone(&shared.options.resolver));
        let client = shared
            .builder()
            .connect_timeout(connect_timeout)
            .dns_resolver(names)
            .pool_max_idle_per_host(0)
            .build()
            .expect("the client's options are fixed and fit together");
        Ok(Self { base: base_url, client, headers, max_bytes })
    }

    /// Its base URL, which ends with `/`.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// Sends a JSON document to `path`, relative to the base URL, and waits at most `time` for
    /// the whole answer.
    pub async fn post(
        &self,
        path: &str,
        body: impl Into<Bytes>,
        time: Duration,
    ) -> Result<OriginAnswer, FetchError> {
        let url = self.within(path)?;
        let request = self.client.post(url).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(body.into()), time).await
    }

    /// Fetches `path`, relative to the base URL or a whole URL of the same origin.
    pub async fn get(&self, path: &str, time: Duration) -> Result<OriginAnswer, FetchError> {
        let url = self.within(path)?;
        self.send(self.client.get(url), time).await
    }

    /// Sends any request, and waits at most `time` for the whole answer.
    pub async fn ask(
        &self,
        request: OriginRequest<'_>,
        time: Duration,
    ) -> Result<OriginAnswer, FetchError> {
        let OriginRequest { method, url, headers, body } = request;
        let malformed = |_| FetchError::Malformed(format!("no method `{method}`"));
        let method = reqwest::Method::from_bytes(method.as_bytes()).map_err(malformed)?;
        let mut asked = self.client.request(method, self.within(url)?);
        for (name, value) in headers {
            asked = asked.header(*name, value);
        }
        if let Some(body) = body {
            asked = asked.header(header::CONTENT_TYPE, "application/json").body(body);
        }
        self.send(asked, time).await
    }

    /// The URL, if it stays in the origin.
    fn within(&self, path: &str) -> Result<Url, FetchError> {
        let refused = |refusal| FetchError::Refused { refusal, redirected: false };
        let url = self.base.join(path).map_err(|_| refused(Refusal::Malformed))?;
        target_of(&url).map_err(refused)?;
        if url.origin() == self.base.origin() { Ok(url) } else { Err(refused(Refusal::NotListed)) }
    }

    async fn send(
        &self,
        request: reqwest::RequestBuilder,
        time: Duration,
    ) -> Result<OriginAnswer, FetchError> {
        let request =
            request.header(header::ACCEPT_ENCODING, ACCEPT_ENCODING).headers(self.headers.clone());
        timeout(time, self.exchange(request))
            .await
            .unwrap_or(Err(FetchError::TimedOut(Wait::FirstByte)))
    }

    async fn exchange(&self, request: reqwest::RequestBuilder) -> Result<OriginAnswer, FetchError> {
        let failed = |error: reqwest::Error| match FetchError::from_client(&error) {
            // What the resolver said is a text to the client, and its own kind to nobody.
            FetchError::Malformed(_) if error.is_connect() => FetchError::UnknownHost,
            sorted => sorted,
        };
        let mut response = request.send().await.map_err(failed)?;
        let encoding = response.headers().get(header::CONTENT_ENCODING);
        let encoding = encoding.and_then(|value| value.to_str().ok());
        let mut body = Body::new(encoding, self.max_bytes)?;
        let (status, pause) = (response.status().as_u16(), retry_after(response.headers()));
        let location = response.headers().get(header::LOCATION);
        let location = location.and_then(|value| value.to_str().ok()).map(str::to_owned);
        while !body.is_full() {
            let Some(part) = response.chunk().await.map_err(failed)? else { break };
            body.push(&part)?;
        }
        let (body, truncated) = body.finish()?;
        Ok(OriginAnswer { status, retry_after: pause, location, body, truncated })
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Origin").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

fn headers_of(secret: Option<&Secret>, further: &[(String, Secret)]) -> Result<HeaderMap, Refusal> {
    let mut headers = HeaderMap::new();
    let value = |text: &str| {
        let mut value = HeaderValue::from_str(text).map_err(|_| Refusal::Credentials)?;
        value.set_sensitive(true);
        Ok(value)
    };
    if let Some(secret) = secret {
        headers.insert(header::AUTHORIZATION, value(&format!("Bearer {}", secret.0))?);
    }
    for (name, secret) in further {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Refusal::Malformed)?;
        headers.insert(name, value(&secret.0)?);
    }
    Ok(headers)
}

/// Where the operator's names lead: anywhere but to a cloud's metadata, which holds credentials
/// and speaks HTTP to whoever asks. An operator who means it writes the address.
struct OperatorNames(Arc<dyn Resolver>);

impl Resolve for OperatorNames {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = Arc::clone(&self.0);
        Box::pin(async move {
            let mut addresses = resolver.resolve(name.as_str()).await?;
            addresses.retain(|address| !is_metadata(*address));
            if addresses.is_empty() {
                return Err("the name leads nowhere".into());
            }
            // The client puts the URL's port in place of the 0.
            Ok(Box::new(addresses.into_iter().map(|ip| SocketAddr::new(ip, 0))) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::loopback::{drive, names, ok, redirect, site};
    use super::super::rules::{Mode, Rules};
    use super::super::{Outbound, OutboundOptions};
    use super::*;

    const TIME: Duration = Duration::from_secs(20);

    fn options(base: Url) -> OriginOptions {
        OriginOptions {
            base_url: base,
            secret: Some(Secret::new("sk-neap\n")),
            headers: vec![("X-Team".to_owned(), Secret::new("tide"))],
            connect_timeout: Duration::from_secs(3),
            max_bytes: 1_024,
        }
    }

    /// A server that may fetch nothing at all for its jobs.
    fn closed(known: &[(&'static str, [u8; 4])]) -> Outbound {
        let rules = Rules::parse(Mode::Off, &[] as &[&str]).expect("no entries");
        Outbound::new(OutboundOptions {
            rules,
            resolver: names(known),
            ..OutboundOptions::default()
        })
    }

    #[test]
    fn the_operators_place_is_reached_at_its_origin_only() {
        let site = site(|_| ok("", b"{}"));
        let origin = closed(&[]).with_origin(options(site.url("/v1"))).expect("a way");
        let answer = drive(origin.post("chat/completions", "{\"a\":1}", TIME)).expect("answered");
        assert_eq!((answer.status, answer.body.as_slice()), (200, b"{}".as_slice()));
        let head = site.heads().concat().to_ascii_lowercase();
        assert!(head.starts_with("post /v1/chat/completions http/1.1\r\n"), "{head}");
        assert!(head.contains("\r\nauthorization: bearer sk-neap\r\n"), "{head}");
        assert!(head.contains("\r\ncontent-type: application/json\r\n"), "{head}");
        assert!(head.contains("\r\nx-team: tide\r\n"), "{head}");
        for elsewhere in ["http://127.0.0.1:9/", "https://example.com/", "//127.0.0.2/"] {
            let error = drive(origin.get(elsewhere, TIME)).expect_err("refused");
            assert!(matches!(error, FetchError::Refused { .. }), "{elsewhere}: {error}");
        }
        assert_eq!(site.heads().len(), 1);
    }

    #[test]
    fn a_redirect_is_an_answer_and_is_not_followed() {
        let site = site(|_| redirect("/elsewhere"));
        let origin = closed(&[]).with_origin(options(site.url("/"))).expect("a way");
        assert_eq!(drive(origin.get("a", TIME)).expect("answered").status, 302);
        assert_eq!(site.heads().len(), 1);
    }

    #[test]
    fn a_long_answer_is_cut_and_a_slow_one_given_up() {
        let site = site(|_| ok("", &[b'x'; 4_096]));
        let origin = closed(&[]).with_origin(options(site.url("/"))).expect("a way");
        let answer = drive(origin.get("", TIME)).expect("answered");
        assert_eq!((answer.body.len(), answer.truncated), (1_024, true));
        let silent = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = silent.local_addr().expect("an address").port();
        let base = format!("http://127.0.0.1:{port}/").parse().expect("a URL");
        let origin = closed(&[]).with_origin(options(base)).expect("a way");
        let error = drive(origin.get("", Duration::from_millis(20))).expect_err("silent");
        assert!(matches!(error, FetchError::TimedOut(_)), "{error}");
    }

    #[test]
    fn a_name_may_be_private_but_no_metadata_address() {
        let site = site(|_| ok("", b"here"));
        let outbound =
            closed(&[("model.example", [127, 0, 0, 1]), ("evil.example", [169, 254, 169, 254])]);
        let base = |host: &str| format!("http://{host}:{}/v1", site.port).parse().expect("a URL");
        let origin = outbound.with_origin(options(base("model.example"))).expect("a way");
        assert_eq!(drive(origin.get("a", TIME)).expect("answered").body, b"here");
        let origin = outbound.with_origin(options(base("evil.example"))).expect("a way");
        let error = drive(origin.get("a", TIME)).expect_err("no way there");
        assert!(matches!(error, FetchError::UnknownHost), "{error}");
    }

    #[test]
    fn a_secret_is_shown_nowhere() {
        let url: Url = "http://127.0.0.1:1/v1".parse().expect("a URL");
        let options = options(url);
        assert!(!format!("{options:?}").contains("neap"));
        let origin = closed(&[]).with_origin(options.clone()).expect("a way");
        assert!(!format!("{origin:?}").contains("neap"));
        let secret = options.secret.expect("there is one");
        assert_eq!(secret.blot("wrong key sk-neap!"), "wrong key [secret]!");
        let broken = OriginOptions {
            secret: Some(Secret::new("a\nb")),
            ..self::options("http://127.0.0.1:1/".parse().expect("a URL"))
        };
        assert_eq!(closed(&[]).with_origin(broken).err(), Some(Refusal::Credentials));
    }
}
