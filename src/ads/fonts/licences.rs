//! What the makers of the fonts ask to be told to everybody who gets the program.

use super::carried::{CARRIED, CARRIED_CJK, Carried};
use crate::ads::licences::Licence;

/// The licences of the fonts that this build carries.
pub fn licences() -> Vec<Licence> {
    CARRIED.iter().chain(CARRIED_CJK).map(licence).collect()
}

fn licence(family: &Carried) -> Licence {
    // Line 1 names the makers; the rest is the same for all fonts of one version of the licence.
    let (copyright, text) = family.licence.split_once('\n').unwrap_or((family.licence, ""));
    let (copyright, text) = (copyright.trim(), text.trim());
    Licence { of: family.name, kind: "font", id: "OFL-1.1", copyright, text }
}
