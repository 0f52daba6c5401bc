//! Small nasty sites, one trap each, driven through a whole survey from memory.

use url::Url;

use crate::brand::documents::WantId;
use crate::brand::{
    Budget, Deadline, Extraction, Fetched, Missing, Survey, SurveyRequest, Unusable,
};
use crate::domain::brand::{BrandColors, Hex, Scheme};

const ROOT: &str = "https://tide.example/";

/// What a small site answers.
struct Site<'a>(Vec<(&'a str, &'a str)>);

impl Site<'_> {
    fn answer(&self, url: &Url) -> Result<Fetched, Missing> {
        let found = self.0.iter().find(|(path, _)| url.as_str() == format!("{ROOT}{path}"));
        let (path, text) = found.ok_or(Missing::Status(404))?;
        let kind = match path.rsplit_once('.') {
            Some((_, "css")) => "text/css",
            Some((_, "svg")) => "image/svg+xml",
            Some((_, "webmanifest")) => "application/manifest+json",
            _ => "text/html; charset=utf-8",
        };
        Ok(Fetched::document(url.as_str(), kind, text.as_bytes()))
    }

    fn survey(&self, deadline: &Deadline) -> Result<(Survey, Vec<Url>), Unusable> {
        let page = self.answer(&ROOT.parse().expect("an address")).expect("a page");
        let (request, budget) = (SurveyRequest::default(), Budget::default());
        let mut survey = Survey::new(&page, request, budget, deadline)?;
        let mut asked = Vec::new();
        loop {
            let wants = survey.wants();
            if wants.is_empty() {
                return Ok((survey, asked));
            }
            // Answers come in any order.
            for want in wants.into_iter().rev() {
                asked.push(want.url.clone());
                survey.supply(want.id, self.answer(&want.url));
            }
        }
    }

    fn read(&self) -> Extraction {
        let never = Deadline::never();
        let (survey, _) = self.survey(&never).expect("a site");
        survey.conclude(&never).expect("an extraction")
    }
}

/// A page with enough on it to be one, `css` in a sheet of its own and `body` in it.
fn read(css: &str, body: &str) -> Extraction {
    let html = page(body);
    Site(vec![("", &html), ("site.css", css)]).read()
}

fn page(body: &str) -> String {
    let text = "Grain is ground by the tide, slowly and without smoke. ".repeat(12);
    let filler = "<div><span></span></div>".repeat(20);
    format!(
        "<title>Tide Mills</title><link rel=stylesheet href=site.css>\
         <body><main>{body}<p>{text}</p></main>{filler}"
    )
}

fn colors(css: &str, body: &str) -> BrandColors {
    read(css, body).profile.colors
}

#[expect(clippy::unnecessary_wraps, reason = "it is compared with what may be missing")]
fn hex(text: &str) -> Option<Hex> {
    Some(text.parse().expect("a colour"))
}

const BUTTON: &str = "<a class='btn btn-primary' href=/buy>Buy flour</a>";

#[test]
fn the_button_that_asks_for_the_action_gives_the_primary_colour() {
    let rows = "<table>".to_owned() + &"<tr><td class=r>a<td>b".repeat(300) + "</table>";
    for (css, body) in [
        (".btn{background:#7b1fa2}", BUTTON.to_owned()),
        // Eight hundred cells do not outvote one button.
        (".btn{background:#7b1fa2}.r{background:#2e7d32;color:#2e7d32}", format!("{BUTTON}{rows}")),
        // A gradient is a fill.
        (".btn{background:linear-gradient(90deg,#7b1fa2,#9c4dcc)}", BUTTON.to_owned()),
        // The notice is not the site's, a warning's colour means something else.
        (
            ".btn{background:#7b1fa2}.cookie-banner .btn{background:#00c853}\
             .alert{background:#ff9800}",
            format!(
                "{BUTTON}<div class=cookie-banner>{BUTTON}{BUTTON}</div><div class=alert>!</div>"
            ),
        ),
        // Variables: redefined, lying, a library's, for the dark.
        (
            ":root{--primary:#00e676}:root{--primary:#7b1fa2}.btn{background:var(--primary)}",
            BUTTON.to_owned(),
        ),
        (":root{--brand-color:#00e676}.btn{background:#7b1fa2}", BUTTON.repeat(3)),
        (":root{--swiper-theme-color:#007aff}.btn{background:#7b1fa2}", BUTTON.to_owned()),
        (
            ".btn{background:#7b1fa2}@media (prefers-color-scheme:dark){.btn{background:#00e676}}\
             .dark .btn{background:#00e676}.btn:hover{background:#ff5722}",
            BUTTON.to_owned(),
        ),
    ] {
        assert_eq!(colors(css, &body).primary, hex("#7b1fa2"), "{css}");
    }
}

#[test]
fn a_frameworks_default_gives_way_to_the_sites_own_colour() {
    let css = "a{color:#337ab7}.btn-primary{background:#337ab7}h2{color:#e65100}\
               .band{background:#e65100}";
    let body = "<h2>One</h2><h2>Two</h2><section class=band><h2>Three</h2>Much text here</section>\
                <a href=/a>x</a>";
    assert_eq!(colors(css, body).primary, hex("#e65100"));
}

#[test]
fn what_generators_write_is_no_evidence() {
    let html = page("<h1>Tide Mills</h1>").replace(
        "<title>",
        "<meta name=theme-color content=#ffffff><meta name=msapplication-TileColor \
         content=#da532c><title>",
    );
    let found = Site(vec![("", &html), ("site.css", "h1{color:#111}")]).read();
    assert_eq!(found.profile.colors.primary, None);
}

#[test]
fn dark_colours_are_colours_and_greys_are_not() {
    assert_eq!(colors(".btn{background:#0b2545}", BUTTON).primary, hex("#0b2545"));
    assert_eq!(colors("p{color:#333}", "<p>x").primary, None);
    let black = colors(".btn{background:#111}", &BUTTON.repeat(3)).primary;
    assert_eq!(black, hex("#111111"));
}

#[test]
fn the_ground_may_lie_on_a_wrapper_and_be_dark() {
    let found = read("main{background:#0d1117;color:#e6edf3}", "<h1>Tide</h1>");
    let BrandColors { background, text, .. } = found.profile.colors;
    assert_eq!((background, text), (hex("#0d1117"), hex("#e6edf3")));
    assert_eq!(found.profile.scheme, Some(Scheme::Dark));
    let found = read("body{background:#942a57;color:#ecf0f1}", "<h1>Tide</h1>");
    assert_eq!(found.profile.scheme, Some(Scheme::Dark));
    let translucent = colors("body{background:#fff}header{background:rgba(46,46,46,.9)}", "");
    assert_eq!(translucent.background, hex("#ffffff"));
}

#[test]
fn sheets_for_print_and_for_choice_are_not_read() {
    let html = page(BUTTON).replace(
        "<title>",
        "<link rel=stylesheet media=print href=p.css>\
         <link rel='alternate stylesheet' href=a.css><title>",
    );
    let red = ".btn{background:red!important}";
    let site = Site(vec![
        ("", &html),
        ("site.css", ".btn{background:#7b1fa2}"),
        ("p.css", red),
        ("a.css", red),
    ]);
    assert_eq!(site.read().profile.colors.primary, hex("#7b1fa2"));
}

#[test]
fn imports_are_followed_without_going_round() {
    let html = page(BUTTON);
    let site = Site(vec![
        ("", &html),
        ("site.css", "@import 'a.css';@import 'site.css';.btn{color:#fff}"),
        ("a.css", "@import url(site.css);@import 'b.css' print;.btn{background:#7b1fa2}"),
    ]);
    let (_, asked) = site.survey(&Deadline::never()).expect("a site");
    let sheets: Vec<&Url> = asked.iter().filter(|url| url.path().ends_with("css")).collect();
    assert_eq!(sheets.len(), 2);
    assert_eq!(site.read().profile.colors.primary, hex("#7b1fa2"));
}

#[test]
fn a_copy_that_names_its_original_is_read_all_the_same() {
    let html = page(BUTTON).replace("href=site.css", "href=https://public.example/site.css");
    let site = Site(vec![("", &html), ("site.css", ".btn{background:#7b1fa2}")]);
    assert_eq!(site.read().profile.colors.primary, hex("#7b1fa2"));
}

#[test]
fn warnings_say_what_limits_the_record() {
    let html = page(BUTTON);
    let found = Site(vec![("", &html)]).read();
    assert_eq!(found.profile.warnings, ["css_unreachable"]);
    assert!(found.evidence["colors.background"].confidence <= 0.5);
    let app = "<title>Tide Mills</title><link rel=stylesheet href=site.css>\
               <body><div id=root></div><script src=app.js></script>";
    let css = ".btn{background:#7b1fa2}body{font-family:Lora,serif}";
    let found = Site(vec![("", app), ("site.css", css)]).read();
    assert_eq!(found.profile.warnings, ["js_required"]);
    assert!(found.evidence["colors.primary"].confidence <= 0.45);
}

#[test]
fn an_own_mark_is_kept_as_a_picture_and_a_strangers_is_not() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 60 20'>\
               <path d='M0 0h20v20z' fill='#7b1fa2'/><script>x()</script></svg>";
    let body = "<header><a href=/><img src=mark.svg alt='Tide Mills'></a></header>\
                <div class=customers><img src=logo-acme.svg alt='Acme logo'></div>";
    let html = page(body);
    let found = Site(vec![("", &html), ("mark.svg", svg), ("logo-acme.svg", svg)]).read();
    let logo = found.profile.logo.expect("a mark");
    assert_eq!(logo.source_url, "https://tide.example/mark.svg");
    assert_eq!(found.logo.map(|file| file.mime_type), Some("image/png"));
    assert_eq!(found.profile.colors.primary, hex("#7b1fa2"));
    let html = page(&body.replace("mark.svg", "gone.svg"));
    let found = Site(vec![("", &html), ("logo-acme.svg", svg)]).read();
    assert_eq!(found.profile.logo, None);
}

#[test]
fn pages_that_are_no_site_are_refused_with_a_code() {
    let open = |kind: &str, status: u16, text: &str| {
        let page = Fetched { status, ..Fetched::document(ROOT, kind, text.as_bytes()) };
        let budget = Budget { page_bytes: 4_000, ..Budget::default() };
        Survey::new(&page, SurveyRequest::default(), budget, &Deadline::never())
            .err()
            .map(|refusal| refusal.code())
    };
    let html = "text/html";
    assert_eq!(open(html, 404, "<h1>Not found</h1>"), Some("site_error"));
    assert_eq!(open(html, 403, "<title>Just a moment...</title>"), Some("site_blocked"));
    assert_eq!(open(html, 200, "<body></body>"), Some("site_empty"));
    assert_eq!(open("application/json", 200, "{}"), Some("site_not_html"));
    assert_eq!(open("text/html", 200, "\u{89}PNG"), Some("site_empty"));
    assert_eq!(open(html, 200, &"x".repeat(5_000)), Some("site_too_large"));
    let sent_on = open(html, 200, "<meta http-equiv=refresh content='0;url=/b'>");
    assert_eq!(sent_on, Some("site_redirects"));
    assert_eq!(open(html, 200, &page("")), None);
}

#[test]
fn a_survey_can_wait_on_any_thread() {
    fn assert_send<T: Send>() {}
    assert_send::<Survey>();
}

#[test]
fn past_the_deadline_it_concludes_with_what_it_has() {
    let over = Deadline::new(|| true);
    let html = page(BUTTON);
    let site = Site(vec![("", &html), ("site.css", ".btn{background:#7b1fa2}")]);
    let (survey, _) = site.survey(&over).expect("a site");
    let found = survey.conclude(&over).expect("an extraction");
    assert!(found.profile.warnings.contains(&"truncated".to_owned()));
}

#[test]
fn answers_nobody_asked_for_are_left_alone() {
    let html = page(BUTTON);
    let site = Site(vec![("", &html)]);
    let (mut survey, _) = site.survey(&Deadline::never()).expect("a site");
    survey.supply(WantId(9_999), Err(Missing::Refused));
    let sheet = Fetched::document("https://tide.example/x.css", "text/css", b"*{color:red}");
    survey.supply(WantId(0), Ok(sheet));
    assert!(survey.wants().is_empty());
}

#[test]
fn a_link_that_is_painted_is_a_button_whatever_it_is_called() {
    let css = ".px-4{padding:4px}.x1{background:#7b1fa2}.x2{background:#00897b}";
    let link = "<a href=/buy class='px-4 x1'>Buy flour</a>";
    let card = format!("<a href=/n class=x2>{}</a>", "A card with a long text in it. ".repeat(4));
    let found = read(css, &format!("{link}{card}"));
    assert_eq!(found.profile.colors.primary, hex("#7b1fa2"));
    let button = found.profile.buttons.primary.expect("a button");
    assert_eq!(button.background, hex("#7b1fa2"));
}

#[test]
fn a_page_that_hides_itself_until_scripts_run_is_read() {
    let css = "html{visibility:hidden}body{display:none;font-family:Lora}.btn{background:#7b1fa2}";
    let found = read(css, BUTTON);
    assert_eq!(found.profile.colors.primary, hex("#7b1fa2"));
    assert_eq!(found.profile.fonts.body.map(|font| font.family).as_deref(), Some("Lora"));
}

#[test]
fn sheets_that_scripts_switch_on_are_read() {
    for link in [
        "<link rel=stylesheet media=print onload=\"this.media='all'\" href=site.css>",
        "<link rel=preload as=style onload=\"this.rel='stylesheet'\" href=site.css>",
    ] {
        let html = page(BUTTON).replace("<link rel=stylesheet href=site.css>", link);
        let site = Site(vec![("", &html), ("site.css", ".btn{background:#7b1fa2}")]);
        assert_eq!(site.read().profile.colors.primary, hex("#7b1fa2"), "{link}");
    }
}

#[test]
fn a_content_systems_own_colours_are_no_evidence() {
    let css = ":root{--wp-admin-theme-color:#007cba;--wp--preset--color--vivid-red:#cf2e2e;\
               --e-global-color-primary:#6ec1e4}.wp-block-button__link{background:#32373c}\
               .band{background:#ad1457}h2{color:#ad1457}";
    let body = "<section class=band>Much text here</section><h2>One</h2><h2>Two</h2>";
    assert_eq!(colors(css, body).primary, hex("#ad1457"));
}

#[test]
fn a_page_that_lies_on_a_vivid_colour_lies_on_its_own() {
    let css =
        "body{background:#802bd6;color:white}p,h1{color:#0a0a0a}.button-add{background:#1abc9c}";
    let found = read(css, "<h1>Tide</h1><section style='background:#802bd6'>Much text</section>");
    assert_eq!(found.profile.colors.primary, hex("#802bd6"));
    // What the body says of text, and no text has, is not what is read.
    assert_eq!(found.profile.colors.text, hex("#0a0a0a"));
    let muted = read("body{color:#212529}p{color:#6c757d}", "");
    assert_eq!(muted.profile.colors.text, hex("#212529"));
}

#[test]
fn a_sheet_that_a_script_would_write_is_written() {
    let body = "<script src='https://cdn.tailwindcss.com'></script><script>tailwind.config = {
        theme: { extend: { colors: { mill: { DEFAULT: '#7b1fa2', dark: '#4a148c' } },
        fontFamily: { display: ['Lora', 'serif'] } } } }</script>
        <div class='bg-stone-50 text-gray-800'><h1 class='font-display text-mill-dark'>Tide</h1>
        <a href=/buy class='bg-mill hover:bg-red-600 text-white px-4'>Buy flour</a>
        <div class='hidden bg-green-600'>Menu of much text that is folded away</div></div>";
    let found = read("", body);
    assert_eq!(found.profile.colors.primary, hex("#7b1fa2"));
    assert_eq!(found.profile.fonts.heading.map(|font| font.family).as_deref(), Some("Lora"));
}

#[test]
fn a_frameworks_colour_on_the_sites_own_button_is_the_sites_choice() {
    let found = read(".order{background:#007bff}", "<a class='btn order' href=/buy>Buy flour</a>");
    assert_eq!(found.profile.colors.primary, hex("#007bff"));
    assert!(found.evidence["colors.primary"].confidence > 0.5);
    // In a framework's own class it is nobody's choice.
    let stock = read(".btn-primary{background:#007bff}", BUTTON);
    assert!(stock.evidence["colors.primary"].confidence <= 0.35);
}
