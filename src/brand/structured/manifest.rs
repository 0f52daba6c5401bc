//! The web manifest.

use serde_json::Value;
use url::Url;

use super::line;

/// What a web manifest says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Manifest {
    /// Where it lies.
    pub(crate) place: String,
    /// `name`.
    pub(crate) name: Option<String>,
    /// `short_name`.
    pub(crate) short_name: Option<String>,
    /// `description`.
    pub(crate) description: Option<String>,
    /// `theme_color`, as CSS.
    pub(crate) theme_color: Option<String>,
    /// `background_color`, as CSS.
    pub(crate) background_color: Option<String>,
    /// `icons`.
    pub(crate) icons: Vec<ManifestIcon>,
}

/// An icon of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ManifestIcon {
    /// Where it lies.
    pub(crate) url: Url,
    /// The largest declared side in pixels.
    pub(crate) size: Option<u32>,
    /// Whether it is only a silhouette or only made to be cropped.
    pub(crate) is_special: bool,
}

impl Manifest {
    /// Reads a manifest that was fetched from `url`; none when it is no JSON object.
    pub(crate) fn parse(bytes: &[u8], url: &Url) -> Option<Self> {
        const NAME_CHARS: usize = 120;
        const MAX_ICONS: usize = 24;
        let text = String::from_utf8_lossy(bytes);
        let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
        let object = value.as_object()?;
        let text = |key: &str, limit| {
            object.get(key).and_then(Value::as_str).and_then(|text| line(text, limit))
        };
        let icons = object.get("icons").and_then(Value::as_array);
        Some(Self {
            place: url.to_string(),
            name: text("name", NAME_CHARS),
            short_name: text("short_name", NAME_CHARS),
            description: text("description", 600),
            theme_color: text("theme_color", 60),
            background_color: text("background_color", 60),
            icons: icons
                .into_iter()
                .flatten()
                .filter_map(|icon| self::icon(icon, url))
                .take(MAX_ICONS)
                .collect(),
        })
    }
}

fn icon(icon: &Value, manifest: &Url) -> Option<ManifestIcon> {
    let url = manifest.join(icon.get("src")?.as_str()?).ok()?;
    let purpose = icon.get("purpose").and_then(Value::as_str).unwrap_or("any");
    let size = icon.get("sizes").and_then(Value::as_str).and_then(largest_size);
    let is_special = !purpose.split_whitespace().any(|one| one == "any");
    matches!(url.scheme(), "http" | "https").then_some(ManifestIcon { url, size, is_special })
}

/// The longest side in a `sizes` attribute such as `16x16 32x32`; none for `any`.
pub(crate) fn largest_size(sizes: &str) -> Option<u32> {
    sizes
        .split_whitespace()
        .take(16)
        .filter_map(|size| {
            let (width, height) = size.split_once(['x', 'X', '×'])?;
            Some(width.parse::<u32>().ok()?.max(height.parse().ok()?))
        })
        .filter(|side| (1..=8192).contains(side))
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Manifest> {
        Manifest::parse(text.as_bytes(), &"https://t.example/a/m.json".parse().expect("a URL"))
    }

    #[test]
    fn addresses_stand_on_the_manifest() {
        let manifest = read(
            "\u{feff}{\"name\":\"\",\"short_name\":\"Tide\",\"icons\":[\
             {\"src\":\"i.png\",\"sizes\":\"48x48 192x192\"},\
             {\"src\":\"m.png\",\"purpose\":\"maskable\"},{\"src\":\"data:x,y\"},{\"src\":7},3]}",
        )
        .expect("a manifest");
        assert_eq!(
            (manifest.name.as_deref(), manifest.short_name.as_deref()),
            (None, Some("Tide"))
        );
        assert_eq!(manifest.icons.len(), 2);
        assert_eq!(manifest.icons[0].url.as_str(), "https://t.example/a/i.png");
        assert_eq!(manifest.icons[0].size, Some(192));
        assert!(manifest.icons[1].is_special);
    }

    #[test]
    fn what_is_no_manifest_says_nothing() {
        for text in ["", "<html>", "[]", "\"x\"", "{\"icons\":", "null"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(largest_size("any 0x0 99999x1 axb"), None);
    }
}
