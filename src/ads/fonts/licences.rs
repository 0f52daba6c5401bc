//! What the makers of the fonts ask to be told to everybody who gets the program.

use super::carried::{CARRIED, CARRIED_CJK};

/// The licence of something that is part of the program and was made by others.
#[derive(Clone, Copy, Debug)]
pub struct Licence {
    /// What it is, such as `Inter (font)`.
    pub of: &'static str,
    /// The SPDX identifier.
    pub id: &'static str,
    /// The copyright line and the licence, word for word.
    pub text: &'static str,
}

/// The licences of the fonts that this build carries.
pub fn licences() -> Vec<Licence> {
    let families = CARRIED.iter().chain(CARRIED_CJK);
    families
        .map(|family| Licence { of: family.name, id: "OFL-1.1", text: family.licence })
        .collect()
}
