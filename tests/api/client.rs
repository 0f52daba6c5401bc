//! A client as a user would write one.

use std::str::FromStr as _;

use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::reference;

/// Speaks to one server with one key.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) base: String,
    pub(crate) key: Option<String>,
    http: reqwest::Client,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    /// The body as JSON; `Null` when it is none.
    pub(crate) body: Value,
}

impl Client {
    pub(crate) fn new(base: &str, key: Option<&str>) -> Self {
        // A second call finds the first one's.
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { base: base.to_owned(), key: key.map(str::to_owned), http }
    }

    /// The same client with another key.
    pub(crate) fn with_key(&self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self.clone() }
    }

    /// The same client without a key.
    pub(crate) fn without_key(&self) -> Self {
        Self { key: None, ..self.clone() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[], None).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, &[], None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask(Method::POST, path, &[], Some(body.to_string().into_bytes())).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.ask(Method::PATCH, path, &[], Some(body.to_string().into_bytes())).await
    }

    pub(crate) async fn read_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask(Method::GET, path, headers, None).await
    }

    pub(crate) async fn post_with(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        self.ask(Method::POST, path, headers, Some(body.to_string().into_bytes())).await
    }

    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Answer {
        let response = self.send(method.clone(), path, headers, body).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.expect("a whole body").to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let answer = Answer { status, headers, bytes, body };
        reference::check(&method, path, &answer);
        answer
    }

    /// Sends a request and returns when the head of the answer is there.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> reqwest::Response {
        let mut all = HeaderMap::new();
        if let Some(key) = &self.key {
            let value = format!("Bearer {key}").parse().expect("a header value");
            all.insert("authorization", value);
        }
        if body.is_some() {
            all.insert("content-type", HeaderValue::from_static("application/json"));
        }
        for (name, value) in headers {
            let name = HeaderName::from_str(name).expect("a header name");
            all.insert(name, value.parse().expect("a header value"));
        }
        let url = format!("{}{path}", self.base);
        let request = self.http.request(method, url).headers(all).body(body.unwrap_or_default());
        request.send().await.expect("the server answers")
    }

    /// Posts a job and returns its id.
    pub(crate) async fn enqueue(&self, action: &str, input: Value) -> String {
        let body = serde_json::json!({ "action": action, "input": input });
        self.post("/api/v1/jobs", &body).await.accepted()
    }

    /// The job when it has ended.
    pub(crate) async fn ended(&self, id: &str) -> Value {
        let path = format!("/api/v1/jobs/{id}?wait_for_completion=true&timeout_seconds=30");
        let answer = self.get(&path).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        let data = answer.body["data"].clone();
        assert!(data["status"] == "completed" || data["status"] == "failed", "{data}");
        data
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The id of the job that a 202 promises.
    pub(crate) fn accepted(&self) -> String {
        assert_eq!(self.status, 202, "{}", self.body);
        self.body["data"]["job_id"].as_str().expect("a job id").to_owned()
    }

    /// The code of a refusal.
    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    /// The field at fault.
    pub(crate) fn param(&self) -> &str {
        self.body["error"]["param"].as_str().unwrap_or_default()
    }
}
