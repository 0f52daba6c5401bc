//! Places and demonyms by region, in English and, where it is plain, in their own language.

/// A region and what people call it, its capital and its people.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// ISO 3166, or `419` for Latin America; none for languages of very many places.
    pub(super) region: Option<&'static str>,
    /// Set where the names are those of a language too, so that a plainer place beside them wins:
    /// “French Canadian” is in Canada and speaks French.
    pub(super) tongue: Option<&'static str>,
    /// The language that a place alone implies; none where there is more than one to choose from.
    pub(super) speaks: Option<&'static str>,
    /// Folded, the plain English name first.
    pub(super) names: &'static [&'static str],
}

const fn tongue(
    language: &'static str,
    region: &'static str,
    names: &'static [&'static str],
) -> Row {
    Row { region: Some(region), tongue: Some(language), speaks: None, names }
}

const fn place(region: &'static str, speaks: &'static str, names: &'static [&'static str]) -> Row {
    Row { region: Some(region), tongue: None, speaks: Some(speaks), names }
}

const fn many(region: &'static str, names: &'static [&'static str]) -> Row {
    Row { region: Some(region), tongue: None, speaks: None, names }
}

const fn language(language: &'static str, names: &'static [&'static str]) -> Row {
    Row { region: None, tongue: Some(language), speaks: None, names }
}

/// The names of languages stand apart from the names of places, so that both may be said.
pub(super) const REGIONS: [Row; 112] = [
    tongue("fr", "FR", &["french", "francais", "francaise"]),
    place("FR", "fr", &["france", "paris", "parisian", "parisien", "parisienne", "lyon"]),
    place("CA", "fr", &["quebecois", "quebec", "montreal", "french canadian", "canadian french"]),
    many("CA", &["canadian", "canada", "toronto"]),
    language("en", &["english", "anglais"]),
    place(
        "US",
        "en",
        &["american", "usa", "us", "united states", "united states of america", "new york"],
    ),
    place(
        "GB",
        "en",
        &[
            "british",
            "uk",
            "united kingdom",
            "great britain",
            "britain",
            "england",
            "london",
            "scottish",
            "scotland",
            "welsh",
        ],
    ),
    place("IE", "en", &["irish", "ireland", "dublin"]),
    place("AU", "en", &["australian", "australia", "sydney", "melbourne"]),
    place("NZ", "en", &["new zealand", "new zealander"]),
    many("ZA", &["south african", "south africa"]),
    tongue("de", "DE", &["german", "deutsch", "deutsche"]),
    place("DE", "de", &["germany", "deutschland", "berlin", "berliner", "munich", "bavarian"]),
    place("AT", "de", &["austrian", "austria", "osterreich", "vienna", "viennese"]),
    many("CH", &["swiss", "switzerland", "schweiz", "suisse", "svizzera", "zurich"]),
    many("BE", &["belgian", "belgium", "belgique", "belgie", "brussels"]),
    place("BE", "nl", &["flemish", "flanders"]),
    place("BE", "fr", &["walloon", "wallonia"]),
    many("LU", &["luxembourgish", "luxembourg"]),
    tongue("es", "ES", &["spanish", "espanol", "espanola"]),
    place("ES", "es", &["spain", "espana", "madrid", "barcelona", "castilian"]),
    place("419", "es", &["latin american", "latin america", "latam", "latinoamerica"]),
    place("MX", "es", &["mexican", "mexico", "mexicano", "mexicana"]),
    place("AR", "es", &["argentine", "argentinian", "argentina", "argentino", "buenos aires"]),
    place("CO", "es", &["colombian", "colombia", "bogota"]),
    place("CL", "es", &["chilean", "chile"]),
    place("PE", "es", &["peruvian", "peru", "lima"]),
    tongue("it", "IT", &["italian", "italiano", "italiana"]),
    place("IT", "it", &["italy", "italia", "milan", "milanese", "rome"]),
    tongue("pt", "PT", &["portuguese", "portugues", "portuguesa"]),
    place("PT", "pt", &["portugal", "lisbon", "european portuguese"]),
    place("BR", "pt", &["brazilian", "brazil", "brasil", "brasileiro", "brasileira", "sao paulo"]),
    tongue("nl", "NL", &["dutch", "nederlands"]),
    place("NL", "nl", &["netherlands", "the netherlands", "holland", "nederland", "amsterdam"]),
    tongue("pl", "PL", &["polish", "polski", "polska"]),
    place("PL", "pl", &["poland", "warsaw"]),
    tongue("cs", "CZ", &["czech", "cesky"]),
    place("CZ", "cs", &["czechia", "czech republic", "cesko", "prague"]),
    tongue("sk", "SK", &["slovak", "slovensky"]),
    place("SK", "sk", &["slovakia", "slovensko"]),
    tongue("sl", "SI", &["slovenian", "slovene"]),
    place("SI", "sl", &["slovenia"]),
    tongue("hr", "HR", &["croatian"]),
    place("HR", "hr", &["croatia", "hrvatska"]),
    tongue("sr", "RS", &["serbian"]),
    place("RS", "sr", &["serbia"]),
    tongue("hu", "HU", &["hungarian", "magyar"]),
    place("HU", "hu", &["hungary", "magyarorszag", "budapest"]),
    tongue("ro", "RO", &["romanian"]),
    place("RO", "ro", &["romania", "bucharest"]),
    tongue("bg", "BG", &["bulgarian"]),
    place("BG", "bg", &["bulgaria"]),
    tongue("el", "GR", &["greek", "ελληνικά"]),
    place("GR", "el", &["greece", "ελλάδα", "athens"]),
    tongue("sv", "SE", &["swedish", "svensk"]),
    place("SE", "sv", &["sweden", "sverige", "stockholm"]),
    tongue("da", "DK", &["danish", "dansk"]),
    place("DK", "da", &["denmark", "danmark", "copenhagen"]),
    tongue("nb", "NO", &["norwegian", "norsk"]),
    place("NO", "nb", &["norway", "norge", "oslo"]),
    tongue("fi", "FI", &["finnish", "suomi"]),
    place("FI", "fi", &["finland", "helsinki"]),
    tongue("is", "IS", &["icelandic"]),
    place("IS", "is", &["iceland"]),
    tongue("et", "EE", &["estonian"]),
    place("EE", "et", &["estonia"]),
    tongue("lv", "LV", &["latvian"]),
    place("LV", "lv", &["latvia"]),
    tongue("lt", "LT", &["lithuanian"]),
    place("LT", "lt", &["lithuania"]),
    tongue("tr", "TR", &["turkish", "turk", "turkce"]),
    place("TR", "tr", &["turkey", "turkiye", "istanbul"]),
    tongue("ru", "RU", &["russian", "русский"]),
    place("RU", "ru", &["russia", "россия", "moscow"]),
    tongue("uk", "UA", &["ukrainian", "українська"]),
    place("UA", "uk", &["ukraine", "україна", "kyiv"]),
    language("ar", &["arabic", "arab", "العربية"]),
    place("AE", "ar", &["emirati", "united arab emirates", "uae", "dubai", "الإمارات"]),
    place("SA", "ar", &["saudi", "saudi arabian", "saudi arabia", "riyadh", "السعودية"]),
    place("EG", "ar", &["egyptian", "egypt", "cairo", "مصر"]),
    place("MA", "ar", &["moroccan", "morocco", "maroc", "المغرب"]),
    place("QA", "ar", &["qatari", "qatar"]),
    place("KW", "ar", &["kuwaiti", "kuwait"]),
    place("LB", "ar", &["lebanese", "lebanon", "beirut"]),
    place("JO", "ar", &["jordanian", "jordan"]),
    tongue("he", "IL", &["hebrew", "עברית"]),
    place("IL", "he", &["israeli", "israel", "tel aviv", "ישראל"]),
    tongue("fa", "IR", &["persian", "farsi"]),
    place("IR", "fa", &["iranian", "iran", "tehran"]),
    tongue("hi", "IN", &["hindi", "हिन्दी", "हिंदी"]),
    many("IN", &["indian", "india", "भारत", "mumbai", "delhi"]),
    tongue("bn", "BD", &["bengali", "bangla"]),
    place("BD", "bn", &["bangladeshi", "bangladesh"]),
    tongue("ur", "PK", &["urdu"]),
    place("PK", "ur", &["pakistani", "pakistan"]),
    tongue("ja", "JP", &["japanese", "日本語"]),
    place("JP", "ja", &["japan", "日本", "tokyo"]),
    tongue("ko", "KR", &["korean", "한국어"]),
    place("KR", "ko", &["korea", "south korea", "south korean", "한국", "seoul"]),
    tongue("zh", "CN", &["chinese", "mandarin", "中文"]),
    place("CN", "zh", &["china", "mainland china", "中国", "shanghai", "beijing"]),
    place("TW", "zh", &["taiwanese", "taiwan", "台灣", "taipei"]),
    many("HK", &["hong kong", "hongkonger", "香港"]),
    many("SG", &["singaporean", "singapore"]),
    tongue("th", "TH", &["thai", "ไทย"]),
    place("TH", "th", &["thailand", "bangkok"]),
    tongue("vi", "VN", &["vietnamese"]),
    place("VN", "vi", &["vietnam", "viet nam", "hanoi"]),
    tongue("id", "ID", &["indonesian"]),
    place("ID", "id", &["indonesia", "jakarta"]),
    place("MY", "ms", &["malaysian", "malaysia"]),
    many("PH", &["filipino", "philippine", "philippines", "manila"]),
];
