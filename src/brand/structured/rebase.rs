//! Addresses of another origin that may lie on this one.
//!
//! A mirror, a staging copy or an offline edition still names the public host in its canonical
//! link, its metas and its structured data. The same path on the origin that was really fetched
//! is then the only way to the file.

use url::Url;

/// `url` on the origin of `page`, when it names another origin; none when it already lies there.
///
/// Of a path that ran under another prefix nothing is guessed.
pub(crate) fn rebase(url: &Url, page: &Url) -> Option<Url> {
    if url.origin() == page.origin() {
        return None;
    }
    let mut moved = page.clone();
    moved.set_path(url.path());
    moved.set_query(url.query());
    moved.set_fragment(None);
    Some(moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_other_origins_are_moved() {
        let page: Url = "http://127.0.0.1:8080/fr/index.html?x#y".parse().expect("a URL");
        let public: Url = "https://tide.example/img/l.png?v=2".parse().expect("a URL");
        let moved = rebase(&public, &page).map(String::from);
        assert_eq!(moved.as_deref(), Some("http://127.0.0.1:8080/img/l.png?v=2"));
        assert_eq!(rebase(&page.join("/l.png").expect("a URL"), &page), None);
    }
}
