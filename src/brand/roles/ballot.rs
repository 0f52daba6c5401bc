//! Votes for colours.
//!
//! Each channel's votes for one colour are summed and then squashed, so that eight hundred table
//! rows cannot outvote one button. Colours that look alike stand together; the one that is written
//! in a style sheet and has most votes speaks for them. Never: an average.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::known;
use crate::brand::evidence;
use crate::domain::brand::{Hex, Source};
use crate::domain::color::Oklab;

/// What a colour was seen on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Channel {
    /// The fill of a button.
    Button,
    /// The frame of a button without a fill.
    ButtonBorder,
    /// The text of links.
    Link,
    /// The text of headings.
    Heading,
    /// The ground of a part of the page.
    Surface,
    /// A gradient that is no button's.
    Gradient,
    /// A custom property whose name promises a brand's colour.
    Variable,
    /// `theme-color`, tile, mask icon, manifest.
    Meta,
    /// The logo's pixels.
    Logo,
    /// An icon's pixels.
    Icon,
    /// A button's rule that matches nothing on the page.
    UnmatchedButton,
    /// Any rule of a page that scripts build.
    Script,
}

impl Channel {
    /// Its name in evidence.
    const fn name(self) -> &'static str {
        match self {
            Self::Button => "button",
            Self::ButtonBorder => "button-border",
            Self::Link => "link",
            Self::Heading => "heading",
            Self::Surface => "surface",
            Self::Gradient => "gradient",
            Self::Variable => "css-variable",
            Self::Meta => "meta",
            Self::Logo => "logo",
            Self::Icon => "icon",
            Self::UnmatchedButton => "button-rule",
            Self::Script => "css-rule",
        }
    }

    /// What a sum of raw votes is worth.
    fn squashed(self, sum: f64) -> f64 {
        match self {
            Self::Button => (5.0 * (1.0 + sum / 4.0).log2()).min(20.0),
            Self::ButtonBorder | Self::Gradient => (1.3 * (1.0 + sum).log2()).min(5.0),
            Self::Link => (2.2 * (1.0 + sum).log2()).min(8.0),
            Self::Heading => (1.2 * (1.0 + sum).log2()).min(5.0),
            Self::Surface => (1.3 * (1.0 + sum).log2()).min(6.0),
            Self::Variable | Self::Meta | Self::Icon => sum.min(8.0),
            Self::Logo => sum.min(7.0),
            Self::UnmatchedButton => (1.9 + 0.3 * sum).min(4.0),
            Self::Script => (1.0 + sum).log2().min(5.0),
        }
    }

    /// Whether the colour was written by people who chose it, and not measured on pixels.
    const fn is_written(self) -> bool {
        !matches!(self, Self::Logo | Self::Icon)
    }

    /// Whether it speaks of the mark or of what asks for the action, which greys may do too.
    const fn is_strong(self) -> bool {
        matches!(self, Self::Button | Self::Logo)
    }
}

/// The votes of one page.
#[derive(Default)]
pub(crate) struct Ballot {
    votes: HashMap<Hex, BTreeMap<Channel, Votes>>,
    /// Colours that the site itself has put on a button: a framework's default among them is the
    /// site's choice.
    chosen: HashSet<Hex>,
}

#[derive(Clone, Debug, Default)]
struct Votes {
    sum: f64,
    count: u32,
    strongest: f64,
    place: String,
    snippet: String,
}

impl Ballot {
    /// Casts a vote; where it comes from is only asked when it is the channel's strongest.
    pub(crate) fn cast(
        &mut self,
        color: Hex,
        channel: Channel,
        weight: f64,
        origin: impl FnOnce() -> (String, String),
    ) {
        if weight == 0.0 {
            return;
        }
        let votes = self.votes.entry(color).or_default().entry(channel).or_default();
        votes.sum += weight;
        votes.count += 1;
        if weight > votes.strongest {
            votes.strongest = weight;
            (votes.place, votes.snippet) = origin();
        }
    }

    /// Notes that a rule of the site's own puts the colour on a button.
    pub(crate) fn choose(&mut self, color: Hex) {
        self.chosen.insert(color);
    }

    fn is_default(&self, color: Hex) -> bool {
        known::is_framework_default(color) && !self.chosen.contains(&color)
    }

    /// What a colour keeps of its votes before they are squashed; nobody's mark is a default.
    fn share(&self, channel: Channel, color: Hex) -> f64 {
        if matches!(channel, Channel::Logo | Channel::Icon) {
            1.0
        } else if self.is_default(color) {
            known::DEFAULT_SHARE
        } else if known::is_social(color) {
            known::SOCIAL_SHARE
        } else {
            1.0
        }
    }

    fn worth(&self, channels: &BTreeMap<Channel, Votes>, color: Hex) -> f64 {
        let worth = |(channel, votes): (&Channel, &Votes)| {
            channel.squashed(votes.sum * self.share(*channel, color))
        };
        channels.iter().map(worth).sum()
    }

    /// The colours by their score, highest first; `ground` is the page's background.
    pub(crate) fn counted(&self, ground: Hex) -> Vec<Candidate> {
        let mut own: Vec<(f64, Hex)> = self
            .votes
            .iter()
            .map(|(color, channels)| (self.worth(channels, *color), *color))
            .collect();
        own.sort_by(|one, two| two.0.total_cmp(&one.0).then(one.1.cmp(&two.1)));
        own.truncate(MAX_COLORS);
        let mut groups: Vec<(Oklab, Vec<Hex>)> = Vec::new();
        for (_, color) in own {
            let lab = Oklab::from(color);
            match groups.iter_mut().find(|(first, _)| first.distance(lab) < SAME_COLOR) {
                Some((_, group)) => group.push(color),
                None => groups.push((lab, vec![color])),
            }
        }
        let candidates = groups.iter().map(|(_, group)| self.candidate(group, ground));
        let mut all: Vec<Candidate> = candidates.collect();
        all.sort_by(|one, two| two.score.total_cmp(&one.score).then(one.color.cmp(&two.color)));
        all
    }

    fn candidate(&self, group: &[Hex], ground: Hex) -> Candidate {
        let is_written = |color: &&Hex| {
            self.votes[*color]
                .iter()
                .any(|(channel, votes)| channel.is_written() && votes.sum > 0.0)
        };
        let color = *group.iter().find(is_written).unwrap_or(&group[0]);
        let mut channels: BTreeMap<Channel, Votes> = BTreeMap::new();
        for member in group {
            for (channel, votes) in &self.votes[member] {
                let sum = channels.entry(*channel).or_default();
                sum.sum += votes.sum * self.share(*channel, *member);
                sum.count += votes.count;
                if votes.strongest > sum.strongest {
                    sum.strongest = votes.strongest;
                    sum.place.clone_from(&votes.place);
                    sum.snippet.clone_from(&votes.snippet);
                }
            }
        }
        let full: f64 = channels.iter().map(|(channel, one)| channel.squashed(one.sum)).sum();
        let heard = channels.iter().filter(|(_, one)| one.sum > 0.0).map(|(channel, _)| *channel);
        // An icon alone may be a generator's or a host's; with the page behind it it counts.
        let is_icon = heard.clone().any(|one| one == Channel::Icon);
        let is_strong =
            heard.clone().any(Channel::is_strong) || (is_icon && heard.clone().count() > 1);
        let has_meta = channels.get(&Channel::Meta).is_some_and(|one| one.sum > 0.0);
        let is_ground = Oklab::from(color).distance(ground.into()) < SAME_COLOR;
        // A page that lies on a vivid colour lies on its own; a pale or dark ground is a ground.
        let is_vivid = Oklab::from(color).chroma() > VIVID;
        let apart = if is_ground && !is_vivid && !is_strong && !has_meta { 0.3 } else { 1.0 };
        Candidate {
            color,
            score: full * salience(color) * apart,
            strength: full,
            is_strong,
            channels: channels
                .into_iter()
                .filter(|(_, votes)| votes.sum > 0.0)
                .map(|(channel, votes)| Heard {
                    channel,
                    worth: channel.squashed(votes.sum),
                    count: votes.count,
                    place: votes.place,
                    snippet: votes.snippet,
                })
                .collect(),
            is_default: self.is_default(color),
        }
    }
}

/// A page with more colours than this has no use for the others.
const MAX_COLORS: usize = 2_000;

/// Chroma above which nobody chooses a colour for a mere ground.
const VIVID: f32 = 0.12;

/// Colours nearer than this look like one.
const SAME_COLOR: f32 = 0.045;

/// How much a colour can be a brand's at all: greys little, white not.
pub(crate) fn salience(color: Hex) -> f64 {
    let lab = Oklab::from(color);
    let chroma = lab.chroma();
    if lab.l > 0.95 && chroma < 0.04 {
        return 0.0;
    }
    if lab.l < 0.18 && chroma < 0.03 {
        return 0.1;
    }
    f64::from(((chroma - 0.015) / 0.085).clamp(0.06, 1.0))
}

/// A colour with what speaks for it.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// The colour.
    pub(crate) color: Hex,
    /// What speaks for it as a brand's colour.
    pub(crate) score: f64,
    /// What speaks for it whatever its chroma.
    pub(crate) strength: f64,
    /// Whether a button, the logo or an icon has it.
    pub(crate) is_strong: bool,
    /// Whether a framework paints with it by default.
    pub(crate) is_default: bool,
    /// By channel.
    pub(crate) channels: Vec<Heard>,
}

/// One channel's sum for a colour.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    /// The channel.
    pub(crate) channel: Channel,
    /// Its squashed sum.
    pub(crate) worth: f64,
    count: u32,
    place: String,
    snippet: String,
}

impl Candidate {
    /// What speaks for it, as evidence.
    pub(crate) fn sources(&self) -> Vec<Source> {
        let one = |heard: &Heard| {
            let often =
                if heard.count > 1 { format!(" (×{})", heard.count) } else { String::new() };
            let snippet = format!("{}{often}", heard.snippet);
            evidence::source(heard.channel.name(), heard.place.clone(), &snippet, heard.worth)
        };
        self.channels.iter().map(one).collect()
    }

    /// Whether a channel speaks for it.
    pub(crate) fn is_heard_on(&self, channel: Channel) -> bool {
        self.channels.iter().any(|heard| heard.channel == channel)
    }

    /// How many kinds of channel agree on it.
    pub(crate) fn diversity(&self) -> usize {
        let kinds = [
            [Channel::Button, Channel::ButtonBorder, Channel::UnmatchedButton].as_slice(),
            &[Channel::Link, Channel::Heading],
            &[Channel::Surface, Channel::Gradient],
            &[Channel::Variable],
            &[Channel::Meta],
            &[Channel::Logo, Channel::Icon],
        ];
        let is_heard = |kind: &&[Channel]| kind.iter().any(|one| self.is_heard_on(*one));
        kinds.iter().filter(|kind| is_heard(kind)).count()
    }
}
