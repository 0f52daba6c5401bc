//! Pull requests and issues: work with a state.

use serde::{Deserialize, Serialize};

use crate::domain::activity::event::clip_chars;
use crate::domain::clock::Timestamp;

/// How many labels, assignees, unchecked boxes or blockers of one item are kept.
const MAX_LISTED: usize = 50;

/// The longest of them, in characters.
const MAX_LISTED_CHARS: usize = 300;

/// A pull request, an issue, a ticket, an incident.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkItem {
    /// What people write to name it: `#12`, `!7`, `KEY-3`.
    pub key: String,
    /// What has become of it.
    pub state: ItemState,
    /// Not yet meant for review.
    pub is_draft: bool,
    /// In the source's order.
    pub labels: Vec<String>,
    /// Who works on it, by the names that the source shows.
    pub assignees: Vec<String>,
    /// What its reviewers said last; `None` where there is no review.
    pub review: Option<Review>,
    /// The goal that it belongs to.
    pub milestone: Option<Milestone>,
    /// The day by which it is to be done.
    pub due_at: Option<Timestamp>,
    /// When it was merged.
    pub merged_at: Option<Timestamp>,
    /// When it was closed, merged or not.
    pub closed_at: Option<Timestamp>,
    /// The commit that brought it in, or the last one of its branch.
    pub sha: Option<String>,
    /// The branch with the work.
    pub head_branch: Option<String>,
    /// The branch that it goes to.
    pub base_branch: Option<String>,
    /// How many comments it has.
    pub comments: u32,
    /// Texts of the boxes that nobody has checked.
    pub unchecked: Vec<String>,
    /// How many boxes are checked.
    pub checked: u32,
    /// Keys of what cannot go on before this is done.
    pub blocks: Vec<String>,
    /// Keys of what must be done before this.
    pub blocked_by: Vec<String>,
}

/// What has become of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Nobody has begun, or the source does not tell.
    #[default]
    Open,
    /// Somebody is at it.
    InProgress,
    /// Done.
    Closed,
    /// Brought in.
    Merged,
    /// Closed without having been done.
    Declined,
}

impl ItemState {
    /// Whether there is work left.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::InProgress)
    }
}

/// What reviewers said last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Somebody was asked and has not answered.
    Requested,
    /// Somebody approved, and nobody asks for changes.
    Approved,
    /// Somebody asks for changes.
    ChangesRequested,
}

/// A goal with a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// Its name.
    pub title: String,
    /// The day by which it is to be reached.
    pub due_at: Option<Timestamp>,
}

impl WorkItem {
    pub(super) fn clip(&mut self) {
        let lists = [
            &mut self.labels,
            &mut self.assignees,
            &mut self.unchecked,
            &mut self.blocks,
            &mut self.blocked_by,
        ];
        for list in lists {
            list.truncate(MAX_LISTED);
            for text in list {
                clip_chars(text, MAX_LISTED_CHARS);
            }
        }
    }
}
