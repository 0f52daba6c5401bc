//! `tidemill projects`: add, list and remove projects.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::SharedArgs;
use crate::cli::desk::Desk;
use crate::cli::error::CliError;
use crate::cli::terminal::Terminal;
use crate::cli::workshop::{WantedProject, code_source, named};
use crate::domain::activity::{Project, Repository};
use crate::domain::org::{DEFAULT_ORG, check_org_name};
use crate::sources::git::GitRepository;
use crate::sources::resolve;

#[derive(Debug, Subcommand)]
pub(super) enum ProjectsCommand {
    /// Make a project, or give the one of this name another repository.
    Add(AddArgs),
    /// List projects: organization, name, key, id, repository.
    List {
        /// Only those of this organization.
        #[arg(long, value_name = "NAME")]
        org: Option<String>,
    },
    /// Delete one, with its events and documents.
    Remove {
        /// Its name.
        name: String,
        /// Whose it is.
        #[arg(long, value_name = "NAME", default_value = DEFAULT_ORG)]
        org: String,
        /// Says that you mean it: there is no way back.
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct AddArgs {
    /// Its name.
    name: String,
    /// A git repository on this machine; it may be read for this organization from now on.
    #[arg(long, value_name = "PATH")]
    repo: Option<PathBuf>,
    /// What the repository's commits are called, such as `github`, instead of what its remote says.
    #[arg(long, value_name = "SOURCE", requires = "repo")]
    source: Option<String>,
    /// Whose it is; made if it is new.
    #[arg(long, value_name = "NAME", default_value = DEFAULT_ORG)]
    org: String,
}

pub(super) fn run(
    shared: &SharedArgs,
    command: ProjectsCommand,
    terminal: Terminal,
) -> Result<(), CliError> {
    let data_dir = shared.load(Vec::new())?.config.data_dir;
    match command {
        ProjectsCommand::Add(args) => {
            let AddArgs { name, repo, source, org } = args;
            let refused = |text: String| CliError::Refused(text);
            Project::check_name(&name).map_err(|fault| refused(fault.to_string()))?;
            check_org_name(&org).map_err(|fault| refused(fault.to_string()))?;
            let source = source.as_deref().map(code_source).transpose()?;
            let repository = repo.map(|path| checked(&path, source)).transpose()?;
            let wanted = WantedProject { org: &org, name: &name, repository };
            Desk::open(&data_dir)?.add_project(&wanted).map_err(named)?;
            terminal.remark(format_args!("`{name}` is a project of `{org}`"));
        }
        ProjectsCommand::List { org } => {
            for project in Desk::find(&data_dir)?.projects(org.as_deref())? {
                let repository = project.repository.as_deref().unwrap_or("-");
                terminal.line(format_args!(
                    "{}\t{}\t{}\t{}\t{repository}",
                    project.org, project.name, project.key, project.id
                ));
            }
        }
        ProjectsCommand::Remove { name, org: _, yes: false } => {
            return Err(CliError::Refused(format!(
                "`{name}` would be deleted with its events, handoffs and insights, for good: add \
                 --yes if that is meant"
            )));
        }
        ProjectsCommand::Remove { name, org, yes: true } => {
            Desk::find(&data_dir)?.remove_project(&org, &name)?;
            terminal.remark(format_args!("`{name}` is deleted"));
        }
    }
    Ok(())
}

/// A repository that can be read, by the path at which it really lies.
fn checked(
    path: &std::path::Path,
    source: Option<crate::domain::activity::EventSource>,
) -> Result<Repository, CliError> {
    let named = |error| CliError::Refused(format!("{}: {error}", path.display()));
    let resolved = resolve(path).map_err(named)?;
    let repository = Repository { path: resolved.to_string_lossy().into_owned(), source };
    GitRepository::open(&resolved, &repository).map_err(named)?;
    Ok(repository)
}
