//! Colours and names that many sites carry without having chosen them.

use crate::domain::brand::Hex;

/// What a colour that is a framework's default keeps of its evidence.
pub(super) const DEFAULT_SHARE: f64 = 0.35;

/// What a social network's own colour keeps of its evidence.
pub(super) const SOCIAL_SHARE: f64 = 0.2;

/// Whether a UI framework paints with this colour when nobody changes it.
pub(super) fn is_framework_default(color: Hex) -> bool {
    const DEFAULTS: [u32; 56] = [
        // Bootstrap 3, 4 and 5.
        0x33_7AB7, 0x23_527C, 0x42_8BCA, 0x5C_B85C, 0x5B_C0DE, 0xF0_AD4E, 0xD9_534F, 0x2E_6DA4,
        0x28_6090, 0x00_7BFF, 0x00_56B3, 0x6C_757D, 0x28_A745, 0x17_A2B8, 0xFF_C107, 0xDC_3545,
        0x0D_6EFD, 0x0A_58CA, 0x0B_5ED7, 0x66_10F2, 0x6F_42C1, 0xD6_3384, 0xFD_7E14, 0x19_8754,
        0x20_C997, 0x0D_CAF0, // Ant Design, MUI, Bulma, Foundation.
        0x16_77FF, 0x18_90FF, 0x19_76D2, 0x3F_51B5, 0xF5_0057, 0x00_D1B2, 0x48_5FC7, 0x17_79BA,
        // Swiper, DocSearch, the browsers' links.
        0x00_7AFF, 0x00_3DFF, 0x54_68FF, 0x00_00EE, 0x55_1A8B,
        // WordPress's blocks and Elementor's first kit.
        0x32_373C, 0x00_7CBA, 0x6E_C1E4, 0x54_595F, 0x7A_7A7A, 0x61_CE70,
        // Docusaurus and Infima, VitePress, MkDocs Material, Read the Docs.
        0x35_78E5, 0x2E_8555, 0x25_C2A0, 0x34_51B2, 0x3A_5CCC, 0x64_6CFF, 0x40_51B5, 0x52_6CFE,
        0x29_80B9, // WooCommerce.
        0xA4_6497, 0x7F_54B3,
    ];
    DEFAULTS.contains(&number(color))
}

/// Whether an icon generator writes this colour when nobody changes it.
pub(super) fn is_generator_default(color: Hex) -> bool {
    const DEFAULTS: [u32; 10] = [
        0xDA_532C, 0x5B_BAD5, 0x2D_89EF, 0x00_ABA9, 0xB9_1D47, 0x60_3CBA, 0x9F_00A7, 0x2B_5797,
        0xFF_FFFF, 0x00_0000,
    ];
    DEFAULTS.contains(&number(color))
}

/// Whether a social network is known by this colour.
pub(super) fn is_social(color: Hex) -> bool {
    const NETWORKS: [u32; 9] = [
        0x25_D366, 0x18_77F2, 0x3B_5998, 0x1D_A1F2, 0x0A_66C2, 0x00_77B5, 0xE4_405F, 0xFF_0000,
        0xBD_081C,
    ];
    NETWORKS.contains(&number(color))
}

fn number(color: Hex) -> u32 {
    let [red, green, blue] = color.rgb();
    u32::from_be_bytes([0, red, green, blue])
}

/// What a custom property's name promises: 3 for the brand's own colour, 2 for one that points,
/// none for a library's, a state's or a shade's.
pub(super) fn promise(name: &str) -> Option<f64> {
    const LIBRARIES: [&str; 18] = [
        "bs-",
        "tw-",
        "el-",
        "ant-",
        "mantine-",
        "chakra-",
        "swiper-",
        "docsearch-",
        "fa-",
        "wp--preset-",
        "mui-",
        "md-sys-",
        "mdc-",
        "ion-",
        "fi-",
        "vp-",
        "theme-code-",
        "prism-",
    ];
    const SHADES: [&str; 27] = [
        "hover",
        "dark",
        "darker",
        "light",
        "lighter",
        "soft",
        "text",
        "shadow",
        "border",
        "ring",
        "focus",
        "on",
        "contrast",
        "rgb",
        "active",
        "disabled",
        "foreground",
        "fg",
        "muted",
        "content",
        "bg",
        "background",
        "popup",
        "surface",
        "gray",
        "grey",
        "white",
    ];
    let name = name.to_ascii_lowercase();
    if LIBRARIES.iter().any(|prefix| name.starts_with(prefix)) {
        return None;
    }
    let words: Vec<&str> = name.split(['-', '_']).filter(|word| !word.is_empty()).collect();
    let says = |known: &[&str]| words.iter().any(|word| known.contains(word));
    if says(&SHADES) {
        return None;
    }
    if says(&["primary", "brand"]) {
        Some(3.0)
    } else if says(&["accent", "main", "theme", "cta"]) {
        Some(2.0)
    } else {
        None
    }
}

/// Whether a rule's selectors name a button.
pub(super) fn names_a_button(selectors: &str) -> bool {
    let lower = selectors.to_ascii_lowercase();
    ["btn", "button", "cta"].iter().any(|word| lower.contains(word))
}

/// Whether a rule's selectors name a button as frameworks do: the rule came with the framework,
/// even where it stands in a sheet of the site's own.
pub(super) fn names_a_stock_button(selectors: &str) -> bool {
    const STOCK: [&str; 19] = [
        "btn-primary",
        "btn-secondary",
        "btn-default",
        "btn-info",
        "btn-success",
        "btn-danger",
        "btn-warning",
        "btn-link",
        "btn-outline",
        "is-primary",
        "is-link",
        "ant-btn",
        "el-button",
        "mdc-button",
        "wp-block",
        "elementor",
        "swiper",
        "muibutton",
        "docsearch",
    ];
    let lower = selectors.to_ascii_lowercase();
    STOCK.iter().any(|word| lower.contains(word))
}

/// Whether a rule's selectors name a state or a thing whose colour means something by itself.
pub(super) fn names_a_status(selectors: &str) -> bool {
    const STATUS: [&str; 24] = [
        "danger",
        "error",
        "warning",
        "success",
        "alert",
        "invalid",
        "info",
        "toast",
        "deprecated",
        "delete",
        "disabled",
        "patch",
        "highlight",
        "hljs",
        "token",
        "syntax",
        "code",
        "diff",
        "-get",
        "-post",
        "-put",
        "-head",
        "-options",
        "copy",
    ];
    let lower = selectors.to_ascii_lowercase();
    STATUS.iter().any(|word| lower.contains(word))
}
