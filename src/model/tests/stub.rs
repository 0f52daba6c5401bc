//! A server for models that answers from a script, and the models that ask it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::domain::clock::{Clock, Timestamp};
use crate::model::endpoint::Pauses;
use crate::model::{
    Allowance, ContentRules, CopyRequest, ImageOptions, Language, Model, ModelOptions, ModelParts,
    Place, Session, Slot, TextOptions,
};
use crate::outbound::loopback::{Asked, Site, listening, names};
use crate::outbound::rules::{Mode, Rules};
use crate::outbound::{Outbound, OutboundOptions, Secret};
use crate::telemetry::Metrics;

/// What a server says to one request.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) status: u16,
    pub(super) headers: &'static str,
    pub(super) body: Vec<u8>,
}

pub(super) fn said(status: u16, body: impl Into<Vec<u8>>) -> Said {
    Said { status, headers: "", body: body.into() }
}

/// A chat's answer.
pub(super) fn chat(content: &str) -> Said {
    finished(content, "stop")
}

pub(super) fn finished(content: &str, reason: &str) -> Said {
    let message = json!({"role": "assistant", "content": content});
    let body = json!({
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": {"prompt_tokens": 60, "completion_tokens": 40, "total_tokens": 100},
    });
    said(200, body.to_string())
}

/// A chat's answer with one variant.
pub(super) fn variant(headline: &str, cta: &str) -> Said {
    chat(&json!({"variants": [{"headline": headline, "cta": cta}]}).to_string())
}

impl Said {
    pub(super) fn with(self, headers: &'static str) -> Self {
        Self { headers, ..self }
    }

    fn bytes(&self) -> Vec<u8> {
        let Self { status, headers, body } = self;
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} So\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
        );
        [head.as_bytes(), body].concat()
    }
}

/// Models, the server that they ask, and everything that a test looks at.
pub(super) struct World {
    pub(super) model: Model,
    pub(super) site: Site,
    pub(super) metrics: Arc<Metrics>,
    pub(super) clock: Clock,
    pauses: Arc<Mutex<Vec<Duration>>>,
    dir: tempfile::TempDir,
    options: ModelOptions,
}

/// The server answers with each of `script` in turn, and then with the last for ever.
pub(super) fn world(script: Vec<Said>) -> World {
    with_options(script, |_| ())
}

pub(super) fn with_options(script: Vec<Said>, change: impl FnOnce(&mut ModelOptions)) -> World {
    let count = Mutex::new(0);
    let site = listening(move |_| {
        let mut count = count.lock().expect("no panic");
        let answer = script.get(*count).or(script.last()).expect("a script").bytes();
        *count += 1;
        answer
    });
    open(site, change)
}

/// The server answers as `answer` says.
pub(super) fn answering(answer: impl Fn(&Asked) -> Said + Send + 'static) -> World {
    open(listening(move |asked| answer(asked).bytes()), |_| ())
}

pub(super) fn open(site: Site, change: impl FnOnce(&mut ModelOptions)) -> World {
    let place = Place {
        base_url: site.url("/v1"),
        secret: Some(Secret::new("sk-neap")),
        model: "tide-1".to_owned(),
        connect_timeout: Duration::from_secs(3),
        timeout: Duration::from_secs(90),
        concurrency: 1,
    };
    let allowance = Allowance { calls: 6, tokens: 10_000, time: Duration::from_mins(10) };
    let mut options = ModelOptions {
        text: Some(TextOptions {
            place: place.clone(),
            form: None,
            reasoning_effort: None,
            thinking: true,
            max_tokens: 700,
            allowance,
        }),
        image: Some(ImageOptions {
            place,
            protocol: None,
            sizes: vec![(64, 64), (64, 96)],
            send_response_format: false,
            allow_url_results: false,
            allowance,
        }),
        cache_bytes: 1 << 20,
    };
    change(&mut options);
    let dir = tempfile::tempdir().expect("a directory");
    let clock = Clock::manual(Timestamp::from_ms(1_000));
    let (metrics, pauses) = (Arc::new(Metrics::default()), Arc::default());
    let model = opened(&options, &dir, &clock, &metrics, &pauses);
    World { model, site, metrics, clock, pauses, dir, options }
}

fn opened(
    options: &ModelOptions,
    dir: &tempfile::TempDir,
    clock: &Clock,
    metrics: &Arc<Metrics>,
    pauses: &Arc<Mutex<Vec<Duration>>>,
) -> Model {
    // Jobs may fetch nothing: the models' place is the operator's own.
    let rules = Rules::parse(Mode::Off, &[] as &[&str]).expect("no entries");
    let outbound = OutboundOptions { rules, resolver: names(&[]), ..OutboundOptions::default() };
    let parts = ModelParts {
        outbound: Outbound::new(outbound),
        cache: dir.path().join("models"),
        clock: clock.clone(),
        metrics: Arc::clone(metrics),
    };
    Model::open_with(options.clone(), parts, Pauses::Noted(Arc::clone(pauses))).expect("opens")
}

impl World {
    pub(super) fn session(&self) -> Session {
        self.model.session(7, Duration::from_mins(10))
    }

    /// The same models in a new process.
    pub(super) fn restarted(self) -> Self {
        let Self { site, metrics, clock, pauses, dir, options, .. } = self;
        let model = opened(&options, &dir, &clock, &metrics, &pauses);
        Self { model, site, metrics, clock, pauses, dir, options }
    }

    /// The bodies of the requests so far.
    pub(super) fn bodies(&self) -> Vec<Value> {
        let read = |asked: Asked| serde_json::from_str(&asked.body).unwrap_or(Value::Null);
        self.site.asked().into_iter().map(read).collect()
    }

    /// The pauses that were made so far.
    pub(super) fn pauses(&self) -> Vec<Duration> {
        self.pauses.lock().expect("no panic").clone()
    }

    /// The names and sizes of all files in the cache.
    pub(super) fn kept(&self) -> usize {
        let inside = |path| std::fs::read_dir(path).into_iter().flatten().flatten();
        inside(self.dir.path().join("models")).flat_map(|dir| inside(dir.path())).count()
    }
}

pub(super) fn slots() -> Vec<Slot> {
    let slot = |name: &str, most| Slot { name: name.to_owned(), most, source: None };
    vec![slot("headline", 40), slot("cta", 15)]
}

pub(super) fn request() -> CopyRequest {
    CopyRequest {
        brief: "Spring tea, 20 % off".to_owned(),
        language: Language { tag: "en-GB".to_owned(), register: "warm".to_owned() },
        slots: slots(),
        facts: vec![("name".to_owned(), "Harvest Lane".to_owned())],
        rules: ContentRules {
            scripts: vec!["Latn".to_owned()],
            allowed: vec!["20 % off".to_owned()],
            ..ContentRules::default()
        },
    }
}
