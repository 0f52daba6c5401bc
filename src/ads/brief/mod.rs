//! Briefs: what a prompt asks for, read by rules, and the words that an ad says for it.
//!
//! `read` finds intent, tone, season, colours, quotations, prices and wishes of layout in thirteen
//! languages; `words` turns a brief and a brand into copy, from quotations first, then from the
//! brand, then from the catalog. Never: a price, a number or a claim that nobody has written.

mod colors;
mod copy;
#[cfg(test)]
mod copy_tests;
mod intent;
mod product;
mod quoted;
mod read;
#[cfg(test)]
mod tests;
mod wishes;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use copy::{Figures, words};
pub use read::read;

pub(crate) use colors::color_named;
pub(crate) use quoted::{cut_to_fit, labelled, role_of};
pub(crate) use wishes::layout_named;

use crate::ads::prompt::Interpretation;
use crate::ads::scene::{Ink, LayoutKind, Money, Role};
use crate::domain::brand::{Hex, Scheme};

/// What a prompt asks for. What it does not mention is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Brief {
    /// BCP 47: the language that the prompt is written in, as far as its words tell.
    pub prompt_lang: String,
    /// What the ad is for.
    pub intent: Intent,
    /// How it speaks.
    pub tone: Option<Tone>,
    /// When it is shown.
    pub season: Option<Season>,
    /// How it looks.
    pub look: Option<Look>,
    /// On a dark or a light ground.
    pub scheme: Option<Scheme>,
    /// The colours that it asks for, in its order.
    pub colors: Vec<ColorWish>,
    /// The colours that it does not want.
    pub avoid_colors: Vec<Hex>,
    /// Pictures only.
    pub no_text: bool,
    /// Without the brand's mark.
    pub no_logo: bool,
    /// The other parts that it does not want.
    pub leave_out: BTreeSet<Role>,
    /// The words that it gives, to be shown as they are.
    pub quoted: Quoted,
    /// A discount.
    pub percent: Option<Percent>,
    /// A price that it names, with its currency.
    pub price: Option<Money>,
    /// What this price is.
    pub price_sense: PriceSense,
    /// A date that it names, in its own words.
    pub date: Option<String>,
    /// A year that it names as the brand's first.
    pub since: Option<String>,
    /// What the ad is about, in the prompt's words and language.
    pub product: Option<String>,
    /// BCP 47: the language that the ad shall speak.
    pub lang: Option<String>,
    /// What the button shall do.
    pub cta: Option<Action>,
    /// Only for a short time.
    pub urgency: Option<Urgency>,
    /// Shipping costs nothing.
    pub free_shipping: bool,
    /// Whether the brand's own line shall be shown.
    pub tagline: Option<bool>,
    /// How it is arranged.
    pub layout: LayoutWish,
    /// A format's name or an aspect ratio, such as `story` or `16:9`.
    pub format: Option<String>,
    /// All that was understood, and what was not.
    pub interpretation: Interpretation,
}

/// What an ad is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// To show what the brand stands for: also where the prompt says nothing.
    #[default]
    Hero,
    /// Something new.
    Launch,
    /// Something for less.
    Offer,
    /// To look for oneself.
    Proof,
    /// To ask.
    Question,
    /// A season or a feast.
    Seasonal,
    /// A time and a place.
    Event,
    /// People wanted.
    Hiring,
    /// An app.
    App,
}

impl Intent {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Hero,
        Self::Launch,
        Self::Offer,
        Self::Proof,
        Self::Question,
        Self::Seasonal,
        Self::Event,
        Self::Hiring,
        Self::App,
    ];

    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hero => "hero",
            Self::Launch => "launch",
            Self::Offer => "offer",
            Self::Proof => "proof",
            Self::Question => "question",
            Self::Seasonal => "seasonal",
            Self::Event => "event",
            Self::Hiring => "hiring",
            Self::App => "app",
        }
    }

    /// What the catalog calls its rows for it, as in `headline.promise.2`.
    pub const fn catalog_name(self) -> &'static str {
        match self {
            Self::Hero => "promise",
            other => other.name(),
        }
    }
}

/// How an ad speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Few words, no exclamation mark.
    Premium,
    /// Straight to the point.
    Direct,
    /// With a wink.
    Playful,
    /// Close and friendly.
    Warm,
    /// With distance.
    Formal,
}

/// How an ad looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// Much space, little else.
    Minimal,
    /// Large and loud.
    Bold,
    /// Round and bright.
    Playful,
    /// Fine and quiet.
    Elegant,
}

/// A time of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Season {
    /// March to May in the north.
    Spring,
    /// June to August in the north.
    Summer,
    /// September to November in the north.
    Autumn,
    /// December to February in the north.
    Winter,
    /// Christmas and the days around it.
    Holidays,
    /// The sales at the end of November.
    BlackFriday,
    /// 14 February.
    Valentine,
    /// The turn of the year.
    NewYear,
    /// Another feast, which the catalog has no line for.
    Other,
}

impl Season {
    /// As it is written, in the catalog too.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Spring => "spring",
            Self::Summer => "summer",
            Self::Autumn => "autumn",
            Self::Winter => "winter",
            Self::Holidays => "holidays",
            Self::BlackFriday => "black_friday",
            Self::Valentine => "valentine",
            Self::NewYear => "new_year",
            Self::Other => "other",
        }
    }
}

/// A colour that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColorWish {
    /// The colour: for a colour word, what most people would call by it.
    pub color: Hex,
    /// Whether it was written as a value and not as a word.
    pub is_exact: bool,
    /// What for, where the prompt says so.
    pub ink: Option<Ink>,
}

/// Words that a prompt gives, to be shown as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quoted {
    /// The line that is read first.
    pub headline: Option<String>,
    /// The line that explains it.
    pub subline: Option<String>,
    /// The label of the button.
    pub cta: Option<String>,
    /// The small line above the headline.
    pub eyebrow: Option<String>,
    /// A small label.
    pub badge: Option<String>,
    /// What the law wants said.
    pub legal: Option<String>,
}

/// What the price of a brief is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PriceSense {
    /// What is asked.
    #[default]
    Exact,
    /// The least that is asked.
    From,
    /// What an order must come to before it ships free.
    LeastOrder,
}

/// A discount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Percent {
    /// A decimal number with a point, above 0 and at most 100.
    pub number: String,
    /// Whether it is only the most that is taken off.
    pub is_up_to: bool,
}

/// What a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// To the shop.
    Shop,
    /// To more about it.
    Learn,
    /// To a table, a room, an appointment.
    Book,
    /// To try it.
    Try,
    /// To order it.
    Order,
    /// To a shop nearby.
    FindStore,
    /// To a list of names.
    SignUp,
    /// To the app.
    Download,
    /// To a conversation.
    Contact,
    /// To a job.
    Apply,
}

impl Action {
    /// As it is written, in the catalog too.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Learn => "learn",
            Self::Book => "book",
            Self::Try => "try",
            Self::Order => "order",
            Self::FindStore => "find_store",
            Self::SignUp => "sign_up",
            Self::Download => "download",
            Self::Contact => "contact",
            Self::Apply => "apply",
        }
    }
}

/// How long something is to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// For a limited time.
    Limited,
    /// This week.
    ThisWeek,
}

/// How an ad is to be arranged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LayoutWish {
    /// With or without a photograph.
    pub photo: Option<bool>,
    /// The arrangement that its words name.
    pub kind: Option<LayoutKind>,
}
