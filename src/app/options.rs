//! The configuration in the words of each room. Every struct is taken apart whole, so that a new
//! key cannot be forgotten here.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use crate::actions;
use crate::app::DataDir;
use crate::config::{
    ActionsConfig, Config, LimitsConfig, OutboundConfig, OutboundMode, RetentionConfig,
    ServerConfig, WebhooksConfig, WorkersConfig,
};
use crate::domain::job::LogLimits;
use crate::engine::EngineOptions;
use crate::http::{
    BodyLimits, FlowRelayLimits, HttpOptions, ListenOptions, TlsFiles, WebhookRules,
};
use crate::outbound::rules::{InvalidEntry, Mode, Rules};
use crate::outbound::{OutboundOptions, OwnHosts, Timeouts};

/// An allow-list with an entry that means nothing.
#[derive(Debug, thiserror::Error)]
#[error("`{key}`: {source}")]
pub struct InvalidList {
    /// Such as `outbound.allow`.
    pub key: &'static str,
    /// What is wrong with it.
    pub source: InvalidEntry,
}

/// Which addresses requests may lead to.
pub fn outbound_rules(config: &OutboundConfig) -> Result<Rules, InvalidList> {
    let mode = match config.mode {
        OutboundMode::Public => Mode::Public,
        OutboundMode::AllowlistOnly => Mode::AllowlistOnly,
        OutboundMode::Off => Mode::Off,
    };
    rules(mode, "outbound.allow", &config.allow)
}

/// Which addresses webhooks may have.
pub fn webhook_rules(config: &WebhooksConfig) -> Result<WebhookRules, InvalidList> {
    let WebhooksConfig { allow, allow_http } = config;
    Ok(WebhookRules {
        addresses: rules(Mode::Public, "webhooks.allow", allow)?,
        plain: rules(Mode::AllowlistOnly, "webhooks.allow_http", allow_http)?,
    })
}

fn rules(mode: Mode, key: &'static str, allow: &[String]) -> Result<Rules, InvalidList> {
    Rules::parse(mode, allow).map_err(|source| InvalidList { key, source })
}

/// How webhooks are reached: by rules of their own, and an endpoint may think for its whole time.
pub(super) fn webhook_outbound(config: &Config) -> Result<OutboundOptions, InvalidList> {
    let WebhookRules { addresses, plain } = webhook_rules(&config.webhooks)?;
    let outbound = outbound(&config.outbound)?;
    let timeouts = Timeouts { first_byte: actions::ANSWER_TIME, ..outbound.timeouts };
    Ok(OutboundOptions { rules: addresses, plain: Some(plain), timeouts, ..outbound })
}

/// Deliveries that may be under way: half of the workers are left to the jobs that they tell of.
pub(super) fn deliveries_at_once(config: &Config) -> u32 {
    u32::try_from((engine(config).workers / 2).max(1)).unwrap_or(u32::MAX)
}

pub(super) fn outbound(config: &OutboundConfig) -> Result<OutboundOptions, InvalidList> {
    let OutboundConfig { mode: _, allow: _, robots, contact } = config;
    Ok(OutboundOptions {
        rules: outbound_rules(config)?,
        robots: *robots,
        contact: Some(contact.clone()).filter(|contact| !contact.is_empty()),
        ..OutboundOptions::default()
    })
}

/// How programs reach this server from elsewhere, without a slash at the end.
pub(super) fn base_url(config: &ServerConfig, address: SocketAddr, tls: bool) -> String {
    let public = config.public_url.trim_end_matches('/');
    if public.is_empty() { local_url(address, tls) } else { public.to_owned() }
}

/// How clients on this machine reach the server.
pub(super) fn local_url(mut address: SocketAddr, tls: bool) -> String {
    let scheme = if tls { "https" } else { "http" };
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("{scheme}://{address}")
}

/// Where clients reach this server, which listens at `address`.
pub(super) fn own_hosts(config: &ServerConfig, address: SocketAddr) -> OwnHosts {
    OwnHosts::new(config.public_url.parse().ok(), &config.allowed_hosts, address)
}

pub(super) fn engine(config: &Config) -> EngineOptions {
    let WorkersConfig {
        count,
        lease,
        shutdown_grace,
        organization_concurrency,
        organization_concurrency_of,
    } = config.workers.clone();
    let RetentionConfig { jobs, assets, audit, events, documents } = config.retention;
    let defaults = EngineOptions::default();
    EngineOptions {
        workers: if count == 0 { defaults.workers } else { count },
        lease,
        shutdown_grace,
        org_concurrency: (organization_concurrency > 0).then_some(organization_concurrency),
        org_concurrency_of: organization_concurrency_of,
        log_limits: LogLimits { lines: config.limits.log_lines, bytes: config.limits.log_bytes },
        queue_limit: config.limits.queue,
        keep_jobs: jobs,
        keep_assets: assets,
        keep_audit: audit,
        keep_events: events,
        keep_documents: documents,
        poll: defaults.poll,
        heed_time_out: defaults.heed_time_out,
        heed_stop: defaults.heed_stop,
    }
}

/// The names of the actions that the operator switched off. `noop` is not switched off but absent.
pub(super) fn disabled_actions(config: &ActionsConfig) -> Vec<String> {
    let ActionsConfig {
        brands_extract,
        images_generate,
        campaigns_generate,
        campaigns_edit,
        campaigns_localize_ad,
        handoffs_generate,
        insights_generate,
        noop: _,
        own,
    } = config;
    let switches = [
        (actions::BRANDS_EXTRACT, brands_extract),
        (actions::IMAGES_GENERATE, images_generate),
        (actions::CAMPAIGNS_GENERATE, campaigns_generate),
        (actions::CAMPAIGNS_EDIT, campaigns_edit),
        (actions::CAMPAIGNS_LOCALIZE_AD, campaigns_localize_ad),
        (actions::HANDOFFS_GENERATE, handoffs_generate),
        (actions::INSIGHTS_GENERATE, insights_generate),
    ];
    let switches = switches.map(|(name, config)| (name, config.enabled));
    let own = own.iter().map(|(name, config)| (name.as_str(), config.enabled));
    let all = switches.into_iter().chain(own);
    all.filter(|(_, enabled)| !enabled).map(|(name, _)| name.to_owned()).collect()
}

pub(super) fn http(config: &Config) -> Result<HttpOptions, InvalidList> {
    let server = &config.server;
    let LimitsConfig {
        requests_per_minute,
        flow_relay_requests_per_minute,
        flow_relay_generations_per_minute,
        flow_relay_polls_per_minute,
        generations_per_day: _,
        queue: _,
        connections: _,
        body,
        body_extract,
        body_brand,
        body_jobs,
        body_events,
        body_log,
        body_memory,
        log_lines: _,
        log_bytes: _,
    } = config.limits;
    Ok(HttpOptions {
        // An empty text is no URL, and means that there is none.
        public_url: server.public_url.parse().ok(),
        allowed_hosts: server.allowed_hosts.clone(),
        trusted_proxies: server.proxy_networks(),
        cors: server.cors.clone(),
        requests_per_minute,
        flow_relay: FlowRelayLimits {
            requests: flow_relay_requests_per_minute,
            generations: flow_relay_generations_per_minute,
            polls: flow_relay_polls_per_minute,
        },
        body_limits: BodyLimits {
            standard: bytes(body),
            extract: bytes(body_extract),
            brand_edit: bytes(body_brand),
            jobs: bytes(body_jobs),
            events: bytes(body_events),
            log: bytes(body_log),
        },
        body_memory: bytes(body_memory),
        webhooks: webhook_rules(&config.webhooks)?,
    })
}

pub(super) fn listen(config: &Config, data_dir: &Path) -> ListenOptions {
    let ServerConfig {
        listen,
        public_url: _,
        allowed_hosts: _,
        trusted_proxies: _,
        cors: _,
        threads,
        tls,
    } = &config.server;
    ListenOptions {
        listen: *listen,
        tls: tls.files().map(|(cert, key)| TlsFiles { cert, key }),
        telemetry: config.telemetry.listen_address(),
        control: Some(DataDir::control_socket(data_dir)),
        threads: *threads,
        connections: config.limits.connections,
        shutdown_grace: config.workers.shutdown_grace,
    }
}

fn bytes(size: u64) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_of_the_rooms_are_those_of_the_configuration() {
        let config = Config::default();
        assert_eq!(format!("{:?}", engine(&config)), format!("{:?}", EngineOptions::default()));
        let http = http(&config).expect("empty lists are valid");
        assert_eq!(format!("{http:?}"), format!("{:?}", HttpOptions::default()));
        let outbound = outbound(&config.outbound).expect("the empty list is valid");
        assert_eq!(format!("{outbound:?}"), format!("{:?}", OutboundOptions::default()));
    }

    #[test]
    fn a_switched_off_action_is_named() {
        let mut config = ActionsConfig::default();
        assert!(disabled_actions(&config).is_empty());
        config.brands_extract.enabled = false;
        assert_eq!(disabled_actions(&config), [actions::BRANDS_EXTRACT]);
    }
}
