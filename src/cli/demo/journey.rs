//! One extraction, told as it happens: posted, queued, worked on, ended, and what came of it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::cli::demo::DemoError;
use crate::cli::demo::client::{ApiClient, ClientError};
use crate::cli::demo::portrait;
use crate::cli::terminal::Terminal;

/// How long the first question waits for the job's end, in seconds: short, so that states are seen
/// passing by. Each further one waits twice as long.
const FIRST_GLANCE: f64 = 0.01;

/// How long a question waits at the most.
const LONGEST_GLANCE: f64 = 1.0;

/// How long the demo waits in all: an extraction fails by itself long before.
const PATIENCE: Duration = Duration::from_mins(2);

/// What the demo does, and where.
pub(super) struct Journey<'a> {
    pub(super) base: &'a str,
    pub(super) key: &'a str,
    pub(super) url: &'a str,
    pub(super) keep: bool,
    pub(super) terminal: Terminal,
}

impl Journey<'_> {
    /// Extracts the brand of the site and prints everything.
    pub(super) async fn travel(&self) -> Result<(), DemoError> {
        let client = ApiClient::new(self.base, self.key)?;
        let terminal = self.terminal;
        terminal.line(format_args!("\nPOST /api/v1/brands/extract  {{\"url\": \"{}\"}}", self.url));
        let begun = Instant::now();
        let accepted = client.post("brands/extract", &json!({ "url": self.url })).await?;
        let path = "brands/extract".to_owned();
        let id = accepted["job_id"]
            .as_str()
            .ok_or(ClientError::Incomplete { path, member: "job_id" })?;
        self.tell(begun, "queued", "on disk; answered 202");
        let job = self.watch(&client, id, begun).await?;
        self.tell_steps(&job);
        let brand = &job["expanded"]["brand"];
        for line in portrait::draw(brand, terminal) {
            terminal.line(line);
        }
        self.tell_next(id, brand["id"].as_str().unwrap_or_default());
        Ok(())
    }

    /// Waits for the job's end and prints each change of state and phase.
    async fn watch(
        &self,
        client: &ApiClient,
        id: &str,
        begun: Instant,
    ) -> Result<Value, DemoError> {
        let mut glance = FIRST_GLANCE;
        let mut seen = ("queued".to_owned(), String::new());
        while begun.elapsed() < PATIENCE {
            let path = format!(
                "jobs/{id}?wait_for_completion=true&timeout_seconds={glance}\
                 &expand=brand&include=diagnostics"
            );
            let job = client.read(&path).await?;
            glance = (2.0 * glance).min(LONGEST_GLANCE);
            let status = job["status"].as_str().unwrap_or_default().to_owned();
            let phase = job["payload"]["phase"].as_str().unwrap_or_default().to_owned();
            let now = (status, phase);
            if now != seen && now.0 != "queued" {
                self.tell(begun, &now.0, if now.0 == now.1 { "" } else { &now.1 });
            }
            match now.0.as_str() {
                "completed" => return Ok(job),
                "failed" => {
                    let text = |member: &str| job[member].as_str().unwrap_or_default().to_owned();
                    return Err(DemoError::Failed {
                        code: text("error_code"),
                        log: text("error_log"),
                    });
                }
                _ => seen = now,
            }
        }
        Err(DemoError::Slow(PATIENCE.as_secs()))
    }

    fn tell(&self, begun: Instant, state: &str, what: &str) {
        let seconds = begun.elapsed().as_secs_f64();
        let padded = format!("{state:<11}");
        let state = match state {
            "completed" => self.terminal.green(padded),
            "failed" => self.terminal.red(padded),
            _ => self.terminal.bold(padded),
        };
        self.terminal
            .line(format_args!("  {seconds:>7.3} s  {state} {what}").to_string().trim_end());
    }

    /// What the attempt did, step by step, with the time that each took.
    fn tell_steps(&self, job: &Value) {
        for step in job["diagnostics"].as_array().into_iter().flatten() {
            let text = |member: &str| step[member].as_str().unwrap_or_default().to_owned();
            let took = step["duration_ms"].as_u64().unwrap_or_default();
            let line = format!("{took:>6} ms  {:<15}  {}", text("step"), text("detail"));
            self.terminal.line(format_args!("  {}", self.terminal.faint(line.trim_end())));
        }
    }

    fn tell_next(&self, job: &str, brand: &str) {
        self.terminal.line(format_args!("\n{}\n", self.terminal.bold("What to try next")));
        let template = if self.keep { NEXT_WHEN_KEPT } else { NEXT };
        let text = template
            .replace("{base}", self.base)
            .replace("{key}", self.key)
            .replace("{brand}", brand)
            .replace("{job}", job);
        self.terminal.line(text.trim_matches('\n'));
    }
}

/// What to try when the demo's server is gone.
const NEXT: &str = r#"
  tidemill demo --url https://www.rust-lang.org   # any site
  tidemill demo --keep                            # and leave the server running
  tidemill serve                                  # your own: prints a first key

  curl -sS "$BASE/api/v1/brands/extract" -H "Authorization: Bearer $API_KEY" \
    -H 'Content-Type: application/json' -d '{"url": "https://www.rust-lang.org"}'
  curl -sS "$BASE/api/v1/jobs/JOB_ID?wait_for_completion=true&expand=brand" \
    -H "Authorization: Bearer $API_KEY"
"#;

/// What to try while it runs.
const NEXT_WHEN_KEPT: &str = r#"
  export BASE={base}
  export API_KEY={key}

  curl -sS "$BASE/api/v1/brands/{brand}" -H "Authorization: Bearer $API_KEY"
  curl -sS "$BASE/api/v1/jobs/{job}?include=attempts,diagnostics" \
    -H "Authorization: Bearer $API_KEY"
  curl -sS "$BASE/api/v1/brands/extract" -H "Authorization: Bearer $API_KEY" \
    -H 'Content-Type: application/json' -d '{"url": "https://www.rust-lang.org"}'

The server goes on until Ctrl-C.
"#;
