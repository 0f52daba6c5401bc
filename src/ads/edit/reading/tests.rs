//! Prompts and the changes that are read in them.

use proptest::prelude::*;

use super::read;

/// The changes of a prompt, each as its name and its values.
fn shown(prompt: &str) -> String {
    match read(prompt) {
        Ok(reading) => {
            let shown = reading.changes.iter().map(|change| {
                let (what, value) = change.shown();
                format!("{what} {value}").trim().to_owned()
            });
            let mut shown: Vec<String> = shown.collect();
            let rest = reading.interpretation.not_understood;
            shown.extend(rest.into_iter().map(|words| format!("?{words}")));
            shown.join(", ")
        }
        Err(error) => format!("!{}", error.words.join(", ")),
    }
}

#[test]
fn english_edits_are_read() {
    let mut wrong: Vec<String> = Vec::new();
    for (prompt, expected) in [
        ("make the headline shorter", "shorter headline"),
        ("use the accent colour as background", "recolor accent background"),
        ("make the background the accent color", "recolor accent background"),
        ("use the background colour as accent", "recolor bg accent"),
        ("change the call to action to 'Book now'", "set_text cta Book now"),
        ("change the call to action to Book now", "set_text cta Book now"),
        (
            "change the button to \"Book now\" and make it bigger",
            "set_text cta Book now, resize larger: true cta",
        ),
        ("16:9", "format 16:9"),
        ("remove the subline", "remove subline"),
        ("remove the subline and the badge", "remove subline, remove badge"),
        ("make the headline and the subline shorter", "shorter headline, shorter subline"),
        ("bigger logo", "resize larger: true logo"),
        ("smaller logo, centered", "resize larger: false logo, align center"),
        ("headline in capitals", "capitals on: true headline"),
        ("no more capitals in the headline", "capitals on: false headline"),
        ("darker", "shade darker"),
        ("lighter background", "shade lighter background"),
        ("swap colours", "swap_colors"),
        ("swap the background and the accent", "swap_colors"),
        ("another layout", "other_layout"),
        ("change the layout", "other_layout"),
        ("different headline", "other_text headline"),
        ("another background", "other_art"),
        ("more minimal", "look minimal more: true"),
        ("less playful", "look playful more: false"),
        ("headline: Real fruit. Real crunch.", "set_text headline Real fruit. Real crunch."),
        ("price 12.50 EUR", "price 12.50 EUR"),
        ("price 12.50", "price 12.50"),
        ("set the price to €9", "price 9 EUR"),
        ("40% off instead", "percent 40 up_to: false"),
        ("use #FF8800", "set_color #FF8800 exact: true accent"),
        ("use #FF8800 as background", "set_color #FF8800 exact: true background"),
        ("make the background blue", "set_color #1F5FD6 exact: false background"),
        ("add the tagline", "add_tagline"),
        ("remove the tagline", "remove_tagline"),
        ("centered", "align center"),
        ("headline to the right", "align end headline"),
        ("without the logo", "remove logo"),
        ("no photo", "remove photo"),
        ("add a badge", "add badge"),
        ("use the font Georgia", "font Georgia"),
        ("change the font to Space Grotesk", "font Space Grotesk"),
        ("bigger logo but don't change the headline", "resize larger: true logo"),
        ("diagonal band", "layout diagonal_band"),
        ("\"Real fruit\"", "set_text headline Real fruit"),
        ("bolder headline", "weight heavier: true headline"),
        (
            "make the headline shorter, the logo bigger and remove the subline",
            "shorter headline, resize larger: true logo, remove subline",
        ),
        (
            "bigger logo and add a dancing penguin",
            "resize larger: true logo, ?add a dancing penguin",
        ),
    ] {
        let found = shown(prompt);
        if found != expected {
            wrong.push(format!("{prompt}\n  is read as {found}\n  and not as {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pictures_and_canvases_are_asked_for() {
    let mut wrong: Vec<String> = Vec::new();
    for (prompt, expected) in [
        ("replace the photo", "picture background: false"),
        ("replace the photo with this one", "picture background: false"),
        ("add this photo", "picture background: false"),
        ("remove the photo", "remove photo"),
        ("remove the image", "remove photo"),
        ("use this picture as background", "picture background: true"),
        ("this image as the background", "picture background: true"),
        ("replace the background with this photo", "picture background: true"),
        (
            "add this image and make the logo smaller",
            "picture background: false, resize larger: false logo",
        ),
        ("square", "format square"),
        ("square format", "format square"),
        ("turn it into a story", "format story"),
        ("make it a story", "format story"),
        ("1200x628 please", "format 1200x628"),
        ("change the headline to Our story", "set_text headline Our story"),
    ] {
        let found = shown(prompt);
        if found != expected {
            wrong.push(format!("{prompt}\n  is read as {found}\n  and not as {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn words_go_where_they_are_meant() {
    let mut wrong: Vec<String> = Vec::new();
    for (prompt, expected) in [
        ("the headline should say Hello World", "set_text headline Hello World"),
        ("make the button say Learn more", "set_text cta Learn more"),
        ("change the headline to New arrivals", "set_text headline New arrivals"),
        ("change the button to Learn more", "set_text cta Learn more"),
        ("change the eyebrow to NEW IN", "set_text eyebrow NEW IN"),
        ("change the headline to red", "set_color #D62828 exact: false headline"),
        ("change the headline to bold", "weight heavier: true headline"),
        ("change the headline to capitals", "capitals on: true headline"),
        ("replace 'Cold brew' with 'Iced tea'", "replace_text Iced tea Cold brew"),
        ("change \"Cold brew\" to \"Iced tea\"", "replace_text Iced tea Cold brew"),
        ("add the text 'Only in May' below the headline", "add_text subline Only in May"),
        ("add 'Only in May' above the headline", "add_text eyebrow Only in May"),
        ("add the text 'Only in May'", "add_text Only in May"),
        ("add a subline 'Only in May'", "set_text subline Only in May"),
        (
            "change the text of the button to Order now and make it green",
            "set_text cta Order now, set_color #2E8B57 exact: false accent",
        ),
        (
            "remove the subline, make it green",
            "remove subline, set_color #2E8B57 exact: false background",
        ),
        ("less text", "less_text"),
        ("fewer words", "less_text"),
        ("fewer words in the headline", "shorter headline"),
        ("weniger Text", "less_text"),
        ("moins de texte", "less_text"),
        ("change 30% to 50%", "percent 50 up_to: false"),
        ("replace −30% with −50%", "percent 50 up_to: false"),
        ("change the price from $14.90 to $12.50", "price 12.50 USD"),
        ("remove the discount", "remove number"),
        ("remove the 30%", "remove number"),
        ("add a free shipping badge", "set_phrase badge.free_shipping badge"),
    ] {
        let found = shown(prompt);
        if found != expected {
            wrong.push(format!("{prompt}\n  is read as {found}\n  and not as {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn looks_and_places_are_asked_for() {
    let mut wrong: Vec<String> = Vec::new();
    for (prompt, expected) in [
        ("use a serif font", "font serif"),
        ("use a sans-serif font", "font sans-serif"),
        ("no serifs please", "font sans-serif"),
        ("change the headline font to Georgia", "font Georgia"),
        ("nimm eine Serifenschrift", "font serif"),
        ("une police sans empattements", "font sans-serif"),
        ("move text left", "align start"),
        ("move the text to the right", "align end"),
        ("center the text", "align center"),
        ("put the headline in the middle", "align center headline"),
        ("Text nach rechts", "align end"),
        ("use our brand colors", "brand_colors"),
        ("use this as background", "picture background: true"),
        ("flip the colors", "swap_colors"),
    ] {
        let found = shown(prompt);
        if found != expected {
            wrong.push(format!("{prompt}\n  is read as {found}\n  and not as {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_core_is_read_in_every_language() {
    let mut wrong: Vec<String> = Vec::new();
    for (prompt, expected) in [
        ("mach die Überschrift kürzer", "shorter headline"),
        ("größeres Logo und entferne die Unterzeile", "resize larger: true logo, remove subline"),
        ("Hintergrund dunkler", "shade darker background"),
        ("raccourcis le titre", "shorter headline"),
        ("logo plus grand, sans sous-titre", "resize larger: true logo, remove subline"),
        ("change le bouton : « Réserver »", "set_text cta Réserver"),
        ("quita el subtítulo", "remove subline"),
        ("título más corto y fondo más oscuro", "shorter headline, shade darker background"),
        ("rimuovi il sottotitolo", "remove subline"),
        ("remova o subtítulo", "remove subline"),
        ("kortere kop", "shorter headline"),
        ("usuń podtytuł", "remove subline"),
        ("skróć nagłówek", "shorter headline"),
        ("見出しを短く", "shorter headline"),
        ("ロゴを大きく", "resize larger: true logo"),
        ("标题短一点", "shorter headline"),
        ("删除副标题", "remove subline"),
        ("احذف العنوان الفرعي", "remove subline"),
        ("הסר את כותרת המשנה", "remove subline"),
        ("शीर्षक संक्षिप्त करें", "shorter headline"),
        ("लोगो बड़ा करें", "resize larger: true logo"),
        ("ersetze das Bild", "picture background: false"),
        ("utilise cette image comme fond", "picture background: true"),
        ("añade esta foto", "picture background: false"),
        ("更换图片", "picture background: false"),
    ] {
        let found = shown(prompt);
        if found != expected {
            wrong.push(format!("{prompt}\n  is read as {found}\n  and not as {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_cannot_be_understood_is_an_error_that_helps() {
    for (prompt, heard) in [
        ("", "asks for no change"),
        ("please", "asks for no change"),
        ("make it pop like a penguin", "`pop"),
        ("in French", "localizing"),
        ("translate it into German", "localizing"),
        ("undo", "`undo`"),
        ("red logo", "keeps its colours"),
        ("put the logo in the bottom right corner", "belong to the layout"),
        ("flip horizontally", "`flip"),
        ("🦀", "asks for no change"),
        ("don't remove the logo", "nothing is done for"),
    ] {
        let error = read(prompt).expect_err(prompt);
        assert!(error.message.contains(heard), "{prompt}: {}", error.message);
        assert!(error.message.contains("An edit can ask for"), "{}", error.message);
    }
}

#[test]
fn everything_understood_is_told() {
    let reading = read("bigger logo, add the tagline").expect("changes");
    let told: Vec<_> = reading
        .interpretation
        .understood
        .iter()
        .map(|one| (one.what.as_str(), one.words.as_str()))
        .collect();
    assert_eq!(told, [("resize", "bigger logo"), ("add_tagline", "add the tagline")]);
}

#[test]
fn a_prompt_of_a_thousand_wishes_is_bounded() {
    let prompt = "remove the badge, headline: x\nbigger logo and use #FF8800, ".repeat(90);
    let reading = read(&prompt).expect("changes");
    assert!(reading.changes.len() <= super::MAX_CHANGES);
}

proptest! {
    #[test]
    fn no_prompt_panics(prompt in "\\PC{0,300}") {
        if let Ok(reading) = read(&prompt) {
            prop_assert!(!reading.changes.is_empty());
        }
    }

    #[test]
    fn every_wish_is_answered(
        words in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..40),
    ) {
        let prompt = words.join(" ");
        match read(&prompt) {
            Ok(reading) => {
                prop_assert!(!reading.changes.is_empty());
                prop_assert!(!reading.interpretation.understood.is_empty());
            }
            Err(error) => prop_assert!(!error.message.is_empty()),
        }
    }
}

const PIECES: [&str; 36] = [
    "make",
    "the",
    "headline",
    "shorter",
    "and",
    ",",
    "bigger",
    "logo",
    "remove",
    "subline",
    "no",
    "swap",
    "colors",
    "to",
    "change",
    "button",
    "“Book",
    "now”",
    "#FF8800",
    "background",
    "accent",
    "as",
    "use",
    "16:9",
    "price",
    "12.50",
    "EUR",
    "30%",
    "off",
    "darker",
    "in",
    "French",
    "add",
    "tagline",
    "centered",
    "見出しを短く",
];
