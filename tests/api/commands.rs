//! The operator's own commands, as clients use them: what they take, give and say, and how they
//! are ended.

use std::time::Duration;

use serde_json::{Value, json};
use tidemill::actions::{CommandOptions, CustomLimits, CustomOptions, WorkOptions};
use tidemill::engine::AttemptPolicy;

use crate::runs::{self, start};
use crate::server::Server;

/// An action that runs a shell script of the operator's.
pub(crate) fn script(name: &str, script: &str) -> CustomOptions {
    command(name, &["sh", "-c", script])
}

/// An action that runs a command.
pub(crate) fn command(name: &str, words: &[&str]) -> CustomOptions {
    CustomOptions {
        name: name.to_owned(),
        summary: String::new(),
        input_schema: json!({"type": "object"}),
        result_schema: json!({"type": "object"}),
        policy: AttemptPolicy {
            attempt_timeout: Duration::from_secs(20),
            max_attempts: 1,
            ..AttemptPolicy::default()
        },
        work: WorkOptions::Command(CommandOptions {
            command: words.iter().map(|word| (*word).to_owned()).collect(),
            env: vec![("PATH".to_owned(), env!("PATH").to_owned())],
            working_dir: None,
            max_memory: None,
            max_processes: 32,
        }),
        limits: CustomLimits {
            output: 64 * 1024,
            log_lines: 20,
            log_bytes: 64 * 1024,
            assets: 3,
            asset_bytes: 64 * 1024,
        },
    }
}

fn server(actions: Vec<CustomOptions>) -> Server {
    Server::with(|settings| settings.own = actions)
}

/// The job of a script without input, when it has ended.
async fn outcome(own: CustomOptions) -> Value {
    let server = server(vec![own]);
    let id = server.client.enqueue("own.script", json!({})).await;
    server.client.ended(&id).await
}

/// The lines of a job's log.
async fn log(server: &Server, id: &str) -> Vec<String> {
    let lines = server.client.get(&format!("/api/v1/jobs/{id}/log?limit=1000")).await.body;
    let lines = lines["data"]["data"].as_array().expect("lines");
    lines.iter().map(|line| line["message"].as_str().expect("a message").to_owned()).collect()
}

/// Its error's code and text.
fn fault(job: &Value) -> (&str, &str) {
    let text = |name: &str| job[name].as_str().unwrap_or_default();
    (text("error_code"), text("error_log"))
}

#[tokio::test]
async fn a_script_reads_its_input_and_gives_result_lines_and_files() {
    let own = script(
        "own.script",
        r#"cat > "$TIDEMILL_ASSETS/input.json"
        mkdir "$TIDEMILL_ASSETS/more"; printf '%%PDF-1.7' > "$TIDEMILL_ASSETS/more/page.pdf"
        echo "attempt $TIDEMILL_ATTEMPT of $TIDEMILL_ACTION" >&2
        echo '{"progress": 0.5, "message": "half"}' >&3
        echo '{"progress": 0.6}' >&2
        printf 'no line end' >&2
        printf '{"job": "%s"}' "$TIDEMILL_JOB_ID""#,
    );
    let server = server(vec![own]);
    let id = server.client.enqueue("own.script", json!({"say": "größe"})).await;
    let job = server.client.ended(&id).await;
    assert_eq!(job["status"], "completed", "{job}");
    assert_eq!(
        (&job["job_result"]["job"], &job["job_result"]["type"]),
        (&json!(id), &json!("own.script"))
    );
    let mut lines = log(&server, &id).await;
    lines.sort();
    assert_eq!(lines, ["attempt 1 of own.script", "no line end"]);

    let files = job["job_result"]["assets"].as_array().expect("files");
    assert_eq!(
        (&files[0]["name"], &files[0]["mime_type"]),
        (&json!("input.json"), &json!("application/json"))
    );
    assert_eq!(
        (&files[1]["name"], &files[1]["mime_type"]),
        (&json!("more/page.pdf"), &json!("application/pdf"))
    );
    let url = files[0]["url"].as_str().expect("a URL").replace(&server.client.base, "");
    let file = server.client.without_key().get(&url).await;
    assert_eq!((file.status, file.body), (200, json!({"say": "größe"})));
    let with = server.client.get(&format!("/api/v1/jobs/{id}?include=assets")).await.body;
    assert_eq!(with["data"]["assets"].as_array().map(Vec::len), Some(2));
    let scratch = std::fs::read_dir(server.dir.path().join("scratch")).expect("it was made");
    assert_eq!(scratch.count(), 0, "nothing is left behind");
}

#[tokio::test]
async fn an_exit_status_decides_and_the_last_words_are_told() {
    let server = server(vec![
        script("own.fails", "echo out of tide >&2; exit 3"),
        CustomOptions {
            policy: AttemptPolicy {
                max_attempts: 2,
                backoff: vec![Duration::ZERO],
                ..AttemptPolicy::default()
            },
            ..script("own.again", r#"[ "$TIDEMILL_ATTEMPT" = 2 ] || exit 75"#)
        },
        script("own.chatty", "echo not json"),
        script("own.list", "echo '[1]'"),
        script("own.killed", "kill -9 $$"),
        command("own.missing", &["no-such-program-at-all"]),
        CustomOptions {
            result_schema: json!({"type": "object", "required": ["size"]}),
            ..script("own.empty", "true")
        },
    ]);
    let ended = async |action: &str| {
        let id = server.client.enqueue(action, json!({})).await;
        server.client.ended(&id).await
    };
    let job = ended("own.fails").await;
    assert_eq!(fault(&job).0, "command_failed");
    assert_eq!(fault(&job).1, "`sh` ended with status 3. Its last words:\nout of tide");
    let job = ended("own.again").await;
    assert_eq!((&job["status"], &job["attempt"]), (&json!("completed"), &json!(2)));
    assert_eq!(fault(&ended("own.chatty").await).0, "result_invalid");
    assert_eq!(fault(&ended("own.list").await).0, "result_invalid");
    let job = ended("own.killed").await;
    assert!(fault(&job).1.starts_with("`sh` was ended by signal 9."), "{job}");
    let job = ended("own.missing").await;
    assert!(fault(&job).1.contains("status 127") && fault(&job).1.contains("cannot run"), "{job}");
    let job = ended("own.empty").await;
    assert_eq!(fault(&job).0, "result_invalid");
    assert!(fault(&job).1.contains("`size` is required"), "{job}");
}

#[tokio::test]
async fn an_input_is_checked_on_every_way_in() {
    let own = CustomOptions {
        input_schema: json!({
            "type": "object",
            "properties": {
                "cuts": {"type": "array", "items": {"type": "integer"}},
                "name": {"type": "string"},
            },
            "required": ["name"],
            "additionalProperties": false,
        }),
        ..script("own.script", "cat >&2; echo '{\"name\": \"x\"}'")
    };
    let server = server(vec![own]);
    let post = async |input: Value| {
        let body = json!({"action": "own.script", "input": input});
        let answer = server.client.post("/api/v1/jobs", &body).await;
        (answer.status, answer.param().to_owned())
    };
    assert_eq!(post(json!({})).await, (400, "input.name".to_owned()));
    assert_eq!(
        post(json!({"name": "a", "cuts": [1, "2"]})).await,
        (400, "input.cuts[1]".to_owned())
    );
    assert_eq!(post(json!({"name": "a", "nmae": 1})).await, (400, "input.nmae".to_owned()));
    let bulk = json!([{"action": "own.script", "input": {"name": "a"}}, {"action": "own.script"}]);
    let bulk = server.client.post("/api/v1/jobs", &bulk).await.body["data"]["data"].clone();
    assert!(bulk[0]["job_id"].is_string(), "{bulk}");
    assert_eq!(bulk[1]["error"]["param"], "[1].input.name");

    let steps = |input: Value, map: Value| {
        json!([{"id": "a", "action": "own.script", "input": {"name": "a"}},
               {"id": "b", "action": "own.script", "depends_on": ["a"], "input": input,
                "input_map": map}])
    };
    let taken = json!({"name": "$steps.a.result.name"});
    let missing = json!({"steps": steps(json!({}), json!({}))});
    let answer = server.client.post(runs::RUNS, &missing).await;
    assert_eq!((answer.status, answer.param()), (400, "steps[1].input.name"));
    let id = start(&server.client, steps(json!({}), taken)).await;
    assert_eq!(runs::ended(&server.client, &id).await["status"], "completed");
    // What a step passes on is looked at before the work begins.
    let wrong = json!({"name": "$steps.a.result.job_id", "cuts": "$steps.a.result.name"});
    let id = start(&server.client, steps(json!({}), wrong)).await;
    let run = runs::ended(&server.client, &id).await;
    assert_eq!(run["status"], "failed");
    assert!(run["steps"][1]["error"].as_str().is_some_and(|error| error.contains("cuts")), "{run}");

    let shown = server.client.get("/api/v1/actions/own.script").await.body["data"].clone();
    assert_eq!(shown["input_schema"]["required"], json!(["name"]));
    let listed = server.client.get("/api/v1/actions").await.body["data"]["data"].clone();
    assert!(listed.as_array().expect("a list").iter().any(|own| own["name"] == "own.script"));
}

#[tokio::test]
async fn nothing_of_a_request_reaches_an_argument_unless_it_was_configured() {
    let print = r#"for a in "$@"; do echo "<$a>" >&2; done"#;
    let server = server(vec![command(
        "own.words",
        &["sh", "-c", print, "sh", "--size={input.size}", "{input.name}"],
    )]);
    let input = json!({"size": 4, "name": "$(id) `id`; id", "other": "--help"});
    let id = server.client.enqueue("own.words", input).await;
    server.client.ended(&id).await;
    assert_eq!(log(&server, &id).await, ["<--size=4>", "<$(id) `id`; id>"]);
    let option = json!({"action": "own.words", "input": {"size": 4, "name": "--exec"}});
    let answer = server.client.post("/api/v1/jobs", &option).await;
    assert_eq!((answer.status, answer.param()), (400, "input.name"));
}

#[tokio::test]
async fn ten_gigabytes_of_output_are_cut_off() {
    let job = outcome(script("own.script", "head -c 10000000000 /dev/zero")).await;
    assert_eq!(fault(&job).0, "output_too_large", "{job}");
    assert!(fault(&job).1.contains("max_output"));
}

#[tokio::test]
async fn an_endless_line_and_an_endless_log_take_no_more_than_their_room() {
    let server = server(vec![
        script("own.line", "head -c 50000000 /dev/zero | tr '\\0' x >&2; echo '{}'"),
        script("own.lines", "seq 1 5000 >&2; echo '{}'"),
    ]);
    let id = server.client.enqueue("own.line", json!({})).await;
    assert_eq!(server.client.ended(&id).await["status"], "completed");
    let lines = log(&server, &id).await;
    assert_eq!((lines.len(), lines[0].len()), (1, 4096));
    let id = server.client.enqueue("own.lines", json!({})).await;
    assert_eq!(server.client.ended(&id).await["status"], "completed");
    let lines = log(&server, &id).await;
    assert_eq!(lines.len(), 20);
    assert!(lines[18] == "19" && lines[19].contains("max_log_lines = 20"), "{lines:?}");
}

#[tokio::test]
async fn more_files_than_allowed_fail_the_job() {
    let job = outcome(script("own.script", "cd \"$TIDEMILL_ASSETS\"; touch 1 2 3 4")).await;
    assert_eq!(fault(&job).0, "too_many_assets", "{job}");
    let large = "head -c 100000 /dev/zero > \"$TIDEMILL_ASSETS/large\"";
    let job = outcome(script("own.script", large)).await;
    assert_eq!(fault(&job).0, "assets_too_large", "{job}");
}

#[tokio::test]
async fn more_processes_than_allowed_are_ended_all_of_them() {
    let job = outcome(script("own.script", "while :; do sleep 600 & done")).await;
    assert_eq!(fault(&job).0, "too_many_processes", "{job}");
}

#[tokio::test]
#[ignore = "takes what processes there are for a moment, and other tests need some"]
async fn a_fork_bomb_is_ended_with_all_its_processes() {
    let bomb = "b() { b | b & }; b; b; sleep 600";
    let job = outcome(script("own.script", bomb)).await;
    assert_eq!(fault(&job).0, "too_many_processes", "{job}");
}

/// Whether a process lives whose id a script told.
fn lives(id: &str) -> bool {
    std::path::Path::new("/proc").join(id.trim()).exists()
}

/// Ignores SIGTERM, as does a grandchild in a session of its own; each tells its id.
const STUBBORN: &str = r#"trap '' TERM
    (setsid sh -c 'trap "" TERM; echo $$ >&2; while :; do sleep 1; done' &) &
    echo $$ >&2; while :; do sleep 1; done"#;

#[tokio::test]
async fn who_ignores_the_end_of_its_time_is_killed_wherever_it_went() {
    let own = CustomOptions {
        policy: AttemptPolicy {
            attempt_timeout: Duration::from_secs(1),
            max_attempts: 1,
            ..AttemptPolicy::default()
        },
        ..script("own.script", STUBBORN)
    };
    let server = server(vec![own]);
    let id = server.client.enqueue("own.script", json!({})).await;
    let job = server.client.ended(&id).await;
    assert_eq!(fault(&job).0, "attempt_timed_out");
    let ids = log(&server, &id).await;
    assert_eq!(ids.len(), 2, "{ids:?}");
    assert!(!ids.iter().any(|id| lives(id)), "{ids:?}");
}

#[tokio::test]
async fn a_cancelled_command_ends() {
    let server = server(vec![script("own.script", "echo $$ >&2; exec sleep 600")]);
    let id = server.client.enqueue("own.script", json!({})).await;
    let mut lines = Vec::new();
    while lines.is_empty() {
        tokio::task::yield_now().await;
        lines = log(&server, &id).await;
    }
    assert!(lives(&lines[0]));
    let answer = server.client.post(&format!("/api/v1/jobs/{id}/cancel"), &json!({})).await;
    assert_eq!(answer.body["data"]["error_code"], "cancelled");
    while lives(&lines[0]) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_a_command_starts_and_leaves_ends_with_it() {
    let server = server(vec![script("own.script", "sleep 600 & echo $! >&2; echo '{}'")]);
    let id = server.client.enqueue("own.script", json!({})).await;
    assert_eq!(server.client.ended(&id).await["status"], "completed");
    assert!(!lives(&log(&server, &id).await[0]));
}

#[tokio::test]
async fn the_options_of_a_submission_hold() {
    let server = server(vec![script("own.script", "echo '{}'")]);
    let post = async |body: Value| server.client.post("/api/v1/jobs", &body).await;
    let body = json!({"action": "own.script", "delay_seconds": 3600, "priority": 2,
                      "max_attempts": 7, "unique_key": "once"});
    let id = post(body.clone()).await.accepted();
    let job = server.client.get(&format!("/api/v1/jobs/{id}")).await.body["data"].clone();
    assert_eq!(
        (&job["waiting_for"]["reason"], &job["max_attempts"]),
        (&json!("scheduled"), &json!(7))
    );
    assert_eq!(post(body).await.code(), "unique_job_exists");
    let slow = json!({"action": "own.script", "attempt_timeout_seconds": 0.0});
    assert_eq!(post(slow).await.param(), "attempt_timeout_seconds");
}
