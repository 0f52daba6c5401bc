//! `tidemill projects` and `tidemill import`, beside a running server and without one.

use std::process::Output;

use crate::process::{Place, Server, err, out};

/// A place with a folder of one decision record, and with a server if `is_served`.
fn place(is_served: bool) -> (Place, Option<Server>) {
    let place = Place::new();
    let folder = place.path().join("docs/decisions");
    std::fs::create_dir_all(&folder).expect("a folder");
    let record = "# 1. Use the tide\n\nStatus: accepted\n\nIt is free.\n";
    std::fs::write(folder.join("0001-tide.md"), record).expect("a file");
    let server = is_served.then(|| place.serve());
    (place, server)
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", err(output));
    out(output)
}

#[test]
fn a_project_is_made_once_listed_filled_and_removed() {
    for is_served in [false, true] {
        let (place, _server) = place(is_served);
        let run = |words: &[&str]| place.run(words);
        said(&run(&["projects", "add", "mill"]));
        let listed = said(&run(&["projects", "list"]));
        assert!(listed.starts_with("default\tmill\tMILL\t") && listed.ends_with("\t-\n"));
        said(&run(&["projects", "add", "mill"]));
        assert_eq!(said(&run(&["projects", "list"])), listed, "the same project");

        let import = ["import", "markdown", "docs", "--project", "mill"];
        assert_eq!(said(&run(&import)), "1 new, 0 changed, 0 skipped, 0 refused\n");
        assert_eq!(said(&run(&import)), "0 new, 0 changed, 1 skipped, 0 refused\n");
        let nowhere = run(&["import", "markdown", "docs", "--project", "weir"]);
        assert!(!nowhere.status.success());
        assert!(err(&nowhere).contains("tidemill projects add weir"), "{}", err(&nowhere));

        let no_repository = run(&["projects", "add", "weir", "--repo", "docs"]);
        assert!(!no_repository.status.success());
        assert!(err(&no_repository).contains("no git repository"), "{}", err(&no_repository));
        assert_eq!(said(&run(&["projects", "list"])), listed, "none was made");
        assert!(err(&run(&["projects", "remove", "mill"])).contains("add --yes"));
        said(&run(&["projects", "remove", "mill", "--yes"]));
        assert_eq!(said(&run(&["projects", "list"])), "");
        assert!(!run(&["projects", "remove", "mill", "--yes"]).status.success());
    }
}
