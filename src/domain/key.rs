//! API keys: what one is, what it may do, and how a presented one is recognized.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::domain::clock::Timestamp;
use crate::domain::ids::{KeyId, OrgId, mint_secret};
use crate::domain::org::{EVERY_ORG, InvalidOrgName, check_org_name};

/// The longest name of a key, in characters.
pub const MAX_KEY_NAME: usize = 100;

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Read what the organization has.
    Read,
    /// Create and change jobs, runs, brands, projects, events and schedules.
    Write,
    /// Claim and finish jobs as a remote worker.
    Work,
    /// Create and revoke keys and webhooks of the organization.
    Keys,
    /// See and change the whole server.
    Operator,
}

impl Scope {
    /// All scopes, in the order in which they are listed.
    pub const ALL: [Self; 5] = [Self::Read, Self::Write, Self::Work, Self::Keys, Self::Operator];

    /// The word for it in configuration, command line and wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Work => "work",
            Self::Keys => "keys",
            Self::Operator => "operator",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// The set of these.
    pub fn of(scopes: &[Scope]) -> Self {
        Self(scopes.iter().fold(0, |bits, scope| bits | scope.bit()))
    }

    /// Every scope: what the first key has.
    pub fn all() -> Self {
        Self::of(&Scope::ALL)
    }

    /// Whether `scope` is among them.
    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Whether each of `other` is among them.
    pub const fn covers(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The scopes, in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.contains(*scope))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.iter().map(Scope::as_str).collect();
        f.write_str(&words.join(","))
    }
}

/// A word that names no scope.
#[derive(Debug, thiserror::Error)]
#[error("no scope `{0}`; there are read, write, work, keys and operator")]
pub struct UnknownScope(String);

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == word)
            .ok_or_else(|| UnknownScope(word.to_owned()))
    }
}

impl FromStr for Scopes {
    type Err = UnknownScope;

    /// From `read,write`: words with commas between them.
    fn from_str(words: &str) -> Result<Self, Self::Err> {
        let scopes: Result<Vec<Scope>, _> = words
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::parse)
            .collect();
        Ok(Self::of(&scopes?))
    }
}

/// Whose jobs a key reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Those of one organization, and all else that it has.
    Org(OrgId),
    /// Those of every organization, and nothing else: a remote worker claims and finishes them.
    EveryOrg,
}

impl From<OrgId> for Reach {
    fn from(org: OrgId) -> Self {
        Self::Org(org)
    }
}

/// A key that somebody on the command line wants.
#[derive(Clone, Copy, Debug)]
pub struct WantedKey<'a> {
    /// The name of an organization, made if it is new; or [`EVERY_ORG`].
    pub org: &'a str,
    /// For people.
    pub name: &'a str,
    /// What it may do.
    pub scopes: Scopes,
    /// What it begins with.
    pub dialect: Dialect,
}

/// A key that cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKey {
    /// There can be no such organization.
    #[error(transparent)]
    Org(#[from] InvalidOrgName),
    /// The name is empty or too long.
    #[error("a key's name has 1 to {MAX_KEY_NAME} characters")]
    Name,
    /// It could do nothing.
    #[error("a key has at least one scope")]
    NoScope,
    /// It would see what every organization has.
    #[error("a key for every organization (`*`) has the scope `work` alone; it has `{0}`")]
    TooFar(Scopes),
}

impl InvalidKey {
    /// The member of [`WantedKey`] that is at fault.
    pub const fn member(self) -> &'static str {
        match self {
            Self::Org(_) => "org",
            Self::Name => "name",
            Self::NoScope | Self::TooFar(_) => "scopes",
        }
    }
}

impl WantedKey<'_> {
    /// Whether it is for every organization.
    pub fn is_for_every_org(&self) -> bool {
        self.org == EVERY_ORG
    }

    /// Whether it can be made.
    pub fn check(&self) -> Result<(), InvalidKey> {
        let Self { org, name, scopes, dialect: _ } = *self;
        if !(1..=MAX_KEY_NAME).contains(&name.chars().count()) {
            return Err(InvalidKey::Name);
        }
        if scopes.is_empty() {
            return Err(InvalidKey::NoScope);
        }
        if !self.is_for_every_org() {
            return Ok(check_org_name(org)?);
        }
        if scopes == Scopes::of(&[Scope::Work]) { Ok(()) } else { Err(InvalidKey::TooFar(scopes)) }
    }
}

/// Which published API a key was made for: it decides the form of errors on shared routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Keys begin with `pi_live_`.
    Pi,
    /// Keys begin with `fr_`.
    FlowRelay,
}

impl Dialect {
    /// What a key's secret begins with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Pi => "pi_live_",
            Self::FlowRelay => "fr_",
        }
    }

    /// The dialect that a presented secret announces; Pi unless it says otherwise.
    pub fn of_secret(secret: &str) -> Self {
        if secret.starts_with(Self::FlowRelay.prefix()) { Self::FlowRelay } else { Self::Pi }
    }
}

/// The SHA-256 of a key's secret: all of it that is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// Of the whole secret, prefix included.
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    /// The hash whose 32 bytes these are.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes that are stored.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A key not yet stored, and the secret that is shown once.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// The key as it will be stored.
    pub key: ApiKey,
    /// `pi_live_…` or `fr_…`; never stored, never logged.
    pub secret: String,
    /// What is stored of the secret.
    pub hash: SecretHash,
}

impl NewApiKey {
    /// Makes a key with a fresh secret.
    pub fn mint(
        reach: impl Into<Reach>,
        name: &str,
        scopes: Scopes,
        dialect: Dialect,
        now: Timestamp,
    ) -> Self {
        let secret = format!("{}{}", dialect.prefix(), mint_secret());
        let hint: String = secret.chars().take(dialect.prefix().len() + 4).collect();
        let key = ApiKey {
            id: KeyId::mint(),
            reach: reach.into(),
            name: name.to_owned(),
            scopes,
            hint,
            created_at: now,
            last_used_at: None,
            revoked_at: None,
        };
        Self { key, hash: SecretHash::of(&secret), secret }
    }
}

/// A key, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: KeyId,
    /// Whose jobs, brands and files it reaches.
    pub reach: Reach,
    /// For people, at most [`MAX_KEY_NAME`] characters.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// The first characters of the secret, to tell keys apart in a list.
    pub hint: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last seen, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked; from then on it is refused.
    pub revoked_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_read_what_they_print() {
        let scopes = Scopes::of(&[Scope::Keys, Scope::Read]);
        assert_eq!(scopes.to_string(), "read,keys");
        assert_eq!(scopes.to_string().parse::<Scopes>().ok(), Some(scopes));
        assert!("read,fly".parse::<Scopes>().is_err());
    }

    #[test]
    fn covering_is_being_a_superset() {
        let few = Scopes::of(&[Scope::Read, Scope::Write]);
        assert!(Scopes::all().covers(few));
        assert!(!few.covers(Scopes::of(&[Scope::Operator])));
    }

    #[test]
    fn a_key_for_every_organization_can_do_nothing_but_work() {
        let wanted = |org, scopes: &str| {
            let scopes = parsed(scopes);
            WantedKey { org, name: "n", scopes, dialect: Dialect::Pi }.check()
        };
        assert_eq!(wanted("*", "work"), Ok(()));
        for scopes in ["read", "work,read", "work,operator", "operator"] {
            let fault = wanted("*", scopes).expect_err("too far");
            assert_eq!(fault.member(), "scopes", "{fault}");
            assert!(
                fault.to_string().ends_with(&format!("it has `{}`", parsed(scopes))),
                "{fault}"
            );
        }
        assert_eq!(wanted("*", ""), Err(InvalidKey::NoScope));
        assert_eq!(wanted("north", "work,operator"), Ok(()));
        assert_eq!(wanted("", "read").map_err(InvalidKey::member), Err("org"));
        let nameless =
            WantedKey { org: "a", name: "", scopes: Scopes::all(), dialect: Dialect::Pi };
        assert_eq!(nameless.check(), Err(InvalidKey::Name));
    }

    fn parsed(scopes: &str) -> Scopes {
        scopes.parse().expect("scopes")
    }

    #[test]
    fn a_minted_key_announces_its_dialect_and_hides_its_secret() {
        let org = OrgId::mint();
        let new =
            NewApiKey::mint(org, "ci", Scopes::all(), Dialect::FlowRelay, Timestamp::from_ms(0));
        assert_eq!(Dialect::of_secret(&new.secret), Dialect::FlowRelay);
        assert!(new.secret.starts_with(&new.key.hint));
        assert!(new.key.hint.len() < 10);
    }
}
