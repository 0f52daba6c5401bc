//! An item of structured data that may speak for the brand.

use url::Url;

/// The most items that are read from one page.
pub(super) const MAX_ENTITIES: usize = 40;
/// The longest name or slogan in characters.
pub(super) const NAME_CHARS: usize = 120;
/// The longest description in characters.
pub(super) const DESCRIPTION_CHARS: usize = 600;
/// The most addresses that are kept of one property.
pub(super) const MAX_ADDRESSES: usize = 24;

/// One item.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entity {
    /// What kind of thing it is.
    pub(crate) kind: EntityKind,
    /// How it stands in the page's data.
    pub(crate) standing: Standing,
    /// Where it stands, for evidence, such as `script[type="application/ld+json"] 2`.
    pub(crate) place: String,
    /// `json-ld` or `microdata`.
    pub(crate) source: &'static str,
    /// `name`.
    pub(crate) name: Option<String>,
    /// `legalName`.
    pub(crate) legal_name: Option<String>,
    /// `alternateName`.
    pub(crate) alternate_names: Vec<String>,
    /// `slogan`.
    pub(crate) slogan: Option<String>,
    /// `description`.
    pub(crate) description: Option<String>,
    /// `logo`, or `image` of an item without one is left out: it may be a photograph.
    pub(crate) logos: Vec<Url>,
    /// `sameAs`.
    pub(crate) same_as: Vec<Url>,
    /// `url`.
    pub(crate) url: Option<Url>,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntityKind {
    /// An organization, a business, a brand.
    Organization,
    /// The site.
    WebSite,
    /// An application: the name is the product's.
    Application,
}

/// How an item stands among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// By itself.
    Own,
    /// As the publisher of the site or the page.
    Publisher,
}

impl EntityKind {
    /// The kind of a schema.org type, given with or without its prefix; none for types that do not
    /// speak for a brand.
    pub(super) fn of(name: &str) -> Option<Self> {
        let name = name.rsplit(['/', '#', ':']).next().unwrap_or(name);
        if name == "WebSite" {
            Some(Self::WebSite)
        } else if matches!(name, "SoftwareApplication" | "WebApplication" | "MobileApplication") {
            Some(Self::Application)
        } else if is_organization(name) {
            Some(Self::Organization)
        } else {
            None
        }
    }
}

/// Whether a type belongs to the family of Organization. The family has some two hundred members;
/// most say it by their ending.
fn is_organization(name: &str) -> bool {
    const ENDINGS: [&str; 16] = [
        "Organization",
        "Business",
        "Store",
        "Agency",
        "Service",
        "Shop",
        "Company",
        "Restaurant",
        "School",
        "University",
        "Clinic",
        "Dealer",
        "Repair",
        "Rental",
        "Office",
        "Contractor",
    ];
    const OTHERS: [&str; 40] = [
        "Brand",
        "Corporation",
        "NGO",
        "Airline",
        "Consortium",
        "Cooperative",
        "Library",
        "Hotel",
        "Hostel",
        "Motel",
        "Resort",
        "Bakery",
        "Brewery",
        "Winery",
        "Distillery",
        "BarOrPub",
        "CafeOrCoffeeShop",
        "Dentist",
        "Physician",
        "Hospital",
        "Pharmacy",
        "Attorney",
        "Notary",
        "Electrician",
        "Plumber",
        "Locksmith",
        "HVACBusiness",
        "MusicGroup",
        "SportsTeam",
        "SportsClub",
        "ExerciseGym",
        "HealthClub",
        "BeautySalon",
        "HairSalon",
        "DaySpa",
        "MovieTheater",
        "NightClub",
        "Casino",
        "TravelAgency",
        "Museum",
    ];
    // A customer service or a web service is something that an organization offers.
    let is_offer = name.ends_with("Service") && !name.ends_with("ProfessionalService");
    OTHERS.contains(&name) || (!is_offer && ENDINGS.iter().any(|ending| name.ends_with(ending)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_apart() {
        for (name, kind) in [
            ("Organization", Some(EntityKind::Organization)),
            ("https://schema.org/LocalBusiness", Some(EntityKind::Organization)),
            ("schema:FurnitureStore", Some(EntityKind::Organization)),
            ("ProfessionalService", Some(EntityKind::Organization)),
            ("Corporation", Some(EntityKind::Organization)),
            ("WebSite", Some(EntityKind::WebSite)),
            ("WebApplication", Some(EntityKind::Application)),
            ("Service", None),
            ("Product", None),
            ("Person", None),
            ("Article", None),
            ("", None),
        ] {
            assert_eq!(EntityKind::of(name), kind, "{name}");
        }
    }
}
