//! The canvas that a request asks for, in its own members and in its prompt.

use super::{FormatError, Resolution};
use crate::ads::scene::Format;

/// What a request says of its canvas beside the prompt. Its own members win over the prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// At most how large: the prompt may name the shape.
    Open(Option<Resolution>),
    /// This one.
    Fixed(Format),
}

impl Asked {
    /// The canvas of a new ad: the request's, else what the prompt calls `named`, else `own`,
    /// at the resolution of the request. What does not count is told in `notes`.
    pub fn of_new(
        &self,
        named: Option<&str>,
        own: impl FnOnce(Resolution) -> Format,
        notes: &mut Vec<String>,
    ) -> Format {
        match self {
            Self::Fixed(format) => kept(format, named, notes),
            Self::Open(resolution) => {
                let asked = named.map(|name| of_prompt(name, *resolution, notes));
                match asked {
                    Some(Ok(format)) => format,
                    Some(Err(error)) => {
                        notes.push(format!("the prompt's canvas is not taken: {error}"));
                        own(resolution.unwrap_or_default())
                    }
                    None => own(resolution.unwrap_or_default()),
                }
            }
        }
    }

    /// The canvas of an ad that is changed: the request's, else what the prompt calls `named`, else
    /// the ad's own, as large as it was where nothing else is asked.
    pub fn of_edit(
        &self,
        named: Option<&str>,
        own: &Format,
        notes: &mut Vec<String>,
    ) -> Result<Format, FormatError> {
        match (self, named) {
            (Self::Fixed(format), _) => Ok(kept(format, named, notes)),
            (Self::Open(Some(resolution)), Some(name)) => of_prompt(name, Some(*resolution), notes),
            (Self::Open(Some(resolution)), None) => Ok(own.at(*resolution)),
            (Self::Open(None), Some(name)) => {
                Format::called(name, Resolution::nearest(own.w.max(own.h)))
            }
            (Self::Open(None), None) => Ok(own.clone()),
        }
    }
}

fn kept(format: &Format, named: Option<&str>, notes: &mut Vec<String>) -> Format {
    if let Some(name) = named.filter(|name| *name != format.id) {
        let Format { w, h, .. } = format;
        notes.push(format!("`output` asks for {w} x {h} px; `{name}` of the prompt is left out"));
    }
    format.clone()
}

/// What a prompt calls a canvas. A resolution beside it decides how large it is.
fn of_prompt(
    name: &str,
    resolution: Option<Resolution>,
    notes: &mut Vec<String>,
) -> Result<Format, FormatError> {
    let format = Format::called(name, resolution.unwrap_or_default())?;
    let Some(resolution) = resolution else { return Ok(format) };
    let scaled = format.at(resolution);
    if scaled != format {
        let Format { w, h, .. } = &scaled;
        notes.push(format!("`output.resolution` decides: `{name}` is drawn as {w} x {h} px"));
    }
    Ok(scaled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ads::format::AspectRatio;

    fn size(format: &Format) -> (u32, u32) {
        (format.w, format.h)
    }

    fn square(resolution: Resolution) -> Format {
        Format::of_ratio(AspectRatio::ALL[0], resolution)
    }

    #[test]
    fn the_request_wins_over_the_prompt_and_says_so() {
        let mut notes = Vec::new();
        let fixed = Asked::Fixed(square(Resolution::One));
        assert_eq!(size(&fixed.of_new(Some("story"), square, &mut notes)), (1024, 1024));
        assert!(notes[0].contains("`story`"), "{notes:?}");
        let large = Asked::Open(Some(Resolution::Two));
        let story = large.of_new(Some("story"), square, &mut notes);
        assert_eq!(size(&story), (1152, 2048));
        assert_eq!(story.safe[1], 288, "the story's safe area grows with it");
        assert!(notes[1].contains("output.resolution"), "{notes:?}");
        assert_eq!(size(&large.of_new(Some("1200x628"), square, &mut notes)), (2048, 1072));
        assert_eq!(size(&large.of_new(Some("16:9"), square, &mut notes)), (2048, 1152));
        assert_eq!(size(&large.of_new(None, square, &mut notes)), (2048, 2048));
        let open = Asked::Open(None);
        assert_eq!(size(&open.of_new(Some("story"), square, &mut notes)), (1080, 1920));
        assert_eq!(notes.len(), 3, "a ratio at its resolution is no news: {notes:?}");
    }

    #[test]
    fn an_edit_keeps_its_canvas_but_for_what_is_asked() {
        let mut notes = Vec::new();
        let own = Format::named("story").expect("named in the table");
        let mut of = |asked: &Asked, named: Option<&str>| {
            size(&asked.of_edit(named, &own, &mut notes).expect("a canvas"))
        };
        assert_eq!(of(&Asked::Open(None), None), (1080, 1920));
        assert_eq!(of(&Asked::Open(Some(Resolution::Half)), None), (288, 512));
        assert_eq!(of(&Asked::Open(Some(Resolution::Half)), Some("16:9")), (512, 288));
        assert_eq!(of(&Asked::Open(None), Some("1:1")), (2048, 2048));
        let fixed = Asked::Fixed(square(Resolution::One));
        assert_eq!(of(&fixed, Some("16:9")), (1024, 1024));
        assert!(Asked::Open(None).of_edit(Some("10x10"), &own, &mut notes).is_err());
    }
}
