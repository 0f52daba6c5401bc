//! Which carried family comes nearest to one that is not at hand.

use crate::domain::brand::FontClass;

/// The carried family that is most like the family `name`, by its name where it is known, else by
/// its class; Inter where neither says anything.
pub fn nearest(name: &str, class: Option<FontClass>) -> &'static str {
    let name = name.trim().to_lowercase();
    let known = KNOWN.iter().find(|(part, _)| name.contains(part));
    match (known, class) {
        (Some((_, family)), _) => family,
        (None, Some(FontClass::Serif)) => "Literata",
        (None, Some(FontClass::Display)) => "Bricolage Grotesque",
        (None, Some(FontClass::Sans | FontClass::Mono) | None) => by_word(&name),
    }
}

/// A family's name often says its class.
fn by_word(name: &str) -> &'static str {
    let word = |sought: &str| name.split([' ', '-', '_']).any(|word| word == sought);
    if word("serif") && !word("sans") || word("roman") || word("antiqua") {
        "Literata"
    } else {
        "Inter"
    }
}

/// Parts of well-known names in lower case, and what is nearest. The first that fits counts.
const KNOWN: &[(&str, &str)] = &[
    ("space grotesk", "Space Grotesk"),
    ("space mono", "Space Grotesk"),
    ("bricolage", "Bricolage Grotesque"),
    ("manrope", "Manrope"),
    ("fraunces", "Fraunces"),
    ("literata", "Literata"),
    // Didones and other serifs with much contrast, and soft old-style display faces.
    ("didot", "Fraunces"),
    ("bodoni", "Fraunces"),
    ("playfair", "Fraunces"),
    ("recoleta", "Fraunces"),
    ("cooper", "Fraunces"),
    ("windsor", "Fraunces"),
    ("abril", "Fraunces"),
    ("dm serif", "Fraunces"),
    ("canela", "Fraunces"),
    ("tiempos headline", "Fraunces"),
    ("gt super", "Fraunces"),
    ("ogg", "Fraunces"),
    ("caslon", "Fraunces"),
    // Serifs for text.
    ("garamond", "Literata"),
    ("times", "Literata"),
    ("georgia", "Literata"),
    ("merriweather", "Literata"),
    ("lora", "Literata"),
    ("source serif", "Literata"),
    ("noto serif", "Literata"),
    ("pt serif", "Literata"),
    ("crimson", "Literata"),
    ("baskerville", "Literata"),
    ("palatino", "Literata"),
    ("cambria", "Literata"),
    ("charter", "Literata"),
    ("tiempos", "Literata"),
    ("spectral", "Literata"),
    ("newsreader", "Literata"),
    ("minion", "Literata"),
    ("sentinel", "Literata"),
    ("slab", "Literata"),
    // Geometric sans serifs.
    ("futura", "Manrope"),
    ("avenir", "Manrope"),
    ("poppins", "Manrope"),
    ("montserrat", "Manrope"),
    ("gotham", "Manrope"),
    ("proxima", "Manrope"),
    ("circular", "Manrope"),
    ("nunito", "Manrope"),
    ("outfit", "Manrope"),
    ("urbanist", "Manrope"),
    ("jakarta", "Manrope"),
    ("dm sans", "Manrope"),
    ("sofia", "Manrope"),
    ("gilroy", "Manrope"),
    ("raleway", "Manrope"),
    ("quicksand", "Manrope"),
    ("century gothic", "Manrope"),
    ("lexend", "Manrope"),
    ("figtree", "Manrope"),
    // Grotesques with edges.
    ("grotesk", "Space Grotesk"),
    ("monument", "Space Grotesk"),
    ("syne", "Space Grotesk"),
    ("sora", "Space Grotesk"),
    ("eurostile", "Space Grotesk"),
    ("druk", "Bricolage Grotesque"),
    ("grotesque", "Bricolage Grotesque"),
    ("franklin", "Bricolage Grotesque"),
    ("oswald", "Bricolage Grotesque"),
    ("bebas", "Bricolage Grotesque"),
    ("anton", "Bricolage Grotesque"),
];

#[cfg(test)]
mod tests {
    use super::super::carried::CARRIED;
    use super::*;

    #[test]
    fn well_known_names_find_their_kin() {
        for (name, family) in [
            ("Helvetica Neue", "Inter"),
            ("Arial", "Inter"),
            ("Roboto", "Inter"),
            ("SF Pro Display", "Inter"),
            ("EB Garamond", "Literata"),
            ("Times New Roman", "Literata"),
            ("Playfair Display", "Fraunces"),
            ("Futura PT", "Manrope"),
            ("Poppins", "Manrope"),
            ("Courier New", "Inter"),
            ("Fraunces", "Fraunces"),
            ("Acme Serif", "Literata"),
            ("Acme Sans Serif", "Inter"),
        ] {
            assert_eq!(nearest(name, None), family, "{name}");
        }
    }

    #[test]
    fn an_unknown_name_goes_by_its_class() {
        assert_eq!(nearest("Quux", Some(FontClass::Serif)), "Literata");
        assert_eq!(nearest("Quux", Some(FontClass::Mono)), "Inter");
        assert_eq!(nearest("Quux", Some(FontClass::Display)), "Bricolage Grotesque");
        assert_eq!(nearest("", None), "Inter");
    }

    #[test]
    fn the_table_names_carried_families_alone() {
        for (part, family) in KNOWN {
            assert!(CARRIED.iter().any(|carried| carried.name == *family), "{part}: {family}");
            assert_eq!(*part, part.to_lowercase());
        }
    }
}
