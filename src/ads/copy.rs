//! The words of an ad by role, before they are set.
//!
//! Each role that may be said in several ways is a ladder: the best first, every next one shorter;
//! composing climbs down it until the words fit. Never: words that were made up here.

use serde::{Deserialize, Serialize};

use crate::ads::scene::{Money, Text};

/// The words of an ad by role; an empty ladder means that the ad has none of that role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AdCopy {
    /// The small line above the headline.
    pub eyebrow: Vec<Text>,
    /// The line that is read first.
    pub headline: Vec<Text>,
    /// The line that explains it.
    pub subline: Vec<Text>,
    /// The label of the button.
    pub cta: Vec<Text>,
    /// The huge number of an offer, such as `−30%`.
    pub number: Option<Text>,
    /// A small label, such as “New”.
    pub badge: Option<Text>,
    /// A price, with what it was written from.
    pub price: Option<Priced>,
    /// What the law wants said, word for word.
    pub legal: Option<Text>,
}

/// A price and its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Priced {
    /// As it stands in the ad.
    pub text: Text,
    /// The amount.
    pub money: Money,
}

impl AdCopy {
    /// Whether there is nothing to say.
    pub fn is_silent(&self) -> bool {
        let Self { eyebrow, headline, subline, cta, number, badge, price, legal } = self;
        [eyebrow, headline, subline, cta].iter().all(|ladder| ladder.is_empty())
            && [number, badge, legal].iter().all(|line| line.is_none())
            && price.is_none()
    }
}
