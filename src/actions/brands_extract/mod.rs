//! `brands.extract`: the address of a site, or a logo, or pictures in; a brand out.
//!
//! The page is fetched, a `Survey` says which documents it wants, and they are brought six at a
//! time; then it decides, its files go into the asset store, and the brand is a write of the
//! output. Never: a judgement of what a page means; that is the `brand` room's.

mod allowance;
mod args;
mod failure;
mod font;
mod gather;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use url::{Host, Url};

use crate::assets::AssetStore;
use crate::brand::{self, Deadline, Extraction, File, SurveyRequest};
use crate::domain::asset::{ContentDigest, NewAsset};
use crate::domain::ids::{AssetId, BrandId, OrgId};
use crate::domain::job::{Diagnostic, Write};
use crate::engine::{
    Action, ActionContext, ActionDescription, ActionError, AttemptPolicy, InvalidInput, Output,
    Retry,
};
use crate::outbound::{Outbound, Session};

use super::BRANDS_EXTRACT;
use allowance::Allowances;
pub use args::{ExtractBrandArgs, Location, MAX_IMAGES};
use failure::Failure;
use gather::Gatherer;

/// How long all attempts of a job may take together: a failing extraction ends within 30 s of its
/// claim, and the end is still to be written.
const TOTAL_TIME: Duration = Duration::from_secs(29);

/// How an attempt's time is shared out, so that it ends with what it has instead of being cut off.
struct Shares {
    /// For fetching.
    network: Duration,
    /// For fetching and computing, before it decides with what it has; the rest is for storing.
    before_deciding: Duration,
}

impl Shares {
    fn of(context: &ActionContext) -> Self {
        Self::of_time(context.remaining())
    }

    fn of_time(time: Duration) -> Self {
        Self { network: time * 2 / 3, before_deciding: time * 5 / 6 }
    }
}

/// The action.
#[derive(Debug)]
pub(super) struct ExtractBrand {
    outbound: Outbound,
    assets: Arc<AssetStore>,
    allowances: Allowances,
    site_fonts: bool,
}

impl ExtractBrand {
    pub(super) fn new(outbound: Outbound, assets: Arc<AssetStore>, site_fonts: bool) -> Self {
        Self { outbound, assets, allowances: Allowances::default(), site_fonts }
    }

    /// One attempt with its share of the job's budget.
    async fn attempt(
        &self,
        context: &ActionContext,
        args: &ExtractBrandArgs,
        request: SurveyRequest,
    ) -> Result<Extraction, ActionError> {
        let (started, over, shares) = (Instant::now(), context.clone(), Shares::of(context));
        let decide = shares.before_deciding;
        let deadline = Deadline::new(move || started.elapsed() >= decide || over.is_over());
        let Some(url) = &args.url else {
            return extract_uploads(request, &deadline)
                .map_err(|failure| failure.into_error(context.attempt()));
        };
        let mut budget = self.allowances.take(context.job_id());
        budget.time = budget.time.min(shares.network);
        let session = self.outbound.session(budget);
        let extracted = extract_site(&session, url, request, args, &deadline, context).await;
        extracted.map_err(|failure| {
            let mut error = failure.into_error(context.attempt());
            let again = error.retry != Retry::Never;
            if again && !self.allowances.leave(context.job_id(), session.left()) {
                error.retry = Retry::Never;
            }
            error
        })
    }

    /// Puts what was found where it is kept, and says what to write.
    fn store(
        &self,
        context: &ActionContext,
        mut extraction: Extraction,
    ) -> Result<Output, ActionError> {
        let started = Instant::now();
        context.progress("storing files", None);
        let failed = |failure: Failure| failure.into_error(context.attempt());
        let font = font::choose(&mut extraction).map_err(|unusable| failed(unusable.into()))?;
        let mut writes = Vec::new();
        let mut put = |file: Option<File>| -> Result<Option<AssetId>, Failure> {
            let Some(file) = file else { return Ok(None) };
            let asset = self.put(context.org(), &file)?;
            let id = asset.id;
            writes.push(Write::Asset(asset));
            Ok(Some(id))
        };
        let logo = put(extraction.logo.take()).map_err(failed)?;
        let font = put(font).map_err(failed)?;
        let id = BrandId::of_domain(context.org(), &extraction.domain);
        let result = result(id, &extraction.domain);
        let draft = Box::new(extraction.into_draft(logo, font));
        note(context, "store files", started, Ok(format!("{} files", writes.len())));
        writes.push(Write::Brand { id, draft });
        Ok(Output { result, writes })
    }

    fn put(&self, org: OrgId, file: &File) -> Result<NewAsset, Failure> {
        let digest = self.assets.put(&file.bytes)?;
        Ok(NewAsset::new(org, digest, file.mime_type, file.bytes.len() as u64, file.size))
    }
}

#[async_trait]
impl Action for ExtractBrand {
    fn name(&self) -> &str {
        BRANDS_EXTRACT
    }

    fn description(&self) -> ActionDescription {
        description()
    }

    fn policy(&self) -> AttemptPolicy {
        AttemptPolicy {
            attempt_timeout: TOTAL_TIME,
            total_time: Some(TOTAL_TIME),
            ..AttemptPolicy::default()
        }
    }

    fn check(&self, input: &Map<String, Value>, given: &[&str]) -> Result<(), InvalidInput> {
        ExtractBrandArgs::check(input, given)
    }

    async fn run(
        &self,
        context: ActionContext,
        input: Map<String, Value>,
    ) -> Result<Output, ActionError> {
        let args = ExtractBrandArgs::parse(&input)
            .map_err(|fault| ActionError::fatal("invalid_input", fault.to_string()))?;
        let request = SurveyRequest {
            site_font: self.site_fonts && args.font.is_none(),
            ..survey_request(&context, &args).await?
        };
        let extraction = self.attempt(&context, &args, request).await?;
        if context.is_over() {
            // What was decided in a hurry must not be kept. The engine ends the attempt here.
            std::future::pending::<()>().await;
        }
        self.store(&context, extraction)
    }
}

/// What an extraction says while it runs.
trait Journal: Sync {
    fn phase(&self, phase: &str);
    fn step(&self, step: Diagnostic);
}

impl Journal for ActionContext {
    fn phase(&self, phase: &str) {
        self.progress(phase, None);
    }

    fn step(&self, step: Diagnostic) {
        self.diagnose(step);
    }
}

/// Reads a brand from a site.
async fn extract_site(
    session: &Session,
    url: &Url,
    request: SurveyRequest,
    args: &ExtractBrandArgs,
    deadline: &Deadline,
    journal: &dyn Journal,
) -> Result<Extraction, Failure> {
    let gatherer = Gatherer::new(session, args.location.accept_language());

    journal.phase("fetching page");
    let started = Instant::now();
    let opened = gatherer.open(url.clone(), &request, deadline).await;
    note(
        journal,
        "fetch page",
        started,
        match &opened {
            Ok((_, page)) => Ok(format!("{}: {} bytes", page.final_url, page.bytes.len())),
            Err(failure) => Err(failure.to_string()),
        },
    );
    let (mut survey, page) = opened?;

    journal.phase("reading styles");
    let started = Instant::now();
    let count = gatherer.supply(&mut survey, &page.final_url).await;
    let counts = format!("{} came, {} did not", count.supplied, count.missing);
    note(journal, "fetch documents", started, Ok(counts));

    journal.phase("choosing logo and colours");
    let started = Instant::now();
    let concluded = survey.conclude(deadline);
    note(
        journal,
        "decide",
        started,
        match &concluded {
            Ok(extraction) => Ok(extraction.name.clone()),
            Err(unusable) => Err(unusable.to_string()),
        },
    );
    Ok(named(concluded?, domain_of(&page.final_url)))
}

/// Makes a brand of what was sent.
fn extract_uploads(request: SurveyRequest, deadline: &Deadline) -> Result<Extraction, Failure> {
    let main = request.logo.as_ref().or_else(|| request.images.first());
    let digest = main.map(|bytes| ContentDigest::of(bytes).to_string()).unwrap_or_default();
    let domain = format!("upload-{}", digest.get(..12).unwrap_or_default());
    Ok(named(brand::from_uploads(request, deadline)?, domain))
}

/// The extraction under the domain that identifies its brand.
fn named(extraction: Extraction, domain: String) -> Extraction {
    let name = if extraction.name.is_empty() { domain.clone() } else { extraction.name };
    Extraction { domain, name, ..extraction }
}

/// The host in lower case and IDNA ASCII, without `www.`, with the port when it is not the usual.
fn domain_of(url: &Url) -> String {
    let host = match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name.strip_prefix("www.").unwrap_or(name).to_owned()
        }
        Some(address) => address.to_string(),
        None => String::new(),
    };
    url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"))
}

/// The files that the arguments name, and the reader's place.
async fn survey_request(
    context: &ActionContext,
    args: &ExtractBrandArgs,
) -> Result<SurveyRequest, ActionError> {
    let mut request = SurveyRequest {
        country: args.location.country.clone(),
        languages: args.location.languages.clone(),
        ..SurveyRequest::default()
    };
    if let Some(id) = args.logo {
        request.logo = Some(upload(context, id).await?);
    }
    for id in &args.images {
        request.images.push(upload(context, *id).await?);
    }
    if let Some(id) = args.font {
        request.font = Some(upload(context, id).await?);
    }
    Ok(request)
}

async fn upload(context: &ActionContext, id: AssetId) -> Result<Vec<u8>, ActionError> {
    let found = context.asset(id).await?;
    found.map(|(_, bytes)| bytes).ok_or_else(|| {
        ActionError::fatal("upload_missing", format!("there is no file {id}; send it again"))
    })
}

fn note(journal: &dyn Journal, step: &str, started: Instant, outcome: Result<String, String>) {
    let (status, detail) = match outcome {
        Ok(detail) => ("ok", detail),
        Err(detail) => ("failed", detail),
    };
    journal.step(Diagnostic {
        step: step.to_owned(),
        status: status.to_owned(),
        duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        detail,
    });
}

fn result(id: BrandId, domain: &str) -> Map<String, Value> {
    Map::from_iter([
        ("type".to_owned(), json!("brand")),
        ("id".to_owned(), json!(id)),
        ("brand_id".to_owned(), json!(id)),
        ("url".to_owned(), json!(format!("brands/{id}"))),
        ("domain".to_owned(), json!(domain)),
    ])
}

fn description() -> ActionDescription {
    let file = json!({"type": "string", "format": "uuid"});
    ActionDescription {
        summary: "Reads a brand from a web site, or from a logo and pictures.".to_owned(),
        input_schema: json!({
            "type": "object",
            "properties": {
                "url": {"type": "string", "format": "uri"},
                "logo": file,
                "images": {"type": "array", "items": file, "maxItems": MAX_IMAGES},
                "font": file,
                "location": {
                    "type": "object",
                    "properties": {
                        "country": {"type": "string", "pattern": "^[A-Za-z]{2}$"},
                        "languages": {"type": "array", "items": {"type": "string"}},
                    },
                },
            },
            "anyOf": [{"required": ["url"]}, {"required": ["logo"]}, {"required": ["images"]}],
        }),
        result_schema: json!({
            "type": "object",
            "properties": {
                "type": {"const": "brand"},
                "id": {"type": "string", "format": "uuid"},
                "brand_id": {"type": "string", "format": "uuid"},
                "url": {"type": "string"},
                "domain": {"type": "string"},
            },
            "required": ["type", "id", "brand_id", "url", "domain"],
        }),
    }
}
