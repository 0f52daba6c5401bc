//! What `tidemill doctor` says of the models: whether they are there, take the key, and are known
//! by their names.

use std::time::Duration;

use serde::Deserialize;
use tokio::runtime;

use crate::app::model_options;
use crate::config::{Findings, ModelConfig};
use crate::model::Place;
use crate::outbound::{FetchError, OriginAnswer, OriginOptions, Outbound, OutboundOptions};

/// A person waits for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// A gateway to hundreds of models lists them all.
const MAX_LIST_BYTES: usize = 4 << 20;

/// So many names are shown of those that there are.
const MAX_NAMES: usize = 8;

/// What a model has to say, and under which keys.
struct Keys {
    base_url: &'static str,
    model: &'static str,
    api_key: &'static str,
}

const TEXT: Keys = Keys {
    base_url: "model.text.base_url",
    model: "model.text.model",
    api_key: "model.text.api_key_env",
};

const IMAGE: Keys = Keys {
    base_url: "model.image.base_url",
    model: "model.image.model",
    api_key: "model.image.api_key_env",
};

/// Asks each configured model's server for its list of models. None of what is found keeps the
/// server from running: jobs go on without a model.
pub(super) fn check_models(config: &ModelConfig, findings: &mut Findings) {
    let options = match model_options(config) {
        Ok(options) => options,
        Err(missing) => {
            let message = format!(
                "the environment has no variable `{}`, or it is empty; set it for the server",
                missing.variable
            );
            findings.error(missing.key, message);
            return;
        }
    };
    let text = options.text.map(|text| (TEXT, text.place));
    let image = options.image.map(|image| (IMAGE, image.place));
    for (keys, place) in text.into_iter().chain(image) {
        match ask(&place) {
            Ok(answer) => judge(&keys, &place, &answer, findings),
            Err(error) => findings.warning(keys.base_url, unreachable(&place, &error)),
        }
    }
}

fn ask(place: &Place) -> Result<OriginAnswer, FetchError> {
    let refused = |refusal| FetchError::Refused { refusal, redirected: false };
    let options = OriginOptions {
        base_url: place.base_url.clone(),
        secret: place.secret.clone(),
        headers: Vec::new(),
        connect_timeout: place.connect_timeout.min(PATIENCE),
        max_bytes: MAX_LIST_BYTES,
    };
    let outbound = Outbound::new(OutboundOptions::default());
    let origin = outbound.with_origin(options).map_err(refused)?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| FetchError::Malformed(error.to_string()))?;
    runtime.block_on(origin.get("models", PATIENCE))
}

fn unreachable(place: &Place, error: &FetchError) -> String {
    format!("{} does not answer ({error}); jobs go on without it", place.base_url)
}

/// The list of `GET models`, of which not every server for pictures knows.
#[derive(Deserialize)]
struct List {
    data: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
}

fn judge(keys: &Keys, place: &Place, answer: &OriginAnswer, findings: &mut Findings) {
    match answer.status {
        401 | 403 if place.secret.is_some() => {
            findings.warning(keys.api_key, "the model's server refuses the key");
        }
        401 | 403 => findings.warning(keys.api_key, "the model's server wants a key"),
        200 => {
            let list: Result<List, _> = serde_json::from_slice(&answer.body);
            let names: Vec<String> =
                list.map(|list| list.data).unwrap_or_default().into_iter().map(|e| e.id).collect();
            let known = names.is_empty() || place.model.is_empty() || names.contains(&place.model);
            if !known {
                findings.warning(keys.model, unknown(&place.model, &names));
            }
        }
        _ => {}
    }
}

fn unknown(model: &str, names: &[String]) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(MAX_NAMES)
        .map(|name| name.chars().filter(|c| !c.is_control()).take(80).collect())
        .map(|name: String| format!("`{name}`"))
        .collect();
    format!("the server does not list `{model}`; it has {}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbound::loopback::{ok, site, status};

    fn findings_of(config: &ModelConfig) -> Vec<String> {
        let mut findings = Findings::default();
        check_models(config, &mut findings);
        findings.iter().map(|finding| format!("{} {finding}", finding.severity)).collect()
    }

    fn config(port: u16, model: &str) -> ModelConfig {
        let mut config = ModelConfig::default();
        config.text.base_url = format!("http://127.0.0.1:{port}/v1");
        config.text.model = model.to_owned();
        config
    }

    #[test]
    fn a_server_that_knows_its_model_is_well() {
        let site = site(|path| match path {
            "/v1/models" => ok("", br#"{"data":[{"id":"tide-1"},{"id":"tide-2"}]}"#),
            _ => status(404, ""),
        });
        assert_eq!(findings_of(&config(site.port, "tide-1")), Vec::<String>::new());
        assert_eq!(
            findings_of(&config(site.port, "tied-1")),
            ["warning `model.text.model`: the server does not list `tied-1`; it has `tide-1`, \
              `tide-2`"]
        );
    }

    #[test]
    fn a_server_that_is_not_there_or_wants_a_key_is_a_warning() {
        let locked = site(|_| status(401, ""));
        assert_eq!(
            findings_of(&config(locked.port, "m")),
            ["warning `model.text.api_key_env`: the model's server wants a key"]
        );
        let closed = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = closed.local_addr().expect("an address").port();
        drop(closed);
        let found = findings_of(&config(port, "m"));
        assert!(found[0].contains("does not answer (connection refused)"), "{found:?}");
        let nameless = site(|_| status(404, ""));
        assert_eq!(findings_of(&config(nameless.port, "m")), Vec::<String>::new());
    }

    #[test]
    fn a_missing_key_is_an_error() {
        let mut config = config(1, "m");
        config.text.api_key_env = "TIDEMILL_TEST_NO_SUCH_KEY".to_owned();
        let found = findings_of(&config);
        assert!(found[0].starts_with("error `model.text.api_key_env`: "), "{found:?}");
    }
}
