//! What holds of a handoff of any events: evidence exists, the union is exact, twice is the same.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::activity::{HandoffDraft, handoff};
use crate::domain::activity::{
    Author, Bullet, Event, Evidence, HandoffContent, ItemState, WorkItem, union_of_events,
};

use super::{candidates, commit, issue, material, message, project, selection, snapshot};

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{3,9}( [a-z]{2,9}){2,6}\\??",
        "(fix|feat|docs|chore)(\\([a-z]{2,6}\\))?!?: [a-z ]{5,30}",
        "We decided to [a-z]{3,8} [a-z]{3,8} the [a-z]{3,8}\\.",
        "Revert \"[a-z]{3,9} [a-z]{3,9}\"",
        "\\PC{1,60}",
    ]
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let one = (0_u32..5, 0_u32..40, -100_i64..200, words(), words(), 0_u32..6);
    proptest::collection::vec(one, 0..40).prop_map(|all| {
        let made = all.into_iter().map(|(kind, number, hours, title, text, person)| {
            let path = format!("src/part{}/file{number}.rs", number % 4);
            let mut event = match kind {
                0 | 1 => commit(number, hours, &title, &path),
                2 => message(&format!("m{number}"), hours, "x", &format!("t{}", number % 5), &text),
                3 => issue(&format!("#{number}"), hours, &title, WorkItem::default()),
                _ => {
                    let state = ItemState::Closed;
                    issue(
                        &format!("#{number}"),
                        hours,
                        &title,
                        WorkItem { state, ..WorkItem::default() },
                    )
                }
            };
            event.content = format!("{text} #{}", number % 7);
            event.author = Author::named(&format!("Person {person}"));
            event
        });
        // A store holds each event once.
        let mut events: Vec<Event> = made.collect();
        events.sort_by_key(|event| event.id);
        events.dedup_by_key(|event| event.id);
        events
    })
}

fn bullets(content: &HandoffContent) -> impl Iterator<Item = &Bullet> {
    let HandoffContent { key_changes, decisions, open_questions, next_steps, .. } = content;
    key_changes.iter().chain(decisions).chain(open_questions).chain(next_steps)
}

proptest! {
    #[test]
    fn evidence_exists_and_its_union_is_exact(events in events(), most in 1_usize..30) {
        let (project, candidates, tree) = (project(), candidates(events), snapshot(&["README.md"]));
        let material = material(&project, &candidates, Some(&tree));
        let Ok(draft) = handoff(&material, &selection(most)) else { return Ok(()) };
        let content = draft.content();
        let known: BTreeSet<_> = candidates.events.iter().map(|event| event.id).collect();
        let mut cited = Vec::new();
        for bullet in bullets(&content) {
            prop_assert!(!bullet.evidence.is_empty());
            prop_assert!(!bullet.text.trim().is_empty());
            for evidence in &bullet.evidence {
                match evidence {
                    Evidence::Event(id) => prop_assert!(known.contains(id)),
                    Evidence::File { path, .. } => prop_assert!(tree.has_file(path)),
                }
                cited.push(evidence.clone());
            }
        }
        prop_assert_eq!(&content.related_event_ids, &union_of_events(&cited));
        prop_assert!(content.related_event_ids.len() <= most);
    }

    #[test]
    fn the_same_events_in_any_order_are_the_same_document(events in events()) {
        let project = project();
        let (mut first, mut turned) = (events.clone(), events);
        turned.reverse();
        first.sort_by_key(|event| std::cmp::Reverse((event.created_at, event.id)));
        let (first, turned) = (candidates(first), candidates(turned));
        let one = handoff(&material(&project, &first, None), &selection(20));
        let other = handoff(&material(&project, &turned, None), &selection(20));
        prop_assert_eq!(one.map(HandoffDraft::content), other.map(HandoffDraft::content));
    }

    #[test]
    fn only_what_was_asked_for_is_told(events in events()) {
        let (project, candidates) = (project(), candidates(events));
        let mut asked = selection(100);
        asked.sources = Some(vec!["slack".parse().expect("a source")]);
        let material = material(&project, &candidates, None);
        let Ok(draft) = handoff(&material, &asked) else { return Ok(()) };
        for id in draft.content().related_event_ids {
            let event = candidates.events.iter().find(|event| event.id == id);
            prop_assert!(event.is_some_and(|event| asked.admits(event)));
        }
    }
}
