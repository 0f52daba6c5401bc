//! What an opened picture shows: its true colours, the ground that it needs, its surface.
//!
//! Never: a file; `crate::pixels` opens it.

mod ground;
mod palette;
mod texture;

pub(crate) use ground::ground;
pub(crate) use palette::{Palette, is_chromatic, palette};
pub(crate) use texture::Texture;
