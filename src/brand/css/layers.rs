//! The order of cascade layers.

use super::sheet::Layer;

/// The layers of a page, as a tree of names in order of first appearance.
pub(super) struct Layers {
    nodes: Vec<Node>,
}

struct Node {
    name: Box<str>,
    children: Vec<u16>,
}

/// More layers than this are read as the last one: real pages have below ten.
const MAX_LAYERS: usize = 1_000;

impl Layers {
    /// What stands in no layer.
    pub(super) const NONE: Layer = Layer(0);

    /// A tree with its root alone.
    pub(super) fn new() -> Self {
        Self { nodes: vec![Node { name: "".into(), children: Vec::new() }] }
    }

    /// The layer `path` (dotted) within `parent`, made if it is new; an empty path is anonymous.
    pub(super) fn enter(&mut self, parent: Layer, path: &str) -> Layer {
        let mut at = parent;
        for name in path.split('.') {
            at = self.child(at, name.trim());
        }
        at
    }

    fn child(&mut self, parent: Layer, name: &str) -> Layer {
        let children = &self.nodes[usize::from(parent.0)].children;
        let known = children
            .iter()
            .copied()
            .find(|at| !name.is_empty() && &*self.nodes[usize::from(*at)].name == name);
        if let Some(at) = known {
            return Layer(at);
        }
        let Some(at) =
            u16::try_from(self.nodes.len()).ok().filter(|_| self.nodes.len() < MAX_LAYERS)
        else {
            return parent;
        };
        self.nodes.push(Node { name: name.into(), children: Vec::new() });
        self.nodes[usize::from(parent.0)].children.push(at);
        Layer(at)
    }

    /// For each layer its rank: a greater one wins. A layer's own rules win over its children's,
    /// and what stands in no layer wins over all.
    pub(super) fn ranks(&self) -> Vec<u16> {
        let mut ranks = vec![0; self.nodes.len()];
        let mut next = 0;
        // Each entry is visited twice: once to put its children before it, once to rank it.
        let mut open = vec![(0_u16, false)];
        while let Some((at, is_done)) = open.pop() {
            if is_done {
                ranks[usize::from(at)] = next;
                next += 1;
            } else {
                open.push((at, true));
                let children = &self.nodes[usize::from(at)].children;
                open.extend(children.iter().rev().map(|child| (*child, false)));
            }
        }
        ranks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_layers_win_and_what_is_in_none_wins_over_all() {
        let mut layers = Layers::new();
        let base = layers.enter(Layers::NONE, "base");
        let utilities = layers.enter(Layers::NONE, "utilities");
        let forms = layers.enter(base, "forms");
        assert_eq!(layers.enter(Layers::NONE, "base.forms"), forms);
        let ranks = layers.ranks();
        let rank = |layer: Layer| ranks[usize::from(layer.0)];
        assert!(rank(forms) < rank(base) && rank(base) < rank(utilities));
        assert!(rank(utilities) < rank(Layers::NONE));
    }

    #[test]
    fn endless_layers_are_bounded() {
        let mut layers = Layers::new();
        for _ in 0..100_000 {
            layers.enter(Layers::NONE, "");
        }
        assert!(layers.ranks().len() <= MAX_LAYERS);
    }
}
