//! The currencies of ISO 4217 that something can be paid with.

use std::fmt;

use super::MoneyError;

/// A code of the list, such as `EUR`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Currency(&'static str);

impl Currency {
    /// Reads a code of three letters in either case.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let code = text.trim().to_ascii_uppercase();
        let known = ACTIVE.split_ascii_whitespace().find(|known| *known == code);
        let successor = || WITHDRAWN.iter().find(|(old, _)| *old == code).map(|(_, new)| *new);
        known.map(Self).ok_or_else(|| match successor() {
            Some(successor) => MoneyError::Withdrawn { code: code.clone(), successor },
            None => MoneyError::UnknownCurrency(text.chars().take(16).collect()),
        })
    }

    /// Three capital letters.
    pub const fn code(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

/// Those in use in 2026; not the codes for metals, funds, tests and “no currency”.
const ACTIVE: &str = "
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
    CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
    GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW
    KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR
    MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
    SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

/// Codes that people still write, and what is paid with since.
const WITHDRAWN: [(&str, &str); 24] = [
    ("ANG", "XCG"),
    ("ATS", "EUR"),
    ("BEF", "EUR"),
    ("BGN", "EUR"),
    ("BYR", "BYN"),
    ("CUC", "CUP"),
    ("DEM", "EUR"),
    ("EEK", "EUR"),
    ("ESP", "EUR"),
    ("FIM", "EUR"),
    ("FRF", "EUR"),
    ("GRD", "EUR"),
    ("HRK", "EUR"),
    ("IEP", "EUR"),
    ("ITL", "EUR"),
    ("LTL", "EUR"),
    ("LVL", "EUR"),
    ("MRO", "MRU"),
    ("NLG", "EUR"),
    ("PTE", "EUR"),
    ("SLL", "SLE"),
    ("STD", "STN"),
    ("VEF", "VES"),
    ("ZWL", "ZWG"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_in_either_case() {
        assert_eq!(Currency::parse(" eur ").map(Currency::code), Ok("EUR"));
        assert_eq!(Currency::parse("JPY").expect("in use").to_string(), "JPY");
    }

    #[test]
    fn what_cannot_be_paid_with_is_refused() {
        for text in ["", "€", "euro", "XAU", "XXX", "XTS", "EURO", "E R", "ＥＵＲ", "US"] {
            assert!(matches!(Currency::parse(text), Err(MoneyError::UnknownCurrency(_))), "{text}");
        }
        let refused = Currency::parse("hrk").expect_err("withdrawn").to_string();
        assert!(refused.contains("EUR"), "{refused}");
    }

    #[test]
    fn the_list_is_sorted_and_has_no_withdrawn_code() {
        let codes: Vec<&str> = ACTIVE.split_ascii_whitespace().collect();
        assert!(codes.is_sorted() && codes.len() == 154, "{}", codes.len());
        for (old, new) in WITHDRAWN {
            assert!(!codes.contains(&old) && codes.contains(&new), "{old}");
        }
    }
}
