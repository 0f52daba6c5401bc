//! One extraction of a page of 100 KB with five style sheets, served from loopback.

use std::fmt::Write as _;
use std::time::Instant;

use actix_web::{App, HttpResponse, HttpServer, web};

use crate::client::{Connection, get, job_id, post};
use crate::server::Tidemill;
use crate::{percentile, report};

/// Extractions; each of the same site, which updates the same brand.
const ROUNDS: usize = 21;

/// From the POST to the long-poll's answer.
pub(crate) async fn measure() {
    let server = HttpServer::new(|| {
        App::new()
            .route("/", web::get().to(async || html(page())))
            .route("/{sheet}.css", web::get().to(async |name: web::Path<u32>| css(*name)))
    })
    .workers(1)
    .disable_signals()
    .bind(("127.0.0.1", 0))
    .expect("a port");
    let port = server.addrs()[0].port();
    let serving = server.run();
    let stop = serving.handle();
    let site = std::thread::spawn(move || actix_web::rt::System::new().block_on(serving));
    let tidemill = Tidemill::start();
    let mut connection = Connection::open(tidemill.process.port).await.expect("a connection");
    let body = format!(r#"{{"url":"http://127.0.0.1:{port}/"}}"#);
    let submit = post("/api/v1/brands/extract", &tidemill.key, &body);
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let answer = connection.ask(&submit).await.expect("an answer");
        assert_eq!(answer.status, 202, "{}", String::from_utf8_lossy(&answer.body));
        let path = format!("/api/v1/jobs/{}?wait_for_completion=true", job_id(&answer));
        let answer = connection.ask(&get(&path, &tidemill.key)).await.expect("an answer");
        let text = String::from_utf8_lossy(&answer.body);
        assert!(text.contains(r#""status":"completed""#), "{text}");
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    stop.stop(false).await;
    drop(site.join());
    let p50 = percentile(&mut times, 0.5);
    report(
        "one extraction, 100 KB page, five style sheets",
        &format!("p50 {p50:.1} ms"),
        "≤ 60 ms",
    );
}

fn html(body: String) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(body)
}

fn css(number: u32) -> HttpResponse {
    let mut sheet = String::new();
    for rule in 0..300 {
        let _ = writeln!(
            sheet,
            ".s{number} .c{rule} > a.btn:hover, .card-{rule} > .c{rule} {{ color: #1{:02x}5a3; \
             margin: {rule}px; background: linear-gradient(#fff, #0{:02x}); }}",
            rule % 256,
            rule % 256
        );
    }
    HttpResponse::Ok().content_type("text/css").body(sheet)
}

fn page() -> String {
    let mut page = String::from(
        "<!doctype html><html lang=en><head><title>Harbour Bakery | Bread by the sea</title>\
         <meta name=description content='A bakery at the harbour.'>",
    );
    for sheet in 1..=5 {
        let _ = write!(page, "<link rel=stylesheet href='/{sheet}.css'>");
    }
    page.push_str(
        "<style>:root{--brand:#1b5a8c}body{background:#fffaf2;color:#222;font-family:Georgia}\
         .btn{background:var(--brand);color:#fff}</style></head><body><header>\
         <a href='/' class=logo>Harbour Bakery</a></header><main><h1>Bread by the sea</h1>\
         <a class='btn btn-primary' href='/order'>Order now</a>",
    );
    let mut number = 0;
    while page.len() < 100_000 {
        number += 1;
        let _ = write!(
            page,
            "<section class='s{} card-{number}'><h2 class=c{number}>Loaf number {number}</h2>\
             <p class=c{}>Baked before dawn, sold before noon, never the day after.</p></section>",
            number % 5,
            number % 300
        );
    }
    page.push_str("</main></body></html>");
    page
}
