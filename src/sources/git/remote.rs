//! Where a repository comes from, as its settings say: for names and links, never for asking.

/// The remote `origin`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remote {
    /// Such as `github.com`.
    pub(super) host: String,
    /// Such as `acme/mill`.
    pub(super) path: String,
}

impl Remote {
    /// The remote of a repository, if it names one on another machine.
    pub(super) fn of(git: &gix::Repository) -> Option<Self> {
        let url = git.config_snapshot().string("remote.origin.url")?;
        Self::parse(&url.to_string())
    }

    /// Reads `https://host/path.git`, `ssh://user@host/path` and `user@host:path`.
    fn parse(url: &str) -> Option<Self> {
        let (authority, path) = match url.split_once("://") {
            Some((_, rest)) => rest.split_once('/')?,
            None => url.split_once(':').filter(|(host, _)| !host.contains('/'))?,
        };
        let host = authority.rsplit('@').next()?;
        let host = host.split(':').next()?.to_ascii_lowercase();
        let path = path.trim_matches('/').trim_end_matches(".git").to_owned();
        let plain = |text: &str, more: &str| {
            let fits = |one: char| one.is_ascii_alphanumeric() || more.contains(one);
            !text.is_empty() && text.len() <= 300 && text.chars().all(fits)
        };
        (plain(&host, ".-") && host.contains('.') && plain(&path, "._-/~+"))
            .then_some(Self { host, path })
    }

    /// Where people look at it, on hosts whose addresses are known.
    pub(super) fn web(&self) -> Option<String> {
        let known = ["github.com", "gitlab.com", "bitbucket.org", "codeberg.org"];
        known.contains(&self.host.as_str()).then(|| format!("https://{}/{}", self.host, self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remote_is_read_in_its_three_forms_and_without_its_secrets() {
        for url in [
            "https://github.com/acme/mill.git",
            "https://user:secret@github.com/acme/mill",
            "ssh://git@github.com:22/acme/mill.git",
            "git@GitHub.com:acme/mill.git",
        ] {
            let remote = Remote::parse(url).expect(url);
            assert_eq!((remote.host.as_str(), remote.path.as_str()), ("github.com", "acme/mill"));
            assert_eq!(remote.web().as_deref(), Some("https://github.com/acme/mill"));
        }
        for url in ["/srv/git/mill.git", "../mill", "https://host/<script>", "C:mill", ""] {
            assert_eq!(Remote::parse(url), None, "{url}");
        }
    }
}
