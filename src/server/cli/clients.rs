//! `nameplate client …`.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use uuid::Uuid;

use super::output::Output;
use crate::{
    domain::client::{Client, Scope},
    server::state::Fatal,
    service::{Accounts, management::clients::NewClient},
};

/// What can be done with clients of the management API.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Make a client. Its secret is printed once and kept nowhere.
    Create(CreateArgs),
    /// Show all clients.
    List(Output),
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
    /// What it is called in the list.
    name: String,
    /// What it may do.
    #[arg(long, default_value = "all")]
    scope: ScopeArg,
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
        ClientCommand::Create(CreateArgs { name, scope, output }) => {
            let made = accounts.create_client(&name, scope.into()).await?;
            output.print(|| new_as_json(&made), || format!("id: {}\nsecret: {}", made.client.id, made.secret));
        }
        ClientCommand::List(output) => {
            let clients = accounts.clients().await?;
            output.print(
                || clients.iter().map(as_json).collect(),
                || clients.iter().map(line).collect::<Vec<_>>().join("\n"),
            );
        }
        ClientCommand::Revoke { id, output } => {
            accounts.revoke_client(id).await?;
            output.print(|| json!({ "id": id, "isRevoked": true }), || format!("{id} is revoked."));
        }
    }
    Ok(())
}

fn new_as_json(NewClient { client, secret }: &NewClient) -> Value {
    json!({ "id": client.id, "secret": secret, "name": client.name, "scope": client.scope.as_str() })
}

fn as_json(client: &Client) -> Value {
    json!({
        "id": client.id,
        "name": client.name,
        "scope": client.scope.as_str(),
        "createdAt": client.created_at,
        "lastUsedAt": client.last_used_at,
        "revokedAt": client.revoked_at,
    })
}

/// A client in one line: id, scope, last use, name.
fn line(client: &Client) -> String {
    let used = client.last_used_at.map_or("never used".to_owned(), |at| format!("used {}", at.to_rfc3339()));
    let state = client.revoked_at.map_or(used, |at| format!("revoked {}", at.to_rfc3339()));
    format!("{}  {:4}  {state}  {}", client.id, client.scope.as_str(), client.name)
}
