//! What to try after the demo, as lines for a shell.

/// What a command line needs to know of what the demo made.
pub(super) struct Made<'a> {
    pub(super) base: &'a str,
    pub(super) key: &'a str,
    /// The site that was read.
    pub(super) url: &'a str,
    /// The job that made the ad.
    pub(super) ad_job: &'a str,
}

impl Made<'_> {
    /// Lines that work as they stand for as long as the demo's server runs.
    pub(super) fn while_it_runs(&self) -> String {
        let Self { base, key, url, ad_job } = self;
        let opening = format!(
            "  # Open the dashboard, with the key filled in:\n  # {base}/#key={key}\n\n  \
             export BASE={base}\n  export API_KEY={key}\n\n"
        );
        let requests = REQUESTS.replace("{url}", url).replace("{job}", ad_job);
        format!("{opening}{requests}\nThe server goes on until Ctrl-C.")
    }
}

/// Lines for a server of one's own.
pub(super) fn when_it_is_gone() -> String {
    let requests =
        REQUESTS.replace("{url}", "https://www.rust-lang.org").replace("{job}", "JOB_ID");
    format!("{COMMANDS}\n{requests}")
}

const COMMANDS: &str = "  \
  tidemill demo --url https://www.rust-lang.org   # ads for any site
  tidemill demo --keep                            # and leave the server running
  tidemill serve                                  # your own: prints BASE, API_KEY
";

/// A run, an edit and a localization.
const REQUESTS: &str = r#"  # From a site to a French ad, in one request:
  curl -sS "$BASE/api/v1/runs" -H "Authorization: Bearer $API_KEY" \
    -H 'Content-Type: application/json' -H 'Prefer: wait=20' -d '{"steps": [
      {"id": "extract_brand", "action": "brands.extract", "input": {"url": "{url}"}},
      {"id": "generate_base", "action": "campaigns.generate", "depends_on": ["extract_brand"],
       "input": {"prompt": "Announce our summer sale, 20 % off"},
       "input_map": {"brand_id": "$steps.extract_brand.result.brand_id"}},
      {"id": "localize_fr", "action": "campaigns.localize_ad", "depends_on": ["generate_base"],
       "input": {"target_language": "fr", "target_culture": "French urban premium"},
       "input_map": {"source_job_id": "$steps.generate_base.result.job_id"}}]}'

  # Change an ad:
  curl -sS "$BASE/api/v1/campaigns/edit" -H "Authorization: Bearer $API_KEY" \
    -H 'Content-Type: application/json' -H 'Prefer: wait=20' \
    -d '{"source_job_id": "{job}", "prompt": "make the headline shorter"}'

  # The same ad for other readers:
  curl -sS "$BASE/api/v1/campaigns/localize-ad" -H "Authorization: Bearer $API_KEY" \
    -H 'Content-Type: application/json' -H 'Prefer: wait=20' \
    -d '{"source_job_id": "{job}", "target_language": "de", "target_culture": "Swiss premium"}'
"#;
