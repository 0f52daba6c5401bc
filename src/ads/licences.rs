//! What was made by others and is part of the program: all of it, in one list.
//!
//! Whoever vendors something adds it here, so that `tidemill licenses` tells it to everybody who
//! gets the program. Never: libraries, whose licences their packages carry.

use super::fonts;

/// The licence of something that is part of the program and was made by others.
#[derive(Clone, Copy, Debug)]
pub struct Licence {
    /// Its name.
    pub of: &'static str,
    /// What kind of thing it is, in one word.
    pub kind: &'static str,
    /// The SPDX identifier.
    pub id: &'static str,
    /// Who made it, as the licence's first lines say.
    pub copyright: &'static str,
    /// The licence, word for word.
    pub text: &'static str,
}

/// All of them.
pub fn licences() -> Vec<Licence> {
    let mut all = fonts::licences();
    all.push(icons());
    all
}

fn icons() -> Licence {
    let text = include_str!("../../assets/icons/LICENSE");
    let copyright = text.lines().find(|line| line.starts_with("Copyright")).unwrap_or_default();
    Licence { of: "Phosphor", kind: "icons", id: "MIT", copyright, text: text.trim() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_names_its_makers_and_its_terms() {
        let all = licences();
        assert!(all.iter().any(|licence| licence.of == "Inter"));
        for Licence { of, copyright, text, .. } in all {
            assert!(copyright.starts_with("Copyright"), "{of}: {copyright}");
            assert!(text.len() > 900, "{of}");
        }
    }
}
