//! A Chromium under the command of a test, by way of `chromedriver` and the `WebDriver` protocol.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Browsers at work at one time: each takes a core and some hundred megabytes.
static BROWSERS: std::sync::LazyLock<Arc<Semaphore>> =
    std::sync::LazyLock::new(|| Arc::new(Semaphore::new(1)));

/// How long something may take to show. A test ends when it shows; this is for when it never does.
const PATIENCE_MS: u64 = 20_000;

/// The variable that makes a missing browser a failure.
const REQUIRED: &str = "TIDEMILL_BROWSER";

/// What keeps the browser quiet, and lets it run where there is neither a screen nor a sandbox.
const ARGUMENTS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1280,900",
];

/// A browser with one window. Dropped, it ends.
pub(super) struct Chrome {
    driver: Child,
    http: reqwest::Client,
    session: String,
    _profile: TempDir,
    _turn: OwnedSemaphorePermit,
}

impl Chrome {
    /// Starts one when its turn comes; `None`, with a word on stderr, where there is none.
    pub(super) async fn start() -> Option<Self> {
        let Some(program) = find("chromedriver") else {
            let required = std::env::var_os(REQUIRED).is_some_and(|word| word == "required");
            assert!(!required, "{REQUIRED}=required, and there is no `chromedriver`");
            eprintln!("SKIPPED: there is no `chromedriver`; `./test` installs it");
            return None;
        };
        let turn = Arc::clone(&BROWSERS).acquire_owned().await.expect("never closed");
        let profile = tempfile::tempdir().expect("a directory");
        let port = free_port();
        let driver = Command::new(program)
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        // A second call finds the first one's.
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let base = format!("http://127.0.0.1:{port}");
        while http.get(format!("{base}/status")).send().await.is_err() {
            tokio::task::yield_now().await;
        }
        let mut arguments: Vec<String> = ARGUMENTS.map(str::to_owned).to_vec();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
            "timeouts": {"script": PATIENCE_MS + 5_000},
        }}});
        let made = http.post(format!("{base}/session")).json(&wanted).send().await;
        let made: Value = made.expect("an answer").json().await.expect("JSON");
        let id = made["value"]["sessionId"].as_str().unwrap_or_else(|| panic!("{made}"));
        let session = format!("{base}/session/{id}");
        Some(Self { driver, http, session, _profile: profile, _turn: turn })
    }

    /// Opens an address.
    pub(super) async fn open(&self, url: &str) {
        self.command("url", json!({ "url": url })).await;
    }

    /// Runs a script's body and gives what it returns.
    pub(super) async fn run(&self, script: &str) -> Value {
        self.command("execute/sync", json!({ "script": script, "args": [] })).await
    }

    /// Returns when an element fits the selector.
    pub(super) async fn see(&self, selector: &str) {
        self.until(&format!("document.querySelector({})", quoted(selector))).await;
    }

    /// Returns when the text stands in an element that fits the selector.
    pub(super) async fn read(&self, selector: &str, text: &str) {
        let condition = format!(
            "[...document.querySelectorAll({})].some(e => e.textContent.includes({}))",
            quoted(selector),
            quoted(text)
        );
        self.until(&condition).await;
    }

    /// Returns when the expression is true. The page itself waits, frame by frame.
    pub(super) async fn until(&self, condition: &str) {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             const end = Date.now() + {PATIENCE_MS};
             const look = () => {{
               let holds = false;
               try {{ holds = Boolean({condition}); }} catch {{}}
               if (holds || Date.now() > end) return done(holds);
               setTimeout(look, 20);
             }};
             look();"
        );
        let body = json!({ "script": script, "args": [] });
        if self.command("execute/async", body).await != json!(true) {
            self.picture("never-came").await;
            let text = self.run("return location.href + '\\n' + document.body.innerText").await;
            panic!(
                "`{condition}` never came; the page says\n{}",
                text.as_str().unwrap_or_default()
            );
        }
    }

    /// Clicks with the mouse on the first element that fits.
    pub(super) async fn click(&self, selector: &str) {
        self.see(selector).await;
        let element = self.element(selector).await;
        self.command(&format!("element/{element}/click"), json!({})).await;
    }

    /// Types into a field.
    pub(super) async fn type_into(&self, selector: &str, text: &str) {
        self.see(selector).await;
        let element = self.element(selector).await;
        self.command(&format!("element/{element}/value"), json!({ "text": text })).await;
    }

    /// Presses keys one after the other, wherever the focus is.
    pub(super) async fn press(&self, keys: &[&str]) {
        let strokes: Vec<Value> = keys
            .iter()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key })))
            .collect();
        let actions = json!({ "actions": [{ "type": "key", "id": "keys", "actions": strokes }] });
        self.command("actions", actions).await;
    }

    /// Opens another tab and turns to it, so that the one before is hidden.
    pub(super) async fn another_tab(&self) -> String {
        let made = self.command("window/new", json!({ "type": "tab" })).await;
        let handle = made["handle"].as_str().expect("a handle").to_owned();
        self.turn_to(&handle).await;
        handle
    }

    /// Turns to a tab.
    pub(super) async fn turn_to(&self, handle: &str) {
        self.command("window", json!({ "handle": handle })).await;
    }

    /// Tells the browser something that `WebDriver` has no word for.
    pub(super) async fn tell(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.command("goog/cdp/execute", body).await
    }

    /// Pretends to a screen of this size.
    pub(super) async fn screen(&self, width: u32, height: u32) {
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
        });
        self.tell("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Pretends that the person wants it dark, or light.
    pub(super) async fn scheme(&self, word: &str) {
        let feature = json!({ "name": "prefers-color-scheme", "value": word });
        self.tell("Emulation.setEmulatedMedia", json!({ "features": [feature] })).await;
    }

    /// Keeps a picture of the whole page.
    pub(super) async fn picture(&self, name: &str) {
        let bytes = self.shot(true).await;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/browser");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join(format!("{name}.png")), bytes).expect("a file");
    }

    /// The window as it is, as a PNG.
    pub(super) async fn window(&self) -> Vec<u8> {
        self.shot(false).await
    }

    async fn shot(&self, whole: bool) -> Vec<u8> {
        let wanted = json!({ "captureBeyondViewport": whole, "format": "png" });
        let shot = self.tell("Page.captureScreenshot", wanted).await;
        STANDARD.decode(shot["data"].as_str().expect("a picture")).expect("base64")
    }

    /// What scripts and the page's policy complained of.
    pub(super) async fn complaints(&self) -> Vec<String> {
        let log = self.command("se/log", json!({ "type": "browser" })).await;
        let lines = log.as_array().into_iter().flatten();
        let text = |line: &Value| line["message"].as_str().unwrap_or_default().to_owned();
        // An answer that says no is part of the conversation.
        lines.map(text).filter(|line| !line.contains("Failed to load resource")).collect()
    }

    async fn element(&self, selector: &str) -> String {
        let wanted = json!({ "using": "css selector", "value": selector });
        let found = self.command("element", wanted).await;
        let mut ids = found.as_object().into_iter().flatten();
        ids.next().and_then(|(_, id)| id.as_str()).expect("an element").to_owned()
    }

    async fn command(&self, path: &str, body: Value) -> Value {
        let url = format!("{}/{path}", self.session);
        let answer = self.http.post(url).json(&body).send().await.expect("the driver answers");
        let well = answer.status().is_success();
        let answer: Value = answer.json().await.expect("JSON");
        assert!(well, "{path}: {}", answer["value"]["message"]);
        answer["value"].clone()
    }
}

impl Drop for Chrome {
    fn drop(&mut self) {
        // The driver takes its browser along when it is asked to go, and not when it is killed.
        let session = self.session.clone();
        let ask = move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(reqwest::Client::new().delete(session).send()).ok()
        };
        drop(std::thread::spawn(ask).join());
        drop(self.driver.kill());
        drop(self.driver.wait());
    }
}

fn quoted(text: &str) -> String {
    json!(text).to_string()
}

/// A program on the path.
fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
