//! The operator's own actions: a command, an HTTP service, or remote workers do the work.
//!
//! The configuration says what each takes and gives, in JSON Schema, and how much it may bring;
//! this room holds them to it. An input is looked at when it is accepted and again before the work
//! begins, when what earlier steps pass on is there. Never: a rule about what the work means.

mod command;
mod mime;
mod options;
mod paths;
mod schema;
mod service;
mod supervisor;
mod template;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Map, Value};

use crate::assets::AssetStore;
use crate::domain::asset::FileRoom;
use crate::engine::{
    Action, ActionContext, ActionDescription, ActionError, AttemptPolicy, InvalidInput, Output,
    Place,
};
use crate::outbound::Outbound;
use crate::outbound::rules::Refusal;
pub use command::CommandPlace;
use command::{Files, Program};
pub use mime::of as kind_of_file;
pub use options::{CommandOptions, CustomLimits, CustomOptions, ServiceOptions, WorkOptions};
pub use schema::InvalidSchema;
use schema::Schema;
use service::Endpoint;
pub use supervisor::{Launch, launch, own_program, supervise};

/// What all of the operator's actions are built with.
#[derive(Clone, Debug)]
pub struct CustomParts {
    /// The door to services.
    pub outbound: Outbound,
    /// Where files go.
    pub assets: Arc<AssetStore>,
    /// How this server is reached, without a slash at the end: URLs of own files begin with it.
    pub base_url: String,
    /// Where commands run.
    pub commands: CommandPlace,
}

/// Why an action cannot be made of its options.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCustom {
    /// Its input's schema means nothing.
    #[error("`input_schema` {0}")]
    InputSchema(InvalidSchema),
    /// Its result's schema means nothing.
    #[error("`result_schema` {0}")]
    ResultSchema(InvalidSchema),
    /// Its service's URL or a header cannot be used.
    #[error("`http` cannot be used: {0}")]
    Http(Refusal),
}

impl InvalidCustom {
    /// The key at fault, within the action's table.
    pub const fn member(&self) -> &'static str {
        match self {
            Self::InputSchema(_) => "input_schema",
            Self::ResultSchema(_) => "result_schema",
            Self::Http(_) => "http",
        }
    }
}

/// One of the operator's own actions.
#[derive(Debug)]
pub struct CustomAction {
    name: String,
    summary: String,
    input: Schema,
    result: Schema,
    policy: AttemptPolicy,
    work: Work,
    /// What a remote worker may bring.
    room: FileRoom,
    base_url: String,
}

#[derive(Debug)]
enum Work {
    Command(Program),
    Http(Endpoint),
    Remote,
}

impl CustomAction {
    /// An action as the configuration describes it.
    pub fn new(options: CustomOptions, parts: &CustomParts) -> Result<Self, InvalidCustom> {
        let CustomOptions { name, summary, input_schema, result_schema, policy, work, limits } =
            options;
        let CustomParts { outbound, assets, base_url, commands } = parts.clone();
        let input = Schema::compile(input_schema).map_err(InvalidCustom::InputSchema)?;
        let result = Schema::compile(result_schema).map_err(InvalidCustom::ResultSchema)?;
        let made_up = match &work {
            WorkOptions::Command(_) => "Runs a command of the operator's.",
            WorkOptions::Http(_) => "Asks a service of the operator's.",
            WorkOptions::Remote => "Is done by the operator's remote workers.",
        };
        let room = FileRoom { files: limits.assets, bytes: limits.asset_bytes };
        let work = match work {
            WorkOptions::Command(options) => {
                Work::Command(Program::new(options, limits, commands, assets))
            }
            WorkOptions::Http(options) => {
                let service = Endpoint::open(&outbound, options, limits.output);
                Work::Http(service.map_err(InvalidCustom::Http)?)
            }
            WorkOptions::Remote => Work::Remote,
        };
        let summary = if summary.is_empty() { made_up.to_owned() } else { summary };
        Ok(Self { name, summary, input, result, policy, work, room, base_url })
    }
}

/// Whether an action could be made of these options, without making it.
pub fn check_custom(options: &CustomOptions, outbound: &Outbound) -> Result<(), InvalidCustom> {
    let compile = |schema: &Value| Schema::compile(schema.clone()).map(drop);
    compile(&options.input_schema).map_err(InvalidCustom::InputSchema)?;
    compile(&options.result_schema).map_err(InvalidCustom::ResultSchema)?;
    if let WorkOptions::Http(service) = &options.work {
        let opened = Endpoint::open(outbound, service.clone(), options.limits.output);
        opened.map_err(InvalidCustom::Http)?;
    }
    Ok(())
}

/// Removes what commands of a killed server left behind.
pub fn sweep_scratch(scratch: &Path) -> std::io::Result<()> {
    command::sweep(scratch)
}

#[async_trait]
impl Action for CustomAction {
    fn name(&self) -> &str {
        &self.name
    }

    fn description(&self) -> ActionDescription {
        ActionDescription {
            summary: self.summary.clone(),
            input_schema: self.input.text().clone(),
            result_schema: self.result.text().clone(),
        }
    }

    fn place(&self) -> Place {
        match self.work {
            Work::Command(_) | Work::Http(_) => Place::Here,
            Work::Remote => Place::Remote,
        }
    }

    fn policy(&self) -> AttemptPolicy {
        self.policy.clone()
    }

    fn check(&self, input: &Map<String, Value>, given: &[&str]) -> Result<(), InvalidInput> {
        self.input.check(input, given)?;
        match &self.work {
            Work::Command(program) => program.check(input, given),
            Work::Http(_) | Work::Remote => Ok(()),
        }
    }

    fn file_room(&self) -> FileRoom {
        self.room
    }

    fn check_result(&self, result: &Map<String, Value>) -> Result<(), InvalidInput> {
        self.result.check(result, &[])
    }

    async fn run(
        &self,
        context: ActionContext,
        mut input: Map<String, Value>,
    ) -> Result<Output, ActionError> {
        self.check(&input, &[]).map_err(|fault| invalid_input(&fault))?;
        paths::make_absolute(&context, &self.base_url, &mut input).await?;
        let (mut result, files) = match &self.work {
            Work::Command(program) => program.run(&context, &self.name, &input).await?,
            Work::Http(service) => {
                (service.run(&context, &self.name, &input).await?, Files::default())
            }
            // Its jobs are claimed over HTTP, and by nobody here.
            Work::Remote => return Err(ActionError::fatal("internal_error", "It runs elsewhere.")),
        };
        self.result.check(&result, &[]).map_err(|fault| {
            let message = format!("The result is not what `result_schema` says: {fault}.");
            ActionError::fatal("result_invalid", message)
        })?;
        let (told, writes) = Files::into_parts(files);
        if let Some(told) = told {
            result.insert("assets".to_owned(), told);
        }
        Ok(Output { result, writes })
    }
}

fn invalid_input(fault: &InvalidInput) -> ActionError {
    ActionError::fatal("invalid_input", format!("The input is not what it should be: {fault}."))
}
