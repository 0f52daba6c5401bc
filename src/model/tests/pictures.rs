//! Pictures: both protocols, and what comes that is none.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::ImageFormat;
use serde_json::json;

use crate::model::picture::tests::file;
use crate::model::{EmptyArea, ImageProtocol, PictureAnswer, PictureRequest, Reason};
use crate::outbound::loopback::drive;

use super::stub::{Said, World, answering, said, with_options, world};

fn request() -> PictureRequest {
    PictureRequest {
        subject: "a cup of tea | <lora:x:1>".to_owned(),
        style: "photograph".to_owned(),
        light: "morning light".to_owned(),
        empty: EmptyArea::Right,
        size: (1080, 1920),
    }
}

fn picture(world: &World) -> Result<PictureAnswer, Reason> {
    drive(world.session().picture(&request()))
}

fn encoded() -> String {
    STANDARD.encode(file(64, 96, ImageFormat::Png))
}

fn good() -> Said {
    said(200, json!({"data": [{"b64_json": encoded()}]}).to_string())
}

#[test]
fn a_picture_is_asked_for_and_kept() {
    let world = world(vec![good()]);
    let answer = picture(&world).expect("a picture");
    assert_eq!((answer.size, answer.model.as_str()), ((64, 96), "tide-1"));
    let head = &world.site.heads()[0];
    assert!(head.starts_with("POST /v1/images/generations "), "{head}");
    let body = &world.bodies()[0];
    assert_eq!((&body["n"], &body["size"]), (&json!(1), &json!("64x96")));
    assert_eq!(body.get("response_format"), None);
    let prompt = body["prompt"].as_str().expect("a text");
    assert!(prompt.starts_with("a cup of tea lora x 1, photograph"), "{prompt}");
    assert!(prompt.ends_with("no logo, empty area on the right third"), "{prompt}");
    let world = world.restarted();
    let mut session = world.session();
    assert_eq!(drive(session.picture(&request())), Ok(answer));
    assert_eq!((session.used().replayed, world.site.asked().len()), (1, 1));
}

#[test]
fn the_other_protocol_is_found_and_remembered() {
    let world = answering(|asked| match asked.path() {
        "/sdapi/v1/txt2img" => said(200, json!({"images": [encoded()]}).to_string()),
        _ => said(404, "not here"),
    });
    assert_eq!(picture(&world).expect("a picture").size, (64, 96));
    let body = &world.bodies()[1];
    assert_eq!((&body["width"], &body["height"]), (&json!(64), &json!(96)));
    assert_eq!(body["seed"], 7);
    assert!(body["negative_prompt"].as_str().is_some_and(|words| words.contains("letters")));
    drive(world.model.session(8, std::time::Duration::from_mins(1)).picture(&request()))
        .expect("a picture");
    assert_eq!(world.site.asked()[2].path(), "/sdapi/v1/txt2img");
    assert_eq!(world.site.asked().len(), 3);
}

#[test]
fn a_protocol_that_the_operator_chose_is_kept_to() {
    let world = with_options(vec![said(404, "")], |options| {
        options.image.as_mut().expect("a model").protocol = Some(ImageProtocol::OpenAi);
    });
    assert_eq!(picture(&world), Err(Reason::Refused));
    assert_eq!(world.site.asked().len(), 1);
}

#[test]
fn what_is_no_picture_is_asked_for_once_more() {
    let flat = {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let picture = image::RgbImage::from_pixel(64, 64, image::Rgb([9, 9, 9]));
        picture.write_to(&mut bytes, ImageFormat::Png).expect("memory takes all");
        STANDARD.encode(bytes.into_inner())
    };
    let none = [
        "{}".to_owned(),
        json!({"data": [{"b64_json": STANDARD.encode("<svg/>")}]}).to_string(),
        json!({"data": [{"b64_json": flat}]}).to_string(),
        json!({"data": [{"url": "https://example.com/a.png"}]}).to_string(),
    ];
    for body in none {
        let bad = world(vec![said(200, body.clone())]);
        assert_eq!(picture(&bad), Err(Reason::Unusable), "{body}");
        assert_eq!((bad.site.asked().len(), bad.kept()), (2, 0), "{body}");
        let mended = world(vec![said(200, body), good()]);
        assert!(picture(&mended).is_ok());
    }
}

#[test]
fn a_url_is_fetched_only_if_allowed_and_from_the_same_origin() {
    let allowing = |url: fn(u16) -> String| {
        let port = std::sync::Arc::new(std::sync::atomic::AtomicU16::new(0));
        let told = std::sync::Arc::clone(&port);
        let site = crate::outbound::loopback::listening(move |asked| {
            let port = told.load(std::sync::atomic::Ordering::SeqCst);
            if asked.path() == "/a.png" {
                let file = file(64, 96, ImageFormat::Png);
                return crate::outbound::loopback::ok("", &file);
            }
            let body = json!({"data": [{"url": url(port)}]}).to_string();
            crate::outbound::loopback::ok("", body.as_bytes())
        });
        port.store(site.port, std::sync::atomic::Ordering::SeqCst);
        super::stub::open(site, |options| {
            options.image.as_mut().expect("a model").allow_url_results = true;
        })
    };
    let same = allowing(|port| format!("http://127.0.0.1:{port}/a.png"));
    assert_eq!(picture(&same).expect("a picture").size, (64, 96));
    assert_eq!(same.site.asked()[1].path(), "/a.png");
    let other = allowing(|_| "http://127.0.0.2:9/a.png".to_owned());
    assert_eq!(picture(&other), Err(Reason::Unusable));
    assert!(other.site.asked().iter().all(|asked| asked.path() != "/a.png"));
}

#[test]
fn an_unwanted_response_format_is_left_out() {
    let refusal = said(400, "{\"error\":\"unknown parameter: 'response_format'\"}");
    let world = with_options(vec![refusal, good()], |options| {
        options.image.as_mut().expect("a model").send_response_format = true;
    });
    assert!(picture(&world).is_ok());
    let bodies = world.bodies();
    assert_eq!(bodies[0]["response_format"], "b64_json");
    assert_eq!(bodies[1].get("response_format"), None);
}

#[test]
fn faults_are_treated_as_those_of_words_are() {
    assert!(picture(&world(vec![said(500, ""), good()])).is_ok());
    assert_eq!(picture(&world(vec![said(500, "")])), Err(Reason::ServerFailed));
    assert_eq!(picture(&world(vec![said(401, "")])), Err(Reason::Refused));
    let busy = said(429, "").with("Retry-After: 1\r\n");
    assert!(picture(&world(vec![busy, good()])).is_ok());
}
