//! Words that show how somebody speaks, for the languages that are counted.

/// Word lists of one language, lower case, parted by `|`; an entry of several words is looked for
/// as it stands.
pub(super) struct Words {
    /// The language's primary subtag.
    pub(super) language: &'static str,
    /// Addressing the reader formally.
    pub(super) formal: &'static str,
    /// Addressing the reader as a friend.
    pub(super) familiar: &'static str,
    /// Claims to be the best.
    pub(super) superlative: &'static str,
    /// Pressing for time.
    pub(super) urgent: &'static str,
    /// Speaking of price as an argument.
    pub(super) price: &'static str,
    /// Speaking of rarity and craft.
    pub(super) luxury: &'static str,
}

/// The lists for `language`; English ones for a language that is not counted would count nothing.
pub(super) fn words(language: &str) -> Option<&'static Words> {
    ALL.iter().find(|words| words.language == language)
}

const ALL: [Words; 8] = [
    Words {
        language: "en",
        formal: "hereby|pursuant|therefore|furthermore|shall|accordance|regarding",
        familiar: "hey|hi|let's|you'll|you're|we're|we've|don't|it's|awesome|folks",
        superlative: "best|leading|greatest|fastest|finest|ultimate|unrivalled|world-class|\
            number one|unbeatable",
        urgent: "hurry|last chance|limited time|ends soon|today only|act now|don't miss|\
            while stocks last|only today|now or never",
        price: "sale|discount|cheap|cheapest|save|deal|deals|bargain|% off",
        luxury: "luxury|luxurious|exclusive|timeless|bespoke|exquisite|elegance|heritage|\
            handcrafted|couture",
    },
    Words {
        language: "de",
        formal: "ihnen|ihrer|ihrem|ihren|gemäß|hiermit|bezüglich",
        familiar: "du|dir|dich|dein|deine|deinen|deiner|euch|hallo",
        superlative: "beste|besten|bester|führend|führende|führender|schnellste|größte|\
            einzigartig",
        urgent: "nur heute|letzte chance|nur noch|jetzt sichern|solange der vorrat reicht|\
            nicht verpassen",
        price: "rabatt|günstig|sparen|angebot|angebote|preiswert|reduziert",
        luxury: "luxus|luxuriös|exklusiv|exklusive|zeitlos|zeitlose|edel|eleganz|manufaktur",
    },
    Words {
        language: "fr",
        formal: "vous|votre|vos|veuillez|conformément",
        familiar: "tu|toi|ton|tes|salut|t'es",
        superlative: "meilleur|meilleure|meilleurs|leader|inégalé|incontournable|numéro un",
        urgent: "dernière chance|dépêchez-vous|aujourd'hui seulement|offre limitée|plus que|vite",
        price: "solde|soldes|promo|remise|réduction|pas cher|économisez",
        luxury: "luxe|luxueux|exclusif|exclusive|intemporel|intemporelle|raffiné|élégance|\
            savoir-faire",
    },
    Words {
        language: "es",
        formal: "usted|ustedes|conforme|mediante",
        familiar: "tú|ti|tu|tus|hola|contigo",
        superlative: "mejor|mejores|líder|líderes|único|insuperable|número uno",
        urgent: "última oportunidad|solo hoy|date prisa|últimas horas|no te pierdas",
        price: "oferta|ofertas|descuento|descuentos|barato|ahorra|rebajas",
        luxury: "lujo|lujoso|exclusivo|exclusiva|atemporal|elegancia|exquisito",
    },
    Words {
        language: "it",
        formal: "lei|la preghiamo|vostro|vostra|gentile",
        familiar: "tu|te|tuo|tua|tuoi|ciao",
        superlative: "migliore|migliori|leader|unico|insuperabile|numero uno",
        urgent: "ultima occasione|solo oggi|affrettati|offerta limitata|non perdere",
        price: "sconto|sconti|saldi|offerta|offerte|risparmia|economico",
        luxury: "lusso|lussuoso|esclusivo|esclusiva|eleganza|raffinato|senza tempo",
    },
    Words {
        language: "pt",
        formal: "senhor|senhora|vosso|mediante|conforme",
        familiar: "você|vocês|tu|teu|tua|oi|olá",
        superlative: "melhor|melhores|líder|líderes|único|imbatível",
        urgent: "última chance|só hoje|corra|por tempo limitado|não perca",
        price: "oferta|ofertas|desconto|descontos|barato|economize|promoção",
        luxury: "luxo|luxuoso|exclusivo|exclusiva|atemporal|elegância|requintado",
    },
    Words {
        language: "nl",
        formal: "u|uw|conform|betreffende",
        familiar: "je|jij|jou|jouw|jullie|hoi",
        superlative: "beste|toonaangevend|toonaangevende|snelste|grootste|uniek",
        urgent: "laatste kans|alleen vandaag|mis het niet|zolang de voorraad strekt|op is op",
        price: "korting|goedkoop|bespaar|aanbieding|aanbiedingen|uitverkoop",
        luxury: "luxe|luxueus|exclusief|exclusieve|tijdloos|tijdloze|elegantie|ambacht",
    },
    Words {
        language: "ja",
        formal: "ございます|いたします|いただけます|くださいませ|申し上げ|お客様",
        familiar: "だよ|しよう|みんな|よね|ちゃおう",
        superlative: "最高|最大|世界一|日本一|業界no.1|究極",
        urgent: "今だけ|残りわずか|期間限定|お早めに|本日限り",
        price: "割引|セール|お得|激安|無料",
        luxury: "高級|上質|贅沢|至高|匠",
    },
];
