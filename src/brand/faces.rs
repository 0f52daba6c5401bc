//! The file of a family that the site brings along: which one to ask for.
//!
//! A family has a file for each weight, slant and range of characters; the one for upright Latin
//! text near the usual weight says most of it. Never: a judgement whether the file may be used;
//! that is the operator's.

use url::Url;

use crate::brand::css::{FontFace, Styles};

/// How many files are asked for: a second one for when the first is no font.
const MAX_FILES: usize = 2;

/// The addresses of the files of `family`, the best first.
pub(crate) fn files(styles: &Styles, family: &str) -> Vec<Url> {
    let mut faces: Vec<&FontFace> =
        styles.faces().iter().filter(|face| face.family.eq_ignore_ascii_case(family)).collect();
    faces.sort_by_key(|face| (!face.is_latin, !face.is_upright, face.weight.abs_diff(USUAL)));
    let mut files: Vec<Url> = Vec::new();
    for url in faces.into_iter().filter_map(file) {
        if files.len() < MAX_FILES && !files.contains(&url) {
            files.push(url);
        }
    }
    files
}

/// The weight of running text.
const USUAL: u16 = 400;

/// The file of a face in the form that is smallest.
fn file(face: &FontFace) -> Option<Url> {
    let urls = face.files.iter().filter_map(|address| face.sheet.join(address).ok());
    let urls = urls.filter(|url| matches!(url.scheme(), "http" | "https"));
    urls.filter_map(|url| Some((rank(&url)?, url)))
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, url)| url)
}

/// The order of the forms; none for those that only old browsers read.
fn rank(url: &Url) -> Option<u8> {
    let path = url.path().to_ascii_lowercase();
    let ends = |end: &str| path.ends_with(end);
    match () {
        () if ends(".woff2") => Some(0),
        () if ends(".woff") => Some(1),
        () if ends(".ttf") || ends(".otf") => Some(2),
        () if ends(".eot") || ends(".svg") => None,
        // An address without a form is some service's, and those serve by what the reader is.
        () => Some(3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(descriptors: &[(&str, &str)]) -> FontFace {
        let mut face = FontFace::begun("https://tide.example/css/a.css".parse().expect("a URL"));
        for (name, value) in descriptors {
            face.describe(name, value);
        }
        face
    }

    #[test]
    fn the_smallest_form_that_readers_of_today_take_is_asked_for() {
        let asked = |src: &str| file(&face(&[("src", src)])).map(String::from);
        let all = "url(a.eot?#x) format('embedded-opentype'), url('/a.woff'), url(a.woff2), \
                   url(a.ttf), url(a.svg#a)";
        assert_eq!(asked(all).as_deref(), Some("https://tide.example/css/a.woff2"));
        let served = "url(https://fonts.example/l/font?kit=1)";
        assert_eq!(asked(served).as_deref(), Some("https://fonts.example/l/font?kit=1"));
        for none in ["local(Keel)", "url(a.eot)", "url(data:font/woff2;base64,d09GMg==)"] {
            assert_eq!(asked(none), None, "{none}");
        }
    }

    #[test]
    fn a_face_says_what_it_is_for() {
        let of = |name, value| {
            let face = face(&[(name, value)]);
            (face.is_latin, face.is_upright, face.weight)
        };
        assert_eq!(of("unicode-range", "U+0000-00FF, U+0131"), (true, true, 400));
        assert_eq!(of("unicode-range", "u+00??"), (true, true, 400));
        assert_eq!(of("unicode-range", "U+0460-052F,U+1C80"), (false, true, 400));
        assert_eq!(of("unicode-range", "U+zz"), (false, true, 400));
        assert_eq!(of("font-style", "italic"), (true, false, 400));
        assert_eq!(of("font-weight", "100 900"), (true, true, 100));
        assert_eq!(of("font-weight", "bold"), (true, true, 700));
    }
}
