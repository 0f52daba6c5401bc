//! The configuration's models in the words of their room, with the keys that the environment holds.

use crate::config::{
    ImageModelConfig, ImageProtocolMode, ModelConfig, StructuredMode, TextModelConfig,
    read_variable,
};
use crate::model::{
    Allowance, AnswerForm, ImageOptions, ImageProtocol, ModelOptions, Place, TextOptions,
};
use crate::outbound::Secret;

/// A key that the configuration wants from the environment, and that is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{key}`: the environment has no variable `{variable}`, or it is empty")]
pub struct MissingKey {
    /// Such as `model.text.api_key_env`.
    pub key: &'static str,
    /// The variable that it names.
    pub variable: String,
}

/// The models that there are. Their keys are read from the environment now, and kept nowhere else.
pub fn model_options(config: &ModelConfig) -> Result<ModelOptions, MissingKey> {
    let ModelConfig { cache, text: writer, image: painter } = config;
    Ok(ModelOptions { text: text(writer)?, image: image(painter)?, cache_bytes: *cache })
}

fn text(config: &TextModelConfig) -> Result<Option<TextOptions>, MissingKey> {
    let Some(base_url) = config.url() else { return Ok(None) };
    let TextModelConfig {
        base_url: _,
        model,
        api_key_env,
        structured,
        reasoning_effort,
        thinking,
        connect_timeout,
        timeout,
        max_tokens,
        concurrency,
        max_calls_per_job,
        max_tokens_per_job,
        max_time_per_job,
    } = config;
    Ok(Some(TextOptions {
        place: Place {
            base_url,
            secret: secret("model.text.api_key_env", api_key_env)?,
            model: model.clone(),
            connect_timeout: *connect_timeout,
            timeout: *timeout,
            concurrency: *concurrency,
        },
        form: match structured {
            StructuredMode::Auto => None,
            StructuredMode::JsonSchema => Some(AnswerForm::JsonSchema),
            StructuredMode::JsonObject => Some(AnswerForm::JsonObject),
            StructuredMode::Prompt => Some(AnswerForm::Prompt),
        },
        reasoning_effort: Some(reasoning_effort.clone()).filter(|effort| !effort.is_empty()),
        thinking: *thinking,
        max_tokens: *max_tokens,
        allowance: Allowance {
            calls: *max_calls_per_job,
            tokens: *max_tokens_per_job,
            time: *max_time_per_job,
        },
    }))
}

fn image(config: &ImageModelConfig) -> Result<Option<ImageOptions>, MissingKey> {
    let Some(base_url) = config.url() else { return Ok(None) };
    let ImageModelConfig {
        base_url: _,
        model,
        api_key_env,
        protocol,
        connect_timeout,
        timeout,
        sizes: _,
        send_response_format,
        allow_url_results,
        concurrency,
        max_calls_per_job,
        max_time_per_job,
    } = config;
    Ok(Some(ImageOptions {
        place: Place {
            base_url,
            secret: secret("model.image.api_key_env", api_key_env)?,
            model: model.clone(),
            connect_timeout: *connect_timeout,
            timeout: *timeout,
            concurrency: *concurrency,
        },
        protocol: match protocol {
            ImageProtocolMode::Auto => None,
            ImageProtocolMode::Openai => Some(ImageProtocol::OpenAi),
            ImageProtocolMode::A1111 => Some(ImageProtocol::A1111),
        },
        sizes: config.parsed_sizes(),
        send_response_format: *send_response_format,
        allow_url_results: *allow_url_results,
        allowance: Allowance {
            calls: *max_calls_per_job,
            // Servers for pictures count none.
            tokens: u64::MAX,
            time: *max_time_per_job,
        },
    }))
}

fn secret(key: &'static str, variable: &str) -> Result<Option<Secret>, MissingKey> {
    if variable.is_empty() {
        return Ok(None);
    }
    match read_variable(variable) {
        Some(value) => Ok(Some(Secret::new(&value))),
        None => Err(MissingKey { key, variable: variable.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_place_there_is_no_model() {
        let options = model_options(&ModelConfig::default()).expect("no key is wanted");
        assert!(options.text.is_none() && options.image.is_none());
    }

    #[test]
    fn a_place_makes_a_model_and_a_missing_key_is_named() {
        let mut config = ModelConfig::default();
        config.text.base_url = "http://127.0.0.1:11434/v1".to_owned();
        config.image.base_url = "http://127.0.0.1:1234/v1".to_owned();
        let options = model_options(&config).expect("no key is wanted");
        let text = options.text.expect("a model");
        assert_eq!((text.form, text.place.secret), (None, None));
        assert_eq!(options.image.expect("a model").sizes.len(), 3);
        config.image.api_key_env = "TIDEMILL_TEST_NO_SUCH_KEY".to_owned();
        let missing = model_options(&config).expect_err("it is not there");
        assert_eq!(missing.key, "model.image.api_key_env");
        config.image.base_url.clear();
        assert!(model_options(&config).is_ok(), "nobody needs its key");
    }
}
