//! Style sheets over a page: what each element looks like, and what the sheets declare.
//!
//! Sheets are parsed into rules, rules matched to elements, declarations cascaded, variables
//! substituted and values read. Only properties that speak of a brand are kept. Never: layout.

mod at_rules;
mod cascade;
mod computed;
mod hints;
mod index;
mod layers;
pub(crate) mod media;
mod parse;
mod select;
mod sheet;
mod values;
mod variables;

pub(crate) use computed::{Computed, DeclarationId, DeclaredRole, Styles};
pub(crate) use parse::imports;
pub(crate) use sheet::{FontFace, SheetKind};

use url::Url;

use crate::brand::budget::{Budget, Deadline};
use crate::brand::page::Page;
use layers::Layers;
use parse::Reader;

/// Style sheets being collected for a page, in the order of the cascade.
pub(crate) struct Cascade {
    reader: Reader,
}

impl Cascade {
    /// With the browser's defaults alone.
    pub(crate) fn new(page: &Page, budget: &Budget) -> Self {
        Self { reader: cascade::reader(page, budget.rules) }
    }

    /// Adds a sheet after those that are there; `layer` is the one that it is imported into.
    pub(crate) fn add(&mut self, url: &Url, text: &str, kind: SheetKind, layer: Option<&str>) {
        let layer = match layer {
            Some(name) => self.reader.layers.enter(Layers::NONE, name),
            None => Layers::NONE,
        };
        self.reader.add(url, text, kind, layer);
    }

    /// Computes the styles of the page's elements.
    pub(crate) fn styles(self, page: &Page, deadline: &Deadline) -> Styles {
        cascade::cascade(page, self.reader, deadline)
    }
}

#[cfg(test)]
mod tests {
    use scraper::Selector;

    use super::*;
    use crate::brand::color::Rgba;
    use crate::brand::documents::Fetched;

    /// The page with its `<style>` sheets cascaded.
    fn styled(html: &str) -> Page {
        let fetched = Fetched::html("https://example.org/", html);
        let budget = Budget::default();
        let mut page = Page::parse(&fetched, &budget, &Deadline::never());
        let mut cascade = Cascade::new(&page, &budget);
        let style = Selector::parse("style").expect("a selector");
        for sheet in page.select(&style) {
            let text: String = sheet.text().collect();
            cascade.add(page.url(), &text, SheetKind::Own, None);
        }
        let styles = cascade.styles(&page, &Deadline::never());
        page.set_styles(styles);
        page
    }

    fn look(page: &Page, selector: &str) -> Computed {
        let selector = Selector::parse(selector).expect("a selector");
        let element = page.select(&selector).next().expect("an element");
        page.style(element).expect("a style").clone()
    }

    fn color_of(html: &str) -> String {
        look(&styled(html), "#x").color.hex().to_string()
    }

    #[test]
    fn specificity_importance_order_and_attributes_decide() {
        for (css, attributes) in [
            ("#x{color:#00f} p{color:red}", ""),
            ("p{color:red} p{color:#00f}", ""),
            ("p{color:#00f!important} #x{color:red}", ""),
            ("p{color:#00f !IMPORTANT}", "style='color:red'"),
            ("#x{color:red}", "style='color:#00f'"),
            ("p:hover{color:red} p{color:#00f}", ""),
            ("p{color:#00f} p:unknown(1){color:red}", ""),
            ("p{color:#00f} p::before{color:red}", ""),
            ("p{color:#00f} p{color:nonsense;color}", ""),
            ("@media print{#x{color:red}} p{color:#00f}", ""),
            ("@media (prefers-color-scheme:dark){#x{color:red}} p{color:#00f}", ""),
            ("p{color:red} @media screen and (min-width:600px){p{color:#00f}}", ""),
            ("@layer a,b; @layer b{p{color:#00f}} @layer a{#x{color:red}}", ""),
            ("@layer a{#x{color:red}} p{color:#00f}", ""),
            ("@layer a{p{color:#00f!important}} p{color:red!important}", ""),
            ("@supports (color:red){p{color:#00f}}", ""),
            ("p{color:#00f} @supports not (color:red){p{color:red}}", ""),
            ("body{color:#00f; p{color:inherit} .no &{color:red}}", ""),
            ("body{& > p{color:#00f} &:hover > p{color:red}}", ""),
            ("p{color:red; @media screen{color:#00f}}", ""),
            ("body{color:#00f} p{color:unset}", ""),
            (":is(p,b):not(.y){color:#00f}", ""),
            ("p:where(#x){color:red} p{color:#00f}", ""),
            ("p,:host,p::backdrop,p:has(b),p:-moz-focusring{color:#00f}", ""),
            ("p{color:#00f} p,:made-up{color:red}", ""),
            ("p:nth-child(1){color:#00f}", ""),
            ("[id=x]{color:#00f} [id=y]{color:red}", ""),
            ("}p{color:red}p{color:#00f} <!-- p{color:#00f} -->", ""),
            ("@import 'x.css'; @charset 'x'; p{color:#00f}", ""),
            ("p{color:#00f} @keyframes k{from{color:red}} @page{color:red}", ""),
        ] {
            let html = format!("<style>{css}</style><body><p id=x {attributes}>text");
            assert_eq!(color_of(&html), "#0000FF", "{css} {attributes}");
        }
    }

    #[test]
    fn variables_are_substituted_where_they_are_declared() {
        for css in [
            ":root{--a:#00f} p{color:var(--a)}",
            ":root{--a:#00f;--b:var(--a)} p{--a:red;color:var(--b)}",
            "p{color:var(--none,#00f)}",
            "p{color:var(--none, var(--no2, #00f))}",
            ":root{--h:240 100% 50%} p{color:hsl(var(--h))}",
            ":root{--a:red} body{--a:#00f} p{color:var(--a)}",
            ":root{--a:#00f!important} :root{--a:red} p{color:var(--a)}",
            "@property --a{syntax:'<color>';inherits:true;initial-value:#00f} p{color:var(--a)}",
            "body{color:#00f} p{color:var(--loop)} :root{--loop:var(--pool);--pool:var(--loop)}",
            "body{color:#00f} p{color:var(--none)}",
            "*{--x:1;--y:2} :root{--a:#00f} p{color:var(--a)}",
        ] {
            assert_eq!(
                color_of(&format!("<style>{css}</style><body><p id=x>t")),
                "#0000FF",
                "{css}"
            );
        }
    }

    #[test]
    fn old_attributes_count_as_the_weakest_of_the_page() {
        let html = "<body text=0000ff bgcolor='#eeeeee'><p id=x>t";
        assert_eq!(color_of(html), "#0000FF");
        assert_eq!(
            look(&styled(html), "body").paint.color.map(|one| one.hex().to_string()).as_deref(),
            Some("#EEEEEE")
        );
        assert_eq!(color_of("<style>font{color:#00f}</style><font id=x color=red>t"), "#0000FF");
        assert_eq!(color_of("<font id=x color='red;}a{'>t"), "#000000");
        assert_eq!(color_of("<body link=0000ff><a id=x href=/>t"), "#0000FF");
    }

    #[test]
    fn what_is_not_displayed_is_hidden_with_all_that_is_in_it() {
        let html = "<style>.m{display:none} .v{visibility:visible}</style>\
                    <div class=m><p id=x class=v>t</div><p id=y hidden>t<p id=z>t";
        let page = styled(html);
        assert!(look(&page, "#x").hidden && look(&page, "#y").hidden && !look(&page, "#z").hidden);
    }

    #[test]
    fn paint_of_boxes_and_of_what_is_generated_in_them() {
        let page = styled(
            "<style>#x{background:linear-gradient(red,blue) #fff;font:bold 2em/1 'A B',serif}\
             #x::before{background:url(m.svg)} #x{border-bottom:2px solid lime}</style><p id=x>t",
        );
        let style = look(&page, "#x");
        assert_eq!(style.paint.gradient.len(), 2);
        assert_eq!(style.paint.color, Some(Rgba::WHITE));
        assert_eq!(style.border, Some(Rgba::opaque([0, 255, 0])));
        let generated = style.generated.expect("a painted ::before");
        assert_eq!(generated.images[0].as_str(), "https://example.org/m.svg");
        assert_eq!((style.weight, style.families[0].as_str()), (700, "A B"));
        assert!((style.font_size - 32.0).abs() < 0.01);
        let place =
            page.styles().map(|styles| styles.place(style.paint.from.expect("a place")).line);
        assert_eq!(place, Some(1));
    }

    #[test]
    fn variables_are_listed_with_their_uses() {
        let page = styled(
            "<style>:root{--brand:#00f;--unused:red;--gap:4px} a,b{color:var(--brand)}</style>\
             <a>1</a><b>2</b>",
        );
        let mut listed = page.styles().expect("styles").variables().iter();
        let brand = listed.clone().find(|one| one.name == "brand").map(|one| one.uses);
        assert_eq!(brand, Some(2));
        assert_eq!(listed.clone().find(|one| one.name == "unused").map(|one| one.uses), Some(0));
        assert!(!listed.any(|one| one.name == "gap"));
    }

    #[test]
    fn hostile_sheets_end() {
        let laughs: String = (0..40).fold(":root{--a0:red red red;".to_owned(), |css, n| {
            css + &format!("--a{}:{};", n + 1, format!("var(--a{n})").repeat(10))
        }) + "} p{color:var(--a40)}";
        let nested = "a{".repeat(5_000) + &"&&&& ".repeat(1_000);
        let parents = "p{& & & &{& & & &{& & & &{& & & &{color:red}}}}}".repeat(50);
        let flat = "p,a,b,i:not(:not(:not(b))){color:red}".repeat(30_000);
        let descendants = format!("{} p{{color:red}}", "div ".repeat(3_000));
        let media = format!("@media {}{{p{{color:red}}}}", "(".repeat(60_000));
        let blocks = "{".repeat(200_000);
        let comment = format!("/*{}", "*".repeat(500_000));
        let vars = format!("p{{color:{}", "var(--x,".repeat(100_000));
        let deep = "<div>".repeat(400);
        let names =
            (0..60_000).fold(":root{".to_owned(), |css, n| css + "--n" + &n.to_string() + ":red;");
        let list = "p,".repeat(200_000) + "p{color:red}";
        for css in
            [laughs, nested, parents, flat, descendants, media, blocks, comment, vars, names, list]
        {
            styled(&format!("<style>{css}</style>{deep}<p id=x>t"));
        }
    }

    #[test]
    fn a_late_cascade_still_gives_every_element_a_style() {
        let fetched = Fetched::html("https://example.org/", &"<p>x".repeat(500));
        let budget = Budget::default();
        let page = Page::parse(&fetched, &budget, &Deadline::never());
        let styles = Cascade::new(&page, &budget).styles(&page, &Deadline::new(|| true));
        assert_eq!(styles.all().len(), page.element_count());
    }

    #[test]
    fn imports_are_found_with_their_media_answered() {
        let found = imports(
            "@charset 'utf-8'; @import url(a.css); @import 'b.css' print; @layer x; \
             @import \"c.css\" layer(base) screen; p{} @import 'd.css';",
        );
        let addresses: Vec<&str> = found.iter().map(|one| one.address.as_str()).collect();
        assert_eq!(addresses, ["a.css", "c.css"]);
        assert_eq!(found[1].layer.as_deref(), Some("base"));
    }
}
