//! What `GET /actions` tells of the picture actions.

use serde_json::{Value, json};

use super::Task;
use super::args::{MAX_FORMATS, MAX_PROMPT};
use crate::ads::format::{AspectRatio, MAX_SIDE, MIN_SIDE};
use crate::ads::scene::Format;
use crate::engine::ActionDescription;

/// A sentence and two schemas.
pub(super) fn description(task: Task) -> ActionDescription {
    let summary = match task {
        Task::Image => "Makes a picture without words.",
        Task::Campaign => "Makes an ad from a prompt and a brand, on one or several canvases.",
        Task::Edit => "Changes an ad that was made here, as a prompt asks.",
        Task::Localization => "Gives an ad that was made here the words of other readers.",
    };
    ActionDescription {
        summary: summary.to_owned(),
        input_schema: input(task),
        result_schema: result(),
    }
}

fn input(task: Task) -> Value {
    let mut schema = json!({
        "type": "object",
        "properties": {
            "prompt": {"type": "string", "minLength": 1, "maxLength": MAX_PROMPT},
            "reference_images": {
                "type": "array", "items": {"type": "string"}, "maxItems": task.most_references(),
            },
            "brand_id": {"type": "string", "format": "uuid"},
            "brand_identity_json": {"type": "object"},
            "output": output(),
            "variant": {"type": "integer", "minimum": 0},
            "require_model": {"type": "boolean"},
        },
        "required": ["prompt"],
    });
    let properties = &mut schema["properties"];
    match task {
        Task::Image | Task::Campaign => {}
        Task::Edit => {
            properties["source_job_id"] = json!({"type": "string", "format": "uuid"});
            schema["required"] = json!(["prompt", "source_job_id"]);
        }
        Task::Localization => {
            let own = localization();
            for (name, value) in own.as_object().into_iter().flatten() {
                properties[name.as_str()] = value.clone();
            }
            schema["required"] = json!(["target_culture"]);
            schema["oneOf"] = json!([
                {"required": ["source_job_id"]}, {"required": ["source_image_url"]},
            ]);
        }
    }
    schema
}

fn localization() -> Value {
    let text = |most: usize| json!({"type": "string", "minLength": 1, "maxLength": most});
    json!({
        "source_job_id": {"type": "string", "format": "uuid"},
        "source_image_url": {"type": "string"},
        "target_culture": text(200),
        "target_language": text(64),
        "target_currency": text(16),
        "composition": {"enum": ["locked", "mirrored"]},
        "currency_policy": {"enum": ["keep", "convert", "price_list", "relabel"]},
        "fx": {
            "type": "object",
            "properties": {
                "rate": {"type": ["number", "string"]}, "date": text(200), "source": text(200),
            },
            "required": ["rate", "date", "source"],
        },
        "price": {
            "type": "object",
            "properties": {"amount": {"type": ["number", "string"]}, "currency": text(16)},
            "required": ["amount", "currency"],
        },
    })
}

fn output() -> Value {
    let side = json!({"type": "integer", "minimum": MIN_SIDE, "maximum": MAX_SIDE});
    let names: Vec<&str> = Format::names().collect();
    let format = json!({"anyOf": [
        {"enum": names},
        {
            "type": "object",
            "properties": {"width": side, "height": side},
            "required": ["width", "height"],
        },
    ]});
    let ratios: Vec<&str> =
        std::iter::once("auto").chain(AspectRatio::ALL.map(AspectRatio::id)).collect();
    json!({
        "type": "object",
        "properties": {
            "aspect_ratio": {"enum": ratios},
            "resolution": {"enum": ["512", "1K", "2K", "4K"]},
            "thinking_intensity": {"enum": ["minimal", "high"]},
            "format": format,
            "formats": {
                "type": "array", "items": format, "minItems": 2, "maxItems": MAX_FORMATS,
            },
        },
    })
}

fn result() -> Value {
    json!({
        "type": "object",
        "properties": {
            "type": {"const": "ad"},
            "asset_id": {"type": "string", "format": "uuid"},
            "url": {"type": "string"},
            "image_url": {"type": "string"},
            "svg_url": {"type": "string"},
            "width": {"type": "integer"},
            "height": {"type": "integer"},
            "mime_type": {"type": "string"},
            "scene": {"type": "object"},
            "copy": {"type": "object"},
            "interpretation": {"type": "object"},
            "checks": {"type": "array"},
            "lint": {"type": "object"},
            "provenance": {"type": "object"},
            "warnings": {"type": "array", "items": {"type": "string"}},
            "brand_id": {"type": "string", "format": "uuid"},
            "variants": {"type": "array", "items": {"type": "object"}},
        },
        "required": ["type", "asset_id", "url", "image_url", "svg_url", "width", "height"],
    })
}
