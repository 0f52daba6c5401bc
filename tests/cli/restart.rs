//! Remote workers and a server that is killed while they hold leases: never two results, and
//! never none.

use std::net::TcpListener;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::own::{Client, place, serve};
use crate::process::{Place, Server};

/// A place with one remote action, whose leases hold so long.
fn place_with(lease: &str) -> Place {
    place(&format!("[actions.\"far.render\"]\nremote = true\n[workers]\nlease = \"{lease}\"\n"))
}

/// A server with a claimed job: what the claim gave.
fn claimed(place: &Place) -> (Server, Client, Value) {
    // Both servers must be where the worker looks.
    let listen = TcpListener::bind(("127.0.0.1", 0)).expect("a port").local_addr();
    let listen = listen.expect("an address").to_string();
    let mut server = serve(place, &listen);
    let client = Client { address: listen, key: server.first_key() };
    client.post("/api/v1/jobs", &json!({"action": "far.render", "input": {"page": 1}}));
    let claimed = claim(&client);
    (server, client, claimed)
}

fn claim(client: &Client) -> Value {
    let body = json!({"actions": ["far.render"], "wait_seconds": 30});
    let answer = client.post("/api/v1/workers/claim", &body);
    assert!(answer["data"]["data"][0].is_object(), "{answer}");
    answer["data"]["data"][0].clone()
}

/// Sends `body` to a route of the claimed job's lease.
fn send(client: &Client, claimed: &Value, route: &str, body: &Value) -> Value {
    let lease = claimed["lease"].as_str().expect("a lease");
    client.post(&format!("/api/v1/workers/leases/{lease}/{route}"), body)
}

fn job_of(client: &Client, claimed: &Value) -> Value {
    let id = claimed["job"]["id"].as_str().expect("an id");
    client.get(&format!("/api/v1/jobs/{id}?include=attempts"))["data"].clone()
}

#[test]
fn a_lease_that_holds_outlives_the_server() {
    let place = place_with("1h");
    let (server, client, held) = claimed(&place);
    send(&client, &held, "log", &json!({"lines": [{"message": "before"}]}));
    assert!(!server.end_with(Signal::KILL));
    let _server = serve(&place, &client.address);
    let renewed = send(&client, &held, "renew", &json!({"progress": 0.5}));
    assert_eq!(renewed["data"]["state"], "held", "{renewed}");
    let nobody = json!({"actions": ["far.render"], "wait_seconds": 0});
    assert_eq!(client.post("/api/v1/workers/claim", &nobody)["data"]["data"], json!([]));
    let done = send(&client, &held, "finish", &json!({"result": {"by": "the first"}}));
    assert_eq!(done["data"]["status"], "completed", "{done}");
    let job = job_of(&client, &held);
    assert_eq!((&job["job_result"]["by"], &job["attempt"]), (&json!("the first"), &json!(1)));
    let again = send(&client, &held, "finish", &json!({"result": {"by": "nobody"}}));
    assert_eq!(again["error"]["code"], "lease_lost");
}

#[test]
fn a_lease_that_ran_out_meanwhile_is_another_s_and_the_first_is_refused() {
    let place = place_with("3s");
    let (server, client, first) = claimed(&place);
    assert!(!server.end_with(Signal::KILL));
    let _server = serve(&place, &client.address);
    // It waits until the lease has run out.
    let second = claim(&client);
    assert_eq!((&second["job"]["id"], &second["job"]["attempt"]), (&first["job"]["id"], &json!(2)));
    assert_eq!(send(&client, &first, "renew", &json!({}))["data"]["state"], "lost");
    for (route, body) in [
        ("finish", json!({"result": {"by": "the first"}})),
        ("fail", json!({"message": "late"})),
        ("log", json!({"lines": [{"message": "late"}]})),
        ("assets?name=late", json!({})),
    ] {
        let late = send(&client, &first, route, &body);
        assert_eq!(late["error"]["code"], "lease_lost", "{route}: {late}");
    }
    send(&client, &second, "renew", &json!({}));
    let done = send(&client, &second, "finish", &json!({"result": {"by": "the second"}}));
    assert_eq!(done["data"]["status"], "completed", "{done}");
    let job = job_of(&client, &second);
    assert_eq!(job["job_result"]["by"], "the second");
    let outcomes: Vec<_> = job["attempts"].as_array().expect("a list").iter().collect();
    let outcomes: Vec<_> = outcomes.iter().map(|attempt| &attempt["outcome"]).collect();
    assert_eq!(outcomes, [&json!("lost"), &json!("completed")], "{job}");
}
