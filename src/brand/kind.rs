//! Whether a page is the site's own, or something that stands in its place.
//!
//! Challenges, refusals, parked domains, server listings and empty pages would each give a
//! plausible brand that is not the site's. Signs of one kind must agree with a page that has little
//! else. Never: a refusal of a page that merely speaks of such things.

use scraper::Selector;

use crate::brand::Unusable;
use crate::brand::page::Page;
use crate::brand::structured::Metas;

/// What a page is, when a brand can be read from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageKind {
    /// A page with content.
    Site,
    /// A page whose content is made by scripts, which are not run: little can be known.
    ScriptBuilt,
}

/// Judges a page that was answered with `status`; an error says what stands in the site's place.
pub(crate) fn judge(page: &Page, status: u16) -> Result<PageKind, Unusable> {
    let metas = Metas::of(page);
    let title = metas.title.clone().unwrap_or_default();
    let text = page.visible_text(TEXT_BYTES);
    if let Some(sign) = challenge(page, status, &title, &text) {
        return Err(Unusable::Blocked(sign));
    }
    if !(200..300).contains(&status) {
        return Err(match status {
            401 | 403 | 407 | 429 | 451 => Unusable::Blocked(format!("status {status}")),
            _ => Unusable::Status(status),
        });
    }
    if let Some(sign) = placeholder(&title, &text).or_else(|| notice(page, &title, &text)) {
        return Err(Unusable::Parked(sign));
    }
    let signs = Signs::of(page, &metas, &text);
    if signs.is_empty() {
        return Err(Unusable::Empty);
    }
    Ok(if signs.is_script_built() { PageKind::ScriptBuilt } else { PageKind::Site })
}

/// How much text is read: a page that stands in for another has less.
const TEXT_BYTES: usize = 6_000;
/// A page with more text than this is a page, whatever words are in it.
const SHORT: usize = 1_500;

/// A check for robots or a refusal; names the sign.
fn challenge(page: &Page, status: u16, title: &str, text: &str) -> Option<String> {
    const TITLES: [&str; 14] = [
        "just a moment",
        "attention required",
        "access denied",
        "access to this page has been denied",
        "verifying you are human",
        "are you a robot",
        "are you human",
        "security check",
        "ddos-guard",
        "please wait...",
        "403 forbidden",
        "bot verification",
        "pardon our interruption",
        "you have been blocked",
    ];
    const TEXTS: [&str; 9] = [
        "checking your browser before accessing",
        "verify you are human",
        "verifying you are human",
        "enable javascript and cookies to continue",
        "needs to review the security of your connection",
        "unusual traffic from your computer network",
        "complete the security check to access",
        "press & hold to confirm you are",
        "request unsuccessful. incapsula",
    ];
    const PARTS: &str = "script[src*='/cdn-cgi/challenge-platform/'], #challenge-form, \
        #cf-challenge-running, #px-captcha, iframe[src*='_Incapsula_Resource'], \
        script[src*='awswaf.com'], #sec-if-cpt-container";
    if text.len() > SHORT {
        return None;
    }
    let (title, text) = (title.to_lowercase(), text.to_lowercase());
    // A title alone is enough only where there is nearly nothing else on the page.
    let by_title = TITLES.into_iter().find(|sign| title.starts_with(sign));
    let by_text = TEXTS.into_iter().find(|sign| text.contains(sign));
    let parts = Selector::parse(PARTS).expect("a constant selector");
    let by_part = page.select(&parts).next().map(|_| "a challenge script");
    let is_refused = matches!(status, 401 | 403 | 429 | 503);
    by_text
        .or_else(|| by_title.filter(|_| text.len() < 700 || is_refused))
        .or_else(|| by_part.filter(|_| text.len() < 400 || is_refused))
        .map(str::to_owned)
}

/// A parked domain, a server's own page, a notice instead of a site; names the sign.
fn placeholder(title: &str, text: &str) -> Option<String> {
    const STARTS: [&str; 10] = [
        "index of /",
        "directory listing for",
        "apache2 ubuntu default page",
        "apache2 debian default page",
        "welcome to nginx",
        "iis windows server",
        "test page for the",
        "site not found",
        "domain parked",
        "account suspended",
    ];
    const TEXTS: [&str; 14] = [
        "this domain is for sale",
        "the domain is for sale",
        "buy this domain",
        "this domain may be for sale",
        "domain is parked",
        "parked free, courtesy of",
        "this domain has expired",
        "diese domain steht zum verkauf",
        "diese domain ist geparkt",
        "ce nom de domaine est à vendre",
        "this site is currently under construction",
        "down for scheduled maintenance",
        "undergoing scheduled maintenance",
        "is parked free",
    ];
    if text.len() > SHORT {
        return None;
    }
    let (title, text) = (title.to_lowercase(), text.to_lowercase());
    let by_title = STARTS.into_iter().find(|sign| title.starts_with(sign));
    by_title.or_else(|| TEXTS.into_iter().find(|sign| text.contains(sign))).map(str::to_owned)
}

/// A page that says in its title or heading that the site is not there now, and says little else.
fn notice(page: &Page, title: &str, text: &str) -> Option<String> {
    /// A notice is a line or two; a page on such work has more.
    const FEW_CHARACTERS: usize = 300;
    /// Whole titles: within a longer one the words may mean anything.
    const ALONE: [&str; 9] = [
        "maintenance",
        "site maintenance",
        "under construction",
        "coming soon",
        "wartung",
        "wartungsarbeiten",
        "en construction",
        "en construcción",
        "em construção",
    ];
    const WITHIN: [&str; 33] = [
        "under maintenance",
        "down for maintenance",
        "maintenance mode",
        "site is under construction",
        "website is under construction",
        "site en maintenance",
        "en cours de maintenance",
        "en maintenance",
        "site en construction",
        "im wartungsmodus",
        "wartungsarbeiten",
        "website im aufbau",
        "seite im aufbau",
        "seite befindet sich im aufbau",
        "en mantenimiento",
        "sitio en construcción",
        "página en construcción",
        "em manutenção",
        "site em construção",
        "in manutenzione",
        "sito in costruzione",
        "in onderhoud",
        "strona w budowie",
        "przerwa techniczna",
        "na údržbě",
        "bakım çalışması",
        "технические работы",
        "техническое обслуживание",
        "сайт в разработке",
        "メンテナンス中",
        "工事中",
        "维护中",
        "점검 중",
    ];
    if text.chars().count() > FEW_CHARACTERS {
        return None;
    }
    let headings = Selector::parse("h1, h2").expect("a constant selector");
    let headings = page.select(&headings).take(3).map(|heading| page.text_of(heading, 300));
    let says = |line: &str| {
        let line = line.to_lowercase();
        ALONE.contains(&line.trim_matches(|c: char| !c.is_alphanumeric()))
            || WITHIN.iter().any(|sign| line.contains(sign))
    };
    let mut lines = std::iter::once(title.to_owned()).chain(headings);
    lines.any(|line| says(&line)).then(|| "a notice, such as of maintenance".to_owned())
}

/// What there is on a page.
#[derive(Debug, Clone, Copy)]
struct Signs {
    letters: usize,
    elements: usize,
    scripts: usize,
    pictures: usize,
    declarations: usize,
    has_root: bool,
}

impl Signs {
    fn of(page: &Page, metas: &Metas, text: &str) -> Self {
        let count = |selector: &str| {
            let selector = Selector::parse(selector).expect("a constant selector");
            page.select(&selector).take(1_000).count()
        };
        Self {
            letters: text.chars().filter(|c| c.is_alphabetic()).count(),
            elements: count("body *:not(script):not(style):not(noscript):not(link)"),
            scripts: count("script[src], script[type=module]"),
            pictures: count("img, svg, picture, video"),
            declarations: metas.all.len() + count("link[rel~=icon], link[rel~=manifest]"),
            has_root: count("#root, #app, #__next, #___gatsby, app-root, [data-reactroot]") > 0,
        }
    }

    /// Nothing to be seen, and no script that would bring it.
    fn is_empty(self) -> bool {
        self.letters < 10 && self.pictures == 0 && self.scripts == 0 && self.declarations < 3
    }

    /// Scripts build what is to be seen.
    fn is_script_built(self) -> bool {
        /// A page of this few elements is a frame for scripts.
        const FEW_ELEMENTS: usize = 15;
        const FEW_LETTERS: usize = 200;
        let is_frame = self.elements < FEW_ELEMENTS || (self.has_root && self.elements < 40);
        self.scripts > 0 && is_frame && self.letters < FEW_LETTERS && self.pictures < 3
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brand::Fetched;
    use crate::brand::budget::{Budget, Deadline};

    fn judged(status: u16, html: &str) -> Result<PageKind, Unusable> {
        let fetched = Fetched::html("https://tide.example/", html);
        judge(&Page::parse(&fetched, &Budget::default(), &Deadline::never()), status)
    }

    fn article(words: &str) -> String {
        format!("<title>On robots</title><h1>On robots</h1><p>{}</p>", words.repeat(60))
    }

    #[test]
    fn challenges_are_blocked_whatever_their_status() {
        let html = "<title>Just a moment...</title><div id=challenge-form></div>\
                    <noscript>Enable JavaScript and cookies to continue</noscript>";
        for status in [200, 403, 503] {
            assert!(matches!(judged(status, html), Err(Unusable::Blocked(_))), "{status}");
        }
        assert!(matches!(judged(403, "<p>no"), Err(Unusable::Blocked(_))));
    }

    #[test]
    fn a_page_about_challenges_is_a_page() {
        let text =
            article("You may have to verify you are human; access denied; buy this domain. ");
        assert_eq!(judged(200, &text), Ok(PageKind::Site));
        let scripted = format!("{text}<script src=/cdn-cgi/challenge-platform/x.js></script>");
        assert_eq!(judged(200, &scripted), Ok(PageKind::Site));
    }

    #[test]
    fn what_stands_in_for_a_site_is_named() {
        for html in [
            "<title>Index of /pub</title><pre>a b c</pre>",
            "<title>x.example</title><p>This domain is for sale! Buy this domain.",
            "<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1>",
            "<title>Maintenance</title><p>Back soon.",
            "<title>Tide - Site en maintenance</title><h1>Votre site est en cours de maintenance.",
            "<title>潮</title><h1>ただいまメンテナンス中です</h1><p>しばらくお待ちください。",
            "<title>Tide</title><h2>Coming soon!</h2>",
        ] {
            assert!(matches!(judged(200, html), Err(Unusable::Parked(_))), "{html}");
        }
    }

    #[test]
    fn a_page_on_maintenance_is_no_notice() {
        let text = format!("<h1>Mills under maintenance</h1><p>{}", "We repair mills. ".repeat(30));
        assert_eq!(judged(200, &text), Ok(PageKind::Site));
        let short = "<title>Tide</title><h1>Mill maintenance and repair</h1><p>Call us.";
        assert_eq!(judged(200, short), Ok(PageKind::Site));
    }

    #[test]
    fn errors_and_emptiness_are_told_apart() {
        assert_eq!(judged(404, "<h1>Not found</h1>"), Err(Unusable::Status(404)));
        assert_eq!(judged(500, ""), Err(Unusable::Status(500)));
        assert_eq!(judged(200, ""), Err(Unusable::Empty));
        assert_eq!(judged(200, "<p> . </p>"), Err(Unusable::Empty));
    }

    #[test]
    fn frames_for_scripts_are_known() {
        let html = "<title>Tide</title><div id=root></div><script src=/a.js></script>";
        assert_eq!(judged(200, html), Ok(PageKind::ScriptBuilt));
        let html = format!("{}<script src=/a.js></script>", article("Mills turn slowly. "));
        assert_eq!(judged(200, &html), Ok(PageKind::Site));
    }
}
