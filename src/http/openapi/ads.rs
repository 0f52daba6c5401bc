//! Pictures and ads: made, changed, localized. The bodies are the actions' own inputs.

use serde_json::{Value, json};

use crate::actions::{CAMPAIGNS_EDIT, CAMPAIGNS_GENERATE, CAMPAIGNS_LOCALIZE_AD, IMAGES_GENERATE};
use crate::domain::key::Scope;
use crate::http::openapi::examples::{BRAND, JOB};
use crate::http::openapi::jobs::{REFUSED_INPUT, accepts};
use crate::http::openapi::operation::{Group, Operation, post};
use crate::http::openapi::schemas::{metadata, named, reference};

pub(super) fn group() -> Group {
    let picture = json!({"prompt": "A quiet harbour at dawn", "output": {"aspect_ratio": "16:9"}});
    let ad = json!({
        "prompt": "Launch our spring tea", "brand_id": BRAND,
        "output": {"formats": ["square", "story", {"width": 1200, "height": 628}]},
    });
    let edit = json!({"source_job_id": JOB, "prompt": "Make the headline shorter"});
    let localization = json!({
        "source_job_id": JOB, "target_culture": "French urban premium", "target_language": "fr",
    });
    let make = |path, id, summary, action, example: &Value| {
        creation(post(path, id, summary), input(action), example.clone())
    };
    Group {
        name: "Images and campaigns",
        about: "Jobs whose result is a picture: `job_result.image_url` opens without a key.",
        operations: vec![
            make(
                "/api/v1/images/generations",
                "generate_image",
                "Make a picture without words",
                IMAGES_GENERATE,
                &picture,
            ),
            make(
                "/api/v1/ads/generate",
                "generate_image_alias",
                "The same by another name",
                IMAGES_GENERATE,
                &picture,
            ),
            make(
                "/api/v1/campaigns/generate",
                "generate_campaign",
                "Make an ad",
                CAMPAIGNS_GENERATE,
                &ad,
            ),
            make(
                "/api/v1/images/campaigns",
                "generate_campaign_alias",
                "The same by another name",
                CAMPAIGNS_GENERATE,
                &ad,
            ),
            make(
                "/api/v1/campaigns/edit",
                "edit_campaign",
                "Change an ad as a prompt asks",
                CAMPAIGNS_EDIT,
                &edit,
            ),
            make(
                "/api/v1/campaigns/localize-ad",
                "localize_campaign",
                "Give an ad the words of other readers",
                CAMPAIGNS_LOCALIZE_AD,
                &localization,
            ),
        ],
    }
}

fn creation(operation: Operation, body: Value, example: Value) -> Operation {
    accepts(operation.needs(Scope::Write).reads(body, example)).refuses(REFUSED_INPUT)
}

/// An action's input, and what a client may send along to find its own again.
fn input(action: &str) -> Value {
    let told = json!({"client_reference_id": reference(), "metadata": metadata()});
    json!({"allOf": [named(&format!("{action}.input")), {"properties": told}]})
}
