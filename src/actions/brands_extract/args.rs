//! What `brands.extract` takes: a site, or files that were sent, and where the reader is.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::domain::ids::AssetId;
use crate::engine::InvalidInput;
use crate::outbound::rules;

/// How many reference pictures one job may name.
pub const MAX_IMAGES: usize = 6;

/// How many languages a location may name: more than any site is translated by.
const MAX_LANGUAGES: usize = 10;

/// The longest language tag: the RFC's own example of a long one has 35 characters.
const MAX_LANGUAGE_CHARS: usize = 35;

/// The arguments of `brands.extract`, valid as they stand. Files lie in the asset store already.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExtractBrandArgs {
    /// The site's address, `http` or `https`, without a fragment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Url>,
    /// A mark that was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<AssetId>,
    /// Reference pictures that were sent, at most [`MAX_IMAGES`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<AssetId>,
    /// A font that was sent, and that the brand may use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub font: Option<AssetId>,
    /// Where the reader is, which decides between translations.
    #[serde(skip_serializing_if = "Location::is_anywhere")]
    pub location: Location,
}

/// Where a page is read from, and in which languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// Two upper-case letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// BCP 47, most wanted first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
}

impl ExtractBrandArgs {
    /// Reads a job's input. Members that mean nothing here are passed over, and `null` is absence.
    pub fn parse(input: &Map<String, Value>) -> Result<Self, InvalidInput> {
        let args = Self::members(input)?;
        if args.has_source() { Ok(args) } else { Err(without_source()) }
    }

    /// Whether `input` will be read once the members in `given` are filled in.
    pub fn check(input: &Map<String, Value>, given: &[&str]) -> Result<(), InvalidInput> {
        let args = Self::members(input)?;
        let source_comes = given.iter().any(|name| SOURCES.contains(name));
        if args.has_source() || source_comes { Ok(()) } else { Err(without_source()) }
    }

    fn members(input: &Map<String, Value>) -> Result<Self, InvalidInput> {
        Ok(Self {
            url: present(input, "url").map(url).transpose()?,
            logo: present(input, "logo").map(|value| asset("logo", value)).transpose()?,
            images: present(input, "images").map_or(Ok(Vec::new()), images)?,
            font: present(input, "font").map(|value| asset("font", value)).transpose()?,
            location: present(input, "location").map_or(Ok(Location::default()), location)?,
        })
    }

    fn has_source(&self) -> bool {
        self.url.is_some() || self.logo.is_some() || !self.images.is_empty()
    }

    /// The input of a job with these arguments; `parse` reads it again.
    ///
    /// # Panics
    /// Never: the arguments are an object of strings and lists.
    pub fn to_input(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(input)) => input,
            other => unreachable!("the arguments are an object: {other:?}"),
        }
    }

    /// All files that the arguments name.
    pub fn assets(&self) -> impl Iterator<Item = AssetId> {
        self.logo.into_iter().chain(self.images.iter().copied()).chain(self.font)
    }
}

impl Location {
    /// `de-CH, de;q=0.9, en;q=0.8`; `None` when no language is wanted.
    pub fn accept_language(&self) -> Option<String> {
        let first = self.languages.first()?;
        // A country alone is no language; it makes the first language more exact.
        let regional = self
            .country
            .as_ref()
            .filter(|_| !first.contains('-'))
            .map(|country| format!("{first}-{country}"));
        let wanted = regional.iter().chain(&self.languages).enumerate();
        let ranges: Vec<String> = wanted
            .map(|(rank, language)| match rank {
                0 => language.clone(),
                _ => format!("{language};q=0.{}", 10_usize.saturating_sub(rank).max(1)),
            })
            .collect();
        Some(ranges.join(", "))
    }

    fn is_anywhere(&self) -> bool {
        *self == Self::default()
    }
}

/// The members of which at least one is needed.
const SOURCES: [&str; 3] = ["url", "logo", "images"];

fn without_source() -> InvalidInput {
    invalid("url", "give `url`, `logoBase64` or `imagesBase64`")
}

fn present<'a>(input: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    input.get(name).filter(|value| !value.is_null())
}

fn url(value: &Value) -> Result<Url, InvalidInput> {
    let text = value.as_str().ok_or_else(|| invalid("url", "`url` is a text"))?;
    rules::parse_url(text).map_err(|refusal| invalid("url", refusal.to_string()))
}

fn images(value: &Value) -> Result<Vec<AssetId>, InvalidInput> {
    let list = value.as_array().ok_or_else(|| invalid("images", "`images` is a list"))?;
    if list.len() > MAX_IMAGES {
        return Err(invalid("images", format!("give at most {MAX_IMAGES} pictures")));
    }
    list.iter()
        .enumerate()
        .map(|(index, value)| asset(&format!("images[{index}]"), value))
        .collect()
}

fn asset(param: &str, value: &Value) -> Result<AssetId, InvalidInput> {
    value
        .as_str()
        .and_then(|text| AssetId::from_str(text).ok())
        .ok_or_else(|| invalid(param, format!("`{param}` is the id of a stored file")))
}

fn location(value: &Value) -> Result<Location, InvalidInput> {
    let members =
        value.as_object().ok_or_else(|| invalid("location", "`location` is an object"))?;
    let country = present(members, "country").map(country).transpose()?;
    let languages = present(members, "languages").map_or(Ok(Vec::new()), languages)?;
    Ok(Location { country, languages })
}

fn country(value: &Value) -> Result<String, InvalidInput> {
    value
        .as_str()
        .filter(|text| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .map(str::to_ascii_uppercase)
        .ok_or_else(|| invalid("location.country", "a country is two letters, such as `DE`"))
}

fn languages(value: &Value) -> Result<Vec<String>, InvalidInput> {
    let param = "location.languages";
    let list = value.as_array().ok_or_else(|| invalid(param, "`languages` is a list of texts"))?;
    if list.len() > MAX_LANGUAGES {
        return Err(invalid(param, format!("give at most {MAX_LANGUAGES} languages")));
    }
    list.iter()
        .enumerate()
        .map(|(index, value)| {
            let tag = value.as_str().filter(|tag| is_language_tag(tag)).map(str::to_owned);
            tag.ok_or_else(|| {
                invalid(&format!("{param}[{index}]"), "a language is a tag such as `de` or `pt-BR`")
            })
        })
        .collect()
}

/// The outer form of BCP 47: it goes into a header as it stands.
fn is_language_tag(tag: &str) -> bool {
    let part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let letters = |part: &str| part.len() >= 2 && part.bytes().all(|b| b.is_ascii_alphabetic());
    tag.len() <= MAX_LANGUAGE_CHARS
        && tag.split('-').all(part)
        && tag.split('-').next().is_some_and(letters)
}

fn invalid(param: &str, message: impl Into<String>) -> InvalidInput {
    InvalidInput { param: param.to_owned(), message: message.into() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(input: &Value) -> Result<ExtractBrandArgs, InvalidInput> {
        ExtractBrandArgs::parse(input.as_object().expect("tests write objects"))
    }

    #[test]
    fn the_input_of_a_job_is_read_again() {
        let id = AssetId::mint();
        let args = parse(&json!({
            "url": " HTTPS://Bücher.example/a?b#c ", "logo": id.to_string(), "font": null,
            "images": [id.to_string()], "metadata": {"a": "b"},
            "location": {"country": "ch", "languages": ["de", "pt-BR"]},
        }))
        .expect("valid");
        assert_eq!(args.url.as_ref().map(Url::as_str), Some("https://xn--bcher-kva.example/a?b"));
        assert_eq!(args.assets().collect::<Vec<_>>(), [id, id]);
        assert_eq!(ExtractBrandArgs::parse(&args.to_input()), Ok(args));
    }

    #[test]
    fn a_fault_is_named_by_its_path() {
        let table = [
            (json!({}), "url"),
            (json!({"location": {"country": "DE"}}), "url"),
            (json!({"url": 5}), "url"),
            (json!({"url": "ftp://example.com"}), "url"),
            (json!({"url": "http://me@example.com"}), "url"),
            (json!({"logo": "logo.png"}), "logo"),
            (json!({"images": "x"}), "images"),
            (json!({"images": vec![AssetId::mint().to_string(); 7]}), "images"),
            (json!({"images": [AssetId::mint().to_string(), 1]}), "images[1]"),
            (json!({"url": "http://a.example", "location": []}), "location"),
            (
                json!({"url": "http://a.example", "location": {"country": "DEU"}}),
                "location.country",
            ),
            (
                json!({"url": "http://a.example", "location": {"languages": ["de", "x\r\ny"]}}),
                "location.languages[1]",
            ),
        ];
        for (input, param) in table {
            let fault = parse(&input).expect_err("invalid");
            assert_eq!(fault.param, param, "{input}");
        }
    }

    #[test]
    fn what_a_run_fills_in_counts_as_there() {
        let check = |input: Value, given: &[&str]| {
            ExtractBrandArgs::check(input.as_object().expect("an object"), given)
        };
        assert!(check(json!({}), &["url"]).is_ok());
        assert!(check(json!({}), &["location", "logo"]).is_ok());
        assert_eq!(check(json!({}), &["location"]).expect_err("no source").param, "url");
        let fault = check(json!({"location": []}), &["url"]).expect_err("wrong beside it");
        assert_eq!(fault.param, "location");
    }

    #[test]
    fn languages_are_asked_for_in_their_order() {
        let location = |country: Option<&str>, languages: &[&str]| Location {
            country: country.map(str::to_owned),
            languages: languages.iter().map(|&language| language.to_owned()).collect(),
        };
        let accept = |country, languages| location(country, languages).accept_language();
        assert_eq!(accept(Some("CH"), &[]), None);
        assert_eq!(accept(None, &["de"]).as_deref(), Some("de"));
        let regional = accept(Some("CH"), &["de", "fr"]);
        assert_eq!(regional.as_deref(), Some("de-CH, de;q=0.9, fr;q=0.8"));
        assert_eq!(accept(Some("CH"), &["pt-BR"]).as_deref(), Some("pt-BR"));
    }
}
