//! What came with the request: a mark, pictures, a font. It wins over what a site has.

use crate::brand::budget::Deadline;
use crate::brand::documents::{Extraction, File, SurveyRequest, Unusable};
use crate::brand::evidence::Finding;
use crate::brand::imagery::imagery;
use crate::brand::logo::{self, Mark};
use crate::brand::marks::{self, Palette};
use crate::brand::profile::Draft;
use crate::brand::roles::{Marks, Roles};
use crate::brand::upload::{self, FontFile};
use crate::domain::asset::ContentDigest;
use crate::domain::brand::Imagery;
use crate::pixels::{self, Picture};

/// What was sent, opened.
pub(crate) struct Sent {
    /// The mark.
    pub(crate) mark: Option<Finding<Mark>>,
    /// What was measured on the pictures.
    pub(crate) imagery: Option<Finding<Imagery>>,
    /// The font, with what it says of itself.
    pub(crate) font: Option<(File, FontFile)>,
}

impl Sent {
    /// Opens what was sent; an error names the file that cannot be opened.
    pub(crate) fn of(request: &SurveyRequest) -> Result<Self, Unusable> {
        let open = |bytes: &Vec<u8>| logo::from_upload(bytes).ok_or(Unusable::Upload("logo"));
        let mark = request.logo.as_ref().map(open).transpose()?;
        let imagery = (!request.images.is_empty()).then(|| {
            imagery(request.images.iter().map(|bytes| ("imagesBase64", bytes.as_slice())))
        });
        let font = request.font.as_deref().map(font).transpose()?;
        Ok(Self { mark, imagery, font })
    }
}

fn font(bytes: &[u8]) -> Result<(File, FontFile), Unusable> {
    let read = upload::font(bytes).ok_or(Unusable::Font)?;
    let file = File { bytes: bytes.to_vec(), mime_type: read.mime_type, size: None };
    Ok((file, read))
}

/// Makes a brand of what was sent, without a site. Its domain is made of the content, so that the
/// same files make the same brand.
pub fn from_uploads(request: SurveyRequest, deadline: &Deadline) -> Result<Extraction, Unusable> {
    let sent = Sent::of(&request)?;
    let pictures = pictures(&request.images, deadline)?;
    let (mark, drawn) = match (&sent.mark, pictures.first()) {
        (Some(mark), _) => (mark.clone(), None),
        (None, Some(picture)) => (Finding::none(), Some(marks::palette(picture))),
        (None, None) => (Finding::none(), None),
    };
    let own = mark.value.as_ref().map(|mark| (&mark.palette, mark.place.as_str()));
    let shown = drawn.as_ref().map(|palette: &Palette| (palette, "imagesBase64"));
    let roles = Roles::of_marks(Marks { logo: own.or(shown), ..Marks::default() });
    let mut draft = Draft::default();
    draft.take_roles(&roles, &mark);
    let logo = draft.take_mark(&mark);
    if let Some(imagery) = &sent.imagery {
        draft.take_imagery(imagery);
    }
    let font = draft.take_font(sent.font);
    let content = request.logo.or(request.images.into_iter().next()).or(request.font);
    let digest = ContentDigest::of(&content.ok_or(Unusable::Empty)?).to_string();
    let domain = format!("upload-{}", &digest[..12]);
    Ok(draft.finish(domain, None, logo, font))
}

/// The reference pictures, opened; one that cannot be opened is the sender's to correct.
fn pictures(images: &[Vec<u8>], deadline: &Deadline) -> Result<Vec<Picture>, Unusable> {
    let images = images.iter().take_while(|_| !deadline.is_over());
    images
        .map(|bytes| pixels::open(bytes).map_err(|_| Unusable::Upload("reference image")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::brand::Hex;

    fn drawing(shapes: &str) -> SurveyRequest {
        let logo =
            format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 20'>{shapes}</svg>");
        SurveyRequest { logo: Some(logo.into_bytes()), ..SurveyRequest::default() }
    }

    fn made(request: SurveyRequest) -> Extraction {
        from_uploads(request, &Deadline::never()).expect("a brand")
    }

    #[test]
    fn a_mark_alone_gives_colours_and_a_stable_domain() {
        let request = drawing(
            "<circle cx='12' cy='10' r='8' fill='#0a5c36'/><circle cx='30' cy='10' r='5' \
             fill='#f4b400'/>",
        );
        let one = made(request.clone());
        assert_eq!(one.profile.colors.primary, Some(Hex::new(0x0a, 0x5c, 0x36)));
        assert_eq!(one.profile.colors.secondary, Some(Hex::new(0xf4, 0xb4, 0)));
        assert_eq!(one.profile.colors.background, None);
        assert!(one.domain.starts_with("upload-") && one.domain.len() == 19);
        assert_eq!(made(request).domain, one.domain);
        assert_eq!(one.logo.map(|file| file.mime_type), Some("image/png"));
    }

    #[test]
    fn a_sign_on_a_coloured_tile_has_the_tiles_colour() {
        let tile = "<rect width='40' height='20' fill='#0a5c36'/>\
                    <circle cx='20' cy='10' r='5' fill='white'/>";
        let made = made(drawing(tile));
        assert_eq!(made.profile.colors.primary, Some(Hex::new(0x0a, 0x5c, 0x36)));
    }

    #[test]
    fn a_black_mark_has_no_invented_colour() {
        let made = made(drawing("<circle cx='20' cy='10' r='8'/>"));
        assert_eq!(made.profile.colors.primary.map(Hex::rgb), Some([0; 3]));
        assert_eq!(made.profile.colors.accent, None);
    }

    #[test]
    fn what_cannot_be_opened_is_named() {
        let broken = SurveyRequest { logo: Some(b"no".to_vec()), ..SurveyRequest::default() };
        assert_eq!(from_uploads(broken, &Deadline::never()), Err(Unusable::Upload("logo")));
        let broken = SurveyRequest { images: vec![b"no".to_vec()], ..SurveyRequest::default() };
        let refused = from_uploads(broken, &Deadline::never());
        assert_eq!(refused, Err(Unusable::Upload("reference image")));
    }
}
