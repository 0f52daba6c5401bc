//! Brands: extracted, shown, edited, projected, deleted.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::server::Server;
use crate::site;

/// Extracts a brand from an uploaded mark; its id.
async fn uploaded(server: &Server) -> String {
    let logo = STANDARD.encode(site::mark([200, 30, 40, 255]));
    let body = json!({"logoBase64": logo});
    let answer = server.client.post("/api/v1/brands/extract", &body).await;
    let job = server.client.ended(&answer.accepted()).await;
    assert_eq!(job["status"], "completed", "{job}");
    job["payload"]["brand_id"].as_str().expect("a brand").to_owned()
}

#[tokio::test]
async fn from_post_to_the_waiting_client() {
    let server = Server::start();
    let address = site::serve(site::boat_builder());
    let body = json!({
        "url": format!("http://{address}/"),
        "client_reference_id": "boats",
        "location": {"country": "DE", "languages": ["en"]},
    });
    let id = server.client.post("/api/v1/brands/extract", &body).await.accepted();
    let path = format!(
        "/api/v1/jobs/{id}?wait_for_completion=true&timeout_seconds=30&expand=brand&include=assets"
    );
    let answer = server.client.get(&path).await;
    let job = &answer.body["data"];
    assert_eq!(job["status"], "completed", "{}", answer.body);
    assert_eq!(
        (&job["type"], &job["action"]),
        (&json!("brand_extraction"), &json!("brands.extract"))
    );
    let brand_id = job["payload"]["brand_id"].as_str().expect("an id");
    assert_eq!(job["result_url"], json!(format!("brands/{brand_id}")));
    let listed = server.client.get("/api/v1/jobs?type=brand_extraction").await.body;
    assert_eq!(listed["data"]["data"][0]["result_url"], job["result_url"]);
    assert_eq!(job["payload"]["input"]["client_reference_id"], "boats");
    let result = &job["job_result"];
    assert_eq!((&result["type"], &result["id"]), (&json!("brand"), &json!(brand_id)));
    let brand = &job["expanded"]["brand"];
    assert_eq!(&result["brand"], brand);
    assert_eq!(brand["domain"], json!(address.to_string()));
    assert_eq!((&brand["name"], &brand["primary_hex"]), (&json!("Kielwerk"), &json!("#0B5D7A")));
    assert_eq!(brand["brand_dna"]["color_palette"].as_array().map(Vec::len), Some(4));
    assert_eq!(brand["brand_dna"]["core_slogan"], "Boats that come home");
    assert!(brand["evidence"]["name"]["confidence"].is_number());
    let shown = server.client.get(&format!("/api/v1/brands/{brand_id}")).await;
    assert_eq!((&shown.body["object"], &shown.body["data"]), (&json!("brand"), brand));
    let logo = brand["logo_url"].as_str().expect("a logo");
    let path = logo.strip_prefix(&server.client.base).expect("a URL of this server");
    let file = server.client.without_key().get(path).await;
    assert_eq!((file.status, file.header("content-type")), (200, Some("image/png")));
}

#[tokio::test]
async fn a_translation_into_a_wanted_language_is_read_when_it_is_there() {
    let server = Server::start();
    let page = |language: &str, line: &str| {
        let text = format!("{line} ").repeat(30);
        let html = format!(
            "<html lang={language}><link rel=alternate hreflang=de href=/de/>\
             <link rel=alternate hreflang=fr href=/fr/><title>Kielwerk</title>\
             <p class=tagline>{line}</p><p>{text}</p>"
        );
        ("text/html; charset=utf-8", html.into_bytes())
    };
    let pages = site::Pages::from([
        ("/", page("en", "Boats that come home, whatever the weather")),
        ("/de/", page("de", "Boote, die heimkommen, bei jedem Wetter")),
    ]);
    let address = site::serve(pages);
    for (languages, language) in [(json!(["de-AT", "en"]), "de"), (json!(["fr"]), "en")] {
        let location = json!({ "languages": languages });
        let body = json!({"url": format!("http://{address}/"), "location": location});
        let id = server.client.post("/api/v1/brands/extract", &body).await.accepted();
        server.client.ended(&id).await;
        let path = format!("/api/v1/jobs/{id}?expand=brand");
        let brand = server.client.get(&path).await.body["data"]["expanded"]["brand"].clone();
        assert_eq!(brand["brand_dna"]["language"], language, "{brand}");
        assert_eq!(brand["domain"], json!(address.to_string()));
    }
}

#[tokio::test]
async fn the_same_domain_is_the_same_brand() {
    let server = Server::start();
    let address = site::serve(site::boat_builder());
    let body = json!({"url": format!("http://{address}/")});
    let mut ids = Vec::new();
    for _ in 0..2 {
        let answer = server.client.post("/api/v1/brands/extract", &body).await;
        let job = server.client.ended(&answer.accepted()).await;
        ids.push(job["payload"]["brand_id"].as_str().expect("an id").to_owned());
    }
    assert_eq!(ids[0], ids[1]);
    let list = server.client.get("/api/v1/brands").await.body;
    assert_eq!(list["data"]["total_count"], 1);
}

#[tokio::test]
async fn a_site_that_is_not_there_fails_and_says_what_to_correct() {
    let server = Server::start();
    let pages = site::Pages::from([("/", ("application/pdf", b"%PDF-1.7".to_vec()))]);
    let address = site::serve(pages);
    for (url, code) in [
        (format!("http://{address}/missing"), "site_error"),
        (format!("http://{address}/"), "site_not_html"),
        ("http://192.168.1.1/".to_owned(), "fetch_refused"),
    ] {
        let answer = server.client.post("/api/v1/brands/extract", &json!({"url": url})).await;
        let job = server.client.ended(&answer.accepted()).await;
        assert_eq!((&job["status"], &job["error_code"]), (&json!("failed"), &json!(code)), "{job}");
        assert!(job["error_log"].as_str().is_some_and(|text| text.len() > 20), "{job}");
        assert!(job["job_result"].is_null());
    }
    let list = server.client.get("/api/v1/brands").await.body;
    assert_eq!(list["data"]["total_count"], 0);
}

#[tokio::test]
async fn a_brand_is_made_of_uploads() {
    let server = Server::start();
    let id = uploaded(&server).await;
    let brand = server.client.get(&format!("/api/v1/brands/{id}")).await.body["data"].clone();
    let domain = brand["domain"].as_str().expect("a domain");
    assert!(domain.starts_with("upload-") && domain.len() == "upload-".len() + 12, "{domain}");
    assert!(brand["logo_url"].is_string() && brand["primary_hex"].is_string());
    let pictures = json!({"imagesBase64": [
        STANDARD.encode(site::mark([1, 90, 30, 255])),
        format!("data:image/png;base64,{}", STANDARD.encode(site::mark([9, 90, 90, 255]))),
    ]});
    let accepted = server.client.post("/api/v1/brands/extract", &pictures).await.accepted();
    server.client.ended(&accepted).await;
    let path = format!("/api/v1/jobs/{accepted}?include=assets");
    let job = server.client.get(&path).await.body["data"].clone();
    assert_eq!(job["payload"]["input"]["reference_image_count"], 2);
    assert!(!job.to_string().contains("iVBOR"), "no base64 in {job}");
    assert!(job["assets"].as_array().is_some_and(|files| files.len() >= 2), "{job}");
}

#[tokio::test]
async fn what_is_wrong_with_an_upload_is_named() {
    let server = Server::start();
    let png = STANDARD.encode(site::mark([0, 0, 0, 255]));
    let large = STANDARD.encode([b"\x89PNG\r\n\x1a\n".to_vec(), vec![0; 2_000_000]].concat());
    for (body, param) in [
        (json!({}), "url"),
        (json!({"fontBase64": "d09GMgAB"}), "url"),
        (json!({"url": 7}), "url"),
        (json!({"url": "javascript:alert(1)"}), "url"),
        (
            json!({"url": "https://example.org", "location": {"country": "Germany"}}),
            "location.country",
        ),
        (json!({"logoBase64": "%%%"}), "logoBase64"),
        (json!({"logoBase64": STANDARD.encode("<html>not a picture</html>")}), "logoBase64"),
        (json!({"logoBase64": large}), "logoBase64"),
        (json!({"imagesBase64": [png.clone(), 7]}), "imagesBase64[1]"),
        (json!({"imagesBase64": vec![png.clone(); 7]}), "imagesBase64"),
        (json!({"url": "https://example.org", "fontBase64": png.clone()}), "fontBase64"),
        (json!({"url": "https://example.org", "metadata": []}), "metadata"),
    ] {
        let answer = server.client.post("/api/v1/brands/extract", &body).await;
        assert_eq!((answer.status, answer.param()), (400, param), "{}", answer.body);
    }
    let inside = json!({"action": "brands.extract", "input": {"logoBase64": "%%%"}});
    let answer = server.client.post("/api/v1/jobs", &inside).await;
    assert_eq!((answer.status, answer.param()), (400, "input.logoBase64"));
    let inside = json!({"action": "brands.extract", "input": {"logoBase64": png}});
    let job = server.client.post("/api/v1/jobs", &inside).await.accepted();
    assert_eq!(server.client.ended(&job).await["status"], "completed");
}

#[tokio::test]
async fn brands_are_listed_by_name_and_with_what_is_asked_for() {
    let server = Server::start();
    let id = uploaded(&server).await;
    let name = json!({"name": "Mill & Sons"});
    server.client.patch(&format!("/api/v1/brands/{id}"), &name).await;
    let list = async |query: &str| {
        server.client.get(&format!("/api/v1/brands?{query}")).await.body["data"].clone()
    };
    let all = list("").await;
    assert_eq!((&all["total_count"], &all["has_more"]), (&json!(1), &json!(false)));
    assert!(all["data"][0].get("evidence").is_none());
    assert_eq!(list("query=mILL").await["total_count"], 1);
    assert_eq!(list("query=tide").await["data"], json!([]));
    assert_eq!(list("offset=1").await["data"], json!([]));
    let chosen = list("fields=name,evidence&expand=latest_job").await["data"][0].clone();
    let members: Vec<&String> = chosen.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["evidence", "expanded", "name"]);
    assert_eq!(chosen["expanded"]["latest_job"]["type"], "brand_extraction");
    let one = server.client.get(&format!("/api/v1/brands/{id}?fields=id&expand=latest_job")).await;
    let job = &one.body["data"]["expanded"]["latest_job"];
    assert_eq!((&one.body["data"]["id"], &job["payload"]["brand_id"]), (&json!(id), &json!(id)));
}

#[tokio::test]
async fn what_a_person_sets_is_kept_and_marked() {
    let server = Server::start();
    let address = site::serve(site::boat_builder());
    let extract = json!({"url": format!("http://{address}/")});
    let accepted = server.client.post("/api/v1/brands/extract", &extract).await.accepted();
    let job = server.client.ended(&accepted).await;
    let path = format!("/api/v1/brands/{}", job["payload"]["brand_id"].as_str().expect("an id"));
    let edit = json!({
        "name": "Kielwerk & Tochter",
        "tagline": "Home again",
        "colors": {"primary": "#aa0011", "accent": null},
        "fonts": {"heading": {"family": "Lora", "class": "serif", "weight": 700}},
        "logoBase64": STANDARD.encode(site::mark([170, 0, 17, 255])),
    });
    let edited = server.client.patch(&path, &edit).await.body["data"].clone();
    let as_set = |brand: &Value| {
        assert_eq!(
            (&brand["name"], &brand["primary_hex"]),
            (&json!("Kielwerk & Tochter"), &json!("#AA0011"))
        );
        assert_eq!(brand["brand_dna"]["core_slogan"], "Home again");
        assert_eq!(brand["brand_dna"]["fonts"]["heading"]["family"], "Lora");
        assert_eq!(brand["brand_dna"]["logo"]["source_url"], "upload");
        for field in ["name", "tagline", "colors.primary", "fonts.heading", "logo"] {
            assert_eq!(brand["evidence"][field]["set_by"], "person", "{field}");
        }
    };
    as_set(&edited);
    let again = server.client.post("/api/v1/brands/extract", &extract).await.accepted();
    server.client.ended(&again).await;
    as_set(&server.client.get(&path).await.body["data"]);
    for (body, param) in [
        (json!({"name": ""}), "name"),
        (json!({"colors": {"primary": "red"}}), "colors.primary"),
        (json!({"fonts": {"body": {}}}), "fonts.body.family"),
        (json!({"logoBase64": 7}), "logoBase64"),
        (json!({"logoBase64": STANDARD.encode(b"\x89PNG\r\n\x1a\ndamaged")}), "logoBase64"),
    ] {
        let answer = server.client.patch(&path, &body).await;
        assert_eq!((answer.status, answer.param()), (400, param), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_projection_is_the_whole_brand_without_a_model() {
    let server = Server::start();
    let id = uploaded(&server).await;
    let path = format!("/api/v1/brands/{id}/project");
    let answer = server.client.post(&path, &json!({"use_case": "a flyer"})).await;
    assert_eq!((answer.status, &answer.body["object"]), (200, &json!("brand.projection")));
    let data = &answer.body["data"];
    assert_eq!(
        (&data["use_case"], &data["payload"]["use_case"]),
        (&json!("a flyer"), &json!("a flyer"))
    );
    assert!(data["is_wildcard"].is_boolean());
    assert_eq!(data["payload"]["meta"]["source"], "deterministic_projection");
    let brand = server.client.get(&format!("/api/v1/brands/{id}")).await.body["data"].clone();
    let projection = &data["payload"]["brand_projection"];
    assert_eq!(projection["color_palette"], brand["brand_dna"]["color_palette"]);
    assert_eq!(projection["logo_url"], brand["logo_url"]);
    for body in [json!({}), json!({"use_case": ""})] {
        let refused = server.client.post(&path, &body).await;
        assert_eq!((refused.status, refused.param()), (400, "use_case"));
    }
}

#[tokio::test]
async fn a_brand_belongs_to_its_organization_and_can_be_deleted() {
    let server = Server::start();
    let id = uploaded(&server).await;
    let path = format!("/api/v1/brands/{id}");
    let stranger = server.stranger().await;
    for answer in [
        stranger.get(&path).await,
        stranger.delete(&path).await,
        stranger.patch(&path, &json!({"name": "Mine"})).await,
        stranger.post(&format!("{path}/project"), &json!({"use_case": "a flyer"})).await,
    ] {
        assert_eq!((answer.status, answer.code()), (404, "brand_not_found"));
    }
    let deleted = server.client.delete(&path).await;
    assert_eq!(deleted.body["data"], json!({"id": id, "deleted": true}));
    assert_eq!(server.client.get(&path).await.code(), "brand_not_found");
}

#[tokio::test]
async fn pages_that_are_no_site_fail_by_name_and_leave_the_brand_as_it_was() {
    let server = Server::start();
    let mut pages = site::boat_builder();
    let parked = "<!doctype html><title>kielwerk.example</title><h1>kielwerk.example</h1>\
        <p>This domain is for sale. Make an offer today.</p>";
    let challenge = "<!doctype html><title>Just a moment...</title><div id=challenge-form>\
        <p>Checking if the site connection is secure</p></div>\
        <script src=/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1></script>";
    for (path, page) in [("/sold", parked), ("/checked", challenge), ("/blank", "<p> </p>")] {
        pages.insert(path, ("text/html", page.as_bytes().to_vec()));
    }
    let address = site::serve(pages);
    let extract = async |path: &str| {
        let body = json!({"url": format!("http://{address}{path}")});
        let id = server.client.post("/api/v1/brands/extract", &body).await.accepted();
        server.client.ended(&id).await
    };
    let found = extract("/").await;
    let path = format!("/api/v1/{}", found["result_url"].as_str().expect("a brand"));
    let before = server.client.get(&path).await.body["data"].clone();
    for (path, code, word) in [
        ("/sold", "site_parked", "placeholder"),
        ("/checked", "site_blocked", "robots"),
        ("/blank", "site_empty", "empty"),
        ("/nowhere", "site_error", "404"),
    ] {
        let job = extract(path).await;
        assert_eq!((&job["status"], &job["error_code"]), (&json!("failed"), &json!(code)), "{job}");
        assert!(job["error_log"].as_str().is_some_and(|log| log.contains(word)), "{job}");
        assert_eq!((&job["job_result"], &job["attempt"]), (&Value::Null, &json!(1)));
    }
    assert_eq!(server.client.get(&path).await.body["data"], before);
}
