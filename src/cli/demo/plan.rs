//! What the demo asks for: one run that reads a site, makes an ad of it in three formats, and
//! localizes that for three kinds of readers.

use serde_json::{Value, json};

/// The step that reads the site.
pub(super) const EXTRACT: &str = "extract_brand";

/// The step that makes the ad.
pub(super) const GENERATE: &str = "generate_base";

/// What the ad is drawn on: a feed, a telephone, a link's preview.
pub(super) const FORMATS: [&str; 3] = ["square", "story", "landscape"];

/// What the ad shall be, for the demo's own shop.
const SHOP_PROMPT: &str =
    "Launch our spring tea, £9.50, split, green background, without the tagline";

/// What it shall be for a site of which only the address is known.
const SITE_PROMPT: &str = "Invite new customers to discover the brand, confident and calm";

/// Readers of another language.
pub(super) struct Readers {
    /// The step that localizes the ad for them.
    pub(super) step: &'static str,
    /// Their language, as BCP 47 names it.
    pub(super) language: &'static str,
    culture: &'static str,
    currency: &'static str,
}

/// A language for each thing that can go wrong: longer words, the other direction, another script.
pub(super) const READERS: [Readers; 3] = [
    Readers {
        step: "localize_fr",
        language: "fr",
        culture: "French urban premium",
        currency: "EUR",
    },
    Readers { step: "localize_ar", language: "ar", culture: "Emirati premium", currency: "AED" },
    Readers { step: "localize_ja", language: "ja", culture: "Japanese minimal", currency: "JPY" },
];

/// The body of `POST /api/v1/runs` for the site at `url`.
pub(super) fn of_site(url: &str, is_shop: bool) -> Value {
    let prompt = if is_shop { SHOP_PROMPT } else { SITE_PROMPT };
    let mut steps = vec![
        json!({ "id": EXTRACT, "action": "brands.extract", "input": { "url": url } }),
        json!({
            "id": GENERATE,
            "action": "campaigns.generate",
            "depends_on": [EXTRACT],
            "input": { "prompt": prompt, "output": { "formats": FORMATS } },
            "input_map": { "brand_id": format!("$steps.{EXTRACT}.result.brand_id") },
        }),
    ];
    steps.extend(READERS.iter().map(|readers| {
        json!({
            "id": readers.step,
            "action": "campaigns.localize_ad",
            "depends_on": [GENERATE],
            "input": {
                "prompt": "Keep composition exactly",
                "target_culture": readers.culture,
                "target_language": readers.language,
                "target_currency": readers.currency,
            },
            "input_map": { "source_job_id": format!("$steps.{GENERATE}.result.job_id") },
        })
    }));
    json!({ "steps": steps, "metadata": { "made_by": "tidemill demo" } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::Plan;

    #[test]
    fn the_plan_is_one_that_the_server_accepts() {
        let body = of_site("http://127.0.0.1:1/", true);
        let plan = Plan::parse(body.as_object().expect("an object").clone()).expect("a plan");
        let names: Vec<&str> = plan.steps.iter().map(|step| step.id.as_str()).collect();
        assert_eq!(
            names,
            ["extract_brand", "generate_base", "localize_fr", "localize_ar", "localize_ja"]
        );
    }

    #[test]
    fn a_price_is_named_for_the_shop_only() {
        let prompt = |is_shop| {
            let body = of_site("http://127.0.0.1:1/", is_shop);
            body["steps"][1]["input"]["prompt"].to_string()
        };
        assert!(prompt(true).contains('£'));
        assert!(!prompt(false).contains(char::is_numeric));
    }
}
