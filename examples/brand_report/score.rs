//! The rules by which a field counts as right.

use serde_json::Value;
use tidemill::brand::Extraction;
use tidemill::domain::brand::Hex;

/// The fields that are scored, in the order of `score`.
pub(crate) const FIELDS: [&str; 10] = [
    "name",
    "tagline",
    "language",
    "primary",
    "background",
    "text",
    "scheme",
    "heading font",
    "body font",
    "logo",
];

/// How a field came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// The best or an accepted value.
    Hit,
    /// Another value.
    Miss,
    /// No value where one was wanted.
    Abstention,
}

impl Mark {
    /// Its name in the report.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Hit => "right",
            Self::Miss => "MISSED",
            Self::Abstention => "abstained",
        }
    }
}

/// A field with its mark.
pub(crate) struct Scored {
    /// Its name.
    pub(crate) field: &'static str,
    /// How it came out.
    pub(crate) mark: Mark,
    /// How sure the extraction was.
    pub(crate) confidence: f64,
    /// The value.
    pub(crate) got: String,
    /// What was wanted.
    pub(crate) wanted: String,
    /// The forbidden value that it has.
    pub(crate) must_not: Option<String>,
}

/// Scores one extraction against what is true of its site.
pub(crate) fn score(truth: &Value, extraction: &Extraction) -> Vec<Scored> {
    let profile = &extraction.profile;
    let colors = &truth["colors"];
    let fonts = &truth["fonts"];
    let name = Some(extraction.name.clone()).filter(|name| *name != extraction.domain);
    let scheme = profile.scheme.map(|scheme| format!("{scheme:?}").to_lowercase());
    let hex = |color: Option<Hex>| color.map(|color| color.to_string());
    let family = |font: &Option<tidemill::domain::brand::BrandFont>| {
        font.as_ref().map(|font| font.family.clone())
    };
    let logo = profile.logo.as_ref().map(|logo| path(&logo.source_url));
    let found: [Found; 10] = [
        (name, accepted(&truth["name"]), "name", Rule::Text),
        (profile.tagline.clone(), accepted(&truth["tagline"]), "tagline", Rule::Contained),
        (profile.language.clone(), accepted(&truth["lang"]), "language", Rule::Subtag),
        (
            hex(profile.colors.primary),
            accepted(&colors["primary"]),
            "colors.primary",
            Rule::Color(0.05),
        ),
        (
            hex(profile.colors.background),
            accepted(&colors["background"]),
            "colors.background",
            Rule::Color(0.06),
        ),
        (hex(profile.colors.text), accepted(&colors["text"]), "colors.text", Rule::Color(0.06)),
        (scheme, vec![colors["scheme"].clone()], "scheme", Rule::Text),
        (family(&profile.fonts.heading), listed(&fonts["heading"]), "fonts.heading", Rule::Text),
        (family(&profile.fonts.body), listed(&fonts["body"]), "fonts.body", Rule::Text),
        (logo, accepted(&truth["logo"]), "logo", Rule::Path),
    ];
    let judge = |((field, found), forbidden): ((&'static str, Found), &str)| {
        let forbidden = listed(&truth["must_not"][forbidden]);
        judged(field, found, &forbidden, extraction)
    };
    FIELDS.into_iter().zip(found).zip(FORBIDDEN).map(judge).collect()
}

/// Where the forbidden values of each field stand.
const FORBIDDEN: [&str; 10] = [
    "name",
    "tagline",
    "language",
    "primary",
    "background",
    "text",
    "scheme",
    "font",
    "font",
    "logo",
];

/// A value, what was wanted, the field's evidence, and how the two are compared.
type Found = (Option<String>, Vec<Value>, &'static str, Rule);

fn judged(
    field: &'static str,
    (got, wanted, evidence, rule): Found,
    forbidden: &[Value],
    extraction: &Extraction,
) -> Scored {
    let is_wanted = |value: &Value| rule.matches(got.as_deref(), value.as_str());
    let mark = match (&got, wanted.iter().any(is_wanted)) {
        (_, true) => Mark::Hit,
        (None, false) => Mark::Abstention,
        (Some(_), false) => Mark::Miss,
    };
    let must_not = forbidden
        .iter()
        .filter_map(Value::as_str)
        .find(|value| got.is_some() && rule.strictly(got.as_deref(), value))
        .map(str::to_owned);
    Scored {
        field,
        mark,
        confidence: extraction.evidence.get(evidence).map_or(0.0, |why| why.confidence),
        got: got.unwrap_or_else(|| "nothing".to_owned()),
        wanted: Value::Array(wanted).to_string(),
        must_not,
    }
}

/// `part` of `whole`.
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    number(part) / number(whole.max(1))
}

/// The best value and those accepted beside it.
fn accepted(truth: &Value) -> Vec<Value> {
    let mut all = vec![truth["best"].clone()];
    all.extend(listed(&truth["accept"]));
    all
}

fn listed(values: &Value) -> Vec<Value> {
    values.as_array().cloned().unwrap_or_default()
}

#[derive(Clone, Copy)]
enum Rule {
    Text,
    Contained,
    Subtag,
    Color(f64),
    Path,
}

impl Rule {
    fn matches(self, got: Option<&str>, wanted: Option<&str>) -> bool {
        let (Some(got), Some(wanted)) = (got, wanted) else {
            return got.is_none() && wanted.is_none();
        };
        match self {
            Self::Text => plain(got) == plain(wanted),
            Self::Contained => contained(&plain(got), &plain(wanted)),
            Self::Subtag => got.split('-').next() == wanted.split('-').next(),
            Self::Color(limit) => distance(got, wanted).is_some_and(|distance| distance <= limit),
            Self::Path => path(got) == path(wanted),
        }
    }

    /// Whether it is just this forbidden value.
    fn strictly(self, got: Option<&str>, wanted: &str) -> bool {
        match self {
            Self::Color(_) => Self::Color(0.02).matches(got, Some(wanted)),
            Self::Contained => Self::Text.matches(got, Some(wanted)),
            _ => self.matches(got, Some(wanted)),
        }
    }
}

/// Letters and digits alone, in lower case.
fn plain(text: &str) -> String {
    text.to_lowercase().chars().filter(|one| one.is_alphanumeric()).collect()
}

fn contained(one: &str, two: &str) -> bool {
    let (short, long) = if one.len() <= two.len() { (one, two) } else { (two, one) };
    !short.is_empty() && long.contains(short) && share(short.len(), long.len()) >= 0.7
}

/// An address's path, relative to its site.
fn path(text: &str) -> String {
    let path =
        text.parse::<url::Url>().map_or_else(|_| text.to_owned(), |url| url.path().to_owned());
    path.trim_start_matches('/').replace("%40", "@")
}

/// The `OKLab` distance of two colours.
fn distance(one: &str, two: &str) -> Option<f64> {
    let [one, two] = [one.parse().ok().map(oklab)?, two.parse().ok().map(oklab)?];
    Some(one.iter().zip(two).map(|(one, two)| (one - two).powi(2)).sum::<f64>().sqrt())
}

fn oklab(hex: Hex) -> [f64; 3] {
    let [red, green, blue] = hex.rgb().map(|byte| {
        let share = f64::from(byte) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    let long = (0.412_221_47 * red + 0.536_332_54 * green + 0.051_445_99 * blue).cbrt();
    let medium = (0.211_903_50 * red + 0.680_699_55 * green + 0.107_396_96 * blue).cbrt();
    let short = (0.088_302_46 * red + 0.281_718_84 * green + 0.629_978_70 * blue).cbrt();
    [
        0.210_454_26 * long + 0.793_617_79 * medium - 0.004_072_05 * short,
        1.977_998_50 * long - 2.428_592_21 * medium + 0.450_593_71 * short,
        0.025_904_04 * long + 0.782_771_77 * medium - 0.808_675_77 * short,
    ]
}
