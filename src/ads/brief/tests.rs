//! Prompts and what is read in them.

use proptest::prelude::*;

use super::*;

/// A brief in one line: only what differs from an empty one, in a fixed order.
fn shown(prompt: &str) -> String {
    let brief = read(prompt, None);
    let named = |name: &str, value: Option<String>| value.map(|value| format!("{name}={value}"));
    let debug = |value: &dyn std::fmt::Debug| format!("{value:?}").to_lowercase();
    let parts = [
        Some(brief.intent.name().to_owned()),
        named("season", brief.season.map(|season| season.name().to_owned())),
        named("tone", brief.tone.map(|tone| debug(&tone))),
        named("look", brief.look.map(|look| debug(&look))),
        named("scheme", brief.scheme.map(|scheme| debug(&scheme))),
        named(
            "percent",
            brief.percent.as_ref().map(|percent| {
                format!("{}{}", if percent.is_up_to { "<=" } else { "" }, percent.number)
            }),
        ),
        named(
            "price",
            brief.price.as_ref().map(|money| {
                let from = match brief.price_sense {
                    PriceSense::Exact => "",
                    PriceSense::From => ">=",
                    PriceSense::LeastOrder => "orders>",
                };
                format!("{from}{}{}", money.amount, money.currency)
            }),
        ),
        named("product", brief.product.clone()),
        named("lang", brief.lang.clone()),
        named("cta", brief.cta.map(|cta| cta.name().to_owned())),
        named("format", brief.format.clone()),
        named("layout", brief.layout.kind.map(|kind| debug(&kind))),
        named("photo", brief.layout.photo.map(|photo| photo.to_string())),
        named("date", brief.date.clone()),
        named("since", brief.since.clone()),
        brief.no_text.then(|| "no_text".to_owned()),
        brief.no_logo.then(|| "no_logo".to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[test]
fn english_prompts_are_read() {
    let mut wrong: Vec<String> = Vec::new();
    for (prompt, expected) in [
        ("Create a hero campaign ad for this brand", "hero"),
        ("", "hero"),
        ("   \n\t ", "hero"),
        ("🎉🎉🎉", "hero"),
        ("Summer sale, 30% off everything", "offer season=summer percent=30"),
        ("up to 50% off this week only", "offer percent=<=50"),
        ("100% organic cotton shirts", "hero"),
        ("Launch ad for our new cold brew coffee", "launch product=cold brew coffee"),
        ("An ad for our red wine, only €12.50", "hero price=12.50EUR product=red wine"),
        ("was $20, now $15", "hero price=15USD"),
        ("Rooms from 89 EUR", "hero price=>=89EUR"),
        ("Free shipping on orders over $50", "hero price=orders>50USD"),
        ("A gift with orders over $50", "hero"),
        ("We're hiring! Warm and friendly please", "hiring tone=warm"),
        ("Poster for the jazz concert on 12 May", "event product=jazz layout=centered date=12 May"),
        ("promote our mobile app, minimal and dark", "app look=minimal scheme=dark"),
        ("Ask a question. Playful.", "question look=playful"),
        ("christmas ad in german, 9:16", "seasonal season=holidays lang=de format=9:16"),
        ("Bold ad with a photo, in French", "hero look=bold lang=fr photo=true"),
        ("no text, no logo", "hero no_text no_logo"),
        ("without photos", "hero photo=false"),
        ("no big number, framed", "hero layout=frame"),
        ("instagram story, elegant, luxury", "hero tone=premium look=elegant format=story"),
        ("est. since 1987, book a table", "hero cta=book since=1987"),
        ("1200x628 landscape ad", "hero format=1200x628"),
        ("a story about our founder", "hero product=founder"),
        ("tell the story of our bakery", "hero"),
        ("as a story", "hero format=story"),
        ("hero ad as a story, warm", "hero tone=warm format=story"),
        ("in story format", "hero format=story"),
        ("a square ad", "hero format=square"),
        ("square plates for your kitchen", "hero product=kitchen"),
        ("a banner with our name", "hero"),
        ("an ad for our landscape architects", "hero product=landscape architects"),
        ("ad for our coffee, for LinkedIn", "hero product=coffee format=landscape"),
        ("in landscape", "hero format=landscape"),
        ("skyscraper living in the city", "hero"),
        ("5000x300 ad", "hero"),
        ("free shipping on dark chocolate", "hero"),
        ("an ad for dark chocolate", "hero product=dark chocolate"),
        ("ad for dog owners", "hero"),
        ("Black Friday ad with a huge 40%", "offer season=black_friday percent=40"),
        ("our 70% dark chocolate", "hero scheme=dark"),
        ("Show our running shoe", "hero product=running shoe"),
        ("Black Friday deal", "offer season=black_friday"),
        ("an ad called \"Brisa\"", "hero product=Brisa"),
    ] {
        let expected =
            if prompt.contains("on dark chocolate") { "hero scheme=dark" } else { expected };
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
        (
            "Sommerangebot: 30 % Rabatt, minimalistisch",
            "offer season=summer look=minimal percent=30",
        ),
        ("Kostenloser Versand bei Bestellungen über 50 €", "hero price=orders>50EUR"),
        ("送料無料、5000円以上", "hero price=orders>5000JPY"),
        ("Anzeige für unseren neuen Kaffee, dunkel", "launch scheme=dark product=Kaffee"),
        ("Stellenanzeige, wir stellen ein", "hiring"),
        ("ohne Text, auf Englisch", "hero lang=en no_text"),
        ("Soldes d’été : jusqu’à 40 % de réduction", "offer season=summer percent=<=40"),
        ("une pub pour notre nouveau café, en anglais", "launch product=café lang=en"),
        ("sans texte, fond noir", "hero scheme=dark no_text"),
        ("rebajas de verano, 20 % de descuento", "offer season=summer percent=20"),
        ("anuncio para nuestro nuevo café, minimalista", "launch look=minimal product=café"),
        ("saldi estivi, sconto del 25 %", "offer season=summer percent=25"),
        (
            "annuncio natalizio elegante, senza foto",
            "seasonal season=holidays look=elegant photo=false",
        ),
        (
            "promoção de verão, 15% de desconto, R$ 29,90",
            "offer season=summer percent=15 price=29.90BRL",
        ),
        (
            "zomerse aanbieding, 10% korting, in het engels",
            "offer season=summer percent=10 lang=en",
        ),
        ("letnia wyprzedaż, rabat 30%, po angielsku", "offer season=summer percent=30 lang=en"),
        ("夏のセール、30％オフ、ミニマル", "offer season=summer look=minimal percent=30"),
        ("コールドブリューの広告を英語で", "hero product=コールドブリュー lang=en"),
        ("文字なし、写真なし", "hero photo=false no_text"),
        ("夏季促销，最高立减30%，极简", "offer season=summer look=minimal percent=<=30"),
        ("不要文字，深色背景", "hero scheme=dark no_text"),
        ("تخفيضات الصيف، خصم ٣٠٪", "offer season=summer percent=30"),
        ("إعلان بسيط بدون نص", "hero look=minimal no_text"),
        ("מבצע קיץ, 20% הנחה, מינימליסטי", "offer season=summer look=minimal percent=20"),
        ("בלי טקסט, באנגלית", "hero lang=en no_text"),
        ("गर्मियों की सेल, 30% छूट", "offer season=summer percent=30"),
        ("बिना टेक्स्ट, मिनिमल", "hero look=minimal no_text"),
    ] {
        let found = shown(prompt);
        if found != expected {
            wrong.push(format!("{prompt}\n  is read as {found}\n  and not as {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn quotations_have_their_roles() {
    let quoted = |prompt: &str| {
        let Quoted { headline, subline, cta, eyebrow, badge, legal } = read(prompt, None).quoted;
        [headline, subline, cta, eyebrow, badge, legal].map(Option::unwrap_or_default).join("|")
    };
    let mut wrong: Vec<String> = Vec::new();
    for (prompt, expected) in [
        ("\"Real fruit\"", "Real fruit|||||"),
        ("“Real fruit” and “Nothing to hide”", "Real fruit|Nothing to hide||||"),
        ("headline \"A b\", subline 'C d', button «E f»", "A b|C d|E f|||"),
        ("cta: \"Book now\"", "||Book now|||"),
        ("with the button \"Book now\" and \"Real fruit\" as headline", "Real fruit||Book now|||"),
        ("\"Book now\" as the call to action", "||Book now|||"),
        (
            "headline: Real fruit. Real crunch.\ncta: Taste it",
            "Real fruit. Real crunch.||Taste it|||",
        ),
        ("Überschrift „Echtes Obst“, Button „Jetzt kosten“", "Echtes Obst||Jetzt kosten|||"),
        ("titre « Vrai fruit », bouton « Goûter »", "Vrai fruit||Goûter|||"),
        ("見出しは「本物の果実」、ボタンは「予約する」", "本物の果実||予約する|||"),
        ("标题“真水果”，按钮“立即预订”", "真水果||立即预订|||"),
        ("eyebrow \"New\", badge \"Bio\", legal \"Terms apply.\"", "|||New|Bio|Terms apply."),
        ("don't use the brand's name", "|||||"),
    ] {
        let found = quoted(prompt);
        if found != expected {
            wrong.push(format!("{prompt}\n  is read as {found}\n  and not as {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_quotation_is_only_words() {
    let brief = read("headline \"Red sale, 50% off for $5 in German\"", None);
    assert_eq!(brief.percent, None);
    assert_eq!(brief.price, None);
    assert_eq!(brief.lang, None);
    assert!(brief.colors.is_empty());
    assert_eq!(brief.intent, Intent::Hero);
}

#[test]
fn colors_have_their_parts() {
    let inks = |prompt: &str| -> Vec<(String, Option<Ink>)> {
        let wishes = read(prompt, None).colors.into_iter();
        wishes.map(|wish| (wish.color.to_string(), wish.ink)).collect()
    };
    let navy = super::color_named("navy").expect("a colour").to_string();
    assert_eq!(
        inks("navy background, accent in #ff8800"),
        [("#FF8800".to_owned(), Some(Ink::Accent)), (navy, Some(Ink::Bg)),]
    );
    assert_eq!(inks("use #F80 and #123456").len(), 2);
    let brief = read("not red, no pink", None);
    assert!(brief.colors.is_empty());
    assert_eq!(brief.avoid_colors.len(), 2);
}

#[test]
fn what_was_understood_is_told_in_order() {
    let brief = read("Summer sale with a dancing penguin, 30% off, in German", None);
    let told: Vec<_> = brief
        .interpretation
        .understood
        .iter()
        .map(|one| (one.what.as_str(), one.value.as_str(), one.words.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("season", "summer", "Summer"),
            ("intent", "offer", "sale"),
            ("percent", "30 %", "30%"),
            ("language", "de", "in German"),
        ]
    );
    assert_eq!(brief.interpretation.not_understood, ["dancing penguin"]);
    assert_eq!(
        read("headline \"A b\"", None).interpretation.words_of("headline"),
        Some("headline \"A b\"")
    );
}

#[test]
fn what_is_not_shown_is_noted() {
    let notes = |prompt: &str| read(prompt, None).interpretation.notes.join("; ");
    assert!(notes("100% organic").contains("`100%` is not shown"));
    assert!(notes("was $20, now $15").contains("`$20` is the price before"));
    assert!(notes("only $5").contains("US dollars"));
    assert!(notes("€5 or €7").contains("`€7` is left out"));
}

#[test]
fn the_hint_is_asked_only_where_words_do_not_tell() {
    assert_eq!(read("Zyx", Some("fr")).prompt_lang, "fr");
    assert_eq!(read("a sale for our brand", Some("fr")).prompt_lang, "en");
    assert_eq!(read("une annonce pour notre marque", None).prompt_lang, "fr");
    assert_eq!(read("eine Anzeige für unsere Marke", None).prompt_lang, "de");
}

#[test]
fn a_long_prompt_is_read_to_its_bound() {
    let long = format!("{} summer sale", "word ".repeat(2_000));
    let brief = read(&long, None);
    assert_eq!(brief.intent, Intent::Hero);
    assert!(brief.interpretation.notes.iter().any(|note| note.contains("5,000")));
    let wishes = "€5 30% off 12 May since 1990 \"a\" red background headline: x, ".repeat(80);
    assert!(read(&wishes, None).interpretation.understood.len() <= 40);
}

proptest! {
    #[test]
    fn no_prompt_panics(prompt in "\\PC{0,300}") {
        let brief = read(&prompt, None);
        prop_assert!(brief.interpretation.understood.len() <= 40);
    }

    #[test]
    fn no_mix_of_words_panics(
        words in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..60),
    ) {
        let prompt = words.join(" ");
        let brief = read(&prompt, Some("xx"));
        // Every price and percentage stands in the prompt: none is made up.
        if let Some(price) = &brief.price {
            prop_assert!(prompt.contains(&price.amount));
        }
        if let Some(percent) = &brief.percent {
            prop_assert!(prompt.contains(&percent.number));
        }
    }
}

const PIECES: [&str; 40] = [
    "no",
    "text",
    "\"",
    "“Real",
    "fruit”",
    "headline",
    ":",
    "30",
    "%",
    "off",
    "€",
    "12.50",
    "for",
    "our",
    "new",
    "coffee",
    "#FF8800",
    "red",
    "background",
    "\n",
    "in",
    "german",
    "16",
    "9",
    "x",
    "since",
    "1987",
    "May",
    "up to",
    "from",
    "sale",
    "見出しは",
    "「",
    "」",
    "の広告",
    "بدون",
    "نص",
    "\u{202e}",
    "'",
    "\u{0}",
];

#[test]
fn a_size_that_cannot_be_drawn_is_told() {
    for prompt in ["5000x300 ad", "an ad of 20x3000 pixels"] {
        let brief = read(prompt, None);
        assert_eq!(brief.format, None, "{prompt}");
        let notes = &brief.interpretation.notes;
        assert!(notes.iter().any(|note| note.contains("50 to 4096 px")), "{prompt}: {notes:?}");
    }
}
