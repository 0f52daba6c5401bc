//! A brand on a terminal: name, slogan, logo, colours as blocks, fonts, and how sure each is.

use serde_json::Value;

use crate::cli::terminal::Terminal;

/// The colours that are shown, with the member of `brand_dna.colors` and the name of the evidence.
const COLOURS: [&str; 8] =
    ["primary", "secondary", "accent", "background", "surface", "text", "link", "border"];

/// The lines that show a brand as `expand=brand` gives it.
pub(super) fn draw(brand: &Value, terminal: Terminal) -> Vec<String> {
    let portrait = Portrait { brand, terminal };
    let mut lines = vec![String::new(), portrait.name()];
    lines.extend(portrait.slogan());
    lines.push(String::new());
    lines.extend(portrait.facts());
    lines.push(String::new());
    lines.extend(portrait.colours());
    lines.extend(portrait.fonts());
    lines.extend(portrait.warnings());
    lines
}

struct Portrait<'a> {
    brand: &'a Value,
    terminal: Terminal,
}

impl Portrait<'_> {
    fn name(&self) -> String {
        let name = self.text("/name").unwrap_or("(no name found)");
        format!("  {}{}", self.terminal.bold(name), self.sureness("name"))
    }

    fn slogan(&self) -> Option<String> {
        let slogan = self.text("/brand_dna/core_slogan").filter(|slogan| !slogan.is_empty())?;
        Some(format!("  “{slogan}”{}", self.sureness("tagline")))
    }

    fn facts(&self) -> Vec<String> {
        let logo = self.text("/logo_url").map(|url| {
            let size = ["/brand_dna/logo/width", "/brand_dna/logo/height"]
                .map(|path| self.brand.pointer(path).and_then(Value::as_f64));
            let size = match size {
                [Some(width), Some(height)] => format!(" {width:.0} × {height:.0}"),
                _ => String::new(),
            };
            let format = self.text("/brand_dna/logo/format").unwrap_or_default();
            format!("  logo      {format}{size}{}\n            {url}", self.sureness("logo"))
        });
        let language = self
            .text("/brand_dna/language")
            .map(|language| format!("  language  {language}{}", self.sureness("language")));
        let links = self.brand.pointer("/brand_dna/social_links").and_then(Value::as_array);
        let links = links.filter(|links| !links.is_empty()).map(|links| {
            let kinds: Vec<&str> = links.iter().filter_map(|link| link["kind"].as_str()).collect();
            format!("  links     {}", kinds.join(", "))
        });
        [logo, language, links].into_iter().flatten().collect()
    }

    fn colours(&self) -> Vec<String> {
        COLOURS
            .into_iter()
            .filter_map(|role| {
                let hex = self.text(&format!("/brand_dna/colors/{role}"))?;
                let sure = self.sureness(&format!("colors.{role}"));
                Some(format!("  {} {hex}  {role}{sure}", self.terminal.swatch(hex)))
            })
            .collect()
    }

    fn fonts(&self) -> Vec<String> {
        let named: Vec<String> = ["heading", "body", "mono"]
            .into_iter()
            .filter_map(|role| {
                let family = self.text(&format!("/brand_dna/fonts/{role}/family"))?;
                let sure = self.sureness(&format!("fonts.{role}"));
                Some(format!("  {role:<9} {family}{sure}"))
            })
            .collect();
        if named.is_empty() { named } else { [vec![String::new()], named].concat() }
    }

    fn warnings(&self) -> Vec<String> {
        let warnings = self.brand.pointer("/brand_dna/warnings").and_then(Value::as_array);
        warnings
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(|warning| format!("  {}", self.terminal.faint(format!("note: {warning}"))))
            .collect()
    }

    fn text(&self, path: &str) -> Option<&str> {
        self.brand.pointer(path)?.as_str()
    }

    /// How sure the extraction is of a field, as a faint percentage.
    fn sureness(&self, field: &str) -> String {
        let confidence = self
            .brand
            .get("evidence")
            .and_then(|evidence| evidence.get(field)?.get("confidence")?.as_f64());
        match confidence {
            Some(confidence) => {
                format!("  {}", self.terminal.faint(format!("{:.0} %", confidence * 100.0)))
            }
            None => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_brand_is_drawn_with_what_it_has() {
        let brand = json!({
            "name": "Morrow & Finch",
            "logo_url": "http://127.0.0.1:1/assets/x",
            "brand_dna": {
                "core_slogan": "Tea worth waking up for",
                "colors": {"primary": "#1F4D3A", "secondary": null},
                "fonts": {"heading": {"family": "Georgia"}},
                "logo": {"format": "svg", "width": 289.0, "height": 48},
                "warnings": ["the page needs scripts"],
            },
            "evidence": {"name": {"confidence": 0.98}, "colors.primary": {"confidence": 0.9}},
        });
        let lines = draw(&brand, Terminal::plain());
        assert_eq!(
            lines,
            [
                "",
                "  Morrow & Finch  98 %",
                "  “Tea worth waking up for”",
                "",
                "  logo      svg 289 × 48\n            http://127.0.0.1:1/assets/x",
                "",
                "     #1F4D3A  primary  90 %",
                "",
                "  heading   Georgia",
                "  note: the page needs scripts",
            ]
        );
    }

    #[test]
    fn an_empty_brand_is_drawn_too() {
        assert!(draw(&json!({}), Terminal::plain()).concat().contains("no name found"));
    }
}
