//! A family: its files, unpacked when they are first needed, and the characters that it has.

use std::sync::{Arc, OnceLock};

use parley::fontique::Blob;
use skrifa::{FontRef, MetadataProvider as _};

use super::carried::{Carried, Class};
use super::stranger::unpack;

/// Where a family comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Part of the program.
    Carried,
    /// The brand's.
    Own,
    /// From a folder of the operator.
    Folder,
}

/// A family of the shelf.
#[derive(Debug)]
pub struct Family {
    name: String,
    class: Class,
    origin: Origin,
    faces: Vec<Face>,
}

/// One font of a family: a weight, or a part of the characters.
#[derive(Debug)]
pub struct Face {
    packed: Packed,
    /// Its place in a collection; 0 in any other file.
    index: u32,
    unpacked: OnceLock<Blob<u8>>,
}

#[derive(Debug)]
enum Packed {
    /// WOFF2, vendored.
    Carried(&'static [u8]),
    /// Checked and unpacked when it came.
    Plain(Blob<u8>),
}

impl Family {
    pub(super) fn carried(from: &Carried) -> Self {
        let face = |packed| Face { packed, index: 0, unpacked: OnceLock::new() };
        Self {
            name: from.name.to_owned(),
            class: from.class,
            origin: Origin::Carried,
            faces: from.files.iter().map(|(_, bytes)| face(Packed::Carried(bytes))).collect(),
        }
    }

    /// A family with one font that `stranger` has checked.
    pub(super) fn of(name: &str, class: Class, origin: Origin, font: Blob<u8>, index: u32) -> Self {
        let mut family = Self { name: name.to_owned(), class, origin, faces: Vec::new() };
        family.add(font, index);
        family
    }

    pub(super) fn add(&mut self, font: Blob<u8>, index: u32) {
        self.faces.push(Face { packed: Packed::Plain(font), index, unpacked: OnceLock::new() });
    }

    /// The same fonts again; what was unpacked stays shared.
    pub(super) fn copied(&self) -> Self {
        let faces = self.faces.iter().map(|face| Face {
            packed: Packed::Plain(face.font().clone()),
            index: face.index,
            unpacked: OnceLock::new(),
        });
        Self {
            name: self.name.clone(),
            class: self.class,
            origin: self.origin,
            faces: faces.collect(),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is like.
    pub fn class(&self) -> Class {
        self.class
    }

    pub(super) fn origin(&self) -> Origin {
        self.origin
    }

    /// Whether it is an operator's.
    pub fn is_from_folder(&self) -> bool {
        self.origin == Origin::Folder
    }

    /// Its fonts.
    pub fn faces(&self) -> &[Face] {
        &self.faces
    }

    /// The place of the first of its fonts that has all these characters: letters and the signs
    /// upon them must come from one font, or the signs float.
    pub fn covering(&self, characters: &(impl Iterator<Item = char> + Clone)) -> Option<usize> {
        self.faces.iter().position(|face| characters.clone().all(|c| face.has(c)))
    }

    /// The name under which a layout finds the font at `place`: the fonts of a carried family are
    /// parts of one, and those of any other are its weights, among which the layout chooses.
    pub fn name_of(&self, place: usize) -> String {
        match self.origin {
            Origin::Carried if place > 0 => format!("{} {place}", self.name),
            _ => self.name.clone(),
        }
    }
}

impl Face {
    /// The font, unpacked.
    pub fn font(&self) -> &Blob<u8> {
        match &self.packed {
            Packed::Plain(font) => font,
            Packed::Carried(bytes) => self.unpacked.get_or_init(|| {
                let font = unpack(bytes).expect("a test unpacks every vendored file");
                Blob::new(Arc::new(font))
            }),
        }
    }

    /// Its place in the collection that its file is.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// The bytes that its digest is of.
    pub(super) fn packed(&self) -> &[u8] {
        match &self.packed {
            Packed::Carried(bytes) => bytes,
            Packed::Plain(font) => font.as_ref(),
        }
    }

    fn has(&self, c: char) -> bool {
        FontRef::from_index(self.font().as_ref(), self.index)
            .ok()
            .and_then(|font| font.charmap().map(c))
            .is_some_and(|glyph| glyph.to_u32() != 0)
    }
}
