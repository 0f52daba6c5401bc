//! Starting a peer, and the models that ask it.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tidemill::domain::clock::Clock;
use tidemill::model::{
    Allowance, ContentRules, CopyRequest, ImageOptions, Language, Model, ModelOptions, ModelParts,
    Place, Slot, TextOptions,
};
use tidemill::outbound::{Outbound, OutboundOptions};
use tidemill::telemetry::Metrics;
use url::Url;

/// A server of somebody else's. It ends with the test.
pub(crate) struct Peer {
    child: Child,
    pub(crate) base: Url,
    pub(crate) dir: TempDir,
}

/// The file of a peer below `TIDEMILL_PEERS`; `None`, with a line that says so, when it is not
/// there.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let found = std::env::var_os("TIDEMILL_PEERS").map(|peers| PathBuf::from(peers).join(name));
    let found = found.filter(|path| path.exists());
    if found.is_none() {
        eprintln!("skipped: there is no `{name}` below $TIDEMILL_PEERS; run ./test --peers");
    }
    found
}

/// Starts a server that prints its base URL.
pub(crate) fn start(command: &mut Command, dir: TempDir) -> Peer {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the peer starts");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let base = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let start = line.find("http://")?;
        line[start..].split_whitespace().next()?.parse::<Url>().ok()
    });
    let base = base.expect("the peer says where it is");
    Peer { child, base, dir }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Peer {
    /// Models that ask this peer, and keep nothing.
    pub(crate) fn model(&self) -> Model {
        let place = Place {
            base_url: self.base.join("/v1").expect("a URL"),
            secret: None,
            model: "tiny".to_owned(),
            connect_timeout: Duration::from_secs(3),
            timeout: Duration::from_secs(90),
            concurrency: 1,
        };
        let allowance = Allowance { calls: 6, tokens: 100_000, time: Duration::from_mins(5) };
        let options = ModelOptions {
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
                sizes: vec![(64, 64)],
                send_response_format: false,
                allow_url_results: false,
                allowance,
            }),
            cache_bytes: 0,
        };
        let parts = ModelParts {
            outbound: Outbound::new(OutboundOptions::default()),
            cache: self.dir.path().join("models"),
            clock: Clock::system(),
            metrics: Arc::new(Metrics::default()),
        };
        Model::open(options, parts).expect("the models open")
    }
}

pub(crate) fn request() -> CopyRequest {
    let slot = |name: &str, most| Slot { name: name.to_owned(), most, source: None };
    CopyRequest {
        brief: "Spring tea".to_owned(),
        language: Language { tag: "fr-FR".to_owned(), register: "formal".to_owned() },
        slots: vec![slot("headline", 48), slot("subline", 90), slot("cta", 15)],
        facts: vec![("name".to_owned(), "Harvest Lane".to_owned())],
        rules: ContentRules { scripts: vec!["Latn".to_owned()], ..ContentRules::default() },
    }
}

/// Runs a future to its end.
pub(crate) fn drive<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(future)
}
