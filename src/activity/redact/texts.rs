//! Every text of an event in which somebody may have written a secret. All members are named here,
//! so that a new one cannot be forgotten.

use crate::domain::activity::{
    Author, ChangedLine, Check, Commit, Document, Event, Facts, Message, Milestone, PathChange,
    Place, Release, Transcript, Turn, WorkItem,
};

/// All but what the event, or a thing that it speaks of, is known by.
pub(super) fn of(event: &mut Event) -> Vec<&mut String> {
    let Event {
        id: _,
        project: _,
        source: _,
        external_id: _,
        event_type,
        title,
        content,
        author: Author { name, login, email, is_bot: _ },
        url,
        refs,
        place,
        branches,
        priority,
        facts,
        created_at: _,
        updated_at: _,
    } = event;
    let mut texts = vec![event_type, title, content, name];
    texts.extend([login, email, url, priority].into_iter().flatten());
    texts.extend(refs.iter_mut().chain(branches));
    texts.extend(place.iter_mut().flat_map(|Place { id, label }| [id, label]));
    match facts {
        Facts::Commit(commit) => of_commit(commit, &mut texts),
        Facts::Release(Release { tag, sha: _ }) => texts.push(tag),
        Facts::PullRequest(item) | Facts::Issue(item) => of_item(item, &mut texts),
        Facts::Plain
        | Facts::Message(Message { thread: _, is_reply: _, replies: _, resolved: _ }) => {}
        Facts::Check(Check { name, outcome: _, sha: _, passed: _, failed: _, failures }) => {
            texts.push(name);
            texts.extend(failures);
        }
        Facts::Document(Document { path }) => texts.push(path),
        Facts::Transcript(Transcript { turns }) => {
            for Turn { speaker, at_seconds: _, text } in turns {
                texts.extend([speaker, text]);
            }
        }
    }
    texts
}

fn of_commit<'a>(commit: &'a mut Commit, texts: &mut Vec<&'a mut String>) {
    let Commit { sha: _, parents: _, paths, paths_total: _, lines, tags } = commit;
    for PathChange { path, from, fate: _, added: _, removed: _ } in paths {
        texts.push(path);
        texts.extend(from);
    }
    for ChangedLine { path, sign: _, number: _, text, section } in lines {
        texts.extend([path, text]);
        texts.extend(section);
    }
    texts.extend(tags);
}

fn of_item<'a>(item: &'a mut WorkItem, texts: &mut Vec<&'a mut String>) {
    let WorkItem {
        key: _,
        state: _,
        is_draft: _,
        labels,
        assignees,
        review: _,
        milestone,
        due_at: _,
        merged_at: _,
        closed_at: _,
        sha: _,
        head_branch,
        base_branch,
        comments: _,
        unchecked,
        checked: _,
        blocks: _,
        blocked_by: _,
    } = item;
    texts.extend(labels.iter_mut().chain(assignees).chain(unchecked));
    texts.extend(milestone.iter_mut().map(|Milestone { title, due_at: _ }| title));
    texts.extend([head_branch, base_branch].into_iter().flatten());
}
