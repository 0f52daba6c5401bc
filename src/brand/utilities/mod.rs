//! The style sheet that a utility framework's script would write in a reader's browser.
//!
//! Many small sites load Tailwind as a script, which reads the classes of the page and its own
//! configuration and makes the sheet of them. Scripts are not run here, so that sheet is written
//! by the same rules: for colours, fonts and what hides. Never: anything of a page that does not
//! load that script, or a class for a state, another width or the dark.

mod literal;
mod theme;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use scraper::Selector;

use crate::brand::page::Page;
use theme::Theme;

/// The sheet, when the page loads the script.
pub(crate) fn sheet(page: &Page) -> Option<String> {
    let script =
        Selector::parse("script[src*='cdn.tailwindcss.com'], script[src*='@tailwindcss/browser']");
    page.select(&script.expect("a constant selector")).next()?;
    let theme = Theme::of(page);
    let sans = theme.font("sans").unwrap_or(SYSTEM_FONTS);
    let mut sheet = format!("html{{font-family:{sans}}}{RESET}");
    for (_, class) in classes(page) {
        if let Some(declaration) = declaration(utility(class), &theme) {
            // Writing to a text cannot fail.
            let _ = write!(sheet, ".{}{{{declaration}}}", escaped(class));
        }
    }
    Some(sheet)
}

/// What the framework writes in text that nobody gave a font.
const SYSTEM_FONTS: &str = "ui-sans-serif,system-ui,sans-serif";

/// Of what the framework takes back from browsers' defaults, that which speaks of a brand.
const RESET: &str = "a{color:inherit}\
    button,input,select,textarea{font-family:inherit;color:inherit;background-color:transparent}";

/// The classes that apply on a desktop screen, those for wider screens after the others.
fn classes(page: &Page) -> BTreeSet<(usize, &str)> {
    /// Pages of people have some hundreds.
    const MAX_CLASSES: usize = 3_000;
    let mut classes = BTreeSet::new();
    for class in page.elements().flat_map(|element| element.value().classes()) {
        if let Some(rank) = rank(class) {
            classes.insert((rank, class));
        }
        if classes.len() == MAX_CLASSES {
            break;
        }
    }
    classes
}

/// The place of a class in the order of widths; none when it is for another state or screen.
fn rank(class: &str) -> Option<usize> {
    const WIDTHS: [&str; 5] = ["", "sm", "md", "lg", "xl"];
    let variant = &class[..class.len() - utility(class).len()];
    WIDTHS.iter().position(|width| *width == variant.trim_end_matches(':'))
}

/// A class without the states and widths before it; colons in brackets are a value's.
fn utility(class: &str) -> &str {
    let plain = class.find('[').map_or(class, |bracket| &class[..bracket]);
    plain.rfind(':').map_or(class, |colon| &class[colon + 1..])
}

/// What a utility declares, as far as it speaks of a brand.
fn declaration(utility: &str, theme: &Theme) -> Option<String> {
    const COLORED: [(&str, &str); 8] = [
        ("bg-", "background-color"),
        ("text-", "color"),
        ("border-", "border-color"),
        ("fill-", "fill"),
        ("stroke-", "stroke"),
        ("from-", "--tw-from"),
        ("via-", "--tw-via"),
        ("to-", "--tw-to"),
    ];
    let utility = utility.trim_matches('!');
    match utility {
        "hidden" => return Some("display:none".to_owned()),
        "block" | "inline-block" | "inline" | "flex" | "inline-flex" | "grid" => {
            return Some(format!("display:{utility}"));
        }
        "invisible" => return Some("visibility:hidden".to_owned()),
        "uppercase" => return Some("text-transform:uppercase".to_owned()),
        _ => {}
    }
    if utility.starts_with("bg-gradient-to-") || utility.starts_with("bg-linear-") {
        let stops = "var(--tw-from,transparent),var(--tw-to,transparent)";
        return Some(format!("background-image:linear-gradient({stops})"));
    }
    if let Some(name) = utility.strip_prefix("font-") {
        return theme.font(name).map(|family| format!("font-family:{family}"));
    }
    COLORED.iter().find_map(|(prefix, property)| {
        let color = theme.color(utility.strip_prefix(prefix)?)?;
        Some(format!("{property}:{color}"))
    })
}

/// A class as an identifier in a selector.
fn escaped(class: &str) -> String {
    let mut name = String::with_capacity(class.len() + 4);
    for (at, c) in class.chars().enumerate() {
        match c {
            '0'..='9' if at == 0 => {
                // Writing to a text cannot fail.
                let _ = write!(name, "\\{:x} ", u32::from(c));
            }
            _ if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii() => {
                name.push(c);
            }
            _ => name.extend(['\\', c]),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brand::Fetched;
    use crate::brand::budget::{Budget, Deadline};

    fn written(html: &str) -> Option<String> {
        let fetched = Fetched::html("https://tide.example/", html);
        sheet(&Page::parse(&fetched, &Budget::default(), &Deadline::never()))
    }

    const SCRIPT: &str = "<script src='https://cdn.tailwindcss.com'></script>";

    #[test]
    fn only_a_page_that_loads_the_script_gets_a_sheet() {
        assert_eq!(written("<p class=bg-red-600>x"), None);
        assert!(written(&format!("{SCRIPT}<p class=bg-red-600>x")).is_some());
    }

    #[test]
    fn classes_become_rules_and_those_for_states_and_the_dark_do_not() {
        let html = format!(
            "{SCRIPT}<p class='bg-indigo-600 hover:bg-red-500 dark:bg-black text-sm text-white \
             md:bg-[#123456] 2xl:bg-white border-gray-200/50 hidden md:flex bg-none'>x"
        );
        let sheet = written(&html).expect("a sheet");
        for rule in [
            ".bg-indigo-600{background-color:#4f46e5}",
            ".text-white{color:#fff}",
            ".md\\:bg-\\[\\#123456\\]{background-color:#123456}",
            ".border-gray-200\\/50{border-color:color-mix(in srgb,#e5e7eb 50%,transparent)}",
            ".hidden{display:none}",
            ".md\\:flex{display:flex}",
        ] {
            assert!(sheet.contains(rule), "{rule} in {sheet}");
        }
        for class in ["hover", "dark", "2xl", "text-sm", "bg-none"] {
            assert!(!sheet.contains(class), "{class} in {sheet}");
        }
        let position = |rule: &str| sheet.find(rule).expect("a rule");
        assert!(position(".hidden{") < position(".md\\:flex{"));
    }
}
