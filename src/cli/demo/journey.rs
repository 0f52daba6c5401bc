//! One run, told as it happens: from a site's address to ads in four languages, over HTTP.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::cli::demo::album::{self, Ad, Page};
use crate::cli::demo::client::ApiClient;
use crate::cli::demo::folder::Folder;
use crate::cli::demo::next::{self, Made};
use crate::cli::demo::preview::{self, Drawing};
use crate::cli::demo::{DemoError, plan, portrait};
use crate::cli::terminal::Terminal;

/// How long the first question waits for the run's end, in seconds: short, so that states are seen
/// passing by. Each further one waits twice as long.
const FIRST_GLANCE: f64 = 0.01;

/// How long a question waits at the most.
const LONGEST_GLANCE: f64 = 0.08;

/// How long the demo waits in all: a run whose every step takes all its attempts is over by then.
const PATIENCE: Duration = Duration::from_mins(5);

/// What the demo does, and where.
pub(super) struct Journey<'a> {
    pub(super) base: &'a str,
    pub(super) key: &'a str,
    pub(super) url: &'a str,
    /// Whether `url` is the demo's own shop.
    pub(super) is_shop: bool,
    /// Where the files go, if the command line says so.
    pub(super) out: Option<&'a Path>,
    pub(super) keep: bool,
    pub(super) terminal: Terminal,
}

impl Journey<'_> {
    /// Makes the ads, writes them and prints everything.
    pub(super) async fn travel(&self) -> Result<(), DemoError> {
        let client = ApiClient::new(self.base, self.key)?;
        let plan = plan::of_site(self.url, self.is_shop);
        self.tell_plan(&plan);
        let begun = Instant::now();
        let accepted = client.post("runs", &plan).await?;
        let id = text(&accepted, "run_id");
        self.tell(begun, "run", "accepted", "on disk; answered 202");
        let run = self.watch(&client, &id, begun).await?;
        self.show(&client, &run).await?;
        self.tell_next(&text(album::result(&run, plan::GENERATE)?, "job_id"));
        Ok(())
    }

    /// The steps, and what each is asked for.
    fn tell_plan(&self, plan: &Value) {
        let terminal = self.terminal;
        let steps = plan["steps"].as_array().map(Vec::as_slice).unwrap_or_default();
        let count = steps.len();
        terminal.line(format_args!("\nPOST /api/v1/runs, one request for {count} steps"));
        for step in steps {
            let input = &step["input"];
            let asked = ["url", "target_culture", "prompt"];
            let asked = asked.iter().find_map(|member| input[*member].as_str());
            let (id, action) = (text(step, "id"), text(step, "action"));
            let line = format!("{id:<14} {action:<22} {}", asked.unwrap_or_default());
            terminal.line(format_args!("  {}", terminal.faint(line)));
        }
        terminal.line("");
    }

    /// Waits for the run's end and prints each change of a step's state.
    async fn watch(
        &self,
        client: &ApiClient,
        id: &str,
        begun: Instant,
    ) -> Result<Value, DemoError> {
        let mut glance = FIRST_GLANCE;
        let mut seen: Vec<String> = Vec::new();
        while begun.elapsed() < PATIENCE {
            let path = format!("runs/{id}?wait_for_completion=true&timeout_seconds={glance}");
            let run = client.read(&path).await?;
            glance = (2.0 * glance).min(LONGEST_GLANCE);
            let steps = run["steps"].as_array().map(Vec::as_slice).unwrap_or_default();
            seen.resize(steps.len(), "pending".to_owned());
            for (step, seen) in steps.iter().zip(&mut seen) {
                let (name, status) = (text(step, "id"), text(step, "status"));
                if *seen == status {
                    continue;
                }
                self.tell(begun, &name, &status, step["error"].as_str().unwrap_or_default());
                if name == plan::EXTRACT && status == "completed" {
                    self.show_brand(client, step).await?;
                }
                *seen = status;
            }
            match text(&run, "status").as_str() {
                "completed" => {
                    self.tell(begun, "run", "completed", "");
                    return Ok(run);
                }
                "failed" | "cancelled" => return Err(failure(&run)),
                _ => {}
            }
        }
        Err(DemoError::Slow(PATIENCE.as_secs()))
    }

    fn tell(&self, begun: Instant, what: &str, state: &str, detail: &str) {
        let seconds = begun.elapsed().as_secs_f64();
        let padded = format!("{state:<11}");
        let state = match state {
            "completed" => self.terminal.green(padded),
            "failed" => self.terminal.red(padded),
            _ => self.terminal.bold(padded),
        };
        let line = format!("  {seconds:>7.3} s  {what:<14} {state} {detail}");
        self.terminal.line(line.trim_end());
    }

    /// What the extraction did, step by step, and the brand that came of it.
    async fn show_brand(&self, client: &ApiClient, step: &Value) -> Result<(), DemoError> {
        let path = format!("jobs/{}?expand=brand&include=diagnostics", text(step, "job_id"));
        let job = client.read(&path).await?;
        for step in job["diagnostics"].as_array().into_iter().flatten() {
            let took = step["duration_ms"].as_u64().unwrap_or_default();
            let line =
                format!("{took:>6} ms  {:<15}  {}", text(step, "step"), text(step, "detail"));
            self.terminal.line(format_args!("  {}", self.terminal.faint(line.trim_end())));
        }
        for line in portrait::draw(&job["expanded"]["brand"], self.terminal) {
            self.terminal.line(line);
        }
        self.terminal.line("");
        Ok(())
    }

    /// Brings the ads, writes their files and shows them.
    async fn show(&self, client: &ApiClient, run: &Value) -> Result<(), DemoError> {
        let terminal = self.terminal;
        let unwritten = |error| DemoError::Io("write the ads", error);
        let pages = album::of_run(run)?;
        let folder = self.out.map_or_else(Folder::fresh, Folder::at).map_err(unwritten)?;
        for page in &pages {
            terminal.line(format_args!("\n{}\n", terminal.bold(page.title)));
            let mut drawings = Vec::with_capacity(page.ads.len());
            let mut files = Vec::with_capacity(page.ads.len());
            for ad in &page.ads {
                let picture = client.fetch(&ad.image_url).await?;
                let drawing = client.fetch(&ad.svg_url).await?;
                let written = folder.write(&format!("{}.{}", ad.name, ad.ending), &picture);
                files.push((written.map_err(unwritten)?, picture.len()));
                folder.write(&format!("{}.svg", ad.name), &drawing).map_err(unwritten)?;
                drawings.push((ad, drawing));
            }
            self.preview(drawings)?;
            self.tell_files(page, &files);
        }
        let path = folder.path();
        terminal.line(format_args!("\n  each also as .svg, all in {}", path.display()));
        if !terminal.shows_pictures() {
            terminal.line("  (this is no terminal that shows colours: no previews)");
        }
        Ok(())
    }

    fn preview(&self, drawings: Vec<(&Ad, Vec<u8>)>) -> Result<(), DemoError> {
        if !self.terminal.shows_pictures() {
            return Ok(());
        }
        let drawing = |(ad, svg): (&Ad, Vec<u8>)| {
            let svg = String::from_utf8(svg).map_err(|_| DemoError::NotText(ad.name.clone()))?;
            Ok(Drawing { svg, size: ad.size })
        };
        let drawings: Vec<Drawing> =
            drawings.into_iter().map(drawing).collect::<Result<_, DemoError>>()?;
        for line in preview::draw(&drawings, self.terminal)? {
            self.terminal.line(line);
        }
        self.terminal.line("");
        Ok(())
    }

    fn tell_files(&self, page: &Page, files: &[(PathBuf, usize)]) {
        let widest = files.iter().map(|(path, _)| path.display().to_string().chars().count());
        let widest = widest.max().unwrap_or_default();
        for (ad, (path, bytes)) in page.ads.iter().zip(files) {
            let (width, height) = ad.size;
            let size = format!("{width} × {height}");
            let headline = ad.headline.as_deref().unwrap_or_default();
            let kilobytes = bytes.div_ceil(1_000);
            let path = format!("{:<widest$}", path.display());
            self.terminal
                .line(format_args!("  {path}  {size:>11}  {kilobytes:>4} kB  “{headline}”"));
        }
        for warning in &page.warnings {
            let note = format!("note: {warning}");
            self.terminal.line(format_args!("  {}", self.terminal.faint(note)));
        }
    }

    fn tell_next(&self, ad_job: &str) {
        self.terminal.line(format_args!("\n{}\n", self.terminal.bold("What to try next")));
        let Self { base, key, url, .. } = self;
        if self.keep {
            self.terminal.line(Made { base, key, url, ad_job }.while_it_runs());
        } else {
            self.terminal.line(next::when_it_is_gone().trim_end());
        }
    }
}

/// Why a run did not complete: its first step that failed by itself.
fn failure(run: &Value) -> DemoError {
    let steps = run["steps"].as_array().map(Vec::as_slice).unwrap_or_default();
    let failed = steps.iter().find(|step| step["status"] == "failed");
    failed.map_or(DemoError::Cancelled, |step| DemoError::Failed {
        step: text(step, "id"),
        code: text(step, "error_code"),
        log: text(step, "error"),
    })
}

/// A member that is text; empty where it is not.
fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_default().to_owned()
}
