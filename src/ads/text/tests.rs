//! What holds for every text, in every script.

use proptest::prelude::*;

use super::*;
use crate::ads::scene::{Align, Frame, Ink, Role, Style, Text, VerticalAlign};
use crate::domain::brand::Direction;

/// A headline's style.
pub(super) fn style() -> Style {
    Style {
        family: "Inter".into(),
        weight: 700,
        size: [24.0, 120.0],
        lh: 1.04,
        track: -0.02,
        lines: 3,
        align: Align::Start,
        valign: VerticalAlign::Top,
        fill: Ink::Fg,
        balance: true,
        caps: false,
        dir: None,
    }
}

pub(super) fn text(v: &str, lang: &str) -> Text {
    Text { v: v.into(), lang: lang.into(), source: "prompt".into(), protect: Vec::new() }
}

const BOX: Frame = Frame::new(72, 300, 936, 420);

fn node(v: &str, lang: &str, style: Style) -> Node {
    let mut node = Node::new("headline", Role::Headline, 6, BOX);
    (node.text, node.style) = (Some(text(v, lang)), Some(style));
    node
}

fn typesetter() -> Typesetter {
    Typesetter::new(FontShelf::embedded())
}

fn fit(v: &str, lang: &str) -> SetText {
    let set = typesetter().fit(&node(v, lang, style())).expect("it fits");
    assert_within(&set, BOX);
    set
}

/// Rounding to two decimals may move an edge by half of the last.
fn assert_within(set: &SetText, frame: Frame) {
    let [left, top, right, bottom] = set.fit.ink.map(f64::from);
    let edges = [frame.x, frame.y, frame.right(), frame.bottom()].map(f64::from);
    let inside = left >= edges[0] - 0.02
        && top >= edges[1] - 0.02
        && right <= edges[2] + 0.02
        && bottom <= edges[3] + 0.02;
    assert!(inside, "{:?} is not within {frame:?}: {:?}", set.fit.ink, set.fit.lines);
    let (low, high) = extremes(&set.outline);
    assert!(low[0] >= left - 0.02 && low[1] >= top - 0.02, "{low:?} {:?}", set.fit);
    assert!(high[0] <= right + 0.02 && high[1] <= bottom + 0.02, "{high:?} {:?}", set.fit);
}

/// The least and the greatest x and y of the ends of all segments of a path.
fn extremes(path: &str) -> ([f64; 2], [f64; 2]) {
    let (mut low, mut high) = ([f64::MAX; 2], [f64::MIN; 2]);
    for segment in path.split(['M', 'L', 'Q', 'C', 'Z']).filter(|segment| !segment.is_empty()) {
        let numbers: Vec<f64> =
            segment.split(' ').map(|number| number.parse().expect("a number")).collect();
        assert!(numbers.len().is_multiple_of(2) && numbers.iter().all(|number| number.is_finite()));
        for (axis, value) in numbers[numbers.len() - 2..].iter().enumerate() {
            (low[axis], high[axis]) = (low[axis].min(*value), high[axis].max(*value));
        }
    }
    (low, high)
}

/// A text of each script, with the family that must set it.
const SCRIPTS: [(&str, &str, &str); 15] = [
    ("en", "Real fruit. Real crunch. Nothing to hide.", "Inter"),
    ("pl", "Łódź pachnie świeżą żywicą", "Inter"),
    ("vi", "Trái cây thật. Giòn thật.", "Inter"),
    ("ru", "Настоящие фрукты. Ничего лишнего.", "Inter"),
    ("el", "Αληθινά φρούτα. Τίποτα κρυφό.", "Inter"),
    ("ar", "فاكهة حقيقية. قرمشة حقيقية. لا شيء نخفيه.", "Noto Sans Arabic"),
    ("fa", "میوهٔ واقعی، بدون افزودنی", "Noto Sans Arabic"),
    ("he", "פרי אמיתי. פריך באמת. אין מה להסתיר.", "Noto Sans Hebrew"),
    ("hi", "असली फल। असली कुरकुरापन।", "Noto Sans Devanagari"),
    ("th", "ผลไม้แท้ กรอบจริง", "Noto Sans Thai"),
    ("bn", "আসল ফল। আসল মচমচে।", "Noto Sans Bengali"),
    ("ja", "自家焙煎の珈琲で、朝が動き出す。", "Noto Sans CJK JP"),
    ("zh-Hans", "真正的水果，真正的酥脆，毫无隐藏。", "Noto Sans CJK SC"),
    ("ko", "진짜 과일, 진짜 바삭함. 숨길 것이 없습니다.", "Noto Sans CJK KR"),
    ("de", "Geschwindigkeitsbegrenzung? Nicht bei uns.", "Inter"),
];

fn carried(family: &str) -> bool {
    cfg!(feature = "fonts-cjk") || !family.starts_with("Noto Sans CJK")
}

#[test]
fn every_script_is_set_within_its_box_by_its_family() {
    for (lang, words, family) in SCRIPTS.into_iter().filter(|(_, _, family)| carried(family)) {
        let set = fit(words, lang);
        assert!(set.fit.fonts.iter().any(|used| used == family), "{lang}: {:?}", set.fit);
        assert_eq!(set.substituted.is_some(), family != "Inter", "{lang}: {:?}", set.substituted);
        assert!(set.missing.is_empty() && set.fit.lines.len() <= 3);
        assert!((set.fit.size * 2.0).fract().abs() < f32::EPSILON, "{}", set.fit.size);
    }
}

#[test]
fn setting_a_fit_again_draws_the_same() {
    for (lang, words, _) in SCRIPTS.into_iter().filter(|(_, _, family)| carried(family)) {
        for align in [Align::Start, Align::Center, Align::End] {
            for valign in [VerticalAlign::Top, VerticalAlign::Center, VerticalAlign::Bottom] {
                let mut node = node(words, lang, Style { align, valign, ..style() });
                let mut typesetter = typesetter();
                let first = typesetter.fit(&node).expect("it fits");
                node.fit = Some(first.fit.clone());
                assert!(typesetter.set(&node) == Ok(first), "{lang}");
            }
        }
    }
}

#[test]
fn two_threads_draw_the_same() {
    let all = || -> Vec<SetText> {
        let scripts = SCRIPTS.into_iter().filter(|(_, _, family)| carried(family));
        let mut typesetter = typesetter();
        scripts.map(|(l, w, _)| typesetter.fit(&node(w, l, style())).expect("fits")).collect()
    };
    let other = std::thread::spawn(all);
    assert!(all() == other.join().expect("no panic"));
}

#[test]
fn lines_break_where_the_words_pause() {
    let lines = |v, lang| fit(v, lang).fit.lines;
    let english = lines("Real fruit. Real crunch. Nothing to hide.", "en");
    assert_eq!(english, ["Real fruit.", "Real crunch.", "Nothing to hide."]);
    if cfg!(feature = "fonts-cjk") {
        let japanese = lines("自家焙煎の珈琲で、朝が動き出す。", "ja");
        assert!(japanese.iter().all(|line| !line.starts_with(['が', 'で', '、', '。'])));
    }
}

#[test]
fn right_to_left_starts_at_the_right_edge() {
    let arabic = fit("خصم اليوم", "ar").fit.ink;
    assert!((arabic[2] - 1_008.0).abs() < 0.02, "{arabic:?}");
    let english = fit("Today", "en").fit.ink;
    assert!((english[0] - 72.0).abs() < 0.02, "{english:?}");
    let told = Style { dir: Some(Direction::Rtl), ..style() };
    let told = typesetter().fit(&node("Today", "en", told)).expect("fits").fit.ink;
    assert!((told[2] - 1_008.0).abs() < 0.02, "{told:?}");
}

#[test]
fn a_full_stop_ends_an_arabic_line_on_its_left() {
    let with = fit("خصم اليوم.", "ar");
    let style = Style { size: [with.fit.size; 2], ..style() };
    let without = typesetter().fit(&node("خصم اليوم", "ar", style)).expect("fits");
    assert!(with.fit.ink[0] < without.fit.ink[0] - 5.0, "{:?} {:?}", with.fit, without.fit);
}

#[test]
fn a_protected_name_is_never_broken() {
    let mut node = node("قهوة طازجة من Harvest Lane! كل صباح", "ar", style());
    let text = node.text.as_mut().expect("a text");
    text.protect = vec!["Harvest Lane!".into()];
    let set = typesetter().fit(&node).expect("fits");
    assert!(set.fit.lines.iter().any(|line| line.contains("Harvest\u{a0}Lane!")), "{:?}", set.fit);
    node.fit = Some(set.fit.clone());
    assert!(typesetter().set(&node) == Ok(set));
}

#[test]
fn joiners_keep_a_line_from_breaking() {
    let style = Style { size: [24.0, 200.0], lines: 4, ..style() };
    for (v, lang, whole) in [
        ("Nur heute für 14,90\u{a0}€ bei uns", "de", "14,90\u{a0}€"),
        ("全品\u{2060}半\u{2060}額の日", "ja", "品半額"),
    ] {
        if lang == "ja" && !cfg!(feature = "fonts-cjk") {
            continue;
        }
        let set = typesetter().fit(&node(v, lang, style.clone())).expect("fits");
        assert!(set.fit.lines.iter().any(|line| line.contains(whole)), "{:?}", set.fit.lines);
    }
}

#[test]
fn lines_are_centered_by_their_ink() {
    let style = Style { align: Align::Center, valign: VerticalAlign::Center, lines: 1, ..style() };
    for v in ["Shop now", "gym", "Ö", "VAVA."] {
        let [left, top, right, bottom] =
            typesetter().fit(&node(v, "en", style.clone())).expect("fits").fit.ink;
        assert!((left + right - 72.0 - 1_008.0).abs() < 0.03, "{v}: {left} {right}");
        assert!((top + bottom - 300.0 - 720.0).abs() < 0.03, "{v}: {top} {bottom}");
    }
}

#[test]
fn a_long_word_makes_the_size_smaller_and_is_not_broken() {
    let word = "Donaudampfschifffahrtsgesellschaftskapitän";
    let set = fit(word, "de");
    assert_eq!(set.fit.lines, [word]);
    let tight = Style { size: [80.0, 120.0], ..style() };
    let error = typesetter().fit(&node(word, "de", tight)).expect_err("too wide");
    assert_eq!(error, TextError::NoRoom { size: 80.0 });
}

#[test]
fn what_no_font_has_is_never_an_empty_box() {
    let set = fit("Fresh 🍓🍓 fruit 👩‍🍳!", "en");
    assert_eq!(set.fit.lines.join(" "), "Fresh fruit!");
    assert_eq!(set.missing, ['🍓', '👩']);
    let error = |v: &str| typesetter().fit(&node(v, "en", style())).expect_err("missing");
    assert_eq!(error("🍓"), TextError::MissingGlyphs(vec!['🍓']));
    assert_eq!(error("Ⴟ and ጀ"), TextError::MissingGlyphs(vec!['Ⴟ', 'ጀ']));
    assert_eq!(fit("Acme™ ©2026", "en").missing, Vec::<char>::new());
}

#[test]
fn a_letter_that_is_not_at_hand_takes_its_script_along() {
    let serif = Style { family: "Fraunces".into(), ..style() };
    let set = typesetter().fit(&node("Ничего лишнего", "ru", serif.clone())).expect("fits");
    assert_eq!(set.fit.fonts, ["Literata"]);
    assert_eq!(set.substituted, Some(("Fraunces".into(), "Literata".into())));
    let polish = typesetter().fit(&node("Łódź", "pl", serif)).expect("fits");
    assert_eq!((polish.fit.fonts, polish.substituted), (vec!["Fraunces".to_owned()], None));
}

#[test]
fn an_unknown_family_is_replaced_and_told() {
    let style = Style { family: "Gotham".into(), ..style() };
    let set = typesetter().fit(&node("Hello", "en", style)).expect("fits");
    assert_eq!(set.substituted, Some(("Gotham".into(), "Manrope".into())));
}

#[test]
fn an_accent_never_touches_the_line_above() {
    let style = Style { lh: 0.8, lines: 2, size: [100.0; 2], balance: false, ..style() };
    let set = typesetter().fit(&node("gggggggggggggg ÉÉÉÉÉÉÉ", "fr", style)).expect("fits");
    assert_eq!(set.fit.lines.len(), 2);
    // From the top of a `g` to the second base line: 55 px and, as the style has it, 80 px more.
    assert!(set.fit.ink[3] - set.fit.ink[1] > 160.0, "{:?}", set.fit);
}

#[test]
fn one_glyph_and_a_hundred_and_twenty_characters() {
    let one = fit("A", "en");
    assert!((one.fit.size - 120.0).abs() < f32::EPSILON, "{}", one.fit.size);
    let copy = "Kettle-cooked chili-mango chips with no artificial dyes, no rush and no regrets, \
                made twice a week in a small kitchen.";
    let body = Style { weight: 400, size: [16.0, 34.0], lh: 1.4, track: 0.0, ..style() };
    let set = typesetter().fit(&node(copy, "en", body)).expect("fits");
    assert_eq!(set.fit.lines.join(" "), copy);
    assert_within(&set, BOX);
}

#[test]
fn faults_of_the_caller_have_names() {
    let mut typesetter = typesetter();
    let mut error = |node: &Node| typesetter.fit(node).expect_err("a fault");
    assert_eq!(error(&Node::new("x", Role::Headline, 1, BOX)), TextError::NoWords);
    assert_eq!(error(&node(" \u{0}\u{200b}", "en", style())), TextError::Empty);
    let sizes = [[0.0, 1.0], [f32::NAN, 9.0], [20.0, 10.0], [10.0, 1e9], [10.1, 10.2]];
    for size in sizes {
        let found = error(&node("a", "en", Style { size, ..style() }));
        assert!(matches!(found, TextError::BadStyle(_)), "{size:?}: {found}");
    }
    let found = error(&node("a", "en", Style { lh: f32::INFINITY, ..style() }));
    assert!(matches!(found, TextError::BadStyle(_)));
    let mut flat = node("a", "en", style());
    flat.frame.h = 0;
    assert_eq!(error(&flat), TextError::NoRoom { size: 24.0 });
}

#[test]
fn a_fit_of_other_words_is_stale() {
    let mut node = node("Real fruit", "en", style());
    let mut typesetter = typesetter();
    assert_eq!(typesetter.set(&node), Err(TextError::NotFitted));
    node.fit = Some(typesetter.fit(&node).expect("fits").fit);
    node.text = Some(text("Real fruits", "en"));
    assert_eq!(typesetter.set(&node), Err(TextError::StaleFit));
    node.text = Some(text("Real frui", "en"));
    assert_eq!(typesetter.set(&node), Err(TextError::StaleFit));
}

/// Pieces that texts are made of.
const PIECES: [&str; 24] = [
    "Real",
    "fruit.",
    "a",
    "Geschwindigkeitsbegrenzung",
    "à",
    "14,90\u{a0}€",
    "30%",
    "!",
    "“ok”",
    "خصم",
    "اليوم",
    "קפה",
    "असली",
    "珈琲",
    "で、",
    "수박",
    "Ничего",
    "\u{2068}",
    "\u{2069}",
    "\u{200b}",
    "\u{2060}",
    "🍓",
    "e\u{301}\u{323}",
    "AT&T",
];

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(|c| c.to_string()),
    ];
    let blank = prop_oneof![3 => Just(" "), 1 => Just("")];
    prop::collection::vec((piece, blank), 0..14)
        .prop_map(|parts| parts.into_iter().flat_map(|(a, b)| [a, b.to_owned()]).collect())
}

const FAMILIES: [&str; 6] = ["Inter", "Fraunces", "Literata", "Gotham", "brand.display", ""];
const ALIGNS: [Align; 3] = [Align::Start, Align::Center, Align::End];
const VALIGNS: [VerticalAlign; 3] =
    [VerticalAlign::Top, VerticalAlign::Center, VerticalAlign::Bottom];

fn any_style() -> impl Strategy<Value = Style> {
    let family = prop::sample::select(&FAMILIES[..]);
    let look = (family, 100_u16..1000, 0.7_f32..1.6, -0.05_f32..0.2);
    let place = (prop::sample::select(&ALIGNS[..]), prop::sample::select(&VALIGNS[..]));
    (look, place, 6.0_f32..40.0, 1.0_f32..8.0, 1_u32..6, any::<bool>(), any::<bool>()).prop_map(
        |((family, weight, lh, track), (align, valign), min, times, lines, balance, caps)| Style {
            family: family.to_owned(),
            size: [min, (min * times).max(min + 0.5)],
            fill: Ink::Fg,
            dir: None,
            weight,
            lh,
            track,
            lines,
            align,
            valign,
            balance,
            caps,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]
    #[test]
    fn a_fit_stays_in_its_box_and_is_set_again_the_same(
        words in any_text(),
        style in any_style(),
        lang in prop::sample::select(&["en", "ar", "ja", "zh-Hans", "ko", "hi", "de", "??"][..]),
        width in 1_i32..1200,
        height in 1_i32..700,
    ) {
        let mut node = node(&words, lang, style);
        node.frame = Frame::new(-20, 33, width, height);
        let mut typesetter = typesetter();
        if let Ok(set) = typesetter.fit(&node) {
            assert_within(&set, node.frame);
            let style = node.style.as_ref().expect("a style");
            prop_assert!(set.fit.lines.len() <= style.lines as usize);
            prop_assert!(set.fit.size >= style.size[0] && set.fit.size <= style.size[1]);
            node.fit = Some(set.fit.clone());
            prop_assert!(typesetter.set(&node) == Ok(set));
        }
    }
}
