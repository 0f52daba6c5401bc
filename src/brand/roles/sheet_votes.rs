//! Votes that style sheets cast whether or not the page uses them: variables that promise a
//! brand's colour, buttons that only scripts will make, and all colours where scripts make all.

use super::ballot::{Ballot, Channel};
use super::known;
use crate::brand::color::{self, Rgba};
use crate::brand::css::{DeclaredRole, SheetKind, Styles};

/// Casts the votes of the sheets; `is_script_built` when the page itself has next to nothing.
pub(super) fn cast(styles: &Styles, is_script_built: bool, ballot: &mut Ballot) {
    variables(styles, ballot);
    for declared in styles.declared() {
        let place = styles.place(declared.from);
        let is_button = known::names_a_button(place.selectors);
        let is_ground = declared.role == DeclaredRole::Ground;
        if known::names_a_status(place.selectors) || !(is_script_built || is_button && is_ground) {
            continue;
        }
        // With variables in it the value is not to be had without an element.
        let Some(color) = color::parse(place.value, Rgba::BLACK) else { continue };
        if color.alpha < 0.5 {
            continue;
        }
        let mut cast = |channel: Channel, weight: f64| {
            ballot.cast(color.hex(), channel, weight, || (place.to_string(), place.shown()));
        };
        if is_button && is_ground && !declared.is_matched {
            cast(Channel::UnmatchedButton, 1.0);
        }
        if is_script_built {
            let weight = match declared.role {
                DeclaredRole::Ground if is_button => 6.0,
                _ if is_button => 3.0,
                DeclaredRole::Ground => 2.0,
                DeclaredRole::Text | DeclaredRole::Line => 1.0,
            };
            cast(Channel::Script, weight);
        }
    }
}

fn variables(styles: &Styles, ballot: &mut Ballot) {
    for variable in styles.variables() {
        let Some(promise) = known::promise(&variable.name) else { continue };
        let place = styles.place(variable.from);
        if place.kind == SheetKind::Library || variable.color.alpha < 0.5 {
            continue;
        }
        let uses = if variable.uses == 0 {
            -1.5
        } else {
            (1.2 * f64::from(1 + variable.uses).log2()).min(5.0)
        };
        let hex = variable.color.hex();
        ballot.cast(hex, Channel::Variable, promise + uses, || {
            (place.to_string(), format!("--{}: {}", variable.name, place.value.trim()))
        });
    }
}
