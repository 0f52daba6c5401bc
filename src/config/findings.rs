//! What a check has to say of a configuration that could be read.

use std::borrow::Cow;
use std::fmt;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The server starts, but perhaps not as it was meant.
    Warning,
    /// The server does not start.
    Error,
}

/// One thing to correct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The key, as `server.listen`, or the subject, as `disk`.
    pub key: Cow<'static, str>,
    /// What is wrong and what would be right.
    pub message: String,
}

/// What was found, in the order of the configuration file.
#[derive(Clone, Debug, Default)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Adds what must be corrected.
    pub fn error(&mut self, key: impl Into<Cow<'static, str>>, message: impl Into<String>) {
        let key = key.into();
        self.0.push(Finding { severity: Severity::Error, key, message: message.into() });
    }

    /// Adds what should be considered.
    pub fn warning(&mut self, key: impl Into<Cow<'static, str>>, message: impl Into<String>) {
        let key = key.into();
        self.0.push(Finding { severity: Severity::Warning, key, message: message.into() });
    }

    /// All findings.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.0.iter()
    }

    /// Those for which the server does not start.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.iter().filter(|finding| finding.severity == Severity::Error)
    }

    /// Those with which it starts.
    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        self.iter().filter(|finding| finding.severity == Severity::Warning)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.key, self.message)
    }
}
