//! Brands: extracted, listed, corrected, projected, deleted.

use serde_json::{Value, json};

use crate::actions::{BRANDS_EXTRACT, MAX_IMAGES};
use crate::domain::key::Scope;
use crate::http::error::ErrorCode;
use crate::http::openapi::examples::{self, BRAND};
use crate::http::openapi::jobs::accepts;
use crate::http::openapi::operation::{Group, Operation, delete, get, patch, post};
use crate::http::openapi::parameters::{FIELDS, LIMIT, OFFSET, Parameter, path, query, query_as};
use crate::http::openapi::schemas::{
    self, boolean, count, envelope, members, metadata, named, page, reference, text, uuid,
};

const BRAND_ID: Parameter = path("brand_id", "id", "The brand's id.", uuid);

const EXPAND: Parameter = query_as(
    "expand_brand",
    "expand",
    "`latest_job` adds the job that last read the brand, as `expanded.latest_job`.",
    text,
);

pub(super) fn group() -> Group {
    Group {
        name: "Brands",
        about: "A brand is what an extraction found on a web site: name, slogan, logo, colours, \
                fonts, with evidence for each. An organization has one for each domain.",
        operations: vec![extract(), list_brands(), show(), edit(), delete_brand(), project()],
    }
}

fn extract() -> Operation {
    let operation = post("/api/v1/brands/extract", "extract_brand", "Read a brand from a web site")
        .about(
            "Or from a logo and pictures. A page that cannot be used fails the job, with \
             `error_code` `site_unreachable`, `site_error`, `site_blocked`, `site_parked`, \
             `site_empty`, `site_not_html`, `site_too_large`, `site_redirects`, \
             `site_disallowed` or `fetch_refused`.",
        )
        .needs(Scope::Write)
        .reads(arguments(), json!({"url": "https://example.com"}));
    accepts(operation).refuses([ErrorCode::ActionDisabled])
}

/// The body: the action's own input, with its files in base64 instead of by id.
fn arguments() -> Value {
    let own = |member: &str| named(&format!("{BRANDS_EXTRACT}.input/properties/{member}"));
    let file = |about: &str| json!({"type": "string", "description": about});
    json!({
        "type": "object",
        "properties": {
            "url": own("url"),
            "location": own("location"),
            "logoBase64": file("A picture in base64 or as a data URL, at most 2 MB."),
            "imagesBase64": {
                "type": "array", "maxItems": MAX_IMAGES,
                "items": file("A picture, at most 4 MB."),
            },
            "fontBase64": file("A font that the brand may use, at most 4 MB."),
            "client_reference_id": reference(),
            "metadata": metadata(),
        },
        "anyOf": [
            {"required": ["url"]}, {"required": ["logoBase64"]}, {"required": ["imagesBase64"]},
        ],
    })
}

fn list_brands() -> Operation {
    let more = json!({"total_count": count(), "has_more": boolean()});
    get("/api/v1/brands", "list_brands", "List brands, newest first")
        .about("Without the evidence, unless `fields` names it.")
        .needs(Scope::Read)
        .takes([
            query(
                "query",
                "A part of the name, in any case.",
                || json!({"type": "string", "maxLength": 200}),
            ),
            LIMIT,
            OFFSET,
            EXPAND,
            FIELDS,
        ])
        .answers(
            200,
            "A page.",
            page(named("Brand"), more),
            examples::page(
                json!([examples::brand()]),
                json!({"total_count": 1, "has_more": false}),
            ),
        )
}

/// The answer that shows a brand.
fn shows(operation: Operation) -> Operation {
    operation
        .takes([BRAND_ID, EXPAND, FIELDS])
        .answers(
            200,
            "The brand with its evidence.",
            envelope("brand", named("Brand")),
            examples::envelope("brand", "completed", examples::brand()),
        )
        .refuses([ErrorCode::BrandNotFound, ErrorCode::InvalidBrandId])
}

fn show() -> Operation {
    let operation = get("/api/v1/brands/{id}", "show_brand", "Show a brand with its evidence");
    shows(operation.needs(Scope::Read))
}

fn edit() -> Operation {
    let operation = patch("/api/v1/brands/{id}", "edit_brand", "Correct a brand")
        .about("What a person sets here, no extraction overwrites.")
        .needs(Scope::Write)
        .reads(
            named("BrandEdit"),
            json!({"tagline": "Tea worth waking up for", "colors": {"accent": "#E3A32B"}}),
        );
    shows(operation)
}

fn delete_brand() -> Operation {
    delete("/api/v1/brands/{id}", "delete_brand", "Delete a brand")
        .about("The jobs that found it stay.")
        .needs(Scope::Write)
        .takes([BRAND_ID])
        .answers(200, "It is gone.", schemas::deleted("brand"), examples::deleted("brand", BRAND))
        .refuses([ErrorCode::BrandNotFound, ErrorCode::InvalidBrandId])
}

fn project() -> Operation {
    let use_case = json!({"type": "string", "minLength": 1, "maxLength": 2_000});
    let projection = json!({
        "use_case": "a landing page", "is_wildcard": true,
        "payload": {
            "use_case": "a landing page",
            "brand_projection": {"core_slogan": "Worth waking up for"},
            "meta": {"source": "deterministic_projection", "reason": "no model is configured"},
        },
    });
    post("/api/v1/brands/{id}/project", "project_brand", "Show a brand as it bears on one use")
        .about("Needs no `write`: nothing is stored.")
        .needs(Scope::Read)
        .takes([BRAND_ID])
        .reads(
            members(json!({"use_case": use_case}), &["use_case"]),
            json!({"use_case": "a landing page"}),
        )
        .answers(
            200,
            "The projection.",
            envelope("brand.projection", named("BrandProjection")),
            examples::envelope("brand.projection", "completed", projection),
        )
        .refuses([
            ErrorCode::BrandNotFound,
            ErrorCode::InvalidBrandId,
            ErrorCode::ProjectionRequestTooLarge,
        ])
}
