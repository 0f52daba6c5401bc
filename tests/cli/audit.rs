//! `tidemill audit`, beside a running server and without one.

use serde_json::Value;

use crate::process::{Place, err, out};

#[test]
fn changes_are_shown_beside_a_server_and_without_one() {
    let place = Place::new();
    assert!(place.run(&["keys", "create", "--org", "acme", "--name", "ci"]).status.success());
    let shown = |words: &[&str]| {
        let output = place.run(words);
        assert!(output.status.success(), "{}", err(&output));
        out(&output)
    };
    let alone = shown(&["audit"]);
    assert!(alone.contains("\tkey.created\tkey \"ci\" "), "{alone}");
    assert!(alone.contains("\torg.created\torg \"acme\" ") && alone.contains("\tby local\t"));
    let json = shown(&["audit", "--json", "--action", "key.created"]);
    let server = place.serve();
    // What the server finds is what a command finds: to the letter.
    assert!(shown(&["audit", "--json", "--action", "key.created"]).ends_with(&json));
    assert!(place.run(&["orgs", "rename", "acme", "apex"]).status.success());
    let newest = shown(&["audit", "--limit", "1", "--after", "1h"]);
    assert!(newest.contains("\torg.renamed\torg \"apex\" "), "{newest}");
    assert!(newest.ends_with("\twas: acme\n") && newest.lines().count() == 1, "{newest}");
    let entry: Value = shown(&["audit", "--json", "--limit", "1"]).parse().expect("JSON");
    assert_eq!((&entry["actor"]["type"], &entry["address"]), (&"local".into(), &Value::Null));
    assert!(entry["request_id"].as_str().is_some_and(|id| id.starts_with("req_pi_")));
    assert_eq!(shown(&["audit", "--before", "1h"]), "");
    drop(server);
    assert_eq!(shown(&["audit", "--limit", "1", "--after", "1h"]), newest);
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let place = Place::new();
    assert!(place.run(&["keys", "create"]).status.success());
    for (words, message) in [
        (["audit", "--action", "key.stolen"], "--action: no action `key.stolen` is told"),
        (["audit", "--key", "pi_live_x"], "--key: give an id"),
        (["audit", "--after", "yesterday"], "--after: `yesterday` is neither a moment"),
    ] {
        let refused = place.run(&words);
        assert!(!refused.status.success() && err(&refused).contains(message), "{}", err(&refused));
    }
}
