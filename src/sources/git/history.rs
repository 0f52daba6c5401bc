//! Which commits lie in a window, on which branches, and what the branches and tags are.
//!
//! Only headers of commits are read: from `HEAD` back to the window's start and a little further,
//! then from each branch that moved in the window back to where the default branch has it all.
//! Never: a walk of the whole history for a window's sake.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use gix::ObjectId;
use gix::bstr::ByteSlice as _;
use gix::revision::walk::Sorting;
use gix::traverse::commit::simple::CommitTimeOrder;

use crate::domain::activity::{Author, Branch, MAX_BRANCHES, Tag, Window};
use crate::domain::clock::Timestamp;
use crate::sources::git::GitRepository;
use crate::sources::{SourceError, Watch};

/// Commits of one window that are listed: a busy year of a large project.
const MAX_COMMITS: usize = 20_000;

/// How far clocks of committers are believed to differ: a commit may be older than its parent.
const CLOCK_SKEW: Duration = Duration::from_hours(24);

/// Commits beyond the window that are looked at to learn which old branches are merged.
const MAX_BEYOND: usize = 10_000;

/// Commits of one branch that are counted.
const MAX_AHEAD: usize = 2_000;

/// Branches and tags that are looked at.
const MAX_REFS: usize = 20_000;

/// Names that the branch of all work usually has.
const USUAL_TRUNKS: [&str; 4] = ["main", "master", "trunk", "develop"];

/// Commits between two looks at the watch.
const CHECK_EVERY: usize = 256;

/// A commit of the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundCommit {
    pub(super) id: ObjectId,
    /// Short names of the branches that it lies on.
    pub branches: Vec<String>,
    /// Tags that point at it.
    pub tags: Vec<String>,
}

impl FoundCommit {
    /// Its sha in hex.
    pub fn sha(&self) -> String {
        self.id.to_string()
    }
}

/// What happened in a window, without its contents.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The commits, newest first.
    pub commits: Vec<FoundCommit>,
    /// There are more than are listed.
    pub is_cut: bool,
    /// As they are today.
    pub branches: Vec<Branch>,
    /// Those whose commit is not after the window's end, in the order of names.
    pub tags: Vec<Tag>,
    /// The newest commit of the default branch that is not after the window's end.
    pub(super) head: Option<ObjectId>,
}

/// A branch's tip.
struct Tip {
    id: ObjectId,
    at: Timestamp,
    is_remote: bool,
}

/// What the default branch has, as far back as was looked.
struct Trunk {
    has: HashSet<ObjectId>,
    /// The oldest moment down to which `has` is whole.
    floor: Timestamp,
}

impl GitRepository {
    /// The commits that are reachable from today's branches and lie in `window`.
    pub fn history(&self, window: Window, watch: Watch<'_>) -> Result<History, SourceError> {
        watch.tell("looking through the history", None);
        let Some((head, default)) = self.trunk()? else { return Ok(History::default()) };
        let tips = self.tips(watch)?;
        let mut found = Found::new(window);
        let oldest_tip = tips.values().map(|tip| tip.at).min();
        let trunk = self.walk_trunk(head, &default, oldest_tip, &mut found, watch)?;
        let mut branches = Vec::with_capacity(tips.len());
        for (name, tip) in tips {
            watch.check()?;
            branches.push(self.branch(name, &tip, &default, &trunk, &mut found, watch)?);
        }
        let tags = self.tags(window.end, watch)?;
        let (commits, is_cut) = found.commits(&tags);
        let head = self.head_at(head, window.end, watch)?;
        Ok(History { commits, is_cut, branches, tags, head })
    }

    /// The commit that `HEAD` is at and the short name of its branch, which is empty where it is at
    /// none; `None` for a repository without commits.
    ///
    /// Where `HEAD` names a branch that nobody ever pushed, as in many a bare repository, it is the
    /// branch that is usual, else the one that moved last.
    pub(super) fn trunk(&self) -> Result<Option<(ObjectId, String)>, SourceError> {
        let head = self.git.head().map_err(SourceError::damaged)?;
        let mut fault = None;
        if !head.is_unborn() {
            let name = head.referent_name().map(|name| name.shorten().to_str_lossy().into_owned());
            match head.into_peeled_id() {
                Ok(id) => return Ok(Some((id.detach(), name.unwrap_or_default()))),
                Err(error) => fault = Some(SourceError::damaged(error)),
            }
        }
        let references = self.git.references().map_err(SourceError::damaged)?;
        let branches = references.local_branches().map_err(SourceError::damaged)?;
        let mut found = None;
        for mut reference in branches.take(MAX_REFS).flatten() {
            let name = reference.name().shorten().to_str_lossy().into_owned();
            let commit = match reference.peel_to_commit() {
                Ok(commit) => commit,
                Err(error) => {
                    fault.get_or_insert(SourceError::damaged(error));
                    continue;
                }
            };
            let Ok(time) = commit.time() else { continue };
            let rank = USUAL_TRUNKS.iter().position(|usual| *usual == name);
            let rank = Reverse(rank.unwrap_or(USUAL_TRUNKS.len()));
            found = found.max(Some(((rank, time.seconds, Reverse(name)), commit.id)));
        }
        // A repository of which nothing can be read is not one without commits.
        match (found, fault) {
            (Some(((_, _, Reverse(name)), id)), _) => Ok(Some((id, name))),
            (None, Some(fault)) => Err(fault),
            (None, None) => Ok(None),
        }
    }

    fn walk_trunk(
        &self,
        head: ObjectId,
        default: &str,
        oldest_tip: Option<Timestamp>,
        found: &mut Found,
        watch: Watch<'_>,
    ) -> Result<Trunk, SourceError> {
        let window_floor = found.window.start.before(CLOCK_SKEW);
        let wanted_floor = oldest_tip.map_or(window_floor, |oldest| oldest.min(window_floor));
        let mut trunk = Trunk { has: HashSet::new(), floor: Timestamp::from_ms(i64::MIN) };
        let mut beyond = 0;
        for (count, info) in self.walk([head], |_| true)?.enumerate() {
            if count % CHECK_EVERY == 0 {
                watch.check()?;
            }
            let info = info.map_err(SourceError::damaged)?;
            let at = moment(info.commit_time());
            beyond += usize::from(at < window_floor);
            if at < wanted_floor || beyond > MAX_BEYOND {
                trunk.floor = at;
                break;
            }
            trunk.has.insert(info.id);
            found.note(info.id, at, default);
        }
        Ok(trunk)
    }

    fn branch(
        &self,
        name: String,
        tip: &Tip,
        default: &str,
        trunk: &Trunk,
        found: &mut Found,
        watch: Watch<'_>,
    ) -> Result<Branch, SourceError> {
        let is_merged = name == default || trunk.has.contains(&tip.id);
        let moved = tip.at >= found.window.start.before(CLOCK_SKEW);
        let ahead = match (is_merged, moved) {
            (true, _) => Some(0),
            (false, false) => None,
            (false, true) => self.walk_branch(&name, tip, trunk, found, watch)?,
        };
        let commit = self.git.find_commit(tip.id).map_err(SourceError::damaged)?;
        let author = commit.author().map(|author| self::author(&author)).unwrap_or_default();
        let subject = commit.message_raw_sloppy().lines().next().unwrap_or_default();
        Ok(Branch {
            sha: tip.id.to_string(),
            tip_at: tip.at,
            author,
            subject: subject.to_str_lossy().chars().take(300).collect(),
            ahead,
            is_merged,
            name,
        })
    }

    /// Notes the branch's own commits; their number, unless it has more than are counted.
    fn walk_branch(
        &self,
        name: &str,
        tip: &Tip,
        trunk: &Trunk,
        found: &mut Found,
        watch: Watch<'_>,
    ) -> Result<Option<u32>, SourceError> {
        let mut ahead = 0;
        let not_in_trunk = |id: &gix::oid| !trunk.has.contains(id);
        for info in self.walk([tip.id], not_in_trunk)? {
            watch.check()?;
            let info = info.map_err(SourceError::damaged)?;
            let at = moment(info.commit_time());
            if at < trunk.floor || ahead >= MAX_AHEAD {
                return Ok(None);
            }
            ahead += 1;
            found.note(info.id, at, name);
        }
        Ok(u32::try_from(ahead).ok())
    }

    /// The last tagged commit before the newest one of the default branch at `end`: its newest
    /// tag, and the moment just after it. `None` where none lies near.
    pub fn release_before(
        &self,
        end: Timestamp,
        watch: Watch<'_>,
    ) -> Result<Option<(Tag, Timestamp)>, SourceError> {
        watch.tell("looking for the last release", None);
        let Some((tip, _)) = self.trunk()? else { return Ok(None) };
        let Some(head) = self.head_at(tip, end, watch)? else { return Ok(None) };
        let mut tags: HashMap<String, Tag> = HashMap::new();
        let all = self.tags(end, watch)?;
        let series = series_at(&head.to_string(), &all).map(str::to_owned);
        for tag in
            all.into_iter().filter(|tag| series.as_deref().is_none_or(|one| one == series_of(tag)))
        {
            let newest = tags.entry(tag.sha.clone()).or_insert_with(|| tag.clone());
            if newest.at < tag.at {
                *newest = tag;
            }
        }
        for (count, info) in self.walk([head], |_| true)?.take(MAX_COMMITS).enumerate() {
            if count % CHECK_EVERY == 0 {
                watch.check()?;
            }
            let info = info.map_err(SourceError::damaged)?;
            let tag = tags.remove(&info.id.to_string()).filter(|_| info.id != head);
            if let Some(tag) = tag {
                let at = moment(info.commit_time());
                return Ok(Some((tag, Timestamp::from_ms(at.ms() + 1))));
            }
        }
        Ok(None)
    }

    /// The newest commit on the line of first parents that is not after `end`.
    fn head_at(
        &self,
        head: ObjectId,
        end: Timestamp,
        watch: Watch<'_>,
    ) -> Result<Option<ObjectId>, SourceError> {
        let mut next = Some(head);
        let mut count = 0_usize;
        while let Some(id) = next {
            count += 1;
            if count.is_multiple_of(CHECK_EVERY) {
                watch.check()?;
            }
            // A shallow clone ends where its parents are not there.
            let Ok(commit) = self.git.find_commit(id) else { return Ok(None) };
            let at = commit.time().map_err(SourceError::damaged)?.seconds;
            if moment(at) <= end {
                return Ok(Some(id));
            }
            next = commit.parent_ids().next().map(gix::Id::detach);
        }
        Ok(None)
    }

    pub(super) fn walk<'repo>(
        &'repo self,
        tips: impl IntoIterator<Item = ObjectId>,
        selected: impl FnMut(&gix::oid) -> bool + 'repo,
    ) -> Result<gix::revision::Walk<'repo>, SourceError> {
        self.git
            .rev_walk(tips)
            .sorting(Sorting::ByCommitTime(CommitTimeOrder::NewestFirst))
            .selected(selected)
            .map_err(SourceError::damaged)
    }

    /// The tips of local and remote-tracking branches by their short names. Of two with one name
    /// the local one counts where it is the default branch, else the newer one.
    fn tips(&self, watch: Watch<'_>) -> Result<BTreeMap<String, Tip>, SourceError> {
        let default = self.default_branch();
        let references = self.git.references().map_err(SourceError::damaged)?;
        let local = references.local_branches().map_err(SourceError::damaged)?;
        let remote = references.remote_branches().map_err(SourceError::damaged)?;
        let mut tips: BTreeMap<String, Tip> = BTreeMap::new();
        let all = local.map(|one| (one, false)).chain(remote.map(|one| (one, true)));
        for (reference, is_remote) in all.take(MAX_REFS) {
            watch.check()?;
            // One that leads nowhere is passed over.
            let Ok(mut reference) = reference else { continue };
            let short = reference.name().shorten().to_str_lossy().into_owned();
            let name = match short.split_once('/') {
                Some((_, name)) if is_remote => name.to_owned(),
                _ => short,
            };
            let Ok(commit) = reference.peel_to_commit() else { continue };
            let Ok(time) = commit.time() else { continue };
            let tip = Tip { id: commit.id, at: moment(time.seconds), is_remote };
            let known = tips.get(&name);
            let stays = known.is_some_and(|known| {
                tip.is_remote && !known.is_remote && (name == default || known.at >= tip.at)
            });
            if name != "HEAD" && !stays {
                tips.insert(name, tip);
            }
        }
        Ok(tips)
    }

    fn tags(&self, end: Timestamp, watch: Watch<'_>) -> Result<Vec<Tag>, SourceError> {
        let references = self.git.references().map_err(SourceError::damaged)?;
        let mut tags = Vec::new();
        for reference in references.tags().map_err(SourceError::damaged)?.take(MAX_REFS) {
            watch.check()?;
            let Ok(mut reference) = reference else { continue };
            let name = reference.name().shorten().to_str_lossy().into_owned();
            let tagged_at = reference
                .peel_to_tag()
                .ok()
                .and_then(|tag| Some(moment(tag.tagger().ok()??.seconds())));
            // `peel_to_tag` has moved the reference to the tag: what follows goes on from there.
            let Ok(commit) = reference.peel_to_commit() else { continue };
            let Ok(time) = commit.time() else { continue };
            let at = tagged_at.unwrap_or_else(|| moment(time.seconds));
            if at <= end && moment(time.seconds) <= end {
                tags.push(Tag { name, sha: commit.id.to_string(), at });
            }
        }
        tags.sort_by(|one, other| one.name.cmp(&other.name));
        tags.dedup_by(|one, other| one.name == other.name);
        Ok(tags)
    }
}

/// Which releases belong together: `1.2` and `v1.3`, `parser-1.2` and `parser-1.3`.
fn series_of(tag: &Tag) -> &str {
    let end = tag.name.find(|one: char| one.is_ascii_digit()).unwrap_or(tag.name.len());
    tag.name[..end].trim_end_matches('v')
}

/// A series without a release for so long before the newest one of another has ended.
const SERIES_END_MS: i64 = 365 * 24 * 3_600 * 1_000;

/// Of which series the release at a commit is; else of those without a name, where there are any:
/// a repository of many packages tags each of them beside the whole. Where these have ended, of the
/// series with the newest release, the one with the shortest name of several.
fn series_at<'t>(head: &str, tags: &'t [Tag]) -> Option<&'t str> {
    let at_head = tags.iter().filter(|tag| tag.sha == head).map(series_of).min();
    let newest = tags.iter().map(|tag| tag.at.ms()).max().unwrap_or_default();
    let goes_on = |tag: &&Tag| newest - tag.at.ms() < SERIES_END_MS;
    let whole = || tags.iter().filter(goes_on).map(series_of).find(|series| series.is_empty());
    let of_newest = || {
        let last = tags.iter().filter(|tag| newest - tag.at.ms() < SERIES_TOGETHER_MS);
        last.map(series_of).min_by_key(|series| (series.len(), *series))
    };
    at_head.or_else(whole).or_else(of_newest)
}

/// Releases of several packages within so long were made together.
const SERIES_TOGETHER_MS: i64 = 24 * 3_600 * 1_000;

/// Commits of the window, as they are found.
struct Found {
    window: Window,
    commits: HashMap<ObjectId, (Timestamp, Vec<String>)>,
    is_cut: bool,
}

impl Found {
    fn new(window: Window) -> Self {
        Self { window, commits: HashMap::new(), is_cut: false }
    }

    fn note(&mut self, id: ObjectId, at: Timestamp, branch: &str) {
        if !self.window.contains(at) {
            return;
        }
        if self.commits.len() >= MAX_COMMITS && !self.commits.contains_key(&id) {
            self.is_cut = true;
            return;
        }
        let (_, branches) = self.commits.entry(id).or_insert_with(|| (at, Vec::new()));
        if !branch.is_empty() && branches.len() < MAX_BRANCHES {
            branches.push(branch.to_owned());
        }
    }

    fn commits(self, tags: &[Tag]) -> (Vec<FoundCommit>, bool) {
        let mut tags_of: HashMap<&str, Vec<String>> = HashMap::new();
        for tag in tags {
            tags_of.entry(&tag.sha).or_default().push(tag.name.clone());
        }
        let mut commits: Vec<_> = self.commits.into_iter().collect();
        commits.sort_unstable_by(|(a, (a_at, _)), (b, (b_at, _))| b_at.cmp(a_at).then(a.cmp(b)));
        let commits = commits.into_iter().map(|(id, (_, branches))| {
            let tags = tags_of.remove(id.to_string().as_str()).unwrap_or_default();
            FoundCommit { id, branches, tags }
        });
        (commits.collect(), self.is_cut)
    }
}

/// Seconds since the epoch as a moment.
pub(super) fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_ms(seconds.saturating_mul(1_000))
}

/// Who a signature names.
pub(super) fn author(signature: &gix::actor::SignatureRef<'_>) -> Author {
    let signature = signature.trim();
    let name: String = signature.name.to_str_lossy().chars().take(200).collect();
    let email: String = signature.email.to_str_lossy().chars().take(200).collect();
    let is_bot = name.ends_with("[bot]") || email.contains("[bot]@");
    Author { is_bot, login: None, email: Some(email).filter(|email| !email.is_empty()), name }
}
