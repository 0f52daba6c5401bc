//! A mock that others wrote of the protocols, with faults on demand.

use std::io::Cursor;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::json;
use tidemill::model::{EmptyArea, PictureRequest, Reason, Words};

use crate::model::{drive, model, request};
use crate::peer::{self, Peer, set_chaos};

fn mock() -> Option<Peer> {
    let variant = json!({"headline": "Le printemps", "subline": "Du thé", "cta": "Commander"});
    peer::mock(&json!([
        {
            "match": {"endpoint": "chat"},
            "response": {"content": json!({"variants": [variant]}).to_string()},
        },
        {
            "match": {"endpoint": "image"},
            "response": {"image": {"b64Json": STANDARD.encode(picture())}},
        },
    ]))
}

fn picture() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let shade = |at: u32| u8::try_from(at * 4).unwrap_or(255);
    RgbImage::from_fn(64, 64, |x, y| Rgb([shade(x), 90, shade(y)]))
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("memory takes all");
    bytes.into_inner()
}

/// What comes of one question, and how many calls it took.
fn ask(peer: &Peer) -> (Result<String, Reason>, u32) {
    let mut session = model(peer).session(1, Duration::from_mins(1));
    let answer = drive(session.copy(&request(), &mut |_: &Words| Ok(())));
    (answer.map(|answer| answer.words["headline"].clone()), session.used().calls)
}

#[test]
#[ignore = "needs a server that ./test --peers fetches"]
fn words_and_pictures_come_by_the_protocol() {
    let Some(peer) = mock() else { return };
    assert_eq!(ask(&peer), (Ok("Le printemps".to_owned()), 1));
    let request = PictureRequest {
        subject: "a cup of tea".to_owned(),
        style: "photograph".to_owned(),
        light: "morning light".to_owned(),
        empty: EmptyArea::Left,
        size: (1, 1),
    };
    let mut session = model(&peer).session(1, Duration::from_mins(1));
    let answer = drive(session.picture(&request)).expect("a picture");
    assert_eq!((answer.size, session.used().calls), ((64, 64), 1));
}

#[test]
#[ignore = "needs a server that ./test --peers fetches"]
fn faults_end_in_their_reasons() {
    let Some(peer) = mock() else { return };
    for (rate, reason, calls) in [
        ("rateLimitRate", Reason::Throttled, 3),
        ("dropRate", Reason::ServerFailed, 2),
        ("malformedRate", Reason::ServerFailed, 2),
        ("disconnectRate", Reason::Unreachable, 2),
    ] {
        let mut rates = json!({
            "rateLimitRate": 0, "dropRate": 0, "malformedRate": 0, "disconnectRate": 0,
        });
        rates[rate] = json!(1);
        set_chaos(&peer, &rates);
        assert_eq!(ask(&peer), (Err(reason), calls), "{rate}");
    }
}
