//! Money against the rows of another implementation, and what advertising changes of them.

use super::*;

/// 1 234 567.8 as ICU 78.2 with CLDR 48.0 writes it (Node 20.20.2, `Intl.NumberFormat`), taken
/// once. Three of the 47 are not what ICU4X 2.4 says by itself: fr-CH CHF, de-AT EUR and ur-PK PKR.
#[rustfmt::skip]
const ORACLE: [(&str, &str, &str); 47] = [
    ("en-US", "USD", "$1,234,567.80"),
    ("fr-FR", "EUR", "1\u{202f}234\u{202f}567,80\u{a0}€"),
    ("fr-CA", "CAD", "1\u{a0}234\u{a0}567,80\u{a0}$"),
    ("fr-CH", "CHF", "1\u{202f}234\u{202f}567.80\u{a0}CHF"),
    ("de-DE", "EUR", "1.234.567,80\u{a0}€"),
    ("de-CH", "CHF", "CHF\u{a0}1'234'567.80"),
    ("de-AT", "EUR", "€\u{a0}1.234.567,80"),
    ("es-ES", "EUR", "1.234.567,80\u{a0}€"),
    ("es-MX", "MXN", "$1,234,567.80"),
    ("it-IT", "EUR", "1.234.567,80\u{a0}€"),
    ("pt-BR", "BRL", "R$\u{a0}1.234.567,80"),
    ("pt-PT", "EUR", "1\u{a0}234\u{a0}567,80\u{a0}€"),
    ("nl-NL", "EUR", "€\u{a0}1.234.567,80"),
    ("pl-PL", "PLN", "1\u{a0}234\u{a0}567,80\u{a0}zł"),
    ("cs-CZ", "CZK", "1\u{a0}234\u{a0}567,80\u{a0}Kč"),
    ("sv-SE", "SEK", "1\u{a0}234\u{a0}567,80\u{a0}kr"),
    ("da-DK", "DKK", "1.234.567,80\u{a0}kr."),
    ("nb-NO", "NOK", "1\u{a0}234\u{a0}567,80\u{a0}kr"),
    ("fi-FI", "EUR", "1\u{a0}234\u{a0}567,80\u{a0}€"),
    ("tr-TR", "TRY", "₺1.234.567,80"),
    ("ru-RU", "RUB", "1\u{a0}234\u{a0}567,80\u{a0}₽"),
    ("uk-UA", "UAH", "1\u{a0}234\u{a0}567,80\u{a0}₴"),
    ("el-GR", "EUR", "1.234.567,80\u{a0}€"),
    ("he-IL", "ILS", "\u{200f}1,234,567.80\u{a0}\u{200f}₪"),
    ("ar-AE", "AED", "\u{200f}1,234,567.80\u{a0}د.إ.\u{200f}"),
    ("ar-EG", "EGP", "\u{200f}١٬٢٣٤٬٥٦٧٫٨٠\u{a0}ج.م.\u{200f}"),
    ("ar-SA", "SAR", "\u{200f}١٬٢٣٤٬٥٦٧٫٨٠\u{a0}ر.س.\u{200f}"),
    ("ar-MA", "MAD", "\u{200f}1.234.567,80\u{a0}د.م.\u{200f}"),
    ("fa-IR", "IRR", "\u{200e}ریال\u{a0}۱٬۲۳۴٬۵۶۸"),
    ("ur-PK", "PKR", "Rs\u{a0}1,234,568"),
    ("hi-IN", "INR", "₹12,34,567.80"),
    ("bn-BD", "BDT", "১২,৩৪,৫৬৭.৮০৳"),
    ("th-TH", "THB", "฿1,234,567.80"),
    ("vi-VN", "VND", "1.234.568\u{a0}₫"),
    ("id-ID", "IDR", "Rp\u{a0}1.234.568"),
    ("ja-JP", "JPY", "￥1,234,568"),
    ("ko-KR", "KRW", "₩1,234,568"),
    ("zh-CN", "CNY", "¥1,234,567.80"),
    ("zh-TW", "TWD", "$1,234,567.80"),
    ("en-IN", "INR", "₹12,34,567.80"),
    ("en-GB", "GBP", "£1,234,567.80"),
    ("fr-FR", "USD", "1\u{202f}234\u{202f}567,80\u{a0}$US"),
    ("en-US", "EUR", "€1,234,567.80"),
    ("ja-JP", "USD", "$1,234,567.80"),
    ("hu-HU", "HUF", "1\u{a0}234\u{a0}568\u{a0}Ft"),
    ("ro-RO", "RON", "1.234.567,80\u{a0}RON"),
    ("ar-KW", "KWD", "\u{200f}١٬٢٣٤٬٥٦٧٫٨٠٠\u{a0}د.ك.\u{200f}"),
];

fn locale(tag: &str) -> Locale {
    Language::parse(tag).expect(tag).locale()
}

fn currency(code: &str) -> Currency {
    Currency::parse(code).expect(code)
}

fn written(amount: &str, code: &str, tag: &str) -> String {
    let amount = Amount::parse(amount).expect(amount);
    format(amount, currency(code), &Language::parse(tag).expect(tag)).expect("can be written")
}

#[test]
fn all_47_rows_are_what_the_other_implementation_writes() {
    let amount: Decimal = "1234567.8".parse().expect("decimal");
    for (tag, code, want) in ORACLE {
        let got = by_cldr(&amount, currency(code), &locale(tag)).expect(tag);
        assert_eq!(got, want, "{tag} {code}: {got}");
    }
}

/// When this fails, ICU4X has caught up: take the row out of the table.
#[test]
fn exactly_the_three_corrected_rows_differ_without_their_correction() {
    let amount: Decimal = "1234567.8".parse().expect("decimal");
    let differing = ORACLE.iter().filter(|(tag, code, want)| {
        let locale = locale(tag);
        let code = CurrencyType::try_from_str(&code.to_ascii_lowercase()).expect("code");
        let own = CurrencyFormatter::try_new_symbol(
            (&locale).into(),
            code,
            CurrencyFormatterOptions::default(),
        );
        own.expect("pattern").format_fixed_decimal(&amount).to_string() != *want
    });
    let differing: Vec<&str> = differing.map(|row| row.0).collect();
    assert_eq!(differing, ["fr-CH", "de-AT", "ur-PK"]);
}

#[test]
fn no_price_can_be_broken_over_two_lines() {
    for (tag, code, _) in ORACLE {
        assert!(!written("1234567", code, tag).contains(' '), "{tag} {code}");
    }
}

#[test]
fn zeros_behind_the_point_are_left_out() {
    for (amount, code, tag, want) in [
        ("14.90", "USD", "en-US", "$14.90"),
        ("14", "USD", "en-US", "$14"),
        ("14.00", "USD", "en-US", "$14"),
        ("1400.00", "EUR", "de-DE", "1.400\u{a0}€"),
        ("1400", "CHF", "fr-CH", "1\u{202f}400\u{a0}CHF"),
        ("1400", "EUR", "de-AT", "€\u{a0}1.400"),
        ("1400", "PKR", "ur-PK", "Rs\u{a0}1,400"),
        ("100", "AED", "ar-AE", "\u{200f}100\u{a0}د.إ.\u{200f}"),
        ("100", "EGP", "ar-EG", "\u{200f}١٠٠\u{a0}ج.م.\u{200f}"),
        ("5", "KWD", "en-US", "KWD\u{a0}5"),
        ("5.125", "KWD", "en-US", "KWD\u{a0}5.125"),
        ("1500", "JPY", "ja-JP", "￥1,500"),
        ("0", "EUR", "fr", "0\u{a0}€"),
        ("14.90", "USD", "fr", "14,90\u{a0}$US"),
    ] {
        assert_eq!(written(amount, code, tag), want, "{amount} {code} {tag}");
    }
}

#[test]
fn an_amount_finer_than_its_currency_is_refused() {
    let precise = |amount: &str, code: &str| {
        let amount = Amount::parse(amount).expect(amount);
        format(amount, currency(code), &Language::parse("en").expect("known"))
    };
    assert!(matches!(precise("14.905", "USD"), Err(MoneyError::TooPrecise { .. })));
    assert!(matches!(precise("14.9", "JPY"), Err(MoneyError::TooPrecise { .. })));
    assert!(precise("14.900", "USD").is_ok());
    assert!(precise("1490.00", "JPY").is_ok());
}

#[test]
fn every_currency_can_be_written_in_every_language_of_the_oracle() {
    for code in ["USD", "XAF", "IRR", "BHD", "ZWG", "XCG"] {
        for (tag, _, _) in ORACLE {
            assert!(written("1234", code, tag).chars().any(is_digit), "{tag} {code}");
        }
    }
}
