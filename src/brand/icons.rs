//! The icons that a site declares, and which of them stand for it best.
//!
//! Links, the manifest and the customary default addresses give candidates; the largest square made
//! for home screens comes first. Never: an icon that a project generator left behind.

use scraper::Selector;
use url::Url;

use crate::brand::name::place_of;
use crate::brand::page::Page;
use crate::brand::structured::{Declared, largest_size, line};
use crate::domain::asset::ContentDigest;
use crate::domain::brand::BrandIcon;

/// An icon with where it was declared.
#[expect(clippy::struct_field_names, reason = "it is the icon that is stored")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Icon {
    /// What is stored of it.
    pub(crate) icon: BrandIcon,
    /// The declaring element or file, for evidence.
    pub(crate) place: String,
    /// The colour of a `mask-icon`, as CSS.
    pub(crate) color: Option<String>,
    /// Whether nobody declared it: the customary address is tried.
    pub(crate) is_default: bool,
}

/// The icons, best first: what is stored takes those that are declared.
pub(crate) fn icons(page: &Page, declared: &Declared) -> Vec<Icon> {
    /// Generators write twenty links for one icon.
    const MAX_ICONS: usize = 32;
    let mut icons = linked(page);
    if let Some(manifest) = &declared.manifest {
        for icon in manifest.icons.iter().filter(|icon| !icon.is_special) {
            let url = icon.url.clone();
            let icon = BrandIcon { url, kind: "manifest".to_owned(), size: icon.size };
            icons.push(Icon {
                icon,
                place: manifest.place.clone(),
                color: None,
                is_default: false,
            });
        }
    }
    if let Some(meta) = declared.metas.find("msapplication-tileimage")
        && let Some(url) = page.resolve(&meta.content)
    {
        let icon = BrandIcon { url, kind: "tile".to_owned(), size: None };
        icons.push(Icon { icon, place: meta.place(), color: None, is_default: false });
    }
    if let Some(icon) = default(page, "/favicon.ico") {
        icons.push(icon);
    }
    let mut seen = std::collections::HashSet::new();
    icons.retain(|icon| seen.insert(icon.icon.url.clone()));
    icons.sort_by_key(|icon| std::cmp::Reverse(worth(icon)));
    icons.truncate(MAX_ICONS);
    icons
}

fn linked(page: &Page) -> Vec<Icon> {
    const MAX_LINKS: usize = 64;
    let links = Selector::parse("link[rel][href]").expect("a constant selector");
    page.select(&links)
        .take(MAX_LINKS * 4)
        .filter_map(|link| {
            let rel = link.attr("rel")?.to_ascii_lowercase();
            let kind = kind(&rel)?;
            let url = page.resolve(link.attr("href")?)?;
            let size = link.attr("sizes").and_then(largest_size);
            let color = link.attr("color").and_then(|color| line(color, 40));
            let place = format!("link[rel=\"{}\"] ({})", line(&rel, 40)?, place_of(link));
            let icon = BrandIcon { url, kind: kind.to_owned(), size };
            Some(Icon { icon, place, color, is_default: false })
        })
        .take(MAX_LINKS)
        .collect()
}

fn kind(rel: &str) -> Option<&'static str> {
    let has = |word: &str| rel.split_whitespace().any(|one| one == word);
    if has("apple-touch-icon") || has("apple-touch-icon-precomposed") {
        Some("apple-touch-icon")
    } else if has("mask-icon") {
        Some("mask-icon")
    } else if has("icon") || has("fluid-icon") {
        Some("icon")
    } else {
        None
    }
}

fn default(page: &Page, path: &str) -> Option<Icon> {
    let url: Url = page.url().join(path).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| Icon {
        icon: BrandIcon { url, kind: "icon".to_owned(), size: None },
        place: "the customary address".to_owned(),
        color: None,
        is_default: true,
    })
}

/// How well an icon can stand for the site: first its kind, then its size.
fn worth(icon: &Icon) -> (u8, u32) {
    let size = icon.icon.size.unwrap_or(0).min(1024);
    let is_vector = icon.icon.url.path().to_ascii_lowercase().ends_with(".svg");
    let rank = match icon.icon.kind.as_str() {
        _ if icon.is_default => 0,
        "apple-touch-icon" => 6,
        "manifest" if size >= 96 => 6,
        "icon" if is_vector => 5,
        "icon" if size >= 96 => 5,
        "manifest" | "tile" => 3,
        // A silhouette in one colour.
        "mask-icon" => 1,
        _ => 2,
    };
    let assumed = if icon.icon.kind == "apple-touch-icon" && size == 0 { 180 } else { size };
    (rank, assumed)
}

/// Whether a file is the icon or mark that a project generator puts into every new project.
pub(crate) fn is_boilerplate(bytes: &[u8]) -> bool {
    let digest = ContentDigest::of(bytes).to_string();
    BOILERPLATE.contains(&digest.as_str())
}

/// SHA-256 of the pictures in the templates of the usual generators.
const BOILERPLATE: [&str; 20] = [
    // Create React App: `favicon.ico`, `logo192.png`, `logo512.png`, `logo.svg`.
    "3d10f7da6c603178340081668c4ac5b3ae9743ca9a262ab0fcd312fbb9f48bdd",
    "c386396ec70db3608075b5fbfaac4ab1ccaa86ba05a68ab393ec551eb66c3e00",
    "9ea4f4da7050c0cc408926f6a39c253624e9babb1d43c7977cd821445a60b461",
    "6000b0e9b0b05b3f112de04f0d039768a1db63588ff9b6ef7099dbd71632f383",
    // Vite: `vite.svg` of versions 5 and 9, `favicon.svg`, and the frameworks' marks beside it.
    "4a748afd443918bb16591c834c401dae33e87861ab5dbad0811c3a3b4a9214fb",
    "5be21acd42eb7b896e517f4e0f0f11eb5c5d9e54fbbcebe9453f033008fcca6f",
    "61bc9a161de58248288e6905425d7180f0624c2865007b97d763fdac12043a66",
    "ceeac38434be7a3b4d0f68b8cd8aa2b9ae78c260d6343087c6e095f8031ce4ff",
    "35ef61ed53b323ae94a16a8ec659b3d0af3880698791133f23b084085ab1c2e5",
    "48177e6fc4ded13c83c10fc748f80fc7e83efc6ef7b7eb9ebc095386d67f9bc7",
    "5532db34f1c52841881bab8aeca6c3e8d092bd21a689a65f4d8f8cf8041eef9d",
    // Vue: `logo.svg`, `favicon.ico`.
    "277e0e97813ffd3af7f70f14474967a1f535de3033efaeb3e746e9ece04f8cc9",
    "db74ab0b78338c1f778f8398c45f4103c99aea0e845a3118a7750b4eeafd3445",
    // Next.js: `next.svg`, `vercel.svg`, `favicon.ico` of versions 14 and 16.
    "55995dfad6ecb4945a1e856ddca03c5e16aa5bf13fd21b4df6a74ae79357bcfc",
    "f081337b2fee635b455b63275406a3e7f39d6a014e25ad90dab5a67e62a12ac4",
    "2b8ad2d33455a8f736fc3a8ebf8f0bdea8848ad4c0db48a2833bd0f9cd775932",
    "c28fdd2a4f31e2dc64f653962286da5c82a4cdfc518b242d32812c624e9a19a4",
    // Angular: `favicon.ico` of versions 16 and 21.
    "2d0a4f5a77c788b084919b1b8cad5713d9dfc3388ef29969c4cb66c28092e683",
    "f9102be80297c0529207607be5277b4f90bca89d65988fa1771b91c7894e815f",
    // Svelte: `favicon.png`.
    "5146ed79b486cb9e1cdcdd7814cd22ae78e70ceb30fa06b4cd9a16cf121bc9e6",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brand::Fetched;
    use crate::brand::budget::{Budget, Deadline};

    fn read(html: &str) -> Vec<Icon> {
        let fetched = Fetched::html("https://tide.example/a/b", html);
        let page = Page::parse(&fetched, &Budget::default(), &Deadline::never());
        icons(&page, &Declared::of(&page))
    }

    #[test]
    fn the_best_stands_first_and_the_default_last() {
        let found = read(
            "<link rel='shortcut icon' href=f.ico><link rel=icon sizes='16x16 32x32' href=s.png>\
             <link rel=mask-icon color='#e42528' href=m.svg>\
             <link rel='Apple-Touch-Icon' href=/apple.png><link rel=stylesheet href=x.css>",
        );
        let kinds: Vec<&str> = found.iter().map(|icon| icon.icon.kind.as_str()).collect();
        assert_eq!(kinds, ["apple-touch-icon", "icon", "icon", "mask-icon", "icon"]);
        assert_eq!(found[0].icon.url.as_str(), "https://tide.example/apple.png");
        assert_eq!(found[1].icon.size, Some(32));
        assert_eq!(found[3].color.as_deref(), Some("#e42528"));
        assert!(found[4].is_default);
    }

    #[test]
    fn addresses_without_a_file_are_left_out() {
        let found = read("<link rel=icon href='data:,'><link rel=icon href='javascript:x'>");
        assert_eq!(found.len(), 1);
        assert!(read(&"<link rel=icon href=a.png>".repeat(9_000)).len() <= 2);
    }
}
