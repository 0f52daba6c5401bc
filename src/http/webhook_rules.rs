//! Which addresses a webhook may have: said when it is made; what its name leads to is asked again
//! at each delivery. Never: a resolution or a connection.

use std::net::IpAddr;

use url::Url;

use crate::outbound::rules::{self, Mode, Refusal, Rules};

/// The rules for webhooks. The default is public addresses, encrypted.
#[derive(Clone, Debug)]
pub struct WebhookRules {
    /// Which hosts and addresses.
    pub addresses: Rules,
    /// Which of them without encryption.
    pub plain: Rules,
}

impl Default for WebhookRules {
    fn default() -> Self {
        let nobody: [&str; 0] = [];
        let plain = Rules::parse(Mode::AllowlistOnly, &nobody);
        Self { addresses: Rules::default(), plain: plain.expect("an empty list is valid") }
    }
}

/// Why a webhook may not have an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EndpointFault {
    /// The rules refuse it.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// It would be told in the clear.
    #[error(
        "an endpoint is an `https` URL, unless `allow_http` in the server's [webhooks] names it"
    )]
    Plain,
}

impl WebhookRules {
    /// The URL, if it can be one of a webhook.
    pub(crate) fn check(&self, text: &str) -> Result<Url, EndpointFault> {
        let url = rules::parse_url(text)?;
        let target = self.addresses.check_url(&url)?;
        let literal: Vec<IpAddr> = target.literal().into_iter().collect();
        self.addresses.check_addresses(&target, &literal)?;
        if url.scheme() == "http" && !self.plain.lists(&target) {
            return Err(EndpointFault::Plain);
        }
        Ok(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(allow: &[&str], plain: &[&str]) -> WebhookRules {
        WebhookRules {
            addresses: Rules::parse(Mode::Public, allow).expect("entries"),
            plain: Rules::parse(Mode::AllowlistOnly, plain).expect("entries"),
        }
    }

    #[test]
    fn only_encrypted_public_addresses_are_taken_unless_the_operator_says_otherwise() {
        let strict = rules(&[], &[]);
        assert!(strict.check("https://hooks.example/tide").is_ok());
        assert_eq!(strict.check("http://hooks.example/"), Err(EndpointFault::Plain));
        for url in ["https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/"] {
            assert_eq!(strict.check(url), Err(Refusal::Address.into()), "{url}");
        }
        assert_eq!(strict.check("ftp://hooks.example/"), Err(Refusal::Scheme.into()));
        assert_eq!(strict.check("https://a:b@hooks.example/"), Err(Refusal::Credentials.into()));
        let open = rules(&["127.0.0.1"], &["127.0.0.1", "hooks.example"]);
        assert!(open.check("http://127.0.0.1:9000/").is_ok());
        assert!(open.check("http://hooks.example/").is_ok());
        assert_eq!(open.check("http://other.example/"), Err(EndpointFault::Plain));
        let unreached = rules(&[], &["10.0.0.1"]);
        assert_eq!(unreached.check("http://10.0.0.1/"), Err(Refusal::Address.into()));
    }
}
