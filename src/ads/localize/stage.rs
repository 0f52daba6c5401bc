//! The scene while it learns its new words, node by node.

use std::collections::{BTreeMap, BTreeSet};

use super::LocalizeError;
use super::hang::hang;
use super::refit::{refit, set_again, with_less_padding};
use super::words::Saying;
use crate::ads::scene::{Node, Scene, WordsFrom};
use crate::ads::text::{SetText, TextError, Typesetter};

/// A scene, half in its old words and half in its new ones.
pub(super) struct Stage<'a> {
    source: &'a Scene,
    typesetter: &'a mut Typesetter,
    spoken: Spoken,
    heard: Vec<WordsFrom>,
}

/// The scene in its new words.
#[derive(Debug)]
pub(super) struct Spoken {
    pub(super) scene: Scene,
    pub(super) texts: BTreeMap<String, SetText>,
    /// The ids of the nodes that were left in their own language.
    pub(super) untranslated: BTreeSet<String>,
}

impl<'a> Stage<'a> {
    /// `scene` has the nodes of `source`, in their order.
    pub(super) fn new(source: &'a Scene, scene: Scene, typesetter: &'a mut Typesetter) -> Self {
        let (texts, untranslated) = (BTreeMap::new(), BTreeSet::new());
        let spoken = Spoken { scene, texts, untranslated };
        Self { source, typesetter, spoken, heard: Vec::new() }
    }

    /// Lets the node at this place say the first of `sayings` that fits its box.
    pub(super) fn speak(&mut self, at: usize, sayings: &[Saying]) -> Result<(), LocalizeError> {
        let id = self.source.nodes[at].id.clone();
        // Every wording is tried as the source stood before one may come nearer to the edge.
        let prepared: Vec<(Node, &Saying)> =
            sayings.iter().map(|saying| (self.prepared(at, saying), saying)).collect();
        let nearer = prepared
            .iter()
            .filter_map(|(node, saying)| Some((with_less_padding(node.clone())?, *saying)));
        for (node, saying) in prepared.clone().into_iter().chain(nearer) {
            // Without a style it is only told, as the name beside a logo, and needs no room.
            let is_told = node.style.is_none();
            let set = if is_told { Ok(None) } else { self.set(at, &node) };
            let set = set.map_err(|reason| LocalizeError::Text { node: id.clone(), reason })?;
            if is_told || set.is_some() {
                self.accept(at, node, saying, set);
                return Ok(());
            }
        }
        Err(LocalizeError::CopyTooLong { node: id })
    }

    /// The scene, and what most of its words are from.
    pub(super) fn end(mut self) -> Spoken {
        let most = [WordsFrom::Model, WordsFrom::User, WordsFrom::Catalog];
        if let Some(from) = most.into_iter().find(|from| self.heard.contains(from)) {
            self.spoken.scene.provenance.copy = from;
        }
        let moneys = self.spoken.scene.nodes.iter().filter_map(|node| node.money.as_ref());
        if let Some(currency) = moneys.map(|money| money.currency.clone()).next() {
            self.spoken.scene.currency = Some(currency);
        }
        self.spoken
    }

    fn prepared(&self, at: usize, saying: &Saying) -> Node {
        let (scene, before) = (&self.spoken.scene, &self.source.nodes[at]);
        let mut node = scene.nodes[at].clone();
        node.text = Some(saying.text.clone());
        node.money = saying.money.clone().or(node.money);
        hang(&mut node, before, self.source, scene, saying.from.is_none());
        node
    }

    fn set(&mut self, at: usize, node: &Node) -> Result<Option<SetText>, TextError> {
        let before = &self.source.nodes[at];
        let smallest = self.source.format.minimum_size(node.role);
        let words = |node: &Node| node.text.as_ref().map(|text| text.v.clone());
        if words(before) == words(node) {
            let node = Node { fit: before.fit.clone(), ..node.clone() };
            return set_again(&node, smallest, self.typesetter);
        }
        refit(node, before.fit.as_ref(), smallest, self.typesetter)
    }

    fn accept(&mut self, at: usize, mut node: Node, saying: &Saying, set: Option<SetText>) {
        if let Some(set) = set {
            node.fit = Some(set.fit.clone());
            self.spoken.texts.insert(node.id.clone(), set);
        }
        match saying.from {
            Some(from) => self.heard.push(from),
            None => drop(self.spoken.untranslated.insert(node.id.clone())),
        }
        self.spoken.scene.nodes[at] = node;
    }
}
