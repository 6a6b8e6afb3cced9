//! `nameplate client …`.

mod apps;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use uuid::Uuid;

use self::apps::{AppFlags, UpdateArgs};
use super::output::Output;
use crate::{
    domain::client::{Client, ClientType, Scope},
    server::state::Fatal,
    service::{
        Accounts,
        oidc::registry::{AppDraft, RegistryError},
    },
};

/// What can be done with clients.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Make a client: a service, or with `--confidential` or `--public` an app that signs people in. A secret is printed
    /// once and kept nowhere.
    Create(Box<CreateArgs>),
    /// Show all clients.
    List(Output),
    /// Show a client.
    Show {
        /// Its id.
        id: Uuid,
        #[command(flatten)]
        output: Output,
    },
    /// Change the settings of an app.
    Update(Box<UpdateArgs>),
    /// Give a client a new secret. The old one works for another day.
    Secret {
        /// Its id.
        id: Uuid,
        /// End the old one at once.
        #[arg(long)]
        now: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Revoke a client. Its tokens are worth nothing from then on.
    Revoke {
        /// Its id.
        id: Uuid,
        #[command(flatten)]
        output: Output,
    },
}

/// A new client.
#[derive(Debug, Args)]
pub struct CreateArgs {
    /// What it is called in the list, and of an app on the pages.
    name: String,
    /// What a service may do [default: all].
    #[arg(long, conflicts_with_all = ["confidential", "public"])]
    scope: Option<ScopeArg>,
    /// An app with a server of its own, which keeps a secret.
    #[arg(long, conflicts_with = "public")]
    confidential: bool,
    /// An app in browsers or on phones, which can keep none.
    #[arg(long)]
    public: bool,
    /// The `client_id`, if it shall be this one.
    #[arg(long)]
    id: Option<Uuid>,
    #[command(flatten)]
    flags: AppFlags,
    #[command(flatten)]
    output: Output,
}

/// A scope on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ScopeArg {
    /// Everything that the management API can do.
    All,
    /// Nothing.
    None,
}

impl From<ScopeArg> for Scope {
    fn from(scope: ScopeArg) -> Self {
        match scope {
            ScopeArg::All => Self::All,
            ScopeArg::None => Self::None,
        }
    }
}

/// Does it.
pub async fn run(accounts: &Accounts, command: ClientCommand) -> Result<(), Fatal> {
    match command {
        ClientCommand::Create(args) => create(accounts, *args).await?,
        ClientCommand::List(output) => {
            let clients = accounts.clients().await?;
            output.print(
                || clients.iter().map(described).collect(),
                || clients.iter().map(line).collect::<Vec<_>>().join("\n"),
            );
        }
        ClientCommand::Show { id, output } => {
            let client = described(&accounts.client_for_operator(id).await?);
            output.print(|| client.clone(), || lines(&client).join("\n"));
        }
        ClientCommand::Update(args) => {
            let changed = accounts.update_app(args.id, |name, app| args.apply(name, app)).await?;
            args.output.print(|| described(&changed), || format!("{} is changed.", args.id));
        }
        ClientCommand::Secret { id, now, output } => {
            let secret = accounts.renew_client_secret(id, now).await?;
            output.print(|| json!({ "id": id, "secret": secret }), || format!("secret: {secret}"));
        }
        ClientCommand::Revoke { id, output } => {
            accounts.revoke_client(id).await?;
            output.print(|| json!({ "id": id, "isRevoked": true }), || format!("{id} is revoked."));
        }
    }
    Ok(())
}

async fn create(accounts: &Accounts, args: CreateArgs) -> Result<(), Fatal> {
    let CreateArgs { name, scope, confidential, public, id, flags, output } = args;
    let kind = match (confidential, public) {
        (true, _) => ClientType::Confidential,
        (_, true) => ClientType::Public,
        _ => ClientType::Service,
    };
    let (client, secret) = if kind.is_app() {
        let made = accounts.create_app(AppDraft { name, kind, id, app: flags.into_app() }).await?;
        (made.client, made.secret)
    } else if id.is_some() || flags != AppFlags::default() {
        let words = "say --confidential or --public: a service signs nobody in and takes no settings of an app";
        return Err(Fatal::Other(words.to_owned()));
    } else {
        let made = accounts.create_client(&name, scope.map_or(Scope::All, Scope::from)).await?;
        (made.client, Some(made.secret))
    };
    output.print(
        || {
            let mut told = described(&client);
            if let Some(secret) = &secret {
                told["secret"] = secret.as_str().into();
            }
            told
        },
        || {
            let mut lines = vec![format!("id: {}", client.id)];
            lines.extend(secret.as_ref().map(|secret| format!("secret: {secret}")));
            if client.kind.is_app() {
                lines.push(format!("issuer: {}", accounts.issuer()));
                lines.push("Its SDK needs these; of Logto's SDKs, `endpoint` is the issuer without /oidc.".to_owned());
            }
            lines.join("\n")
        },
    );
    Ok(())
}

/// A client as JSON, without its secret.
fn described(client: &Client) -> Value {
    let mut told = json!({
        "id": client.id,
        "type": client.kind.as_str(),
        "name": client.name,
        "createdAt": client.created_at,
        "lastUsedAt": client.last_used_at,
        "revokedAt": client.revoked_at,
    });
    match client.kind {
        ClientType::Service => told["scope"] = client.scope.as_str().into(),
        ClientType::Confidential | ClientType::Public => {
            if let (Some(told), Ok(Value::Object(settings))) = (told.as_object_mut(), serde_json::to_value(&client.app))
            {
                told.extend(settings);
            }
        }
    }
    told
}

/// A client in lines of `key: value`; what is not set is left out.
fn lines(client: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, value) in client.as_object().into_iter().flatten() {
        match value {
            Value::Null => {}
            Value::Array(values) => lines.extend(values.iter().map(|value| format!("{key}: {}", in_words(value)))),
            value => lines.push(format!("{key}: {}", in_words(value))),
        }
    }
    lines
}

fn in_words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        // A resource, as it is written on the command line.
        Value::Object(api) => {
            let words = std::iter::once(&api["uri"]).chain(api["scopes"].as_array().into_iter().flatten());
            words.filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

/// A client in one line: id, what it is, last use, name.
fn line(client: &Client) -> String {
    let used = client.last_used_at.map_or("never used".to_owned(), |at| format!("used {}", at.to_rfc3339()));
    let state = client.revoked_at.map_or(used, |at| format!("revoked {}", at.to_rfc3339()));
    let what = match client.kind {
        ClientType::Service => client.scope.as_str(),
        kind => kind.as_str(),
    };
    format!("{}  {what:4}  {state}  {}", client.id, client.name)
}

impl From<RegistryError> for Fatal {
    fn from(error: RegistryError) -> Self {
        match error {
            RegistryError::Setting(error) => Self::Other(error.to_string()),
            RegistryError::Core(error) => error.into(),
        }
    }
}
