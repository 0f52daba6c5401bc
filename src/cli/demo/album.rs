//! The ads that a run made, as its steps' results tell: where their files are, and what they say.

use serde_json::Value;

use crate::cli::demo::client::ClientError;
use crate::cli::demo::plan::{FORMATS, GENERATE, READERS};

/// One ad on one canvas.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ad {
    /// What its files are called, without an ending.
    pub(super) name: String,
    pub(super) size: (u32, u32),
    /// The ending of its picture's name.
    pub(super) ending: &'static str,
    pub(super) image_url: String,
    pub(super) svg_url: String,
    /// What it says first, where it says something.
    pub(super) headline: Option<String>,
}

/// The ads that belong together on a terminal.
pub(super) struct Page {
    pub(super) title: &'static str,
    pub(super) ads: Vec<Ad>,
    /// What the server said about them that a person should know.
    pub(super) warnings: Vec<String>,
}

/// The ad in its formats, and its localizations.
pub(super) fn of_run(run: &Value) -> Result<[Page; 2], ClientError> {
    let base = result(run, GENERATE)?;
    let variants = member(base, "variants")
        .and_then(|variants| variants.as_array().ok_or_else(|| missing("variants")))?;
    let headline = headline(base);
    let original = FORMATS
        .iter()
        .zip(variants)
        .map(|(format, variant)| ad(format!("ad-{format}"), variant, headline.clone()));
    let original = Page {
        title: "The ad, on three canvases",
        ads: original.collect::<Result<_, _>>()?,
        warnings: warnings(base),
    };
    let mut localized =
        Page { title: "The same for other readers", ads: Vec::new(), warnings: Vec::new() };
    let mut said: Vec<(String, Vec<&str>)> = Vec::new();
    for readers in &READERS {
        let result = result(run, readers.step)?;
        let name = format!("ad-{}-{}", FORMATS[0], readers.language);
        localized.ads.push(ad(name, result, self::headline(result))?);
        for warning in warnings(result) {
            match said.iter_mut().find(|(other, _)| *other == warning) {
                Some((_, languages)) => languages.push(readers.language),
                None => said.push((warning, vec![readers.language])),
            }
        }
    }
    let told =
        said.into_iter().map(|(text, languages)| format!("{text} ({})", languages.join(", ")));
    localized.warnings.extend(told);
    Ok([original, localized])
}

/// The result of a step of a completed run.
pub(super) fn result<'a>(run: &'a Value, step: &str) -> Result<&'a Value, ClientError> {
    let steps = run["steps"].as_array().into_iter().flatten();
    let mut found = steps.filter(|found| found["id"] == step).map(|found| &found["result"]);
    found.next().filter(|result| result.is_object()).ok_or_else(|| missing("result"))
}

fn ad(name: String, result: &Value, headline: Option<String>) -> Result<Ad, ClientError> {
    let text = |name: &'static str| {
        let text = member(result, name)?.as_str();
        text.map(str::to_owned).ok_or_else(|| missing(name))
    };
    let side = |name: &'static str| {
        let side = member(result, name)?.as_u64().and_then(|side| u32::try_from(side).ok());
        side.ok_or_else(|| missing(name))
    };
    // A picture is a PNG unless a platform's limit asks for fewer bytes than that takes.
    let ending = if result["mime_type"] == "image/jpeg" { "jpg" } else { "png" };
    Ok(Ad {
        name,
        size: (side("width")?, side("height")?),
        ending,
        image_url: text("image_url")?,
        svg_url: text("svg_url")?,
        headline,
    })
}

fn headline(result: &Value) -> Option<String> {
    // What keeps words together is for the typesetter only.
    let text = result.pointer("/copy/headline")?.as_str()?;
    Some(text.replace(['\u{2060}', '\u{200b}'], ""))
}

fn warnings(result: &Value) -> Vec<String> {
    let warnings = result["warnings"].as_array().into_iter().flatten();
    warnings.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn member<'a>(result: &'a Value, name: &'static str) -> Result<&'a Value, ClientError> {
    result.get(name).ok_or_else(|| missing(name))
}

fn missing(member: &'static str) -> ClientError {
    ClientError::Incomplete { path: "runs".to_owned(), member }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn run() -> Value {
        let picture = |name: &str| {
            json!({
                "image_url": format!("http://127.0.0.1:1/assets/{name}"),
                "svg_url": format!("http://127.0.0.1:1/assets/{name}-svg"),
                "width": 1080, "height": 1080, "mime_type": "image/png",
                "copy": {"headline": "良い\u{200b}もの\u{2060}を"}, "warnings": ["price_kept"],
            })
        };
        let mut base = picture("base");
        base["variants"] = json!([picture("a"), picture("b"), picture("c")]);
        let mut steps = vec![json!({"id": GENERATE, "result": base})];
        steps.extend(
            READERS.iter().map(|one| json!({"id": one.step, "result": picture(one.language)})),
        );
        json!({ "steps": steps })
    }

    #[test]
    fn every_canvas_and_every_language_has_its_files() {
        let [original, localized] = of_run(&run()).expect("whole");
        let names =
            |page: &Page| -> Vec<String> { page.ads.iter().map(|ad| ad.name.clone()).collect() };
        assert_eq!(names(&original), ["ad-square", "ad-story", "ad-landscape"]);
        assert_eq!(names(&localized), ["ad-square-fr", "ad-square-ar", "ad-square-ja"]);
        assert_eq!(localized.ads[2].svg_url, "http://127.0.0.1:1/assets/ja-svg");
        assert_eq!(localized.ads[2].headline.as_deref(), Some("良いものを"));
        assert_eq!(localized.warnings, ["price_kept (fr, ar, ja)"]);
    }

    #[test]
    fn what_is_missing_is_named() {
        let said = |run: &Value| of_run(run).map(drop).map_err(|error| error.to_string());
        let mut broken = run();
        broken["steps"][0]["result"]["variants"][1]["svg_url"] = Value::Null;
        assert_eq!(said(&broken), Err("the answer to runs has no `svg_url`".to_owned()));
        broken = run();
        broken["steps"][2]["result"] = Value::Null;
        assert_eq!(said(&broken), Err("the answer to runs has no `result`".to_owned()));
    }
}
