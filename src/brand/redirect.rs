//! Pages that only send on: a `<meta>` refresh, a frameset.

use scraper::Selector;
use url::Url;

use crate::brand::page::Page;

/// A refresh after more seconds than this is a page that reloads itself, not a way on.
const MAX_DELAY: f32 = 5.0;

/// Where the page sends its readers instead of showing anything.
pub(crate) fn redirect(page: &Page) -> Option<Url> {
    refresh(page).or_else(|| frame(page)).filter(|url| url != page.url())
}

fn refresh(page: &Page) -> Option<Url> {
    let metas = Selector::parse("meta[http-equiv][content]").expect("a constant selector");
    let mut refreshes = page.select(&metas).filter(|meta| {
        meta.attr("http-equiv").is_some_and(|kind| kind.eq_ignore_ascii_case("refresh"))
    });
    let content = refreshes.next()?.attr("content")?;
    let (delay, rest) = content.split_once([';', ',']).unwrap_or((content, ""));
    let is_soon = delay.trim().parse::<f32>().is_ok_and(|delay| delay <= MAX_DELAY);
    let (name, address) = rest.split_once('=')?;
    let is_address = name.trim().eq_ignore_ascii_case("url") && is_soon;
    let address = address.trim().trim_matches(['"', '\'']);
    is_address.then(|| page.resolve(address)).flatten()
}

/// The first frame of a page that has frames and no text of its own.
fn frame(page: &Page) -> Option<Url> {
    let frames = Selector::parse("frameset frame[src], body > iframe[src]:only-child")
        .expect("a constant selector");
    let frame = page.select(&frames).next()?;
    page.visible_text(1).is_empty().then(|| page.resolve(frame.attr("src")?)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brand::budget::{Budget, Deadline};
    use crate::brand::documents::Fetched;

    fn sent_to(html: &str) -> Option<String> {
        let fetched = Fetched::html("https://example.org/a", html);
        let page = Page::parse(&fetched, &Budget::default(), &Deadline::never());
        redirect(&page).map(String::from)
    }

    #[test]
    fn quick_refreshes_and_framesets_send_on() {
        for html in [
            "<meta http-equiv=refresh content='0; url=/b'>",
            "<META HTTP-EQUIV='Refresh' CONTENT='3;URL=\"b\"'>",
            "<frameset cols=*><frame src=b><frame src=c></frameset>",
            "<body><iframe src=b></iframe>",
        ] {
            assert_eq!(sent_to(html).as_deref(), Some("https://example.org/b"), "{html}");
        }
    }

    #[test]
    fn other_pages_stay() {
        for html in [
            "<meta http-equiv=refresh content='60; url=/b'>",
            "<meta http-equiv=refresh content=1>",
            "<meta http-equiv=refresh content='0; url=/a'>",
            "<meta http-equiv=refresh content='0; url=javascript:x()'>",
            "<p>text<iframe src=b></iframe>",
        ] {
            assert_eq!(sent_to(html), None, "{html}");
        }
    }
}
