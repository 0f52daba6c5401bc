//! The palette's promises, held against brands of every kind.

use proptest::prelude::*;

use super::*;
use crate::domain::brand::ColorRole;

fn broken(palette: &Palette) -> Vec<String> {
    let promises = [
        ("fg on bg", palette.fg, palette.bg, 4.5),
        ("muted on bg", palette.muted, palette.bg, 4.5),
        ("accent on bg", palette.accent, palette.bg, 3.0),
        ("accent on panel", palette.accent, palette.panel, 3.0),
        ("on_accent on accent", palette.on_accent, palette.accent, 4.5),
        ("on_panel on panel", palette.on_panel, palette.panel, 4.5),
    ];
    let mut broken: Vec<String> = promises
        .into_iter()
        .filter(|(_, one, two, least)| one.contrast(*two) < *least)
        .map(|(name, one, two, _)| format!("{name}: {one} {two} {:.2}", one.contrast(two)))
        .collect();
    if palette.origin.len() != 7 {
        broken.push(format!("{} origins", palette.origin.len()));
    }
    broken
}

fn hex() -> impl Strategy<Value = Hex> {
    prop_oneof![
        4 => any::<[u8; 3]>().prop_map(|[red, green, blue]| Hex::new(red, green, blue)),
        1 => any::<u8>().prop_map(|grey| Hex::new(grey, grey, grey)),
        1 => prop::sample::select(vec![
            Hex::WHITE, Hex::BLACK, Hex::new(0x39, 0xFF, 0x14), Hex::new(255, 0, 255),
            Hex::new(0, 255, 255), Hex::new(255, 255, 0), Hex::new(0, 0, 255),
            Hex::new(0x77, 0x77, 0x77), Hex::new(0xFF, 0xD1, 0xDC), Hex::new(0xE6, 0x39, 0x46),
        ]),
    ]
}

fn brand() -> impl Strategy<Value = BrandColors> {
    let maybe = || prop::option::of(hex());
    let logo = prop::collection::vec(hex(), 0..5);
    (maybe(), maybe(), maybe(), maybe(), maybe(), logo).prop_map(
        |(primary, secondary, accent, background, text, logo)| BrandColors {
            primary,
            secondary,
            accent,
            background,
            text,
            logo,
            ..BrandColors::default()
        },
    )
}

fn asked() -> impl Strategy<Value = Option<Asked>> {
    prop::option::of(prop_oneof![
        hex().prop_map(Asked::Exact),
        hex().prop_map(Asked::Named),
        prop::sample::select(ColorRole::ALL.to_vec()).prop_map(Asked::Brand),
        prop::sample::select(vec![Ink::Accent, Ink::Panel, Ink::Fg, Ink::Bg])
            .prop_map(Asked::Current),
    ])
}

fn scheme() -> impl Strategy<Value = Option<Scheme>> {
    prop::option::of(prop::sample::select(vec![Scheme::Light, Scheme::Dark]))
}

fn wish() -> impl Strategy<Value = Wish> {
    let energy = prop::sample::select(vec![Energy::Quiet, Energy::Plain, Energy::Loud]);
    (asked(), asked(), scheme(), energy, 0..9_u32).prop_map(
        |(ground, accent, scheme, energy, variant)| Wish {
            ground,
            accent,
            scheme,
            energy,
            variant,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn every_brand_and_wish_has_a_palette_that_can_be_read(
        colors in brand(), page in scheme(), first in wish(), second in wish(), seed: u64
    ) {
        let palette = of(&colors, page, &first, &mut Random::new(seed));
        prop_assert_eq!(broken(&palette), Vec::<String>::new());
        prop_assert_eq!(&palette, &of(&colors, page, &first, &mut Random::new(seed)));
        let changed = again(&palette, &colors, &second, &mut Random::new(seed));
        prop_assert_eq!(broken(&changed), Vec::<String>::new());
    }

    #[test]
    fn what_was_asked_for_exactly_is_the_ground(colors in brand(), wanted in hex(), seed: u64) {
        let wish = Wish { ground: Some(Asked::Exact(wanted)), ..Wish::default() };
        let palette = of(&colors, None, &wish, &mut Random::new(seed));
        prop_assert_eq!(palette.bg, wanted);
        prop_assert_eq!(&palette.origin[&Ink::Bg], "prompt");
    }
}

fn one(primary: &str) -> BrandColors {
    BrandColors { primary: primary.parse().ok(), ..BrandColors::default() }
}

fn all_of(colors: &BrandColors, wish: &Wish) -> Vec<Palette> {
    (0..40).map(|seed| of(colors, None, wish, &mut Random::new(seed))).collect()
}

#[test]
fn curated_palettes_keep_their_colours_and_all_of_them_come() {
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..200 {
        let palette = of(&BrandColors::default(), None, &Wish::default(), &mut Random::new(seed));
        let set = curated::ALL.iter().find(|set| set.bg == palette.bg).expect("one of them");
        assert_eq!((palette.fg, palette.accent, palette.panel), (set.fg, set.accent, set.panel));
        assert_eq!(palette.origin[&Ink::Accent], set.origin());
        seen.insert(palette.bg);
    }
    assert_eq!(seen.len(), curated::ALL.len());
}

#[test]
fn a_neon_colour_is_never_the_whole_ground_unless_asked() {
    for neon in ["#39FF14", "#FF00FF", "#00FFFF", "#FF0000", "#FFFF00"] {
        let colors = one(neon);
        for palette in all_of(&colors, &Wish::default()) {
            let bg = Oklch::from(palette.bg);
            assert!(bg.c < 0.205 || bg.l < 0.5, "{neon}: {}", palette.bg);
        }
    }
}

#[test]
fn a_brand_without_colour_stays_without() {
    for grey in ["#000000", "#FFFFFF", "#808080"] {
        for palette in all_of(&one(grey), &Wish::default()) {
            for ink in [Ink::Bg, Ink::Fg, Ink::Accent, Ink::Panel] {
                assert!(Oklch::from(palette.color(ink)).c < 0.02, "{grey}: {palette:?}");
            }
            assert_ne!((palette.fg, palette.bg), (Hex::BLACK, Hex::WHITE));
        }
    }
}

#[test]
fn yellow_is_not_darkened_into_mud() {
    for palette in all_of(&one("#FFD400"), &Wish::default()) {
        for ink in [Ink::Bg, Ink::Accent, Ink::Panel] {
            let lch = Oklch::from(palette.color(ink));
            let is_mud = ink::is_sallow(lch) && (0.35..0.66).contains(&lch.l) && lch.c > 0.05;
            assert!(!is_mud, "{palette:?}");
        }
    }
}

#[test]
fn the_grounds_of_one_brand_differ_by_seed_and_by_variant() {
    let colors = BrandColors { accent: "#F4A261".parse().ok(), ..one("#0B6E4F") };
    let grounds: std::collections::BTreeSet<Hex> =
        all_of(&colors, &Wish::default()).iter().map(|palette| palette.bg).collect();
    assert!(grounds.len() >= 4, "{grounds:?}");
    let variants: std::collections::BTreeSet<Hex> = (0..4)
        .map(|variant| Wish { variant, ..Wish::default() })
        .map(|wish| of(&colors, None, &wish, &mut Random::new(3)).bg)
        .collect();
    assert_eq!(variants.len(), 4);
}

#[test]
fn dark_light_quiet_and_loud_are_heard() {
    let colors = BrandColors { accent: "#F4A261".parse().ok(), ..one("#2255C4") };
    let with = |scheme, energy| Wish { scheme, energy, ..Wish::default() };
    for palette in all_of(&colors, &with(Some(Scheme::Dark), Energy::Plain)) {
        assert!(Oklch::from(palette.bg).l < 0.6);
    }
    for palette in all_of(&colors, &with(Some(Scheme::Light), Energy::Plain)) {
        assert!(Oklch::from(palette.bg).l > 0.6);
    }
    for palette in all_of(&colors, &with(None, Energy::Quiet)) {
        assert!(Oklch::from(palette.bg).c < 0.1);
    }
    let loud = all_of(&colors, &with(None, Energy::Loud));
    let own = loud.iter().filter(|palette| palette.origin[&Ink::Bg] == "brand.primary").count();
    assert!(own > loud.len() / 3, "{own}");
}

#[test]
fn a_brand_role_and_a_current_role_can_be_the_ground() {
    let colors = BrandColors { accent: "#C1121F".parse().ok(), ..one("#1D3557") };
    let wish = Wish { ground: Some(Asked::Brand(ColorRole::Accent)), ..Wish::default() };
    let palette = of(&colors, None, &wish, &mut Random::new(1));
    assert_eq!(palette.bg, Hex::new(0xC1, 0x12, 0x1F));
    assert_eq!(palette.origin[&Ink::Bg], "brand.accent");

    let none = BrandColors::default();
    let before = of(&none, None, &Wish::default(), &mut Random::new(5));
    let wish = Wish { ground: Some(Asked::Current(Ink::Accent)), ..Wish::default() };
    let after = again(&before, &none, &wish, &mut Random::new(5));
    assert_eq!(after.bg, before.accent);
    assert_ne!(after.accent, after.bg);
}

#[test]
fn a_change_that_asks_nothing_changes_nothing() {
    for seed in 0..20 {
        let none = BrandColors::default();
        let before = of(&none, None, &Wish::default(), &mut Random::new(seed));
        let after = again(&before, &none, &Wish::default(), &mut Random::new(seed + 1));
        for ink in [Ink::Bg, Ink::Fg, Ink::Muted, Ink::Accent, Ink::OnAccent, Ink::Panel] {
            assert_eq!(after.color(ink), before.color(ink), "{ink:?}");
        }
    }
}

#[test]
fn a_colour_by_name_is_the_brands_own_of_that_hue() {
    let own = Hex::new(0x12, 0x5B, 0x3C);
    let colors = BrandColors { secondary: Some(own), ..one("#F4A261") };
    let wish = Wish { ground: named("green").map(Asked::Named), ..Wish::default() };
    assert_eq!(of(&colors, None, &wish, &mut Random::new(1)).bg, own);
    let wish = Wish { ground: named("purple").map(Asked::Named), ..Wish::default() };
    let palette = of(&colors, None, &wish, &mut Random::new(1));
    assert_eq!(Some(palette.bg), named("purple"));
    let dark = Wish { scheme: Some(Scheme::Dark), ground: named("pink").map(Asked::Named), ..wish };
    assert!(Oklch::from(of(&colors, None, &dark, &mut Random::new(1)).bg).l < 0.4);
}

#[test]
fn a_brand_with_a_colour_is_recognized_by_it() {
    let yellow = BrandColors {
        primary: "#F2C200".parse().ok(),
        background: "#161616".parse().ok(),
        text: "#F5F5F5".parse().ok(),
        ..BrandColors::default()
    };
    let is_seen = |palette: &Palette| {
        [palette.bg, palette.accent].into_iter().any(|hex| Oklch::from(hex).c >= 0.1)
    };
    let palettes = all_of(&yellow, &Wish::default());
    let seen = palettes.iter().filter(|palette| is_seen(palette)).count();
    assert!(seen >= 37, "{seen} of {}", palettes.len());
}
