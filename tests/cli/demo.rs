//! `tidemill demo`: what a newcomer sees first.

use crate::process::{Place, err, out};

#[test]
fn the_demo_shows_the_shops_brand_and_leaves_nothing_behind() {
    let place = Place::new();
    let output = place.run(&["demo"]);
    let text = out(&output);
    assert!(output.status.success(), "{text}{}", err(&output));
    for part in [
        "queued",
        "completed",
        "Morrow & Finch",
        "“Tea worth waking up for”",
        "#1F4D3A  primary",
        "#FBF6EC  background",
        "Iowan Old Style",
        "/assets/",
        "What to try next",
        "curl",
    ] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
    // Nobody looks at a terminal here.
    assert!(!text.contains('\u{1b}'));
    let left = std::fs::read_dir(place.path()).expect("readable").count();
    assert_eq!(left, 0, "the temporary data directory is gone");
}

#[test]
fn a_demo_that_fails_says_why_and_exits_so() {
    let place = Place::new();
    // Loopback, but not the demo's own site: exactly that one is allowed.
    let output = place.run(&["demo", "--url", "http://127.0.0.1:9/"]);
    assert!(!output.status.success());
    let message = err(&output);
    assert!(message.contains("the demo failed: the job failed with `fetch_refused`"), "{message}");
}
