//! Brands and the evidence for them.

use serde_json::{Value, json};

use super::{Named, list, members, moment, named, object, or_null, text, uuid};

pub(super) fn schemas() -> Named {
    vec![
        ("Hex", json!({"type": "string", "pattern": "^#[0-9A-F]{6}$"})),
        ("Brand", brand()),
        ("BrandDna", dna()),
        ("Evidence", evidence()),
        ("BrandEdit", edit()),
        ("BrandProjection", projection()),
    ]
}

fn hex_or_null() -> Value {
    or_null(named("Hex"))
}

fn brand() -> Value {
    members(
        json!({
            "id": uuid(),
            "org_id": uuid(),
            "domain": text(),
            "name": text(),
            "primary_hex": hex_or_null(),
            "secondary_hex": hex_or_null(),
            "logo_url": or_null(text()),
            "font_file_url": or_null(text()),
            "layout_rules": object(),
            "brand_dna": named("BrandDna"),
            "evidence": {
                "type": "object",
                "description": "By field: how sure it is, and what speaks for it.",
                "additionalProperties": named("Evidence"),
            },
            "expanded": {"type": "object", "properties": {"latest_job": named("Job")}},
            "created_at": moment(),
            "updated_at": moment(),
        }),
        &[
            "id",
            "org_id",
            "domain",
            "name",
            "primary_hex",
            "secondary_hex",
            "logo_url",
            "font_file_url",
            "layout_rules",
            "brand_dna",
            "created_at",
            "updated_at",
        ],
    )
}

fn dna() -> Value {
    let roles = [
        "primary",
        "on_primary",
        "secondary",
        "accent",
        "background",
        "surface",
        "text",
        "muted_text",
        "link",
        "border",
    ];
    let mut colors = json!({"logo": list(named("Hex"))});
    for role in roles {
        colors[role] = hex_or_null();
    }
    members(
        json!({
            "primary_background_hex": hex_or_null(),
            "primary_accent_hex": hex_or_null(),
            "color_palette": {
                "type": "array", "items": named("Hex"), "minItems": 4, "maxItems": 4,
                "uniqueItems": true,
            },
            "typography_rules": text(),
            "core_slogan": text(),
            "imagen_style_conditioning": text(),
            "tagline": or_null(text()),
            "description": or_null(text()),
            "language": or_null(text()),
            "direction": {"enum": ["ltr", "rtl", null]},
            "scheme": {"enum": ["light", "dark", null]},
            "colors": {"type": "object", "properties": colors},
            "fonts": object(),
            "logo": or_null(object()),
            "icons": list(object()),
            "buttons": object(),
            "social_links": list(object()),
            "tone": list(text()),
            "warnings": list(text()),
        }),
        &[
            "primary_background_hex",
            "primary_accent_hex",
            "color_palette",
            "typography_rules",
            "core_slogan",
            "imagen_style_conditioning",
            "colors",
            "fonts",
        ],
    )
}

fn evidence() -> Value {
    members(
        json!({
            "confidence": {"type": "number", "minimum": 0, "maximum": 1},
            "sources": list(object()),
            "alternatives": list(text()),
            "set_by": text(),
        }),
        &["confidence", "sources", "alternatives"],
    )
}

fn edit() -> Value {
    let typeface = members(
        json!({
            "family": {"type": "string", "minLength": 1, "maxLength": 100},
            "class": {"enum": ["serif", "sans", "mono", "display", null]},
            "weight": {"type": ["integer", "null"], "minimum": 1, "maximum": 1_000},
        }),
        &["family"],
    );
    let color = json!({"type": ["string", "null"], "pattern": "^#[0-9A-Fa-f]{6}$"});
    json!({
        "type": "object",
        "description": "What is not named stays; null says that the brand has no such thing.",
        "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 200},
            "tagline": {"type": ["string", "null"], "minLength": 1, "maxLength": 500},
            "primary_hex": color,
            "secondary_hex": color,
            "colors": {"type": "object", "additionalProperties": color},
            "fonts": {
                "type": "object",
                "properties": {"heading": or_null(typeface.clone()), "body": or_null(typeface)},
            },
            "logoBase64": {"type": ["string", "null"], "description": "Base64 or a data URL."},
        },
    })
}

fn projection() -> Value {
    members(
        json!({"use_case": text(), "is_wildcard": {"type": "boolean"}, "payload": object()}),
        &["use_case", "is_wildcard", "payload"],
    )
}
