//! Questions answered from events and files: the passages that say most of what is asked.
//!
//! Passages are ranked by BM25; an answer quotes the best ones, each with its citation. Where they
//! do not hold the question's words, the answer says so and names the nearest sources. Never: a
//! sentence that no source has.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::activity::{Answer, Citation, Evidence};

use super::Material;
use super::link::ratio;
use super::read::{Corpus, Record, is_test};
use super::text::{Passage, one_line, passages, sentences, shortened};

/// What is said where the sources do not answer.
const NOT_ENOUGH: &str = "not enough evidence";

/// How many passages an answer quotes, and how many nearest sources are named.
const MAX_QUOTED: usize = 3;

/// How much of the question's words the best passage must hold.
const LEAST_SHARE: f64 = 0.6;

/// The longest quotation, in characters.
const MAX_CHARS: usize = 320;

/// How many lines of a source file are one passage.
const LINES_A_PASSAGE: usize = 12;

/// How many passages are ranked: the memory of an answer is bounded.
const MAX_PASSAGES: usize = 200_000;

/// BM25's saturation of a word's count and its weight of a passage's length.
const SATURATION: f64 = 1.2;
const LENGTH_WEIGHT: f64 = 0.75;

/// Words of questions that say nothing of what is asked.
const ASKING: [&str; 58] = [
    "what", "which", "who", "whom", "whose", "when", "where", "why", "how", "is", "are", "was",
    "were", "be", "been", "do", "does", "did", "the", "a", "an", "of", "in", "on", "at", "to",
    "for", "from", "by", "with", "and", "or", "not", "it", "its", "this", "that", "these", "those",
    "we", "our", "us", "you", "i", "can", "could", "should", "would", "will", "has", "have", "had",
    "there", "about", "any", "me", "tell", "please",
];

/// A stretch of a source.
struct Stretch {
    evidence: Evidence,
    /// Who and when, for events.
    label: String,
    text: String,
    words: BTreeMap<String, usize>,
    length: usize,
}

/// Answers a question from the material.
pub fn answer(material: &Material<'_>, question: &str) -> Answer {
    let asked = asked(question);
    let stretches = stretches(material);
    let mut ranked = rank(&stretches, &asked);
    ranked.truncate(MAX_QUOTED);
    let held: BTreeSet<&String> = ranked
        .first()
        .into_iter()
        .flat_map(|(_, place)| {
            asked.iter().filter(|word| stretches[*place].words.contains_key(*word))
        })
        .collect();
    let is_answered = !asked.is_empty() && ratio(held.len(), asked.len()) >= LEAST_SHARE;
    // What holds far less than the best one adds noise to an answer.
    let best = ranked.first().map_or(0.0, |(score, _)| *score);
    if is_answered {
        ranked.retain(|(score, _)| *score >= best * LEAST_SHARE);
    }
    let citations: Vec<Citation> =
        ranked.iter().map(|(_, place)| Citation(stretches[*place].evidence.clone())).collect();
    let quoted: Vec<String> = ranked
        .iter()
        .zip(&citations)
        .map(|((_, place), citation)| {
            let stretch = &stretches[*place];
            let text = best_part(&stretch.text, &asked);
            format!("{}{} [{citation}]", stretch.label, shortened(&text, MAX_CHARS))
        })
        .collect();
    let answer = if is_answered { quoted.join("\n") } else { NOT_ENOUGH.to_owned() };
    Answer { answer, citations, is_answered }
}

/// The words of a question that say what is asked.
fn asked(question: &str) -> BTreeSet<String> {
    let lower = question.to_lowercase();
    let all = lower.split(|one: char| !(one.is_alphanumeric() || one == '#'));
    let telling = all.filter(|word| !word.is_empty() && !ASKING.contains(word));
    telling.map(stem).collect()
}

/// Two sentences around the one that holds most of the question.
fn best_part(text: &str, asked: &BTreeSet<String>) -> String {
    let all = sentences(text);
    let held = |sentence: &str| words(sentence).iter().filter(|word| asked.contains(*word)).count();
    let best = (0..all.len()).max_by_key(|place| (held(all[*place]), std::cmp::Reverse(*place)));
    best.map_or_else(String::new, |place| all[place..(place + 2).min(all.len())].join(" "))
}

fn stretches(material: &Material<'_>) -> Vec<Stretch> {
    let corpus = Corpus::of(&material.candidates.events, material.snapshot);
    let mut found = Vec::new();
    for record in &corpus.records {
        of_record(&corpus, record, &mut found);
    }
    for file in material.snapshot.into_iter().flat_map(|snapshot| &snapshot.texts) {
        if !is_test(&file.path) {
            of_file(&file.path, &file.text, &mut found);
        }
    }
    found.truncate(MAX_PASSAGES);
    found
}

fn of_record(corpus: &Corpus<'_>, record: &Record<'_>, found: &mut Vec<Stretch>) {
    let cited = record.citation().map(|one| format!("{one}, ")).unwrap_or_default();
    let label = format!("{} ({cited}{}): ", corpus.author(record), record.day());
    let mut text = record.message.shown();
    for passage in passages(&record.message.body) {
        let (Passage::Prose(prose) | Passage::Item(prose) | Passage::Checkbox(_, prose)) = passage;
        if !text.is_empty() && !text.ends_with(['.', '!', '?', ':']) {
            text.push('.');
        }
        text.push(' ');
        text.push_str(&prose);
    }
    push(record.evidence(), label, &text, found);
}

fn of_file(path: &str, text: &str, found: &mut Vec<Stretch>) {
    let lines: Vec<&str> = text.lines().collect();
    for (nth, chunk) in lines.chunks(LINES_A_PASSAGE).enumerate() {
        let line = u32::try_from(nth * LINES_A_PASSAGE + 1).ok();
        let evidence = Evidence::File { path: path.to_owned(), line };
        push(evidence, format!("`{path}`: "), &chunk.join(" "), found);
    }
}

fn push(evidence: Evidence, label: String, text: &str, found: &mut Vec<Stretch>) {
    let text = one_line(text);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let all = words(&format!("{text} {label}"));
    let length = all.len();
    for word in all {
        *counts.entry(word).or_default() += 1;
    }
    if length > 0 && found.len() < MAX_PASSAGES {
        found.push(Stretch { evidence, label, text, words: counts, length });
    }
}

/// Places by their score, the best first; those without any word of the question left out.
fn rank(stretches: &[Stretch], asked: &BTreeSet<String>) -> Vec<(f64, usize)> {
    let total: usize = stretches.iter().map(|one| one.length).sum();
    let mean = ratio(total, stretches.len()).max(1.0);
    let rarity: BTreeMap<&String, f64> = asked
        .iter()
        .map(|word| {
            let with = stretches.iter().filter(|one| one.words.contains_key(word)).count();
            let without = ratio(stretches.len() - with, 1) + 0.5;
            (word, (1.0 + without / (ratio(with, 1) + 0.5)).ln())
        })
        .collect();
    let mut ranked: Vec<(f64, usize)> = stretches
        .iter()
        .enumerate()
        .filter_map(|(place, stretch)| {
            let long = 1.0 - LENGTH_WEIGHT + LENGTH_WEIGHT * ratio(stretch.length, 1) / mean;
            let score: f64 = rarity
                .iter()
                .filter_map(|(word, rarity)| Some((*stretch.words.get(*word)?, rarity)))
                .map(|(count, rarity)| {
                    let count = ratio(count, 1);
                    rarity * count * (SATURATION + 1.0) / (count + SATURATION * long)
                })
                .sum();
            (score > 0.0).then_some((score, place))
        })
        .collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    ranked
}

/// Words in lower case, plurals and `-ed`, `-ing` brought together; names of code also in parts.
fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let parts = lower.split(|one: char| !(one.is_alphanumeric() || one == '#'));
    parts.filter(|word| !word.is_empty()).map(stem).collect()
}

fn stem(word: &str) -> String {
    for end in ["ing", "ed", "es", "s"] {
        if let Some(rest) = word.strip_suffix(end).filter(|rest| rest.len() >= 4) {
            return rest.trim_end_matches('e').to_owned();
        }
    }
    if word.len() > 4 { word.trim_end_matches('e').to_owned() } else { word.to_owned() }
}
