//! What `--help` teaches after the options: every command with an example, on one page.
//!
//! The tests parse each example and miss none, so that what is shown can be typed.

use clap::Command;

/// Commands, and lines of examples for each: what to type, two blanks, what it does.
const EXAMPLES: [(&str, &str); 21] = [
    (
        "",
        "tidemill demo                       see a brand and its ads made of a small web site
tidemill serve                      run a server in ./tidemill-data, and get a first key
tidemill keys create --name deploy  make a key, while the server runs
tidemill doctor                     find out what is wrong, before or after",
    ),
    (
        "serve",
        "tidemill serve                          with the defaults, on 127.0.0.1:8080
tidemill serve --config tidemill.toml   with what the file says
tidemill serve --listen 0.0.0.0:8080    for other machines too",
    ),
    (
        "keys create",
        "tidemill keys create --name deploy                           to read and write
tidemill keys create --org acme --scopes read                 to see what `acme` has
tidemill keys create --org '*' --scopes work --name machine2  for a worker of everyone
tidemill keys create --dialect flowrelay                      for Flow Relay's clients",
    ),
    (
        "keys list",
        "tidemill keys list             of every organization
tidemill keys list --org acme  of one",
    ),
    ("keys rotate", "tidemill keys rotate 019ad3bf-0a12-7c43-9e2d-8f4b63d1fac5  then revoke it"),
    ("keys revoke", "tidemill keys revoke 019ad3bf-0a12-7c43-9e2d-8f4b63d1fac5  as listed"),
    ("orgs list", "tidemill orgs list  with their ids"),
    ("orgs rename", "tidemill orgs rename acme 'Acme Ltd'  its keys and jobs stay"),
    ("orgs delete", "tidemill orgs delete acme --yes  with all it has, for good"),
    (
        "audit",
        "tidemill audit                                  the newest hundred changes
tidemill audit --action key.created --after 7d  keys that were made in the last week
tidemill audit --object 019ad3bf-0a12-7c43-9e2d-8f4b63d1fac5 --json  for a program",
    ),
    (
        "backup",
        "tidemill backup /mnt/backups/2026-01-31         while the server runs
tidemill backup --data-dir /var/lib/tidemill to --json  for a program",
    ),
    ("restore", "tidemill restore /mnt/backups/2026-01-31 --data-dir /var/lib/tidemill  a new one"),
    (
        "webhooks forget-secrets",
        "tidemill webhooks forget-secrets        say how many cannot be read
tidemill webhooks forget-secrets --yes  give them up, and list whose they are",
    ),
    (
        "projects add",
        "tidemill projects add mill --repo /srv/git/mill             its commits are read by jobs
tidemill projects add mill --org acme --repo . --source gitlab  of `acme`, and named so",
    ),
    (
        "projects list",
        "tidemill projects list             of every organization
tidemill projects list --org acme  of one",
    ),
    ("projects remove", "tidemill projects remove mill --yes  with its events, for good"),
    (
        "import",
        "tidemill import github issues.json --project mill       pages of the REST API
tidemill import slack export.zip --project mill         as Slack gives it
tidemill import git /srv/git/mill --project mill --days 30  of the last month",
    ),
    (
        "doctor",
        "tidemill doctor                                     of the defaults
tidemill doctor --config /etc/tidemill/tidemill.toml  of what a server will run with",
    ),
    (
        "demo",
        "tidemill demo                              with a shop that it brings along
tidemill demo --url https://www.rust-lang.org  with your site
tidemill demo --keep                           and look around until Ctrl-C",
    ),
    ("licenses", "tidemill licenses  each text once"),
    (
        "completions",
        "tidemill completions bash > /etc/bash_completion.d/tidemill
tidemill completions zsh > /usr/local/share/zsh/site-functions/_tidemill
tidemill completions fish > ~/.config/fish/completions/tidemill.fish",
    ),
];

/// The command line with its examples.
pub(super) fn with_examples(command: Command) -> Command {
    EXAMPLES.iter().fold(command, |command, (path, lines)| {
        let path: Vec<&str> = path.split_whitespace().collect();
        teach(command, &path, lines)
    })
}

fn teach(command: Command, path: &[&'static str], lines: &str) -> Command {
    match path {
        [] => command.after_help(format!("Examples:\n  {}", lines.replace('\n', "\n  "))),
        [first, rest @ ..] => command.mut_subcommand(first, |command| teach(command, rest, lines)),
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::*;
    use crate::cli::Arguments;

    /// The commands that do something, as one types them; not those that only the server starts.
    fn leaves(command: &Command, path: &str, found: &mut Vec<String>) {
        let mut commands = command
            .get_subcommands()
            .filter(|command| command.get_name() != "help" && !command.is_hide_set());
        let Some(first) = commands.next() else {
            found.push(path.trim_start().to_owned());
            return;
        };
        for command in std::iter::once(first).chain(commands) {
            leaves(command, &format!("{path} {}", command.get_name()), found);
        }
    }

    #[test]
    fn every_command_has_an_example() {
        let mut commands = Vec::new();
        leaves(&Arguments::command(), "", &mut commands);
        assert!(commands.len() > 8, "{commands:?}");
        for command in commands {
            let taught = EXAMPLES.iter().any(|(path, _)| *path == command);
            assert!(taught, "write an example of `{command}` into src/cli/help.rs");
        }
    }

    #[test]
    fn every_example_can_be_typed() {
        for (path, lines) in EXAMPLES {
            for line in lines.lines() {
                let typed = line.split("  ").next().unwrap_or_default();
                let typed = typed.split(" > ").next().unwrap_or_default();
                let words = words(typed);
                assert!(typed.starts_with("tidemill ") && line.len() <= 96, "{line}");
                assert!(typed.contains(path), "{line} is no example of `{path}`");
                let parsed = Arguments::try_parse_from(&words);
                assert!(parsed.is_ok(), "{line}: {:?}", parsed.err());
            }
        }
    }

    /// The words of a line, quotes being read as a shell does.
    fn words(line: &str) -> Vec<String> {
        let mut words = Vec::new();
        for (place, part) in line.split('\'').enumerate() {
            match place % 2 {
                0 => words.extend(part.split_whitespace().map(str::to_owned)),
                _ => words.push(part.to_owned()),
            }
        }
        words
    }
}
