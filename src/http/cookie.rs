//! The cookie that stands for a key in a browser, and when it counts.
//!
//! A browser sends a cookie along whoever made the page that asks, also for another port of this
//! host. So it counts only where the browser says that the request is the dashboard's own, or
//! where it carries a header that another origin's page cannot set without our leave. Never: a key
//! in a cookie, or a cookie that a page's script can read.

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderName};

use crate::domain::session::SESSION_LIFETIME;

/// A request with it comes from a script that this server allowed.
static OWN_SCRIPT: HeaderName = HeaderName::from_static("x-tidemill-session");

/// Where a browser says whose page sent a request.
static FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A server's cookie. Cookies are shared between the ports of a host, so its name holds the port:
/// two servers on one machine leave each other's sessions alone.
#[derive(Debug)]
pub(crate) struct SessionCookie {
    name: String,
}

/// What a request shows by its cookie.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Shown<'a> {
    /// No session.
    Nothing,
    /// A session's secret.
    Session(&'a str),
    /// A session, in a request that may be another page's.
    Foreign,
}

impl SessionCookie {
    /// The cookie of a server that listens on `port`.
    pub(crate) fn of_port(port: u16) -> Self {
        Self { name: format!("tidemill_session_{port}") }
    }

    /// What `request` shows.
    pub(crate) fn shown<'a>(&self, request: &'a HttpRequest) -> Shown<'a> {
        let headers = request.headers().get_all(header::COOKIE);
        let mut pairs = headers
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='));
        match pairs.find(|(name, secret)| *name == self.name && !secret.is_empty()) {
            None => Shown::Nothing,
            Some((_, secret)) if is_own(request) => Shown::Session(secret),
            Some(_) => Shown::Foreign,
        }
    }

    /// The header's value that sets the cookie.
    pub(crate) fn setting(&self, secret: &str, secure: bool) -> String {
        self.with(secret, SESSION_LIFETIME.as_secs(), secure)
    }

    /// The header's value that takes it away.
    pub(crate) fn clearing(&self, secure: bool) -> String {
        self.with("", 0, secure)
    }

    fn with(&self, value: &str, seconds: u64, secure: bool) -> String {
        let secure = if secure { "; Secure" } else { "" };
        let name = &self.name;
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
    }
}

/// Whether the request is the dashboard's own. A browser that does not say whose it is (an old
/// one, or one without TLS) is believed when the request changes nothing, because another page
/// cannot read the answer, or when it carries our header.
fn is_own(request: &HttpRequest) -> bool {
    let site = request.headers().get(&FETCH_SITE).and_then(|value| value.to_str().ok());
    let reads = request.method().is_safe();
    match site {
        Some("same-origin") => true,
        // Typed into the address bar.
        Some("none") => reads,
        Some(_) => false,
        None => reads || request.headers().contains_key(&OWN_SCRIPT),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::Method;
    use actix_web::test::TestRequest;

    use super::*;

    fn shown(method: Method, headers: &[(&'static str, &'static str)]) -> Option<String> {
        let mut request = TestRequest::default()
            .method(method)
            .insert_header((header::COOKIE, "other=1; tidemill_session_80=secret; last=2"));
        for header in headers {
            request = request.insert_header(*header);
        }
        match SessionCookie::of_port(80).shown(&request.to_http_request()) {
            Shown::Session(secret) => Some(secret.to_owned()),
            Shown::Nothing => panic!("it shows one"),
            Shown::Foreign => None,
        }
    }

    #[test]
    fn a_reading_counts_unless_another_page_sent_it() {
        assert_eq!(shown(Method::GET, &[]).as_deref(), Some("secret"));
        for (site, counts) in
            [("same-origin", true), ("none", true), ("same-site", false), ("cross-site", false)]
        {
            let counted = shown(Method::GET, &[("sec-fetch-site", site)]).is_some();
            assert_eq!(counted, counts, "{site}");
        }
    }

    #[test]
    fn a_change_counts_only_as_the_dashboards_own() {
        assert_eq!(shown(Method::POST, &[]), None);
        assert_eq!(shown(Method::DELETE, &[("sec-fetch-site", "none")]), None);
        assert!(shown(Method::POST, &[("sec-fetch-site", "same-origin")]).is_some());
        assert!(shown(Method::POST, &[("x-tidemill-session", "1")]).is_some());
        let lured = [("x-tidemill-session", "1"), ("sec-fetch-site", "same-site")];
        assert_eq!(shown(Method::POST, &lured), None);
    }

    #[test]
    fn another_servers_cookie_shows_nothing() {
        let request = TestRequest::default()
            .insert_header((header::COOKIE, "tidemill_session_81=secret"))
            .to_http_request();
        assert_eq!(SessionCookie::of_port(80).shown(&request), Shown::Nothing);
    }

    #[test]
    fn a_script_cannot_read_it_and_another_site_cannot_send_it() {
        let cookie = SessionCookie::of_port(80);
        assert_eq!(
            cookie.setting("s", true),
            "tidemill_session_80=s; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure"
        );
        assert!(cookie.clearing(false).contains("Max-Age=0; HttpOnly; SameSite=Strict"));
    }
}
