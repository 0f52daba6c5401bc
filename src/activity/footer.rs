//! How a document was made: the footer of its Markdown.

use crate::domain::activity::{EventSource, Filters, Selection, SourceFilter};

use super::read::Noise;
use super::select::Selected;
use super::text::{counted, escape, grouped, listed};

/// What `model_used` says of a document that no model touched.
pub const EXTRACTIVE: &str = "extractive/1";

/// How a document was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Footer {
    lines: Vec<String>,
}

impl Footer {
    /// The footer of what a selection gave. `is_past` tells that `asOf` is not the present.
    pub(crate) fn of(selection: &Selection, selected: &Selected<'_>, is_past: bool) -> Self {
        let Selection { window, sources, filters, max_events } = selection;
        let mut lines = vec![format!("Window: {} to {}.", window.start.iso(), window.end.iso())];
        if is_past {
            lines.push(
                "History is cut at that moment; states of branches, pull requests and issues are \
                 those of today."
                    .to_owned(),
            );
        }
        lines.push(format!("Sources asked: {}.", asked(sources.as_deref())));
        lines.push(format!("Filters: {}.", filter_words(filters)));
        lines.push(format!("Events: {}.", counts(selected)));
        if selected.cut > 0 {
            lines.push(format!(
                "Cut: {} of {} were left out by the limit of {}; those that say nothing first, \
                 then the oldest.",
                grouped(selected.cut),
                counted(selected.considered, "event"),
                grouped(*max_events),
            ));
        }
        let noise = noise_words(selected);
        if !noise.is_empty() {
            lines.push(format!("Passed over: {noise}."));
        }
        if let Some(snapshot) = selected.corpus.snapshot {
            let head: String = snapshot.head.chars().take(12).collect();
            lines.push(format!("Repository read at {head}."));
        }
        Self { lines }
    }

    /// The footer in Markdown; `model_used` is [`EXTRACTIVE`] or a model's name.
    pub(crate) fn markdown(&self, model_used: &str) -> String {
        let mut text = String::from("---\n\n");
        let made = if model_used == EXTRACTIVE {
            format!("Made by {EXTRACTIVE}: extracted, counted and compared; nothing was invented.")
        } else {
            format!(
                "Worded by {} from what {EXTRACTIVE} extracted; sentences that its evidence does \
                 not bear were dropped.",
                escape(model_used)
            )
        };
        text.push_str(&made);
        for line in &self.lines {
            text.push('\n');
            text.push_str(line);
        }
        text.push('\n');
        text
    }
}

fn asked(sources: Option<&[EventSource]>) -> String {
    sources.map_or_else(
        || "all".to_owned(),
        |sources| {
            let ids: Vec<String> = sources.iter().map(|one| one.id().to_owned()).collect();
            if ids.is_empty() { "none".to_owned() } else { listed(&ids) }
        },
    )
}

fn filter_words(filters: &Filters) -> String {
    let words: Vec<String> = filters
        .0
        .iter()
        .flat_map(|(source, filter)| {
            let SourceFilter { projects, branches, event_types, priorities } = filter;
            let named = [
                ("projects", projects),
                ("branches", branches),
                ("eventTypes", event_types),
                ("priorities", priorities),
            ];
            named.into_iter().filter_map(move |(name, values)| {
                let values = values.as_ref()?;
                let shown =
                    if values.is_empty() { "nothing".to_owned() } else { values.join(" or ") };
                Some(format!("{source} {name} {}", escape(&shown)))
            })
        })
        .collect();
    if words.is_empty() { "none".to_owned() } else { words.join("; ") }
}

fn counts(selected: &Selected<'_>) -> String {
    let counts: Vec<String> = selected
        .per_source
        .iter()
        .map(|(source, count)| format!("{source} {}", grouped(*count)))
        .collect();
    if counts.is_empty() { "none".to_owned() } else { counts.join(", ") }
}

fn noise_words(selected: &Selected<'_>) -> String {
    let kinds = [
        (Noise::Bot, "by bots"),
        (Noise::Merge, "bare merges"),
        (Noise::LockFiles, "lock files alone"),
        (Noise::Formatting, "formatting"),
        (Noise::Wordless, "without words"),
    ];
    let words: Vec<String> = kinds
        .into_iter()
        .filter_map(|(kind, words)| {
            let records = selected.corpus.records.iter();
            let count = records.filter(|record| record.noise == Some(kind)).count();
            (count > 0).then(|| format!("{} {words}", grouped(count)))
        })
        .collect();
    words.join(", ")
}
