//! Test reports in the XML that `JUnit` began and every test runner writes.

use roxmltree::{Document, Node, ParsingOptions};

use crate::domain::activity::{Check, Event, EventSource, Facts, Outcome};
use crate::domain::clock::Timestamp;
use crate::sources::SourceError;
use crate::sources::export::Intake;
use crate::sources::export::files::Files;
use crate::sources::export::record::{event, moment};

/// Elements of one report, tests and their output together.
const MAX_NODES: u32 = 2_000_000;

pub(super) fn read(files: &mut Files, intake: &mut Intake<'_, '_>) -> Result<(), SourceError> {
    for name in files.names(&["xml"]) {
        let changed_at = files.changed_at(&name);
        let text = match files.text(&name) {
            Ok(text) => text,
            Err(reason) => {
                intake.refuse(&name, &reason);
                continue;
            }
        };
        // A document type could define entities that grow without end: none is allowed.
        let options =
            ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..Default::default() };
        let document = match Document::parse_with_options(&text, options) {
            Ok(document) => document,
            Err(error) => {
                intake.refuse(&name, &error.to_string());
                continue;
            }
        };
        let suites: Vec<Node<'_, '_>> = document
            .descendants()
            .filter(|node| node.has_tag_name("testsuite"))
            .filter(|node| node.children().any(|child| child.has_tag_name("testcase")))
            .collect();
        if suites.is_empty() {
            intake.refuse(&name, "it has no `testsuite` with tests");
        }
        for suite in suites {
            let check = check(suite, &name, changed_at, intake);
            intake.take(&name, check)?;
        }
    }
    Ok(())
}

fn check(
    suite: Node<'_, '_>,
    file: &str,
    changed_at: Option<Timestamp>,
    intake: &Intake<'_, '_>,
) -> Result<Event, String> {
    let inherited = |attribute: &str| {
        suite.ancestors().find_map(|node| node.attribute(attribute)).map(str::trim)
    };
    let at = inherited("timestamp").and_then(moment).or(changed_at);
    let at = at.ok_or("`timestamp` is missing, and the file's own date is not known")?;
    let name = suite.attribute("name").filter(|name| !name.is_empty()).unwrap_or(file).to_owned();
    let (mut passed, mut failures) = (0_u32, Vec::new());
    for test in suite.children().filter(|node| node.has_tag_name("testcase")) {
        let has = |name: &str| test.children().any(|child| child.has_tag_name(name));
        if has("failure") || has("error") {
            let class = test.attribute("classname").filter(|class| !class.is_empty());
            let own = test.attribute("name").unwrap_or_default();
            failures.push(class.map_or_else(|| own.to_owned(), |class| format!("{class}::{own}")));
        } else if !has("skipped") {
            passed = passed.saturating_add(1);
        }
    }
    let failed = u32::try_from(failures.len()).unwrap_or(u32::MAX);
    let outcome = if failed > 0 { Outcome::Failed } else { Outcome::Passed };
    let external_id = format!("junit/{name}@{}", at.iso());
    let mut event = event(intake.project, EventSource::GIT, &external_id, "check", at);
    event.title = if failed > 0 {
        format!("{name}: {failed} of {} tests failed", passed.saturating_add(failed))
    } else {
        format!("{name}: {passed} tests passed")
    };
    event.facts = Facts::Check(Check { name, outcome, sha: None, passed, failed, failures });
    Ok(event)
}
