//! The models that ask a peer, and what they are asked.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tidemill::domain::clock::Clock;
use tidemill::model::{
    Allowance, ContentRules, CopyRequest, ImageOptions, Language, Model, ModelOptions, ModelParts,
    Place, Slot, TextOptions,
};
use tidemill::outbound::{Outbound, OutboundOptions};
use tidemill::telemetry::Metrics;

use crate::peer::Peer;

/// Models that ask a peer, and keep nothing.
pub(crate) fn model(peer: &Peer) -> Model {
    let place = Place {
        base_url: peer.base.join("/v1").expect("a URL"),
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
        cache: PathBuf::new(),
        clock: Clock::system(),
        metrics: Arc::new(Metrics::default()),
    };
    Model::open(options, parts).expect("the models open")
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
