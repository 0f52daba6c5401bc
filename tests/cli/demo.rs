//! `tidemill demo`: what a newcomer sees first, and the files that it leaves.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::process::{Place, Server, err, out};
use crate::site;

/// The files of a demo, and what the pictures measure.
const FILES: [(&str, [u32; 2]); 6] = [
    ("ad-square", [1080, 1080]),
    ("ad-story", [1080, 1920]),
    ("ad-landscape", [1200, 628]),
    ("ad-square-fr", [1080, 1080]),
    ("ad-square-ar", [1080, 1080]),
    ("ad-square-ja", [1080, 1080]),
];

/// What a plain `demo` printed, and where: one for all tests, because it takes a while.
pub(crate) fn plain() -> &'static (Place, String) {
    static DEMO: OnceLock<(Place, String)> = OnceLock::new();
    DEMO.get_or_init(|| {
        let place = Place::new();
        let output = place.run(&["demo"]);
        let text = out(&output);
        assert!(output.status.success(), "{text}{}", err(&output));
        (place, text)
    })
}

#[test]
fn the_demo_shows_the_shops_brand_and_every_step() {
    let (_, text) = plain();
    for part in [
        "POST /api/v1/runs, one request for 5 steps",
        "accepted",
        "extract_brand  completed",
        "Morrow & Finch",
        "“Tea worth waking up for”",
        "#1F4D3A  primary",
        "#FBF6EC  background",
        "Iowan Old Style",
        "/assets/",
        "generate_base  completed",
        "localize_fr    completed",
        "localize_ar    completed",
        "localize_ja    completed",
        "run            completed",
        "no previews",
        "What to try next",
        "make the headline shorter",
        "curl",
    ] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
    // Nobody looks at a terminal here.
    assert!(!text.contains(['\u{1b}', '▀']));
}

#[test]
fn the_demo_leaves_its_ads_and_nothing_else_behind() {
    let (place, text) = plain();
    let left: Vec<String> = names(place.path());
    assert_eq!(left, ["tidemill-demo-1"], "the temporary data directory is gone");
    let folder = place.path().join("tidemill-demo-1");
    let mut expected: Vec<String> =
        FILES.iter().flat_map(|(name, _)| [format!("{name}.png"), format!("{name}.svg")]).collect();
    expected.sort();
    assert_eq!(names(&folder), expected);
    for (name, size) in FILES {
        assert_eq!(png_size(&folder.join(format!("{name}.png"))), size, "{name}");
        assert!(text.contains(&format!("tidemill-demo-1/{name}.png")), "{name}");
    }
    let whole = folder.canonicalize().expect("there");
    assert!(text.contains(&whole.display().to_string()), "{text}");
}

#[test]
fn the_localized_drawings_speak_their_languages_and_keep_their_size() {
    let (place, _) = plain();
    let drawing = |name: &str| {
        let path = place.path().join(format!("tidemill-demo-1/{name}.svg"));
        std::fs::read_to_string(path).expect("a drawing")
    };
    let base = drawing("ad-square");
    assert!(base.contains(r#"lang="en""#));
    for (language, direction) in [("fr", "ltr"), ("ar", "rtl"), ("ja", "ltr")] {
        let localized = drawing(&format!("ad-square-{language}"));
        assert!(localized.contains(&format!(r#"lang="{language}"#)), "{language}");
        assert_eq!(localized.contains(r#"dir="rtl""#), direction == "rtl", "{language}");
        assert_ne!(localized, base);
    }
}

#[test]
fn a_site_on_this_machine_can_be_tried() {
    let (place, address) = (Place::new(), site::open());
    let output = place.run(&["demo", "--url", &format!("http://{address}/")]);
    let text = out(&output);
    assert!(output.status.success(), "{text}{}", err(&output));
    for part in ["Ebb & Flow", "#0B5C8A  primary", "run            completed"] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
}

#[test]
fn a_demo_that_fails_says_why_and_exits_so() {
    let place = Place::new();
    // Neither public nor this machine's: where clouds keep their secrets.
    let output = place.run(&["demo", "--url", "http://169.254.169.254/"]);
    assert!(!output.status.success());
    let message = err(&output);
    let reason = "the demo failed: the step `extract_brand` failed with `fetch_refused`";
    assert!(message.contains(reason), "{message}");
    assert_eq!(names(place.path()), [""; 0], "no ads, no folder");
}

#[test]
fn a_folder_that_cannot_be_made_is_named_and_the_lines_to_try_work_as_they_stand() {
    let place = Place::new();
    std::fs::write(place.path().join("file"), "").expect("written");
    let output = place.run(&["demo", "--out", "file"]);
    assert!(!output.status.success());
    let message = err(&output);
    assert!(message.contains("the demo failed: cannot write the ads"), "{message}");

    let mut command = place.command(&["demo", "--keep", "--out", "here/ads"]);
    command.stdin(Stdio::null());
    let mut server = Server::start(command);
    let lines = server.lines_between("What to try next", "The server goes on until Ctrl-C.");
    assert_eq!(names(&place.path().join("here/ads")).len(), 2 * FILES.len());
    assert!(lines.contains("/#key=pi_live_"), "the dashboard is one click away: {lines}");
    let shell = Command::new("sh").arg("-euc").arg(&lines).output().expect("a shell");
    let answers = out(&shell);
    assert!(shell.status.success(), "{answers}{}", err(&shell));
    assert!(!answers.contains(r#""error":{"#), "{lines}\n{answers}");
    assert_eq!(answers.matches(r#""object":"run","status":"completed""#).count(), 1, "{answers}");
    assert_eq!(answers.matches(r#""object":"job","status":"completed""#).count(), 2, "{answers}");
    assert!(server.stop(), "it ends well");
}

/// What is in a directory, sorted.
fn names(path: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(path).expect("readable").map(|entry| entry.expect("readable"));
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Width and height, from the first chunk of a PNG.
fn png_size(path: &Path) -> [u32; 2] {
    let bytes = std::fs::read(path).expect("a file");
    assert_eq!(bytes[..8], *b"\x89PNG\r\n\x1a\n", "{}", path.display());
    [16, 20].map(|at| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes")))
}
