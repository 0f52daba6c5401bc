//! The names of colours and fonts that utilities are made of: the framework's and the page's own.

use std::collections::BTreeMap;

use scraper::Selector;
use serde_json::Value;

use super::literal;
use crate::brand::page::Page;

/// What a page calls its colours and fonts.
#[derive(Debug, Default)]
pub(super) struct Theme {
    colors: BTreeMap<String, String>,
    fonts: BTreeMap<String, String>,
}

impl Theme {
    /// Reads what the page's configuration adds to the framework's names.
    pub(super) fn of(page: &Page) -> Self {
        /// A configuration is short; a bundle is none.
        const MAX_BYTES: usize = 64 * 1024;
        let mut theme = Self::default();
        let written = Selector::parse("script:not([src]), style[type='text/tailwindcss']");
        for element in page.select(&written.expect("a constant selector")) {
            let text: String = element.text().collect();
            if text.len() > MAX_BYTES {
                continue;
            }
            if element.value().name() == "style" {
                theme.take_variables(&text);
            } else if let Some((_, config)) = text.split_once("tailwind.config") {
                theme.take_config(&literal::object(config).unwrap_or_default());
            }
        }
        theme
    }

    fn take_config(&mut self, config: &Value) {
        for place in [&config["theme"], &config["theme"]["extend"]] {
            self.take_colors("", &place["colors"], 0);
            for (name, family) in place["fontFamily"].as_object().into_iter().flatten() {
                let families = match family {
                    Value::Array(families) => families.iter().filter_map(Value::as_str).collect(),
                    Value::String(family) => family.split(',').collect(),
                    _ => Vec::new(),
                };
                let families: Vec<String> = families.into_iter().filter_map(quoted).collect();
                if !families.is_empty() {
                    self.fonts.insert(name.clone(), families.join(","));
                }
            }
        }
    }

    fn take_colors(&mut self, prefix: &str, colors: &Value, depth: usize) {
        /// A colour has shades, and a shade may have some of its own.
        const MAX_DEPTH: usize = 3;
        for (name, value) in colors.as_object().into_iter().flatten() {
            let full = match (prefix, name.as_str()) {
                ("", name) => name.to_owned(),
                (prefix, "DEFAULT") => prefix.to_owned(),
                (prefix, name) => format!("{prefix}-{name}"),
            };
            match value {
                Value::String(color) if is_plain(color) => {
                    self.colors.insert(full, color.clone());
                }
                Value::Object(_) if depth < MAX_DEPTH => self.take_colors(&full, value, depth + 1),
                _ => {}
            }
        }
    }

    /// `@theme { --color-brand: #7b1fa2; --font-display: Lora; }`
    fn take_variables(&mut self, sheet: &str) {
        for declaration in sheet.split([';', '{', '}']) {
            let Some((name, value)) = declaration.split_once(':') else { continue };
            let (name, value) = (name.trim(), value.trim());
            if !is_plain(value) {
                continue;
            }
            if let Some(color) = name.strip_prefix("--color-") {
                self.colors.insert(color.to_owned(), value.to_owned());
            } else if let Some(font) = name.strip_prefix("--font-") {
                self.fonts.insert(font.to_owned(), value.to_owned());
            }
        }
    }

    /// The families that `font-<name>` stands for.
    pub(super) fn font(&self, name: &str) -> Option<&str> {
        let own = self.fonts.get(name).map(String::as_str);
        own.or(match name {
            "serif" => Some("ui-serif,Georgia,serif"),
            "mono" => Some("ui-monospace,monospace"),
            _ => None,
        })
    }

    /// The colour that a utility names: `indigo-600`, `brand/50`, `[#123456]`.
    pub(super) fn color(&self, name: &str) -> Option<String> {
        let (base, share) = match name.rsplit_once('/') {
            Some((base, share)) => (base, Some(share)),
            None => (name, None),
        };
        let color = self.opaque(base)?;
        let Some(share) = share else { return Some(color) };
        let share: u8 = share.parse().ok().filter(|share| *share <= 100)?;
        Some(format!("color-mix(in srgb,{color} {share}%,transparent)"))
    }

    fn opaque(&self, name: &str) -> Option<String> {
        if let Some(written) = name.strip_prefix('[') {
            let written = written.strip_suffix(']')?.replace('_', " ");
            let starts = ["#", "rgb", "hsl", "oklch", "oklab", "var(--"];
            let is_color = starts.iter().any(|start| written.starts_with(start));
            return Some(written).filter(|color| is_color && is_plain(color));
        }
        if let Some(own) = self.colors.get(name) {
            return Some(own.clone());
        }
        match name {
            "white" => return Some("#fff".to_owned()),
            "black" => return Some("#000".to_owned()),
            "transparent" => return Some("transparent".to_owned()),
            "current" => return Some("currentColor".to_owned()),
            _ => {}
        }
        let (family, shade) = name.rsplit_once('-')?;
        let at = SHADES.iter().position(|one| *one == shade)?;
        let (_, shades) = PALETTE.iter().find(|(one, _)| *one == family)?;
        Some(format!("#{:06x}", shades[at]))
    }
}

/// A family's name as CSS.
fn quoted(family: &str) -> Option<String> {
    let family = family.trim().trim_matches(['"', '\'']);
    let is_generic =
        matches!(family, "serif" | "sans-serif" | "monospace" | "cursive" | "system-ui");
    (is_plain(family) && !family.is_empty()).then(|| {
        if is_generic { family.to_owned() } else { format!("\"{}\"", family.replace('"', "")) }
    })
}

/// Whether a text can stand as a value without ending its declaration.
fn is_plain(value: &str) -> bool {
    const MAX_BYTES: usize = 200;
    value.len() <= MAX_BYTES && !value.contains(['{', '}', ';', '@', '\\', '\n', '<'])
}

const SHADES: [&str; 11] =
    ["50", "100", "200", "300", "400", "500", "600", "700", "800", "900", "950"];

/// The framework's own colours, from light to dark.
const PALETTE: [(&str, [u32; 11]); 22] = [
    (
        "gray",
        [
            0xF9_FAFB, 0xF3_F4F6, 0xE5_E7EB, 0xD1_D5DB, 0x9C_A3AF, 0x6B_7280, 0x4B_5563, 0x37_4151,
            0x1F_2937, 0x11_1827, 0x03_0712,
        ],
    ),
    (
        "slate",
        [
            0xF8_FAFC, 0xF1_F5F9, 0xE2_E8F0, 0xCB_D5E1, 0x94_A3B8, 0x64_748B, 0x47_5569, 0x33_4155,
            0x1E_293B, 0x0F_172A, 0x02_0617,
        ],
    ),
    (
        "zinc",
        [
            0xFA_FAFA, 0xF4_F4F5, 0xE4_E4E7, 0xD4_D4D8, 0xA1_A1AA, 0x71_717A, 0x52_525B, 0x3F_3F46,
            0x27_272A, 0x18_181B, 0x09_090B,
        ],
    ),
    (
        "neutral",
        [
            0xFA_FAFA, 0xF5_F5F5, 0xE5_E5E5, 0xD4_D4D4, 0xA3_A3A3, 0x73_7373, 0x52_5252, 0x40_4040,
            0x26_2626, 0x17_1717, 0x0A_0A0A,
        ],
    ),
    (
        "stone",
        [
            0xFA_FAF9, 0xF5_F5F4, 0xE7_E5E4, 0xD6_D3D1, 0xA8_A29E, 0x78_716C, 0x57_534E, 0x44_403C,
            0x29_2524, 0x1C_1917, 0x0C_0A09,
        ],
    ),
    (
        "red",
        [
            0xFE_F2F2, 0xFE_E2E2, 0xFE_CACA, 0xFC_A5A5, 0xF8_7171, 0xEF_4444, 0xDC_2626, 0xB9_1C1C,
            0x99_1B1B, 0x7F_1D1D, 0x45_0A0A,
        ],
    ),
    (
        "orange",
        [
            0xFF_F7ED, 0xFF_EDD5, 0xFE_D7AA, 0xFD_BA74, 0xFB_923C, 0xF9_7316, 0xEA_580C, 0xC2_410C,
            0x9A_3412, 0x7C_2D12, 0x43_1407,
        ],
    ),
    (
        "amber",
        [
            0xFF_FBEB, 0xFE_F3C7, 0xFD_E68A, 0xFC_D34D, 0xFB_BF24, 0xF5_9E0B, 0xD9_7706, 0xB4_5309,
            0x92_400E, 0x78_350F, 0x45_1A03,
        ],
    ),
    (
        "yellow",
        [
            0xFE_FCE8, 0xFE_F9C3, 0xFE_F08A, 0xFD_E047, 0xFA_CC15, 0xEA_B308, 0xCA_8A04, 0xA1_6207,
            0x85_4D0E, 0x71_3F12, 0x42_2006,
        ],
    ),
    (
        "lime",
        [
            0xF7_FEE7, 0xEC_FCCB, 0xD9_F99D, 0xBE_F264, 0xA3_E635, 0x84_CC16, 0x65_A30D, 0x4D_7C0F,
            0x3F_6212, 0x36_5314, 0x1A_2E05,
        ],
    ),
    (
        "green",
        [
            0xF0_FDF4, 0xDC_FCE7, 0xBB_F7D0, 0x86_EFAC, 0x4A_DE80, 0x22_C55E, 0x16_A34A, 0x15_803D,
            0x16_6534, 0x14_532D, 0x05_2E16,
        ],
    ),
    (
        "emerald",
        [
            0xEC_FDF5, 0xD1_FAE5, 0xA7_F3D0, 0x6E_E7B7, 0x34_D399, 0x10_B981, 0x05_9669, 0x04_7857,
            0x06_5F46, 0x06_4E3B, 0x02_2C22,
        ],
    ),
    (
        "teal",
        [
            0xF0_FDFA, 0xCC_FBF1, 0x99_F6E4, 0x5E_EAD4, 0x2D_D4BF, 0x14_B8A6, 0x0D_9488, 0x0F_766E,
            0x11_5E59, 0x13_4E4A, 0x04_2F2E,
        ],
    ),
    (
        "cyan",
        [
            0xEC_FEFF, 0xCF_FAFE, 0xA5_F3FC, 0x67_E8F9, 0x22_D3EE, 0x06_B6D4, 0x08_91B2, 0x0E_7490,
            0x15_5E75, 0x16_4E63, 0x08_3344,
        ],
    ),
    (
        "sky",
        [
            0xF0_F9FF, 0xE0_F2FE, 0xBA_E6FD, 0x7D_D3FC, 0x38_BDF8, 0x0E_A5E9, 0x02_84C7, 0x03_69A1,
            0x07_5985, 0x0C_4A6E, 0x08_2F49,
        ],
    ),
    (
        "blue",
        [
            0xEF_F6FF, 0xDB_EAFE, 0xBF_DBFE, 0x93_C5FD, 0x60_A5FA, 0x3B_82F6, 0x25_63EB, 0x1D_4ED8,
            0x1E_40AF, 0x1E_3A8A, 0x17_2554,
        ],
    ),
    (
        "indigo",
        [
            0xEE_F2FF, 0xE0_E7FF, 0xC7_D2FE, 0xA5_B4FC, 0x81_8CF8, 0x63_66F1, 0x4F_46E5, 0x43_38CA,
            0x37_30A3, 0x31_2E81, 0x1E_1B4B,
        ],
    ),
    (
        "violet",
        [
            0xF5_F3FF, 0xED_E9FE, 0xDD_D6FE, 0xC4_B5FD, 0xA7_8BFA, 0x8B_5CF6, 0x7C_3AED, 0x6D_28D9,
            0x5B_21B6, 0x4C_1D95, 0x2E_1065,
        ],
    ),
    (
        "purple",
        [
            0xFA_F5FF, 0xF3_E8FF, 0xE9_D5FF, 0xD8_B4FE, 0xC0_84FC, 0xA8_55F7, 0x93_33EA, 0x7E_22CE,
            0x6B_21A8, 0x58_1C87, 0x3B_0764,
        ],
    ),
    (
        "fuchsia",
        [
            0xFD_F4FF, 0xFA_E8FF, 0xF5_D0FE, 0xF0_ABFC, 0xE8_79F9, 0xD9_46EF, 0xC0_26D3, 0xA2_1CAF,
            0x86_198F, 0x70_1A75, 0x4A_044E,
        ],
    ),
    (
        "pink",
        [
            0xFD_F2F8, 0xFC_E7F3, 0xFB_CFE8, 0xF9_A8D4, 0xF4_72B6, 0xEC_4899, 0xDB_2777, 0xBE_185D,
            0x9D_174D, 0x83_1843, 0x50_0724,
        ],
    ),
    (
        "rose",
        [
            0xFF_F1F2, 0xFF_E4E6, 0xFE_CDD3, 0xFD_A4AF, 0xFB_7185, 0xF4_3F5E, 0xE1_1D48, 0xBE_123C,
            0x9F_1239, 0x88_1337, 0x4C_0519,
        ],
    ),
];
