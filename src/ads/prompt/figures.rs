//! Figures: prices, percentages, dates, years, ratios and sizes, as they are written.

use std::ops::Range;

use super::speech::Speech;
use super::tokens::Kind;

/// The aspect ratios that a request may name.
const ASPECT_RATIOS: [&str; 14] = [
    "1:1", "1:4", "1:8", "2:3", "3:2", "3:4", "4:1", "4:3", "4:5", "5:4", "8:1", "9:16", "16:9",
    "21:9",
];

/// A figure and where it stands, in tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Figure {
    /// What it is.
    pub(crate) is: Figures,
    /// Where, with its sign or unit.
    pub(crate) range: Range<usize>,
}

/// What a figure is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Figures {
    /// An amount with a currency.
    Price { amount: String, currency: &'static str },
    /// A percentage.
    Percent { number: String },
    /// An aspect ratio that a request may name.
    Ratio(&'static str),
    /// A canvas of so many pixels, which may be more or fewer than can be drawn.
    Size([u32; 2]),
    /// A date in digits.
    Date,
}

/// The figures of a prompt, in order, none within another.
pub(crate) fn read(speech: &Speech<'_>) -> Vec<Figure> {
    let mut figures: Vec<Figure> = Vec::new();
    for at in 0..speech.tokens.len() {
        let free = figures.last().map_or(0, |figure| figure.range.end);
        if speech.tokens[at].kind != Kind::Number || at < free {
            continue;
        }
        let found =
            [ratio, size, percent, date, price].into_iter().find_map(|read| read(speech, at));
        figures.extend(found.filter(|figure| figure.range.start >= free));
    }
    figures
}

fn ratio(speech: &Speech<'_>, at: usize) -> Option<Figure> {
    let joined = ["x", ":", "/"].iter().any(|sign| text(speech, at + 1) == Some(sign));
    let (w, h) = (text(speech, at)?, text(speech, at + 2)?);
    let name = format!("{w}:{h}");
    let is = ASPECT_RATIOS.into_iter().find(|ratio| *ratio == name).filter(|_| joined)?;
    Some(Figure { is: Figures::Ratio(is), range: at..at + 3 })
}

fn size(speech: &Speech<'_>, at: usize) -> Option<Figure> {
    let is_by = ["x", "by"].iter().any(|sign| text(speech, at + 1) == Some(sign));
    // “2 x 6” are numbers of things; so large a number is none that anybody means.
    let side = |at: usize| text(speech, at)?.parse().ok().filter(|px| (10..1_000_000).contains(px));
    let sides = [side(at)?, side(at + 2)?];
    let unit = text(speech, at + 3).unwrap_or_default();
    let is_px = ["px", "pixel", "pixels"].contains(&unit);
    let is_length = ["cm", "mm", "m", "in", "inch", "inches", "\"", "ft", "feet"].contains(&unit);
    let range = at..at + if is_px { 4 } else { 3 };
    (is_by && !is_length).then_some(Figure { is: Figures::Size(sides), range })
}

fn percent(speech: &Speech<'_>, at: usize) -> Option<Figure> {
    let number = amount(text(speech, at)?)?;
    let is_share = number.parse::<f64>().is_ok_and(|share| share > 0.0 && share <= 100.0);
    let after = text(speech, at + 1) == Some("%");
    let named = speech.at("figure", at + 1).filter(|hit| hit.name == "percent");
    let before = at.checked_sub(1).filter(|before| text(speech, *before) == Some("%"));
    let end = match named {
        _ if after => at + 2,
        Some(hit) => hit.range.end,
        None => before.map(|_| at + 1)?,
    };
    let start = if after || named.is_some() { at } else { before? };
    is_share.then_some(Figure { is: Figures::Percent { number }, range: start..end })
}

fn date(speech: &Speech<'_>, at: usize) -> Option<Figure> {
    let written = text(speech, at)?;
    let parts = |by: char| written.split(by).map(str::parse).collect::<Result<Vec<u32>, _>>();
    let is_day = |day: u32, month: u32| (1..=31).contains(&day) && (1..=12).contains(&month);
    let is_year = |year: u32| (1900..=2200).contains(&year);
    if let Ok([day, month, year]) = parts('.').as_deref()
        && is_day(*day, *month)
        && is_year(*year)
    {
        return Some(Figure { is: Figures::Date, range: at..at + 1 });
    }
    let sign = text(speech, at + 1).filter(|sign| ["-", "/"].contains(sign))?;
    (text(speech, at + 3)? == sign).then_some(())?;
    let part = |at: usize| text(speech, at)?.parse::<u32>().ok();
    let (one, two, three) = (part(at)?, part(at + 2)?, part(at + 4)?);
    let is_date = is_year(one) && is_day(three, two)
        || is_year(three) && (is_day(one, two) || is_day(two, one));
    is_date.then_some(Figure { is: Figures::Date, range: at..at + 5 })
}

fn price(speech: &Speech<'_>, at: usize) -> Option<Figure> {
    let amount = amount(text(speech, at)?)?;
    let after = currency_at(speech, at + 1).map(|(currency, end)| (currency, at..end));
    let before = || {
        let (currency, start) = currency_before(speech, at)?;
        Some((currency, start..at + 1))
    };
    let (currency, range) = before().or(after)?;
    Some(Figure { is: Figures::Price { amount, currency }, range })
}

fn currency_at(speech: &Speech<'_>, at: usize) -> Option<(&'static str, usize)> {
    let [one, two] = [text(speech, at)?, text(speech, at + 1).unwrap_or_default()];
    let pair = SYMBOLS.iter().find(|(symbol, _)| *symbol == format!("{one}{two}"));
    if let Some((_, code)) = pair.filter(|_| !two.is_empty()) {
        return Some((code, at + 2));
    }
    currency(speech, at).map(|code| (code, at + 1))
}

fn currency_before(speech: &Speech<'_>, at: usize) -> Option<(&'static str, usize)> {
    let before = at.checked_sub(1)?;
    let pair = before.checked_sub(1).and_then(|start| {
        let [one, two] = [text(speech, start)?, text(speech, before)?];
        let adjoins = speech.tokens[start].end == speech.tokens[before].start;
        let found = SYMBOLS.iter().find(|(symbol, _)| *symbol == format!("{one}{two}"));
        found.filter(|_| adjoins).map(|(_, code)| (*code, start))
    });
    pair.or_else(|| currency(speech, before).map(|code| (code, before)))
}

/// The currency that one token names: a sign, a code in capitals, or a word of the lexicon.
fn currency(speech: &Speech<'_>, at: usize) -> Option<&'static str> {
    let sign = text(speech, at)?;
    if sign == "¥" && speech.lang == "zh-Hans" {
        return Some("CNY");
    }
    if let Some((_, code)) = SYMBOLS.iter().find(|(symbol, _)| *symbol == sign) {
        return Some(code);
    }
    let written = speech.words(at..at + 1);
    let code = CODES.into_iter().find(|code| *code == written);
    code.or_else(|| {
        let hit = speech.at("currency", at)?;
        CODES.into_iter().find(|code| code.eq_ignore_ascii_case(hit.name))
    })
}

const SYMBOLS: [(&str, &str); 17] = [
    ("us$", "USD"),
    ("r$", "BRL"),
    ("c$", "CAD"),
    ("ca$", "CAD"),
    ("a$", "AUD"),
    ("mx$", "MXN"),
    ("hk$", "HKD"),
    ("$", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("₹", "INR"),
    ("₪", "ILS"),
    ("₩", "KRW"),
    ("₺", "TRY"),
    ("₴", "UAH"),
    ("₫", "VND"),
];

const CODES: [&str; 40] = [
    "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP",
    "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "JPY", "KRW", "KWD", "MAD", "MXN", "MYR",
    "NOK", "NZD", "PHP", "PLN", "QAR", "RON", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "USD",
    "ZAR",
];

/// A written amount as a decimal number with a point: `1.299,00` is `1299.00`.
pub(crate) fn amount(written: &str) -> Option<String> {
    /// More than any price of an ad.
    const MAX_DIGITS: usize = 12;
    let is_separator = |c: char| !c.is_ascii_digit();
    let last = written.rfind(is_separator);
    let separators = written.matches(is_separator).count();
    let (whole, fraction) = match last {
        // A sign that stands once before one or two digits, or that differs from the ones before
        // it, is the point; before three digits it groups.
        Some(at) => {
            let (whole, rest) = written.split_at(at);
            let fraction = &rest[1..];
            let repeats = separators > 1 && whole.contains(&rest[..1]);
            let is_point = !rest.starts_with('\'') && fraction.len() <= 2 && !repeats;
            if is_point { (whole, fraction) } else { (written, "") }
        }
        None => (written, ""),
    };
    let groups: Vec<&str> = whole.split(is_separator).collect();
    let grouped = groups[1..].iter().all(|group| (2..=3).contains(&group.len()));
    let digits = groups.concat();
    let is_amount = grouped
        && !digits.is_empty()
        && digits.len() <= MAX_DIGITS
        && groups.last().is_some_and(|group| groups.len() == 1 || group.len() == 3);
    let whole = digits.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    is_amount.then(|| match fraction {
        "" => whole.to_owned(),
        _ => format!("{whole}.{fraction}"),
    })
}

fn text<'a>(speech: &'a Speech<'_>, at: usize) -> Option<&'a str> {
    speech.tokens.get(at).map(|token| token.folded.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_they_are_written_anywhere() {
        for (written, expected) in [
            ("5", Some("5")),
            ("12.50", Some("12.50")),
            ("12,5", Some("12.5")),
            ("1.299,00", Some("1299.00")),
            ("1,299.00", Some("1299.00")),
            ("1'299.00", Some("1299.00")),
            ("1'299", Some("1299")),
            ("12.500", Some("12500")),
            ("1,23,456", Some("123456")),
            ("1.2.3", None),
            ("12.05.2026", None),
            ("0007", Some("7")),
            ("0,99", Some("0.99")),
            ("1234567890123", None),
        ] {
            assert_eq!(amount(written).as_deref(), expected, "{written}");
        }
    }

    fn found(prompt: &str) -> Vec<String> {
        let speech = Speech::of(prompt, None);
        let shown = |figure: Figure| match figure.is {
            Figures::Price { amount, currency } => format!("{amount} {currency}"),
            Figures::Percent { number } => format!("{number}%"),
            Figures::Ratio(ratio) => ratio.to_owned(),
            Figures::Size([w, h]) => format!("{w}x{h}"),
            Figures::Date => speech.words(figure.range).to_owned(),
        };
        read(&speech).into_iter().map(shown).collect()
    }

    #[test]
    fn figures_are_told_apart() {
        for (prompt, expected) in [
            ("only $12.50 today", "12.50 USD"),
            ("12,50 € heute", "12.50 EUR"),
            ("price 12.50 EUR", "12.50 EUR"),
            ("EUR 1.299,00", "1299.00 EUR"),
            ("R$ 29,90", "29.90 BRL"),
            ("US$5", "5 USD"),
            ("₹499 only", "499 INR"),
            ("1200円", "1200 JPY"),
            ("仅需99元", "99 CNY"),
            ("￥99", "99 JPY"),
            ("29,90 zł", "29.90 PLN"),
            ("30% off", "30%"),
            ("30 percent off", "30%"),
            ("٣٠٪ خصم", "30%"),
            ("12,5 % Rabatt", "12.5%"),
            ("16:9", "16:9"),
            ("9x16 please", "9:16"),
            ("1200x628", "1200x628"),
            ("1080 × 1350", "1080x1350"),
            ("1080x1350 px", "1080x1350"),
            ("5000x300", "5000x300"),
            ("a poster of 60 x 90 cm", ""),
            ("a pack of 2x6", ""),
            ("at 19:30", ""),
            ("on 12.05.2026", "12.05.2026"),
            ("2026-05-12", "2026-05-12"),
            ("120% and 0%", ""),
            ("a 15 inch screen", ""),
        ] {
            assert_eq!(found(prompt).join(" "), expected, "{prompt}");
        }
    }
}
