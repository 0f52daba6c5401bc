//! A scene taken apart into what it can be composed from again.

use crate::ads::brief::Brief;
use crate::ads::compose::{Commission, Settled};
use crate::ads::copy::{AdCopy, Priced};
use crate::ads::scene::{Format, LayoutKind, Looks, Provenance, Role, Scene, SettledLook, Text};
use crate::domain::asset::ContentDigest;
use crate::domain::brand::Direction;

use super::{Desk, EditError};

/// A scene taken apart.
pub(super) struct Material {
    pub(super) prompt: String,
    pub(super) brief: Brief,
    pub(super) copy: AdCopy,
    pub(super) lang: String,
    pub(super) dir: Direction,
    pub(super) currency: Option<String>,
    pub(super) photos: Vec<ContentDigest>,
    pub(super) icons: Vec<String>,
    pub(super) seed: u64,
    pub(super) layout: LayoutKind,
    pub(super) format: Format,
    pub(super) settled: Settled,
    pub(super) notes: Vec<String>,
    /// The picture that came with the edit.
    pub(super) new_picture: Option<ContentDigest>,
    variant: u32,
    provenance: Provenance,
    /// The sizes that the words have now.
    sizes: std::collections::BTreeMap<Role, f32>,
}

impl Material {
    /// Takes a scene apart: what it shows is settled, as it looks now.
    pub(super) fn of(scene: &Scene, desk: &Desk<'_>) -> Self {
        let mut material = Self {
            prompt: scene.prompt.clone(),
            brief: Brief::default(),
            copy: AdCopy::default(),
            lang: scene.lang.clone(),
            dir: scene.dir,
            currency: scene.currency.clone(),
            photos: Vec::new(),
            icons: Vec::new(),
            seed: scene.seed.parse().unwrap_or_default(),
            layout: scene.layout,
            format: scene.format.clone(),
            settled: Settled { palette: Some(scene.palette.clone()), ..Settled::default() },
            notes: Vec::new(),
            new_picture: None,
            variant: scene.variant,
            provenance: scene.provenance.clone(),
            sizes: std::collections::BTreeMap::new(),
        };
        material.brief.no_logo = scene.of_role(Role::Logo).is_none();
        let drawn = scene.nodes.iter().any(|node| node.generator.is_some());
        material.settled.no_art =
            !drawn && matches!(scene.layout, LayoutKind::Statement | LayoutKind::Centered);
        let mark = scene.of_role(Role::Logo).and_then(|node| node.scale);
        material.settled.mark = mark.unwrap_or(1.0);
        material.settled.looks.clone_from(&scene.looks.roles);
        material.settled.align = scene.looks.align;
        for node in &scene.nodes {
            if matches!(node.role, Role::Photo | Role::Hero) {
                material.photos.extend(node.asset.filter(|asset| desk.gallery.contains_key(asset)));
                material.icons.extend(node.icon.as_ref().map(|icon| icon.name.clone()));
            }
            if let Some(text) = node.text.as_ref().filter(|_| node.role.is_text()) {
                material.take(node.role, text.clone(), node.money.clone());
            }
            if let (Some(style), true) = (&node.style, node.role.is_text()) {
                material.sizes.extend(node.fit.as_ref().map(|fit| (node.role, fit.size)));
                let look = material.look(node.role);
                look.caps = Some(style.caps);
                look.weight = Some(style.weight);
                look.family = Some(style.family.clone());
            }
        }
        material
    }

    fn take(&mut self, role: Role, text: Text, money: Option<crate::ads::scene::Money>) {
        match (role, money) {
            (Role::Price, Some(money)) => self.copy.price = Some(Priced { text, money }),
            _ => self.put(role, text),
        }
    }

    /// Gives a role these words.
    pub(super) fn put(&mut self, role: Role, text: Text) {
        match role {
            Role::Eyebrow => self.copy.eyebrow = vec![text],
            Role::Headline => self.copy.headline = vec![text],
            Role::Subline => self.copy.subline = vec![text],
            Role::Cta => self.copy.cta = vec![text],
            Role::Number => self.copy.number = Some(text),
            Role::Badge => self.copy.badge = Some(text),
            Role::Legal => self.copy.legal = Some(text),
            Role::Price => {
                if let Some(price) = &mut self.copy.price {
                    price.text = text;
                }
            }
            _ => {}
        }
    }

    /// The words of a role.
    pub(super) fn words(&self, role: Role) -> Option<&Text> {
        match role {
            Role::Eyebrow => self.copy.eyebrow.first(),
            Role::Headline => self.copy.headline.first(),
            Role::Subline => self.copy.subline.first(),
            Role::Cta => self.copy.cta.first(),
            Role::Number => self.copy.number.as_ref(),
            Role::Badge => self.copy.badge.as_ref(),
            Role::Legal => self.copy.legal.as_ref(),
            Role::Price => self.copy.price.as_ref().map(|price| &price.text),
            _ => None,
        }
    }

    pub(super) fn has(&self, role: Role) -> bool {
        self.words(role).is_some()
    }

    pub(super) fn clear(&mut self, role: Role) {
        match role {
            Role::Eyebrow => self.copy.eyebrow.clear(),
            Role::Headline => self.copy.headline.clear(),
            Role::Subline => self.copy.subline.clear(),
            Role::Cta => self.copy.cta.clear(),
            Role::Number => self.copy.number = None,
            Role::Badge => self.copy.badge = None,
            Role::Legal => self.copy.legal = None,
            Role::Price => self.copy.price = None,
            _ => {}
        }
    }

    /// What is settled of a role's look.
    pub(super) fn look(&mut self, role: Role) -> &mut SettledLook {
        self.settled.looks.entry(role).or_default()
    }

    /// The same, of a role that the ad has.
    pub(super) fn existing(&mut self, role: Role) -> Result<&mut SettledLook, EditError> {
        if !self.has(role) {
            return Err(EditError::NoSuchPart(super::apply::called(role)));
        }
        Ok(self.look(role))
    }

    /// The size that a role's words have now, in px.
    pub(super) fn size(&self, role: Role) -> Option<f32> {
        self.sizes.get(&role).copied()
    }

    /// Takes another arrangement; sizes and sides belonged to the old one.
    pub(super) fn rearrange(&mut self, kind: LayoutKind) {
        self.layout = kind;
        self.forget_sizes();
    }

    /// What was asked for and the styles of the words do not tell: the next edit reads it.
    pub(super) fn looks(&self) -> Looks {
        let asked = |(role, look): (&Role, &SettledLook)| {
            let SettledLook { largest, fill, align, .. } = look.clone();
            let look = SettledLook { largest, fill, align, ..SettledLook::default() };
            (look != SettledLook::default()).then_some((*role, look))
        };
        let roles = self.settled.looks.iter().filter_map(asked).collect();
        Looks { align: self.settled.align, roles }
    }

    /// Lets sizes and sides be chosen anew.
    pub(super) fn forget_sizes(&mut self) {
        self.settled.align = None;
        for look in self.settled.looks.values_mut() {
            look.largest = None;
            look.align = None;
        }
    }

    /// The order to compose it again.
    pub(super) fn commission<'a>(&'a self, desk: &Desk<'a>) -> Commission<'a> {
        Commission {
            prompt: &self.prompt,
            brief: &self.brief,
            copy: &self.copy,
            kit: desk.kit,
            lang: &self.lang,
            dir: self.dir,
            currency: self.currency.as_deref(),
            gallery: desk.gallery,
            photos: &self.photos,
            icons: &self.icons,
            seed: self.seed,
            variant: self.variant,
            layout: Some(self.layout),
            provenance: self.provenance.clone(),
            shelf: desk.shelf,
            settled: self.settled.clone(),
        }
    }
}
