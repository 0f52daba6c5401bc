//! Handing something over: one POST to a URL that came with a request, under the same rules as
//! fetching. Never: a redirect followed, or a word of the answer's body read.

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::timeout_at;
use url::Url;

use super::error::{FetchError, Wait};
use super::ledger::Resource;
use super::rules::Refusal;
use super::session::{Session, log_refusal, retry_after};

/// What to hand over, and where.
#[derive(Clone, Debug)]
pub struct PostRequest {
    /// `http` or `https`.
    pub url: Url,
    /// Beside those that every request of ours has.
    pub headers: Vec<(&'static str, String)>,
    /// What is sent.
    pub body: Bytes,
}

/// What the other side said, whatever it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    /// A redirect is an answer like any other.
    pub status: u16,
    /// How long it asks us to wait.
    pub retry_after: Option<Duration>,
}

impl Session {
    /// Posts, and returns when the head of the answer is there.
    pub async fn post(&self, request: PostRequest) -> Result<Posted, FetchError> {
        timeout_at(self.deadline(), self.hand_over(request))
            .await
            .unwrap_or(Err(FetchError::BudgetSpent(Resource::Time)))
    }

    async fn hand_over(&self, request: PostRequest) -> Result<Posted, FetchError> {
        let PostRequest { url, headers, body } = request;
        let (port, addresses) = self.admit_plain(&url).await?;
        let mut builder = self.client().post(url.clone());
        for (name, value) in headers {
            builder = builder.header(name, value);
        }
        let sent =
            tokio::time::timeout(self.options().timeouts.first_byte, builder.body(body).send());
        let response = sent
            .await
            .map_err(|_| FetchError::TimedOut(Wait::FirstByte))?
            .map_err(|error| FetchError::from_client(&error))?;
        // Nothing should connect elsewhere than where it was told. This does not trust it.
        let connected = response.remote_addr().is_some_and(|remote| {
            remote.port() == port && addresses.contains(&remote.ip().to_canonical())
        });
        if !connected {
            log_refusal(&url, &addresses, Refusal::Address);
            return Err(FetchError::Refused { refusal: Refusal::Address, redirected: false });
        }
        Ok(Posted {
            status: response.status().as_u16(),
            retry_after: retry_after(response.headers()),
        })
    }

    /// The port and the addresses of a URL that passes the rules, those for `http` too.
    async fn admit_plain(&self, url: &Url) -> Result<(u16, Vec<IpAddr>), FetchError> {
        let admitted = self.admit(url, false).await?;
        if url.scheme() == "http"
            && let Some(plain) = &self.options().plain
        {
            let checked = plain
                .check_url(url)
                .and_then(|target| plain.check_addresses(&target, &admitted.addresses));
            checked.map_err(|refusal| {
                log_refusal(url, &admitted.addresses, refusal);
                FetchError::Refused { refusal, redirected: false }
            })?;
        }
        let addresses = admitted.addresses.iter().map(IpAddr::to_canonical).collect();
        Ok((admitted.target.port, addresses))
    }
}
