//! What the command line teaches.

use crate::process::{Place, out};

#[test]
fn help_shows_the_commands_and_what_to_type() {
    let output = Place::new().run(&["--help"]);
    assert!(output.status.success());
    insta::assert_snapshot!(out(&output));
}

#[test]
fn a_commands_help_ends_with_examples_that_one_can_type() {
    let output = Place::new().run(&["keys", "create", "--help"]);
    let text = out(&output);
    let (options, examples) = text.split_once("\nExamples:\n").expect("examples");
    assert!(options.contains("--scopes <LIST>"), "{text}");
    assert!(examples.contains("tidemill keys create --name deploy"), "{text}");
}
