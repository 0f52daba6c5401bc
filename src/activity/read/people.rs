//! Who is who: one person may have several names, addresses and accounts.

use std::collections::BTreeMap;

use crate::activity::text::{one_line, shortened};
use crate::domain::activity::Author;

/// A person's place among [`People`].
pub(crate) type Person = usize;

/// The longest name that is shown, in characters.
const MAX_NAME: usize = 60;

/// Everybody that the events name.
#[derive(Debug, Default)]
pub(crate) struct People {
    names: Vec<String>,
    by_sign: BTreeMap<String, Person>,
    bots: Vec<bool>,
}

impl People {
    /// The person whom an author's name, account or address names; a new one if none does.
    pub(crate) fn know(&mut self, author: &Author) -> Person {
        let signs = signs(author);
        let known = signs.iter().find_map(|sign| self.by_sign.get(sign).copied());
        let person = known.unwrap_or_else(|| {
            self.names.push(shown(author));
            self.bots.push(is_bot(author));
            self.names.len() - 1
        });
        for sign in signs {
            self.by_sign.entry(sign).or_insert(person);
        }
        person
    }

    /// The name that is shown.
    pub(crate) fn name(&self, person: Person) -> &str {
        &self.names[person]
    }

    /// Whether it is a program.
    pub(crate) fn is_bot(&self, person: Person) -> bool {
        self.bots[person]
    }
}

fn signs(author: &Author) -> Vec<String> {
    let mut signs = Vec::new();
    if let Some(email) =
        author.email.as_deref().map(str::to_lowercase).filter(|one| one.contains('@'))
    {
        // GitHub's own addresses hold the account: `123+name@users.noreply.github.com`.
        if let Some(account) = email.strip_suffix("@users.noreply.github.com") {
            let account = account.rsplit('+').next().unwrap_or(account);
            signs.push(format!("login {account}"));
        }
        signs.push(format!("email {email}"));
    }
    if let Some(login) = &author.login {
        signs.push(format!("login {}", login.to_lowercase()));
    }
    let name = one_line(&author.name).to_lowercase();
    if name.contains(' ') {
        signs.push(format!("name {name}"));
    }
    if signs.is_empty() {
        signs.push(format!("name {name}"));
    }
    signs
}

fn shown(author: &Author) -> String {
    let name = one_line(&author.name);
    let name = if name.is_empty() { author.login.clone().unwrap_or_default() } else { name };
    let name = if name.is_empty() { "somebody".to_owned() } else { name };
    shortened(&name, MAX_NAME)
}

fn is_bot(author: &Author) -> bool {
    let names = [author.name.as_str(), author.login.as_deref().unwrap_or_default()];
    author.is_bot
        || names.iter().any(|name| {
            let lower = name.to_lowercase();
            lower.ends_with("[bot]") || lower.ends_with("-bot") || follows_versions(name)
        })
}

/// Whether a name is that of a program that raises versions and runs formatters.
pub(super) fn follows_versions(name: &str) -> bool {
    let lower = name.to_lowercase();
    let known = ["dependabot", "renovate", "github-actions", "greenkeeper", "pre-commit-ci"];
    known.iter().any(|bot| lower.starts_with(bot))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_has_several_names() {
        let mut people = People::default();
        let with = |name: &str, login: Option<&str>, email: Option<&str>| Author {
            name: name.to_owned(),
            login: login.map(str::to_owned),
            email: email.map(str::to_owned),
            is_bot: false,
        };
        let one = people.know(&with("Ada Low", None, Some("ada@x.org")));
        assert_eq!(people.know(&with("ada", Some("ada-l"), Some("ADA@x.org"))), one);
        assert_eq!(people.know(&with("ada-l", Some("ada-l"), None)), one);
        let noreply = with("Someone", None, Some("12+ada-l@users.noreply.github.com"));
        assert_eq!(people.know(&noreply), one);
        assert_ne!(people.know(&with("Bo Bay", None, None)), one);
        assert_eq!(people.name(one), "Ada Low");
        let bot = people.know(&Author::named("dependabot[bot]"));
        assert!(people.is_bot(bot));
    }
}
