//! Which canvases a request asks for.

use serde_json::{Map, Value};

use super::members::Members;
use crate::ads::format::{Asked, AspectRatio, FormatError, Resolution};
use crate::ads::scene::Format;
use crate::engine::InvalidInput;

/// How many formats one job draws at the most.
pub(in crate::actions::ads) const MAX_FORMATS: usize = 10;

/// One canvas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::actions::ads) enum Canvas {
    /// Nothing was said: the prompt's own, else a square.
    Open(Option<Resolution>),
    /// That of the picture which is given, else as [`Canvas::Open`].
    Auto(Option<Resolution>),
    /// This one.
    Fixed(Format),
}

impl Canvas {
    /// What it says of a canvas, whatever pictures are given.
    pub(in crate::actions::ads) fn asked(&self) -> Asked {
        match self {
            Self::Open(resolution) | Self::Auto(resolution) => Asked::Open(*resolution),
            Self::Fixed(format) => Asked::Fixed(format.clone()),
        }
    }
}

/// The canvases, at least one.
pub(super) fn canvases(output: Option<&Map<String, Value>>) -> Result<Vec<Canvas>, InvalidInput> {
    let Some(output) = output else { return Ok(vec![Canvas::Open(None)]) };
    let members = Members::at(output, "output");
    let effort = members.text("thinking_intensity", 1..=20)?;
    if effort.is_some_and(|effort| !["minimal", "high"].contains(&effort)) {
        return Err(members.fault("thinking_intensity", "must be `minimal` or `high`"));
    }
    // What loses against a format has to be right all the same.
    let by_ratio = of_ratio(members)?;
    if let Some(formats) = members.value("formats") {
        return several(members, formats);
    }
    let format = members.value("format").map(|value| one("output.format", value)).transpose()?;
    Ok(vec![format.map_or(by_ratio, Canvas::Fixed)])
}

fn of_ratio(members: Members<'_>) -> Result<Canvas, InvalidInput> {
    let said = |name: &'static str| {
        move |error: FormatError| InvalidInput {
            param: format!("output.{name}"),
            message: error.to_string(),
        }
    };
    let resolution = members.text("resolution", 1..=20)?;
    let resolution: Option<Resolution> =
        resolution.map(str::parse).transpose().map_err(said("resolution"))?;
    Ok(match members.text("aspect_ratio", 1..=20)? {
        None => Canvas::Open(resolution),
        Some("auto") => Canvas::Auto(resolution),
        Some(ratio) => {
            let ratio: AspectRatio = ratio.parse().map_err(said("aspect_ratio"))?;
            Canvas::Fixed(Format::of_ratio(ratio, resolution.unwrap_or_default()))
        }
    })
}

fn several(members: Members<'_>, formats: &Value) -> Result<Vec<Canvas>, InvalidInput> {
    let message = format!("must be a list of 2 to {MAX_FORMATS} formats");
    let list = formats.as_array().filter(|list| (2..=MAX_FORMATS).contains(&list.len()));
    let list = list.ok_or_else(|| members.fault("formats", &message))?;
    let each = |(at, value): (usize, &Value)| {
        one(&format!("output.formats[{at}]"), value).map(Canvas::Fixed)
    };
    list.iter().enumerate().map(each).collect()
}

/// A format's name, or `{width, height}`.
fn one(param: &str, value: &Value) -> Result<Format, InvalidInput> {
    let fault = |message: String| InvalidInput { param: param.to_owned(), message };
    match value {
        Value::String(name) => Format::named(name).map_err(|error| {
            fault(error.to_string().replace("`output.format`", &format!("`{param}`")))
        }),
        Value::Object(canvas) => {
            let side = |name: &str| {
                let number = canvas.get(name).and_then(Value::as_u64);
                number.and_then(|number| u32::try_from(number).ok()).ok_or_else(|| InvalidInput {
                    param: format!("{param}.{name}"),
                    message: format!("`{param}.{name}` must be a whole number of pixels"),
                })
            };
            Format::sized(side("width")?, side("height")?).map_err(|error| {
                let param = match &error {
                    FormatError::Side { side, .. } => format!("{param}.{side}"),
                    _ => param.to_owned(),
                };
                InvalidInput { message: error.to_string(), param }
            })
        }
        _ => Err(fault(format!("`{param}` must be a format's name or `{{width, height}}`"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(output: &Value) -> Result<Vec<Canvas>, String> {
        canvases(output.as_object()).map_err(|fault| fault.param)
    }

    fn sizes(output: &Value) -> Vec<(u32, u32)> {
        let size = |canvas: Canvas| match canvas {
            Canvas::Fixed(format) => (format.w, format.h),
            other => panic!("{other:?}"),
        };
        read(output).expect("valid").into_iter().map(size).collect()
    }

    #[test]
    fn a_format_wins_over_ratio_and_resolution() {
        assert_eq!(sizes(&json!({"aspect_ratio": "16:9", "resolution": "2K"})), [(2048, 1152)]);
        assert_eq!(sizes(&json!({"aspect_ratio": "16:9", "format": "story"})), [(1080, 1920)]);
        assert_eq!(sizes(&json!({"format": {"width": 50, "height": 4096}})), [(50, 4096)]);
        let formats = json!({"formats": ["square", {"width": 300, "height": 200}]});
        assert_eq!(sizes(&formats), [(1080, 1080), (300, 200)]);
        assert_eq!(read(&json!({})), Ok(vec![Canvas::Open(None)]));
        assert_eq!(read(&json!({"aspect_ratio": "auto"})), Ok(vec![Canvas::Auto(None)]));
    }

    #[test]
    fn a_fault_is_named_by_its_path() {
        for (output, param) in [
            (json!({"aspect_ratio": "7:5"}), "output.aspect_ratio"),
            (json!({"aspect_ratio": 1}), "output.aspect_ratio"),
            (json!({"resolution": "8K"}), "output.resolution"),
            (json!({"thinking_intensity": "much"}), "output.thinking_intensity"),
            (json!({"format": "postcard"}), "output.format"),
            (json!({"format": 7}), "output.format"),
            (json!({"format": {"width": 49, "height": 50}}), "output.format.width"),
            (json!({"format": {"width": 50}}), "output.format.height"),
            (json!({"format": "square", "resolution": "8K"}), "output.resolution"),
            (json!({"formats": ["square"]}), "output.formats"),
            (json!({"formats": vec!["square"; 11]}), "output.formats"),
            (json!({"formats": ["square", "postcard"]}), "output.formats[1]"),
        ] {
            assert_eq!(read(&output), Err(param.to_owned()), "{output}");
        }
    }
}
