//! The sentence under a headline that tells a reader more.

use crate::activity::read::Record;
use crate::activity::text::{Passage, passages, sentences};

use super::changes;

/// Fewer characters tell nothing that the headline has not told.
const LEAST: usize = 40;

/// The longest that is shown, in characters.
const MOST: usize = 240;

/// Beginnings of sentences that are not about the change.
const ASIDE: [&str; 34] = [
    "see ",
    "closes ",
    "fixes #",
    "fixed #",
    "fix #",
    "ref ",
    "refs ",
    "related",
    "resolves ",
    "this reverts",
    "thanks",
    "signed-off",
    "co-authored",
    "ping",
    "cc ",
    "http",
    "part of",
    "follow up",
    "follow-up",
    "followup",
    "backport",
    "cherry",
    "note:",
    "pr #",
    "i have ",
    "regression in",
    "supersedes",
    "alternative to",
    "depends on",
    "bumps ",
    "!",
    "as discussed",
    "(cherry",
    "changelog:",
];

/// The first sentence of a record's text that says something its headline does not.
pub(crate) fn detail(record: &Record<'_>) -> Option<String> {
    let mut is_list = false;
    for (nth, passage) in passages(&record.message.body).into_iter().enumerate() {
        let prose = match passage {
            Passage::Prose(prose) => prose,
            // A text that begins with a list is one of a squashed request's commits. What stands
            // below the first one is about the whole, if that says what the headline says.
            Passage::Item(item) if nth == 0 => {
                is_list = true;
                let headline = &record.message.headline;
                if !changes::says_the_same(&super::words(&item), &super::words(headline)) {
                    return None;
                }
                continue;
            }
            _ if is_list => return None,
            _ => continue,
        };
        for sentence in sentences(&prose) {
            if is_telling(sentence, &record.message.headline) {
                return Some(sentence.to_owned());
            }
        }
        // What the first paragraph does not tell, later ones tell of something else.
        if prose.chars().count() > LEAST {
            return None;
        }
    }
    None
}

fn is_telling(sentence: &str, headline: &str) -> bool {
    let lower = sentence.to_lowercase();
    let length = sentence.chars().count();
    let personal = [" i ", " my ", " me ", " i'm ", " i've ", " we ", " our "];
    let spaced = format!(" {} ", lower.replace('’', "'"));
    let is_prose = sentence.split(' ').count() >= 6
        && !personal.iter().any(|word| spaced.contains(word))
        && sentence.ends_with(['.', '!'])
        && sentence.starts_with(|one: char| one.is_alphabetic() || one == '`')
        && !sentence.contains("](")
        && !sentence.contains("<!--")
        && !sentence.contains("[redacted");
    // A sentence that leans on one that is not shown.
    let leans = [
        "it ",
        "that ",
        "these ",
        "those ",
        "they ",
        "however",
        "also",
        "but ",
        "so ",
        "and ",
        "then ",
        "here ",
        "he ",
        "she ",
        "in other words",
        "otherwise",
        "because ",
    ];
    let own: Vec<&str> = lower.split(' ').collect();
    let headline = headline.to_lowercase();
    let repeated = own.iter().filter(|word| word.len() > 3 && headline.contains(**word)).count();
    let long_words = own.iter().filter(|word| word.len() > 3).count();
    is_prose
        && (LEAST..=MOST).contains(&length)
        && !ASIDE.iter().any(|start| lower.starts_with(start))
        && !leans.iter().any(|start| lower.starts_with(start))
        && repeated * 4 < long_words * 3
}
