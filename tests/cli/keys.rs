//! `tidemill keys` and `tidemill orgs`, beside a running server and without one.

use crate::process::{Place, Server, err, out};
use crate::wire::get;

/// The answer to a simple question with the key.
fn status(server: &Server, key: &str) -> u16 {
    get(&server.address, "/api/v1/jobs", key).0
}

#[test]
fn only_the_key_goes_to_standard_output() {
    let place = Place::new();
    let alone = place.run(&["keys", "create", "--name", "ci"]);
    let server = place.serve();
    let beside = place.run(&["keys", "create", "--org", "north", "--scopes", "read"]);
    for output in [alone, beside] {
        let text = out(&output);
        let key = text.strip_suffix('\n').expect("one line");
        assert!(key.starts_with("pi_live_") && !key.contains(char::is_whitespace), "{text}");
        assert_eq!(status(&server, key), 200);
    }
    let other = place.run(&["keys", "create", "--dialect", "flowrelay"]);
    assert!(out(&other).starts_with("fr_"), "{}", err(&other));
}

#[test]
fn a_key_revoked_beside_the_server_is_refused_from_the_next_request_on() {
    let place = Place::new();
    let server = place.serve();
    let key = out(&place.run(&["keys", "create", "--name", "doomed"]));
    let key = key.trim();
    // The key is known to the server's memory before it is revoked.
    assert_eq!(status(&server, key), 200);
    let list = out(&place.run(&["keys", "list"]));
    let row = list.lines().find(|line| line.contains("\tdoomed\t")).expect("listed");
    let id = row.split('\t').next().expect("an id");
    let revoked = place.run(&["keys", "revoke", id]);
    assert!(revoked.status.success(), "{}", err(&revoked));
    assert_eq!(status(&server, key), 401);
    assert!(out(&place.run(&["keys", "list"])).contains("revoked"));
}

#[test]
fn a_key_is_replaced_while_both_work() {
    let place = Place::new();
    let server = place.serve();
    let create = ["keys", "create", "--org", "acme", "--name", "deploy", "--scopes", "read,work"];
    let old = out(&place.run(&create));
    let row = |name: &str| {
        let list = out(&place.run(&["keys", "list", "--org", "acme"]));
        let rows = list.lines().filter(|line| line.contains(name)).map(str::to_owned);
        rows.collect::<Vec<_>>()
    };
    let id = row("deploy")[0].split('\t').next().expect("an id").to_owned();
    let rotated = place.run(&["keys", "rotate", &id]);
    assert!(err(&rotated).contains(&format!("`tidemill keys revoke {id}`")), "{}", err(&rotated));
    let next = out(&rotated);
    assert!(next.starts_with("pi_live_") && next != old);
    for key in [&old, &next] {
        assert_eq!(status(&server, key.trim()), 200);
    }
    assert!(row("\tdeploy\t").iter().all(|row| row.contains("\tacme\tdeploy\tread,work\t")));
    assert_eq!(row("\tdeploy\t").len(), 2);
    assert!(place.run(&["keys", "revoke", &id]).status.success());
    assert_eq!((status(&server, old.trim()), status(&server, next.trim())), (401, 200));
    let again = place.run(&["keys", "rotate", &id]);
    assert!(!again.status.success() && err(&again).contains("was revoked"), "{}", err(&again));
    let relay = out(&place.run(&["keys", "create", "--org", "relay", "--dialect", "flowrelay"]));
    assert!(relay.starts_with("fr_"));
    let list = out(&place.run(&["keys", "list", "--org", "relay"]));
    let id = list.split('\t').next().expect("an id");
    assert!(out(&place.run(&["keys", "rotate", id])).starts_with("fr_"));
}

#[test]
fn what_cannot_be_is_refused_with_what_could() {
    let place = Place::new();
    let refused = |words: &[&str], message: &str| {
        let output = place.run(words);
        assert!(!output.status.success(), "{words:?}");
        assert!(err(&output).contains(message), "{}", err(&output));
        assert_eq!(out(&output), "");
    };
    refused(&["keys", "create", "--scopes", "read,fly"], "no scope `fly`");
    refused(&["keys", "revoke", "pi_live_abc"], "keys list");
    refused(&["keys", "list"], "no data directory at ");
    refused(&["orgs", "delete", "default"], "--yes");
    assert!(place.run(&["keys", "create"]).status.success());
    refused(&["keys", "list", "--org", "nobody"], "no organization `nobody`");
    let _server = place.serve();
    refused(&["keys", "list", "--org", "nobody"], "no organization `nobody`");
    refused(&["orgs", "rename", "nobody", "x"], "no organization `nobody`");
}

#[test]
fn a_key_for_every_organization_is_a_workers_and_opens_nothing_else() {
    let place = Place::new();
    let create = |scopes| place.run(&["keys", "create", "--org", "*", "--scopes", scopes]);
    let too_far = create("read,work");
    assert!(!too_far.status.success());
    assert!(err(&too_far).contains("--scopes: a key for every organization"), "{}", err(&too_far));
    let alone = out(&create("work"));
    let server = place.serve();
    let beside = out(&create("work"));
    assert!(!create("operator").status.success());
    for key in [alone.trim(), beside.trim()] {
        for path in
            ["/api/v1/jobs", "/api/v1/brands", "/api/v1/actions", "/api/v1/keys", "/metrics"]
        {
            let (status, answer) = get(&server.address, path, key);
            assert_eq!(status, 403, "{path}: {answer}");
            assert!(answer.contains(r#""code":"insufficient_scope""#), "{answer}");
        }
    }
    let list = out(&place.run(&["keys", "list"]));
    let row = list.lines().find(|line| line.contains("\t*\t")).expect("listed");
    let id = row.split('\t').next().expect("an id");
    assert!(place.run(&["keys", "revoke", id]).status.success());
    assert!(out(&place.run(&["orgs", "list"])).lines().all(|line| !line.starts_with('*')));
    assert!(!place.run(&["orgs", "rename", "default", "*"]).status.success());
}

#[test]
fn organizations_are_renamed_and_deleted_beside_the_server() {
    let place = Place::new();
    let server = place.serve();
    let key = out(&place.run(&["keys", "create", "--org", "50% a+b/c"]));
    assert!(place.run(&["orgs", "rename", "50% a+b/c", "north & south"]).status.success());
    assert!(out(&place.run(&["orgs", "list"])).contains("north & south\t"));
    assert_eq!(status(&server, key.trim()), 200);
    let deleted = place.run(&["orgs", "delete", "north & south", "--yes"]);
    assert!(deleted.status.success(), "{}", err(&deleted));
    assert!(!out(&place.run(&["orgs", "list"])).contains("north"));
    assert_eq!(status(&server, key.trim()), 401);
}
