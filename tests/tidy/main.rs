//! The house rules that no compiler holds: which room may import which, sizes, names, dead SQL.
//!
//! Each rule is a function from source text to complaints, and each is shown small bad inputs
//! beside the whole tree, so that a rule which sees nothing would be noticed.

mod attributes;
mod links;
mod metrics;
mod names;
mod pages;
mod paths;
mod rooms;
mod routes;
mod sizes;
mod source;
mod sql;

use source::{Source, tree};

/// Runs a rule over every Rust file and fails with all its complaints.
fn hold(rule: impl Fn(&Source) -> Vec<String>) {
    let sources = tree("rs");
    assert!(sources.len() > 50, "the tree was not found");
    let complaints: Vec<String> = sources.iter().flat_map(rule).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn rooms_import_only_what_they_may() {
    hold(rooms::check);
}

#[test]
fn files_functions_and_lines_are_short() {
    hold(sizes::check);
}

#[test]
fn every_file_says_what_it_is_for() {
    hold(sizes::check_head);
}

#[test]
fn names_say_a_thing_or_a_deed() {
    hold(names::check);
}

#[test]
fn exceptions_have_reasons_and_unsafe_its_files() {
    hold(attributes::check);
}

#[test]
fn tests_never_sleep() {
    hold(attributes::check_sleep);
}

#[test]
fn every_statement_is_used_and_every_used_one_is_there() {
    let complaints = sql::check(&tree("rs"), &tree("sql"));
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn the_dashboard_is_light_and_shows_text_as_text() {
    let files: Vec<Source> = ["js", "css", "html", "svg"].into_iter().flat_map(tree).collect();
    let files: Vec<Source> =
        files.into_iter().filter(|file| file.path.starts_with("static/")).collect();
    assert!(files.len() > 20, "the dashboard was not found");
    let mut complaints: Vec<String> = files.iter().flat_map(pages::check).collect();
    complaints.extend(pages::check_weight(&files));
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn documents_link_to_what_is_there() {
    let complaints: Vec<String> = tree("md").iter().flat_map(links::check).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn every_metric_is_explained_to_operators() {
    let complaints = metrics::check(
        &source::read("src/telemetry/exposition.rs"),
        &source::read("docs/operations.md"),
    );
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn every_route_says_who_may_call_it_and_the_document_agrees() {
    let complaints = routes::check(
        &source::read("src/http/routes.rs"),
        &tree("rs"),
        &source::read("docs/api.md"),
    );
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}
