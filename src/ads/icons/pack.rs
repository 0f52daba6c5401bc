//! The packed set: one gzip file, one line an icon.

use std::io::Read;

use flate2::read::GzDecoder;

use super::Icon;

/// As `assets/icons/vendor.sh` made it; `icons.lock.json` holds its digest.
const PACK: &[u8] = include_bytes!("../../../assets/icons/phosphor.gz");

/// All icons, by name.
pub(super) fn unpacked() -> Vec<Icon> {
    /// More than twice what the pack holds.
    const MOST_BYTES: u64 = 2 * 1024 * 1024;
    let mut text = String::new();
    GzDecoder::new(PACK)
        .take(MOST_BYTES)
        .read_to_string(&mut text)
        .expect("the pack is part of the program and a test unpacks it");
    text.lines().filter_map(icon).collect()
}

/// Name, kind, tags and outline, split by tabs.
fn icon(line: &str) -> Option<Icon> {
    let mut fields = line.split('\t');
    let [name, kind, tags, outline] =
        [fields.next()?, fields.next()?, fields.next()?, fields.next()?];
    Some(Icon {
        name: name.to_owned(),
        tags: tags.split(',').filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
        outline: outline.to_owned(),
        is_thing: kind == "o",
    })
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn the_pack_is_the_locked_one() {
        let lock = include_str!("../../../assets/icons/icons.lock.json");
        let lock: serde_json::Value = serde_json::from_str(lock).expect("JSON");
        let digest = crate::domain::asset::ContentDigest::of(PACK);
        assert_eq!(lock["sha256"], digest.to_string());
    }

    #[test]
    fn every_line_is_an_icon_whose_outline_can_be_drawn() {
        let icons = unpacked();
        assert!(icons.len() > 1400, "{}", icons.len());
        assert!(icons.is_sorted_by(|one, two| one.name < two.name));
        for icon in icons {
            let is_data = |c: char| c.is_ascii_digit() || "MmLlHhVvCcSsQqTtAaZz,.- ".contains(c);
            assert!(icon.outline.chars().all(is_data), "{}", icon.name);
            let svg = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"256\" height=\"256\">\
                 <path d=\"{}\"/></svg>",
                icon.outline
            );
            let tree = resvg::usvg::Tree::from_str(&svg, &resvg::usvg::Options::default());
            let bounds = tree.expect("an SVG").root().abs_bounding_box();
            assert!(bounds.left() >= -1.0 && bounds.right() <= 257.0, "{}", icon.name);
            assert!(bounds.width() > 3.0, "{}", icon.name);
        }
    }
}
