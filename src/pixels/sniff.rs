//! What a file is, by its leading bytes.

use super::PictureError;

/// A picture format that can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF; of an animation the first frame is read.
    Gif,
    /// WebP.
    WebP,
    /// A Windows icon; its largest picture is read.
    Ico,
    /// A Windows bitmap.
    Bmp,
    /// Scalable Vector Graphics.
    Svg,
}

impl Format {
    /// The short name: `png`, `jpeg`, `gif`, `webp`, `ico`, `bmp`, `svg`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Gif => "gif",
            Self::WebP => "webp",
            Self::Ico => "ico",
            Self::Bmp => "bmp",
            Self::Svg => "svg",
        }
    }
}

/// The format of `bytes`.
pub fn sniff(bytes: &[u8]) -> Result<Format, PictureError> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"\x89PNG\r\n\x1a\n") {
        Ok(Format::Png)
    } else if starts(b"\xff\xd8\xff") {
        Ok(Format::Jpeg)
    } else if starts(b"GIF87a") || starts(b"GIF89a") {
        Ok(Format::Gif)
    } else if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Ok(Format::WebP)
    } else if starts(b"\0\0\x01\0") {
        Ok(Format::Ico)
    } else if starts(b"BM") {
        Ok(Format::Bmp)
    } else if is_avif(bytes) {
        Err(PictureError::Unsupported("AVIF and HEIC"))
    } else if starts(b"\0\0\0\x0cJXL ") || starts(b"\xff\x0a") {
        Err(PictureError::Unsupported("JPEG XL"))
    } else if is_svg(bytes) {
        Ok(Format::Svg)
    } else {
        Err(PictureError::NotAPicture)
    }
}

fn is_avif(bytes: &[u8]) -> bool {
    bytes.get(4..8) == Some(b"ftyp")
        && bytes.get(8..12).is_some_and(|brand| {
            [&b"avif"[..], b"avis", b"heic", b"heix", b"mif1", b"msf1"].contains(&brand)
        })
}

/// Whether an `<svg` element is the first element, behind declarations and comments.
fn is_svg(bytes: &[u8]) -> bool {
    /// How far the root element may be from the start: editors write long comments first.
    const PROLOGUE_BYTES: usize = 16 << 10;
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(PROLOGUE_BYTES)]);
    let mut rest = head.trim_start_matches('\u{feff}').trim_start();
    loop {
        rest = if let Some(inside) = rest.strip_prefix("<!--") {
            after(inside, "-->")
        } else if rest.starts_with("<?") {
            after(rest, "?>")
        } else if let Some(rest) = svg_doctype(rest) {
            after_doctype(rest)
        } else {
            return is_svg_tag(rest);
        };
    }
}

fn is_svg_tag(rest: &str) -> bool {
    let Some(name) = rest.strip_prefix('<') else { return false };
    let name = name.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next();
    name.is_some_and(|name| name.rsplit(':').next() == Some("svg"))
}

fn after<'a>(text: &'a str, end: &str) -> &'a str {
    text.split_once(end).map_or("", |(_, rest)| rest.trim_start())
}

/// What follows `<!doctype`, when the type is SVG's.
fn svg_doctype(text: &str) -> Option<&str> {
    let (head, rest) = text.split_at_checked(9)?;
    let names_svg = rest.trim_start().get(..3).is_some_and(|name| name.eq_ignore_ascii_case("svg"));
    (head.eq_ignore_ascii_case("<!doctype") && names_svg).then_some(rest)
}

/// A document type may hold declarations in brackets, with `>` in them.
fn after_doctype(text: &str) -> &str {
    let close = text.find('>').unwrap_or(text.len());
    match text.find('[') {
        Some(open) if open < close => after(after(text, "]"), ">"),
        _ => after(text, ">"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn svg_is_found_behind_its_prologue() {
        for text in [
            "<svg/>",
            "\u{feff} <?xml version='1.0'?>\n<!-- a > b --><svg xmlns='x'>",
            "<!DOCTYPE svg PUBLIC '-' '-' [<!ENTITY a '>'>]><svg>",
            "<!doctype svg><s:svg xmlns:s='http://www.w3.org/2000/svg'/>",
        ] {
            assert_eq!(sniff(text.as_bytes()), Ok(Format::Svg), "{text}");
        }
    }

    #[test]
    fn a_page_that_holds_an_svg_is_no_svg() {
        for text in ["<!doctype html><svg></svg>", "<html><svg/></html>", "text <svg>", "<!--", ""]
        {
            assert_eq!(sniff(text.as_bytes()), Err(PictureError::NotAPicture), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let avif = b"\0\0\0\x20ftypavif\0\0\0\0";
        assert_eq!(sniff(avif), Err(PictureError::Unsupported("AVIF and HEIC")));
    }
}
