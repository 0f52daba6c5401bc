//! A real llama.cpp server whose model knows nothing: what a schema enforces, and what it does not.

use std::time::Duration;

use tidemill::model::{CopyAnswer, ModelUse, Reason, Words};

use crate::model::{drive, model, request};
use crate::peer::{Peer, llama};

/// One question with its seed, about a brand of which `facts` characters are known.
fn ask(peer: &Peer, seed: u64, facts: usize) -> (Result<CopyAnswer, Reason>, ModelUse) {
    let mut request = request();
    request.facts.push(("page".to_owned(), "tea ".repeat(facts / 4)));
    let mut session = model(peer).session(seed, Duration::from_mins(5));
    let answer = drive(session.copy(&request, &mut |_: &Words| Ok(())));
    (answer, session.used())
}

#[test]
#[ignore = "needs a server that ./test --peers fetches"]
fn nonsense_that_fits_the_schema_is_told_and_not_taken() {
    let Some(peer) = llama(16_384) else { return };
    let (mut repaired, mut tokens) = (0, 0);
    for seed in 1..=6 {
        let (answer, used) = ask(&peer, seed, 40);
        eprintln!("seed {seed}: {answer:?}, {used:?}");
        let rules = request().rules;
        match answer {
            Ok(answer) => {
                for text in answer.words.values() {
                    assert_eq!(rules.check(text, 90, None), Ok(()), "{text}");
                }
            }
            Err(reason) => {
                let expected = [Reason::Unusable, Reason::CutOff, Reason::ServerFailed];
                assert!(expected.contains(&reason), "{reason}");
                assert_eq!(used.fallback_reason, Some(reason));
                repaired += u32::from(reason == Reason::Unusable);
            }
        }
        assert!((1..=6).contains(&used.calls), "{used:?}");
        tokens += used.tokens;
    }
    assert!(tokens > 0, "the server counts tokens");
    assert!(repaired > 0, "the schema was obeyed, and the words were nonsense");
}

#[test]
#[ignore = "needs a server that ./test --peers fetches"]
fn a_short_memory_gets_less_material() {
    let Some(peer) = llama(1_792) else { return };
    let (answer, used) = ask(&peer, 1, 1_400);
    eprintln!("{answer:?}, {used:?}");
    assert_ne!(answer, Err(Reason::Refused), "the shorter prompt is taken");
    assert!(used.calls >= 2, "{used:?}");
    let Some(peer) = llama(256) else { return };
    let (answer, used) = ask(&peer, 1, 1_400);
    assert_eq!((answer, used.calls), (Err(Reason::Refused), 2));
}
