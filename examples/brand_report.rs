//! How well the brand room reads a folder of sites, scored against what a careful person says.
//!
//! `cargo run --release --example brand_report -- DIR [--truth FILE] [--verbose] [SITE …]`
//!
//! DIR holds one folder a site, as its preparing script left it; FILE (by default `truth.jsonl` in
//! DIR or beside it) holds one JSON object a site. Each site stands at the root of an origin of
//! its own; nothing is fetched over a network: what a survey wants is read from DIR.

#![expect(clippy::print_stdout, reason = "a report is for the terminal")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;
use tidemill::brand::{
    Budget, Deadline, Extraction, Fetched, Missing, Survey, SurveyRequest, Unusable,
};

#[path = "brand_report/score.rs"]
mod score;

use score::{FIELDS, Mark, Scored};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::parse(std::env::args().skip(1))?;
    let truth = std::fs::read_to_string(&options.truth)?;
    let mut table = Table::default();
    for line in truth.lines().filter(|line| !line.trim().is_empty()) {
        let site: Value = serde_json::from_str(line)?;
        let id = site["id"].as_str().unwrap_or_default();
        if !options.sites.is_empty() && !options.sites.iter().any(|wanted| wanted == id) {
            continue;
        }
        let root = options.folder.join(folder(&site["source"]));
        match run(&root, site["page"].as_str().unwrap_or("index.html")) {
            Ok(run) => table.add(id, &score::score(&site, &run.extraction), &run, options.verbose),
            Err(failure) => table.fail(id, &failure),
        }
    }
    table.print();
    Ok(())
}

struct Options {
    folder: PathBuf,
    truth: PathBuf,
    verbose: bool,
    sites: Vec<String>,
}

impl Options {
    fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut plain = Vec::new();
        let mut truth = None;
        let mut verbose = false;
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--truth" => truth = arguments.next().map(PathBuf::from),
                "--verbose" => verbose = true,
                _ => plain.push(argument),
            }
        }
        let mut plain = plain.into_iter();
        let folder = plain.next().ok_or("usage: brand_report DIR [--truth FILE] [SITE …]")?;
        let folder = PathBuf::from(folder);
        let beside = || folder.parent().map(|parent| parent.join("truth.jsonl"));
        let truth = truth
            .or_else(|| Some(folder.join("truth.jsonl")).filter(|file| file.exists()))
            .or_else(|| beside().filter(|file| file.exists()))
            .ok_or("no truth.jsonl in the folder or beside it; name it with --truth")?;
        Ok(Self { folder, truth, verbose, sites: plain.collect() })
    }
}

/// The folder of a site, as its preparing script names it.
fn folder(source: &Value) -> PathBuf {
    let text = |key: &str| source[key].as_str().unwrap_or_default();
    match text("type") {
        "npm" => {
            PathBuf::from(format!("npm-{}-{}", text("name").replace('/', "-"), text("version")))
                .join(text("subdir").trim_matches('.'))
        }
        "deb" => PathBuf::from(format!("deb-{}", text("name"))).join(text("subdir")),
        _ => PathBuf::from(format!("gh-{}", text("repo").replace('/', "+"))),
    }
}

/// One extraction with what it took.
struct Run {
    extraction: Extraction,
    time: Duration,
    requests: usize,
}

fn run(root: &Path, page: &str) -> Result<Run, String> {
    let path = if page == "index.html" { "" } else { page };
    let url = format!("http://127.0.0.1:18100/{path}");
    let page = fetch(root, &url).map_err(|missing| format!("{url}: {missing:?}"))?;
    let start = Instant::now();
    let mut reading = Duration::ZERO;
    let deadline = Deadline::never();
    let failed = |failure: Unusable| failure.to_string();
    let mut survey = Survey::new(&page, SurveyRequest::default(), Budget::default(), &deadline)
        .map_err(failed)?;
    let mut requests = 1;
    loop {
        let wants = survey.wants();
        if wants.is_empty() {
            break;
        }
        for want in wants {
            requests += 1;
            let begun = Instant::now();
            let found = fetch(root, want.url.as_str());
            reading += begun.elapsed();
            let found = found.and_then(|found| {
                if found.bytes.len() > want.max_bytes { Err(Missing::TooLarge) } else { Ok(found) }
            });
            survey.supply(want.id, found);
        }
    }
    let extraction = survey.conclude(&deadline).map_err(failed)?;
    Ok(Run { extraction, time: start.elapsed().saturating_sub(reading), requests })
}

/// What a server of static files at the site's root would answer.
fn fetch(root: &Path, address: &str) -> Result<Fetched, Missing> {
    let url: url::Url = address.parse().map_err(|_| Missing::Refused)?;
    if url.host_str() != Some("127.0.0.1") {
        return Err(Missing::Unreachable);
    }
    let parts: Vec<String> = url
        .path_segments()
        .into_iter()
        .flatten()
        .map(unescaped)
        .filter(|part| !part.is_empty())
        .collect();
    if parts.iter().any(|part| part == "..") {
        return Err(Missing::Refused);
    }
    let mut file = root.join(parts.iter().collect::<PathBuf>());
    if file.is_dir() {
        file = file.join("index.html");
    }
    let bytes = std::fs::read(&file).map_err(|_| Missing::Status(404))?;
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let content_type = Some(content_type(ending).to_owned());
    Ok(Fetched { url: url.clone(), final_url: url, status: 200, content_type, bytes })
}

fn unescaped(part: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = part.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = (*first == b'%')
            .then(|| std::str::from_utf8(after.get(..2)?).ok())
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn content_type(ending: &str) -> &'static str {
    match ending.to_ascii_lowercase().as_str() {
        "html" | "htm" => "text/html",
        "css" => "text/css",
        "js" | "mjs" => "text/javascript",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// The report as it grows.
#[derive(Default)]
struct Table {
    sites: Vec<(String, Vec<Mark>)>,
    right: Vec<f64>,
    wrong: Vec<f64>,
    must_nots: Vec<String>,
    failures: usize,
}

impl Table {
    fn add(&mut self, id: &str, scored: &[Scored], run: &Run, verbose: bool) {
        let time = run.time.as_secs_f64() * 1_000.0;
        println!("{id}  {time:.1} ms, {} requests", run.requests);
        for one in scored {
            match one.mark {
                Mark::Hit => self.right.push(one.confidence),
                Mark::Miss => self.wrong.push(one.confidence),
                Mark::Abstention => {}
            }
            if let Some(must_not) = &one.must_not {
                self.must_nots.push(format!("{id}: {} is {must_not}", one.field));
            }
            if verbose || one.mark != Mark::Hit {
                let confidence = one.confidence;
                println!(
                    "  {:<12} {:<10} {confidence:.2}  got {}  wanted {}",
                    one.field,
                    one.mark.name(),
                    one.got,
                    one.wanted
                );
            }
        }
        self.sites.push((id.to_owned(), scored.iter().map(|one| one.mark).collect()));
        if verbose {
            self.explain(&run.extraction);
        }
    }

    #[expect(clippy::unused_self, reason = "reads beside `add`")]
    fn explain(&self, extraction: &Extraction) {
        for (field, why) in &extraction.evidence {
            println!("    {field} {:.2}  else {:?}", why.confidence, why.alternatives);
            for source in &why.sources {
                let (kind, weight) = (&source.kind, source.weight);
                println!("      {weight:>6.2} {kind}  {}  {}", source.place, source.snippet);
            }
        }
        println!("    warnings {:?}", extraction.profile.warnings);
    }

    fn fail(&mut self, id: &str, failure: &str) {
        println!("{id}  failed: {failure}");
        self.failures += 1;
    }

    fn print(&self) {
        println!("\n{:<14} right  missed  abstained", "field");
        let count = |at: usize, mark: Mark| {
            self.sites.iter().filter(|(_, marks)| marks.get(at) == Some(&mark)).count()
        };
        let mut total = 0;
        for (at, field) in FIELDS.iter().enumerate() {
            let (hits, misses) = (count(at, Mark::Hit), count(at, Mark::Miss));
            total += hits;
            println!("{field:<14} {hits:>5}  {misses:>6}  {:>9}", count(at, Mark::Abstention));
        }
        let all = FIELDS.len() * (self.sites.len() + self.failures);
        let mean = |of: &[f64]| {
            of.iter().fold(0.0, |sum, one| sum + one)
                / f64::from(u32::try_from(of.len().max(1)).unwrap_or(1))
        };
        let share = 100.0 * score::share(total, all);
        println!("\n{total} of {all} fields right ({share:.1} %)");
        println!("mean confidence: right {:.2}, wrong {:.2}", mean(&self.right), mean(&self.wrong));
        println!("must-nots: {}", self.must_nots.len());
        self.must_nots.iter().for_each(|one| println!("  {one}"));
    }
}
