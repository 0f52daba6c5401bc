//! Which elements an SVG's own style sheets may make refer to others.
//!
//! A rule `.a { mask: url(#m) }` lets every element of class `a` draw `#m` again. Selectors are
//! read generously: a rule counts for each class, id and tag that it names, whatever stands around
//! it.

use std::collections::HashMap;

use resvg::usvg::roxmltree::Node;

/// The references that style sheets give to elements.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// From `.class`, `#id` or `tag` to the ids referred to.
    by_name: HashMap<String, Vec<String>>,
    /// What a selector that could not be read gives to everybody.
    by_all: Vec<String>,
    /// How many rules there are.
    pub(super) rules: usize,
}

impl Sheet {
    /// Takes in the text of one `<style>`.
    pub(super) fn read(&mut self, css: &str) {
        let css = without_comments(css);
        for rule in css.split('}') {
            self.rules += 1;
            let Some((selector, body)) = rule.rsplit_once('{') else { continue };
            let ids = references(body);
            if ids.is_empty() {
                continue;
            }
            let names = names(selector);
            if names.is_empty() {
                self.by_all.extend(ids);
                continue;
            }
            for name in names {
                self.by_name.entry(name).or_default().extend(ids.iter().cloned());
            }
        }
    }

    /// The ids that rules may make `node` refer to.
    pub(super) fn of<'a>(&'a self, node: Node<'_, '_>) -> impl Iterator<Item = &'a str> {
        let classes = node.attribute("class").unwrap_or_default();
        let keys = classes
            .split_whitespace()
            .map(|class| format!(".{class}"))
            .chain(node.attribute("id").map(|id| format!("#{id}")))
            .chain([node.tag_name().name().to_owned()]);
        let named: Vec<&Vec<String>> = keys.filter_map(|key| self.by_name.get(&key)).collect();
        named.into_iter().flatten().chain(&self.by_all).map(String::as_str)
    }
}

/// The ids in `url(#id)` of a declaration or attribute.
pub(super) fn references(text: &str) -> Vec<String> {
    if !text.contains('#') || !text.to_ascii_lowercase().contains("url") {
        return Vec::new();
    }
    let ends = |c: char| c.is_whitespace() || matches!(c, ')' | '\'' | '"' | ';' | ',');
    text.split('#')
        .skip(1)
        .filter_map(|rest| rest.split(ends).next())
        .filter(|id| !id.is_empty())
        .map(str::to_owned)
        .collect()
}

fn without_comments(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, inside)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = inside.split_once("*/").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

/// `.class`, `#id` and `tag` names of a selector; none when it could apply to anything.
fn names(selector: &str) -> Vec<String> {
    if selector.contains(['*', '[', ':', '\\', '@']) {
        return Vec::new();
    }
    let mut names = Vec::new();
    for part in selector.split([',', ' ', '>', '+', '~', '\n', '\t', '\r']) {
        let mut name = String::new();
        for c in part.chars() {
            if matches!(c, '.' | '#') && !name.is_empty() {
                names.push(std::mem::take(&mut name));
            }
            name.push(c);
        }
        if !name.is_empty() {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use resvg::usvg::roxmltree::Document;

    use super::*;

    fn referred(css: &str, element: &str) -> Vec<String> {
        let mut sheet = Sheet::default();
        sheet.read(css);
        let document = Document::parse(element).expect("test XML");
        sheet.of(document.root_element()).map(str::to_owned).collect()
    }

    #[test]
    fn each_kind_of_selector_counts() {
        let css = "/* .b{fill:url(#no)} */ .a, g.x>rect{fill:url('#m')} #one{mask:url( #n )}";
        assert_eq!(referred(css, "<p class='b a'/>"), ["m"]);
        assert_eq!(referred(css, "<rect/>"), ["m"]);
        assert_eq!(referred(css, "<p id='one'/>"), ["n"]);
        assert!(referred(css, "<p class='b'/>").is_empty());
    }

    #[test]
    fn what_cannot_be_read_counts_for_everybody() {
        for css in ["*{mask:url(#m)}", "[id]{mask:url(#m)}", ".\\61{mask:url(#m)}"] {
            assert_eq!(referred(css, "<p/>"), ["m"], "{css}");
        }
        assert!(referred("*{fill:#123456}", "<p/>").is_empty());
    }
}
