//! Ads: one picture with and without a photograph, six formats in one job, a localization, the
//! memory of a 4K picture, and what drawing does to those who only read.

use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::client::{Answer, Connection, get, job_id, post};
use crate::server::Tidemill;
use crate::{percentile, report};

/// Pictures a figure; each has a prompt of its own.
const ROUNDS: usize = 15;

/// Reads of a job a measurement of their delay.
const READS: usize = 2_000;

/// Jobs that draw while a job is read: more than there are cores, all the time.
const DRAWING: usize = 6;

/// Measures all of it on one server.
pub(crate) async fn measure() {
    let tidemill = Tidemill::start();
    let mut desk = Desk::open(&tidemill).await;
    // The first picture decodes the fonts.
    desk.made("campaigns/generate", &brief(0, json!({}))).await;
    let plain = desk.median("campaigns/generate", |round| brief(round, json!({}))).await;
    report("an ad of 1080 × 1080, no photo", &format!("p50 {plain:.0} ms"), "≤ 120 ms");
    let photo = photo();
    let with_photo = |round| brief(round, json!({ "reference_images": [photo] }));
    let pictured = desk.median("campaigns/generate", with_photo).await;
    report("an ad of 1080 × 1080 with a photo", &format!("p50 {pictured:.0} ms"), "≤ 180 ms");
    let formats = ["square", "portrait_4x5", "story", "landscape", "wide", "pin"];
    let six = |round| brief(round, json!({ "output": { "formats": formats } }));
    let six = desk.median("campaigns/generate", six).await;
    report("six formats in one job", &format!("p50 {six:.0} ms"), "≤ 1,000 ms");
    localization(&mut desk).await;
    delay_of_reads(&tidemill, &mut desk).await;
    memory().await;
}

/// A client that makes pictures and waits for them.
struct Desk {
    connection: Connection,
    key: String,
}

impl Desk {
    async fn open(tidemill: &Tidemill) -> Self {
        let connection = Connection::open(tidemill.process.port).await.expect("a connection");
        Self { connection, key: tidemill.key.clone() }
    }

    async fn ask(&mut self, request: &[u8]) -> Answer {
        self.connection.ask(request).await.expect("an answer")
    }

    /// Submits a job; its id.
    async fn submitted(&mut self, route: &str, body: &Value) -> String {
        let request = post(&format!("/api/v1/{route}"), &self.key, &body.to_string());
        let answer = self.ask(&request).await;
        assert_eq!(answer.status, 202, "{}", String::from_utf8_lossy(&answer.body));
        job_id(&answer)
    }

    /// Waits until a job is completed.
    async fn completed(&mut self, job: &str) {
        let path = format!("/api/v1/jobs/{job}?wait_for_completion=true&fields=status,error_log");
        let answer = self.ask(&get(&path, &self.key.clone())).await;
        let text = String::from_utf8_lossy(&answer.body);
        assert!(text.contains(r#""status":"completed""#), "{text}");
    }

    /// Has a job done; its id.
    async fn made(&mut self, route: &str, body: &Value) -> String {
        let job = self.submitted(route, body).await;
        self.completed(&job).await;
        job
    }

    /// The median time in ms of a job from its POST to the long-poll's answer.
    async fn median(&mut self, route: &str, body: impl Fn(usize) -> Value) -> f64 {
        let mut times = Vec::new();
        for round in 1..=ROUNDS {
            let body = body(round);
            let began = Instant::now();
            self.made(route, &body).await;
            times.push(began.elapsed().as_secs_f64() * 1e3);
        }
        percentile(&mut times, 0.5)
    }
}

async fn localization(desk: &mut Desk) {
    let source = desk.made("campaigns/generate", &brief(1, json!({}))).await;
    let languages = ["fr", "de", "ar", "ja", "es"];
    let localized = |round: usize| {
        json!({
            "source_job_id": source,
            "target_culture": "urban",
            "target_language": languages[round % languages.len()],
        })
    };
    let localized = desk.median("campaigns/localize-ad", localized).await;
    report("a localization", &format!("p50 {localized:.0} ms"), "≤ 150 ms");
}

/// How long a read of a job takes on an idle server, and while every core draws.
async fn delay_of_reads(tidemill: &Tidemill, desk: &mut Desk) {
    let job = desk.made("campaigns/generate", &brief(2, json!({}))).await;
    let read = get(&format!("/api/v1/jobs/{job}?fields=status"), &desk.key);
    let idle = p99(desk, &read, READS).await;
    let mut drawing = Desk::open(tidemill).await;
    let mut waiting = std::collections::VecDeque::new();
    let mut delays = Vec::new();
    let wide = json!({ "output": { "resolution": "2K" } });
    for round in 0..ROUNDS * 4 {
        while waiting.len() < DRAWING {
            let body = brief(100 + round + waiting.len(), wide.clone());
            waiting.push_back(drawing.submitted("campaigns/generate", &body).await);
        }
        delays.push(p99(desk, &read, READS / 20).await);
        let oldest = waiting.pop_front().expect("as many as are drawing");
        drawing.completed(&oldest).await;
    }
    for job in waiting {
        drawing.completed(&job).await;
    }
    let busy = percentile(&mut delays, 0.5);
    report(
        "p99 of a read while every core draws",
        &format!("{busy:.2} ms = {:.1} × {idle:.2} ms", busy / idle),
        "≤ 3 × idle",
    );
}

async fn p99(desk: &mut Desk, request: &[u8], reads: usize) -> f64 {
    let mut times = Vec::with_capacity(reads);
    for _ in 0..reads {
        let began = Instant::now();
        let answer = desk.ask(request).await;
        assert_eq!(answer.status, 200);
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    percentile(&mut times, 0.99)
}

/// What a 4K picture adds to the most memory that a fresh server ever had.
async fn memory() {
    let tidemill = Tidemill::start();
    let mut desk = Desk::open(&tidemill).await;
    let before = tidemill.process.peak();
    let large = json!({ "output": { "resolution": "4K" }, "reference_images": [photo()] });
    desk.made("campaigns/generate", &brief(3, large)).await;
    #[expect(clippy::cast_precision_loss, reason = "megabytes")]
    let grown = (tidemill.process.peak() - before) as f64 / 1_048_576.0;
    report("memory that a 4K picture takes at its peak", &format!("{grown:.0} MiB"), "≤ 250 MiB");
}

/// A request for an ad of an invented brand.
fn brief(round: usize, more: Value) -> Value {
    let mut body = json!({
        "prompt": format!("Launch the spring collection, number {round}"),
        "brand_identity_json": {
            "name": "Harbour & Pine",
            "tagline": "Rooms that breathe",
            "colors": { "primary": "#12355B", "accent": "#F2A541", "background": "#FBFAF7" },
        },
    });
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    body
}

/// A JPEG of 1080 × 720, as a data URL: soft hills under a sky, with grain.
fn photo() -> String {
    let mut grain = 7_u32;
    let picture = image::RgbImage::from_fn(1080, 720, |x, y| {
        grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let hill = 380 + 60 * u32::from((x / 90 + 1) % 3 == 0) + x / 12;
        let light = u8::try_from(y * 200 / 720 + (grain >> 28)).unwrap_or(u8::MAX);
        if y > hill {
            image::Rgb([40, light / 2 + 60, 70])
        } else {
            image::Rgb([light, light, 230])
        }
    });
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 88);
    picture.write_with_encoder(encoder).expect("a JPEG of pixels in memory");
    format!("data:image/jpeg;base64,{}", STANDARD.encode(bytes))
}
