//! One thing changed at a time, and exactly its check turns red.

use super::*;
use crate::ads::scene::{
    Align, Composition, Engine, Fit, Format, Frame, Generator, GeneratorKind, Ink, LayoutKind,
    Lint, Looks, Money, Paint, Palette, Provenance, Role, Style, VerticalAlign, WordsFrom,
};
use crate::domain::brand::{Direction, Hex};

const WIDTH: u32 = 200;
const HEIGHT: u32 = 120;

/// Everything that the invariants look at, to be spoiled.
struct Case {
    source: Scene,
    target: Scene,
    source_pixels: Vec<u8>,
    target_pixels: Vec<u8>,
    ground: Vec<u8>,
    missing: BTreeMap<String, Vec<char>>,
    untranslated: BTreeSet<String>,
    policy: CurrencyPolicy,
    groups: Vec<TextGroup>,
}

impl Case {
    /// The ids of the checks that fail.
    fn red(&self) -> Vec<String> {
        let picture = |bytes| Rgb::new(WIDTH, HEIGHT, bytes).expect("whole rows");
        let checks = check(&Evidence {
            source: &self.source,
            target: &self.target,
            source_pixels: picture(&self.source_pixels),
            target_pixels: picture(&self.target_pixels),
            ground: picture(&self.ground),
            missing: &self.missing,
            untranslated: &self.untranslated,
            policy: self.policy,
            groups: &self.groups,
        });
        let ids: Vec<&str> = checks.iter().map(|check| check.id.as_str()).collect();
        let all = ["K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8", "K9", "K10", "K11", "K12"];
        assert_eq!(ids, all);
        let red: Vec<String> =
            checks.iter().filter(|check| !check.pass).map(|check| check.id.clone()).collect();
        assert_eq!(failure(&checks).is_none(), red.is_empty());
        red
    }

    fn node(&mut self, id: &str) -> &mut Node {
        self.target.nodes.iter_mut().find(|node| node.id == id).expect("a node")
    }

    /// Other words, which the SVG tells as well.
    fn say(&mut self, id: &str, words: &str) {
        let text = self.node(id).text.as_mut().expect("words");
        let before = std::mem::replace(&mut text.v, words.to_owned());
        let group = self.groups.iter_mut().find(|group| group.label == before);
        words.clone_into(&mut group.expect("a group").label);
    }

    fn fit(&mut self, id: &str) -> &mut Fit {
        self.node(id).fit.as_mut().expect("a fit")
    }
}

fn words(id: &str, role: Role, frame: Frame, v: &str, protect: &[&str]) -> Node {
    let mut node = Node::new(id, role, 5, frame);
    node.text = Some(Text {
        v: v.to_owned(),
        lang: "en".to_owned(),
        source: "catalog:x".to_owned(),
        protect: protect.iter().map(|part| (*part).to_owned()).collect(),
    });
    node.style = Some(Style {
        family: "Inter".to_owned(),
        weight: 700,
        size: [8.0, 40.0],
        lh: 1.0,
        track: 0.0,
        lines: 3,
        align: Align::Start,
        valign: VerticalAlign::Top,
        fill: Ink::Fg,
        balance: false,
        caps: false,
        dir: None,
    });
    let (x, y) = (f32::from(u8::try_from(frame.x).expect("small")), 0.0);
    let y: f32 = y + f32::from(u8::try_from(frame.y).expect("small"));
    let ink = [x + 1.0, y + 1.0, x + 60.0, y + 15.0];
    node.fit = Some(Fit { size: 20.0, lines: vec![v.to_owned()], ink, fonts: vec![] });
    node
}

fn source() -> Scene {
    let mut art = Node::new("art", Role::Decoration, 1, Frame::new(0, 0, 200, 120));
    art.generator = Some(Generator {
        kind: GeneratorKind::Arcs,
        seed: "77".to_owned(),
        color: Ink::Accent,
        second: None,
        opacity: 0.3,
        step: 0.1,
        origin: [0.9, 0.9],
        mirrored: false,
    });
    let mut ground = Node::new("bg", Role::Background, 0, Frame::new(0, 0, 200, 120));
    ground.paint = Some(Paint::Linear { from: Ink::Bg, to: Ink::Panel, angle: 30 });
    let headline = words(
        "headline",
        Role::Headline,
        Frame::new(10, 10, 100, 20),
        "The Café Lumière has everything for your weekend: 20% off",
        &["Café Lumière", "20%"],
    );
    let legal = words("legal", Role::Legal, Frame::new(10, 90, 100, 20), "VAT 7 included", &[]);
    let mut price = words("price", Role::Price, Frame::new(10, 50, 100, 20), "$14.90", &[]);
    price.money = Some(Money { amount: "14.90".to_owned(), currency: "USD".to_owned() });
    let palette = Palette {
        bg: Hex::new(11, 61, 46),
        fg: Hex::new(242, 232, 207),
        muted: Hex::WHITE,
        accent: Hex::new(244, 162, 97),
        on_accent: Hex::BLACK,
        panel: Hex::new(20, 80, 60),
        on_panel: Hex::WHITE,
        origin: BTreeMap::new(),
    };
    Scene {
        scene: 1,
        engine: Engine { name: String::new(), version: String::new(), fonts: String::new() },
        brand: None,
        brand_rev: None,
        prompt: String::new(),
        seed: "1".to_owned(),
        layout: LayoutKind::Statement,
        variant: 0,
        format: Format { id: "custom".to_owned(), w: WIDTH, h: HEIGHT, safe: [0, 0, 200, 120] },
        lang: "en".to_owned(),
        dir: Direction::Ltr,
        currency: Some("USD".to_owned()),
        composition: Composition::Free,
        palette,
        looks: Looks::default(),
        nodes: vec![ground, art, headline, price, legal],
        checks: vec![],
        lint: Lint::default(),
        provenance: Provenance {
            copy: WordsFrom::Catalog,
            picture: "procedural".to_owned(),
            model_calls: 0,
            fallback_reason: None,
        },
        warnings: vec![],
    }
}

fn case() -> Case {
    let source = source();
    let mut target = source.clone();
    target.composition = Composition::Locked;
    "fr".clone_into(&mut target.lang);
    let french = "Le Café Lumière a tout pour votre week-end : 20\u{a0}% de remise";
    for (id, said) in [("headline", french), ("price", "14,90\u{a0}$US")] {
        let node = target.nodes.iter_mut().find(|node| node.id == id).expect("a node");
        let text = node.text.as_mut().expect("words");
        (text.v, text.lang) = (said.to_owned(), "fr".to_owned());
    }
    let group = |node: &Node| {
        let text = node.text.as_ref()?;
        let (label, lang) = (text.v.clone(), text.lang.clone());
        Some(TextGroup { label, lang, dir: "ltr".to_owned() })
    };
    let groups = target.nodes.iter().filter_map(group).collect();
    let ground: Vec<u8> = (0..WIDTH * HEIGHT).flat_map(|_| [11, 61, 46]).collect();
    Case {
        source,
        target,
        source_pixels: ground.clone(),
        target_pixels: ground.clone(),
        ground,
        missing: BTreeMap::new(),
        untranslated: BTreeSet::from(["legal".to_owned()]),
        policy: CurrencyPolicy::Keep,
        groups,
    }
}

/// Spoils a good case and says which checks that turns red.
fn red_after(spoil: impl FnOnce(&mut Case)) -> Vec<String> {
    let mut case = case();
    assert_eq!(case.red(), [""; 0], "the case is good before");
    spoil(&mut case);
    case.red()
}

fn paint_pixel(picture: &mut [u8], x: usize, y: usize) {
    picture[(y * WIDTH as usize + x) * 3] ^= 1;
}

#[test]
fn k1_sees_another_order_role_canvas_and_a_node_more_or_less() {
    assert_eq!(red_after(|case| case.node("art").z = -1), ["K1"]);
    assert_eq!(red_after(|case| case.target.nodes.swap(2, 3)), ["K1"]);
    assert_eq!(red_after(|case| case.node("art").role = Role::Panel), ["K1"]);
    assert_eq!(red_after(|case| drop(case.target.nodes.remove(1))), ["K1"]);
    assert_eq!(red_after(|case| case.target.format.h = 119), ["K1"]);
    let another = |case: &mut Case| {
        case.target.nodes.push(Node::new("more", Role::Panel, 9, Frame::default()));
    };
    assert_eq!(red_after(another), ["K1"]);
}

#[test]
fn k2_sees_a_box_that_moved_by_one_pixel() {
    assert_eq!(red_after(|case| case.node("art").frame.x += 1), ["K2"]);
    assert_eq!(red_after(|case| case.node("headline").frame.h += 1), ["K2"]);
    assert_eq!(red_after(|case| case.node("price").pad = [0, 1]), ["K2"]);
    assert_eq!(red_after(|case| case.node("price").pad = [1, 0]), ["K2"]);
    let padded = |align: Align, pad: i32| {
        red_after(move |case| {
            for scene in [&mut case.source, &mut case.target] {
                let node = scene.nodes.iter_mut().find(|node| node.id == "price");
                let style = node.and_then(|node| node.style.as_mut());
                style.expect("a style").align = align;
            }
            let before = case.source.nodes.iter_mut().find(|node| node.id == "price");
            before.expect("a price").pad = [1, 0];
            case.node("price").pad = [pad, 0];
        })
    };
    assert_eq!(
        (padded(Align::Center, 0), padded(Align::Start, 0)),
        (vec![], vec!["K2".to_owned()])
    );
    assert_eq!(red_after(|case| case.node("art").rotate = 1), ["K2"]);
    assert_eq!(red_after(|case| case.node("art").focus = Some([0.5, 0.5])), ["K2"]);
    let lines = |case: &mut Case| case.node("headline").style.as_mut().expect("style").lines = 4;
    assert_eq!(red_after(lines), ["K2"]);
}

#[test]
fn k3_sees_another_color_seed_or_picture() {
    assert_eq!(red_after(|case| case.target.palette.accent = Hex::WHITE), ["K3"]);
    assert_eq!(red_after(|case| case.node("bg").paint = Some(Paint::Solid(Ink::Bg))), ["K3"]);
    let seed = |case: &mut Case| {
        case.node("art").generator.as_mut().expect("art").seed = "78".to_owned();
    };
    assert_eq!(red_after(seed), ["K3"]);
    let fill =
        |case: &mut Case| case.node("price").style.as_mut().expect("style").fill = Ink::Muted;
    assert_eq!(red_after(fill), ["K3"]);
    let mirror = |case: &mut Case| {
        case.node("art").generator.as_mut().expect("art").mirrored = true;
    };
    assert_eq!(red_after(mirror), ["K3"]);
}

#[test]
fn k4_sees_one_pixel_outside_of_the_words() {
    assert_eq!(red_after(|case| paint_pixel(&mut case.target_pixels, 0, 0)), ["K4"]);
    assert_eq!(red_after(|case| paint_pixel(&mut case.target_pixels, 199, 119)), ["K4"]);
    // The headline's box ends before x = 110, and with its one pixel before 111.
    assert_eq!(red_after(|case| paint_pixel(&mut case.target_pixels, 110, 15)), [""; 0]);
    assert_eq!(red_after(|case| paint_pixel(&mut case.target_pixels, 111, 15)), ["K4"]);
    assert_eq!(red_after(|case| paint_pixel(&mut case.target_pixels, 15, 30)), [""; 0]);
    assert_eq!(red_after(|case| paint_pixel(&mut case.target_pixels, 15, 31)), ["K4"]);
}

#[test]
fn k4_sees_another_size() {
    let case = case();
    let small = Rgb::new(1, 1, &[0; 3]).expect("one pixel");
    let large = Rgb::new(WIDTH, HEIGHT, &case.ground).expect("whole rows");
    let check = pixels::same_outside_of_words(&case.target, small, large);
    assert!(!check.pass && (check.value - f64::from(WIDTH * HEIGHT)).abs() < 0.5);
    assert!(Rgb::new(2, 1, &[0; 3]).is_none());
}

#[test]
fn k5_sees_ink_outside_of_its_box() {
    assert_eq!(red_after(|case| case.fit("headline").ink[0] = 9.49), ["K5"]);
    assert_eq!(red_after(|case| case.fit("headline").ink[0] = 9.5), [""; 0]);
    assert_eq!(red_after(|case| case.fit("price").ink[3] = 70.6), ["K5"]);
}

#[test]
fn k6_sees_words_that_shrank_too_far() {
    assert_eq!(red_after(|case| case.fit("headline").size = 13.5), ["K6"]);
    assert_eq!(red_after(|case| case.fit("headline").size = 14.0), [""; 0]);
    // The format's own minimum counts where it is nearer to the source than 0.70.
    let minimum = |id: &str, scale: f32| {
        let case = case();
        let role = case.source.node(id).expect("a node").role;
        let smallest = case.source.format.minimum_size(role);
        let id = id.to_owned();
        red_after(move |case| {
            let source = case.source.nodes.iter_mut().find(|node| node.id == id);
            source.and_then(|node| node.fit.as_mut()).expect("a fit").size = smallest * 1.1;
            case.fit(&id).size = smallest * scale;
        })
    };
    assert_eq!((minimum("price", 0.99), minimum("price", 1.0)), (vec!["K6".to_owned()], vec![]));
}

#[test]
fn k7_sees_too_many_lines() {
    let lines = |count: usize| {
        red_after(move |case| case.fit("headline").lines = vec!["a".to_owned(); count])
    };
    assert_eq!((lines(2), lines(3)), (vec![], vec!["K7".to_owned()]));
    assert_eq!((lines(0), lines(9)), (vec![], vec!["K7".to_owned()]));
}

#[test]
fn k8_sees_what_cannot_be_written() {
    let missing = |id: &str| {
        let id = id.to_owned();
        red_after(move |case| drop(case.missing.insert(id, vec!['焙'])))
    };
    assert_eq!(missing("headline"), ["K8"]);
    // What is unchanged is the source's matter.
    assert_eq!(missing("legal"), [""; 0]);
    for odd in ['\u{fffd}', '\u{e000}', '\u{378}', '\u{7}'] {
        let said = format!("Le Café Lumière a tout pour votre week-end{odd} : 20 % de remise");
        assert_eq!(red_after(|case| case.say("headline", &said)), ["K8"], "{odd:?}");
    }
}

#[test]
fn k9_sees_a_lost_name_a_dropped_diacritic_and_a_changed_digit() {
    for said in [
        "Le Café a tout pour votre week-end : 20\u{a0}% de remise",
        "Le Cafe Lumière a tout pour votre week-end : 20\u{a0}% de remise",
        "Le Café Lumière a tout pour votre week-end : 30\u{a0}% de remise",
        "Le Café Lumière a tout pour votre week-end, avec une remise",
        "Le Café Lumière a tout pour votre week-end : 20\u{a0}% de remise, 24 h",
        "Le Café Lumière a tout pour votre week-end : 20\u{a0}% de remise lumiere.example",
    ] {
        assert_eq!(red_after(|case| case.say("headline", said)), ["K9"], "{said}");
    }
    assert_eq!(red_after(|case| case.say("legal", "VAT 7 is included")), ["K9"]);
}

#[test]
fn k9_sees_a_price_that_no_policy_explains() {
    let priced = |policy: CurrencyPolicy, amount: &str, currency: &str, said: &str| {
        let (amount, currency, said) = (amount.to_owned(), currency.to_owned(), said.to_owned());
        red_after(move |case| {
            case.policy = policy;
            case.node("price").money = Some(Money { amount, currency });
            case.say("price", &said);
        })
    };
    let (keep, convert) = (CurrencyPolicy::Keep, CurrencyPolicy::Convert);
    assert_eq!(priced(keep, "14.90", "USD", "14,80\u{a0}$US"), ["K9"]);
    assert_eq!(priced(keep, "14.90", "EUR", "14,90\u{a0}€"), ["K9"]);
    assert_eq!(priced(keep, "13.90", "EUR", "13,90\u{a0}€"), ["K9"]);
    assert_eq!(priced(convert, "13.90", "EUR", "13,90\u{a0}€"), [""; 0]);
    assert_eq!(priced(convert, "13.90", "EUR", "14,90\u{a0}€"), ["K9"]);
    assert_eq!(priced(CurrencyPolicy::Relabel, "14.90", "EUR", "14,90\u{a0}€"), [""; 0]);
    assert_eq!(priced(CurrencyPolicy::Relabel, "13.90", "EUR", "13,90\u{a0}€"), ["K9"]);
    assert_eq!(red_after(|case| case.node("price").money = None), ["K9"]);
}

#[test]
fn k10_sees_another_language_and_another_script() {
    let english = "The Café Lumière has everything for your weekend: 20% off";
    assert_eq!(red_after(|case| case.say("headline", english)), ["K10"]);
    let greek = "Café Lumière: όλα για το Σαββατοκύριακό σας, 20%";
    assert_eq!(red_after(|case| case.say("headline", greek)), ["K10"]);
    let exempt = |case: &mut Case| {
        case.say("headline", english);
        case.node("headline").text.as_mut().expect("words").lang = "en".to_owned();
        case.groups[0].lang = "en".to_owned();
        case.untranslated.insert("headline".to_owned());
    };
    assert_eq!(red_after(exempt), [""; 0]);
}

#[test]
fn k11_sees_words_that_cannot_be_read_where_they_stand_now() {
    // Bright under the end of the longer words, where the source had none.
    let spoil = |case: &mut Case| {
        case.fit("headline").ink[2] = 108.0;
        for y in 10..30 {
            for x in 90..108 {
                case.ground[(y * 200 + x) * 3..][..3].fill(200);
            }
        }
    };
    assert_eq!(red_after(spoil), ["K11"]);
}

#[test]
fn k12_sees_what_the_svg_tells_wrongly() {
    assert_eq!(red_after(|case| case.groups[0].lang = "en".to_owned()), ["K12"]);
    assert_eq!(red_after(|case| case.groups[0].dir = "rtl".to_owned()), ["K12"]);
    assert_eq!(red_after(|case| drop(case.groups.pop())), ["K12"]);
    let label = |case: &mut Case| case.groups[0].label = case.groups[0].label.replace('é', "e");
    assert_eq!(red_after(label), ["K12"]);
    assert_eq!(red_after(|case| case.target.dir = Direction::Rtl), ["K12"]);
    let lang = |case: &mut Case| {
        case.node("headline").text.as_mut().expect("words").lang = "de".to_owned();
        case.groups[0].lang = "de".to_owned();
    };
    assert_eq!(red_after(lang), ["K12"]);
}

#[test]
fn a_mirrored_ad_is_compared_with_the_mirror_image() {
    let mut case = case();
    case.target.composition = Composition::Mirrored;
    for node in &mut case.target.nodes {
        node.frame = node.frame.mirrored(200);
        node.paint = node.paint.as_ref().map(Paint::in_mirror);
        node.generator = node.generator.as_ref().map(Generator::in_mirror);
        if let Some(fit) = &mut node.fit {
            let [left, top, right, bottom] = fit.ink;
            fit.ink = [200.0 - right, top, 200.0 - left, bottom];
        }
    }
    assert_eq!(case.red(), [""; 0]);
    case.node("art").generator.as_mut().expect("art").mirrored = false;
    assert_eq!(case.red(), ["K3"]);
    case.node("price").frame.x -= 1;
    assert_eq!(case.red(), ["K2", "K3"]);
}

#[test]
fn a_failure_names_the_check_its_value_and_its_limit() {
    let checks = [none_of("K4", 31), at_least("K6", 0.5, 0.7), at_most("K5", 0.0, 0.5)];
    let failure = failure(&checks).expect("two fail");
    assert_eq!(failure, "K4 is 31, at most 0; K6 is 0.5, at least 0.7");
}
