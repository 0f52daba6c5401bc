//! Colours by name, in the languages that prompts are read in.

use crate::domain::brand::Hex;

/// The colour of a name such as `green`, `rouge` or `緑`, in any case; `None` when it is no name
/// that is known. The values are ones that a whole ad can stand on, not those of CSS.
pub fn named(word: &str) -> Option<Hex> {
    let word = word.trim().to_lowercase();
    let bare = word.strip_suffix('色').filter(|bare| !bare.is_empty()).unwrap_or(&word);
    NAMES
        .iter()
        .find(|(_, names)| names.split(' ').any(|name| name == word || name == bare))
        .map(|(hex, _)| *hex)
}

const NAMES: [(Hex, &str); 20] = [
    (
        Hex::new(0xB9, 0x1C, 0x2E),
        "red crimson scarlet rouge rot rote roter rotes roten rojo roja rosso rossa vermelho \
         vermelha rood rode czerwony czerwona czerwone czerwień 赤 红 紅 أحمر حمراء אדום אדומה लाल",
    ),
    (
        Hex::new(0x7A, 0x17, 0x35),
        "burgundy maroon wine bordeaux weinrot burdeos granate bordô vinho bordowy bordowe \
         ワインレッド 酒红 خمري عنابي בורדו मैरून",
    ),
    (
        Hex::new(0xE8, 0x6A, 0x1C),
        "orange orangefarben naranja arancione arancio laranja oranje pomarańczowy pomarańczowa \
         pomarańczowe オレンジ 橙 برتقالي برتقالية כתום כתומה नारंगी",
    ),
    (
        Hex::new(0xB6, 0x5A, 0x3A),
        "terracotta clay terrakotta terracota terakota terakotowy テラコッタ 陶土 طيني טרקוטה",
    ),
    (
        Hex::new(0xF6, 0xC9, 0x3F),
        "yellow jaune gelb gelbe gelber gelbes gelben amarillo amarilla giallo gialla amarelo \
         amarela geel gele żółty żółta żółte 黄 黃 黄色い أصفر صفراء צהוב צהובה पीला पीली",
    ),
    (
        Hex::new(0xC9, 0x9A, 0x3B),
        "gold golden doré dorée or golden goldene goldener dorado dorada oro dourado dourada \
         ouro goud gouden złoty złota złote 金 ゴールド ذهبي ذهبية זהב זהוב सुनहरा सुनहरी",
    ),
    (
        Hex::new(0x1F, 0x6B, 0x45),
        "green emerald vert verte grün grüne grüner grünes grünen verde verdes groen groene \
         zielony zielona zielone 緑 绿 綠 グリーン أخضر خضراء ירוק ירוקה हरा हरी",
    ),
    (
        Hex::new(0xA9, 0xDC, 0xC3),
        "mint menthe minze mintgrün menta hortelã miętowy miętowa ミント 薄荷 نعناعي מנטה पुदीना",
    ),
    (
        Hex::new(0x66, 0x70, 0x3C),
        "olive olivgrün oliva olijfgroen oliwkowy oliwkowa オリーブ 橄榄 زيتي זית जैतूनी",
    ),
    (
        Hex::new(0x12, 0x6E, 0x75),
        "teal petrol türkis turquoise turquesa turchese turkoois turkusowy turkusowa 青緑 \
         ターコイズ 青绿 تركواز فيروزي טורקיז फ़िरोज़ी",
    ),
    (
        Hex::new(0x22, 0x55, 0xC4),
        "blue cobalt bleu bleue blau blaue blauer blaues blauen azul azules blu blauw blauwe \
         niebieski niebieska niebieskie 青 蓝 藍 ブルー أزرق زرقاء כחול כחולה नीला नीली",
    ),
    (
        Hex::new(0x9C, 0xC9, 0xEE),
        "sky skyblue himmelblau celeste azzurro azzurra hemelsblauw błękitny błękitna 水 空 天蓝 \
         سماوي תכלת आसमानी",
    ),
    (
        Hex::new(0x15, 0x28, 0x52),
        "navy marine dunkelblau marineblau marino marinho donkerblauw granatowy granatowa 紺 \
         ネイビー 藏青 深蓝 كحلي",
    ),
    (
        Hex::new(0x5B, 0x2A, 0x86),
        "purple violet plum violette lila violett morado morada púrpura violeta viola roxo roxa \
         paars paarse fioletowy fioletowa 紫 パープル بنفسجي أرجواني סגול סגולה बैंगनी",
    ),
    (
        Hex::new(0xF2, 0xA7, 0xBE),
        "pink rose rosa rosado rosada cor-de-rosa roze różowy różowa różowe ピンク 粉 粉红 桃 \
         وردي وردية ורוד ורודה गुलाबी",
    ),
    (
        Hex::new(0x6B, 0x44, 0x2C),
        "brown chocolate marron brun brune braun braune brauner marrón café marrone castanho \
         castanha marrom bruin bruine brązowy brązowa 茶 ブラウン 棕 褐 بني بنية חום חומה भूरा भूरी",
    ),
    (
        Hex::new(0xF1, 0xE7, 0xD3),
        "beige cream sand crème creme sable crema arena sabbia bege areia zand beżowy beżowa \
         kremowy ベージュ クリーム 米 بيج كريمي בז' בז क्रीम",
    ),
    (
        Hex::new(0x6A, 0x6F, 0x76),
        "grey gray gris grise grau graue grauer graues grigio grigia cinza cinzento grijs grijze \
         szary szara szare 灰 グレー رمادي رمادية אפור אפורה स्लेटी",
    ),
    (
        Hex::new(0x17, 0x18, 0x1A),
        "black noir noire schwarz schwarze schwarzer schwarzes schwarzen negro negra nero nera \
         preto preta zwart zwarte czarny czarna czarne 黒 黑 ブラック أسود سوداء שחור שחורה काला काली",
    ),
    (
        Hex::new(0xFA, 0xFA, 0xF8),
        "white blanc blanche weiß weiss weiße weißer weißes weißen blanco blanca bianco bianca \
         branco branca wit witte biały biała białe 白 ホワイト أبيض بيضاء לבן לבנה सफ़ेद सफेद",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_colour_has_its_name_in_every_language() {
        let names = [
            "green",
            "vert",
            "grün",
            "Verde",
            "groen",
            "zielony",
            "緑",
            "绿色",
            "أخضر",
            "ירוק",
            "हरा",
        ];
        for name in names {
            assert_eq!(named(name), named("GREEN"), "{name}");
        }
        assert!(named("greenhouse").is_none() && named("").is_none() && named("色").is_none());
    }

    #[test]
    fn no_name_stands_for_two_colours() {
        let mut seen = std::collections::BTreeMap::new();
        for (hex, names) in NAMES {
            for name in names.split(' ') {
                let other = seen.insert(name, hex);
                assert!(other.is_none_or(|other| other == hex), "{name}");
            }
        }
    }
}
