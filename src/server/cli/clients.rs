//! `nameplate client …`.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use uuid::Uuid;

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
    List,
    /// Revoke a client. Its tokens are worth nothing from then on.
    Revoke {
        /// Its id.
        id: Uuid,
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
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
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
        ClientCommand::Create(CreateArgs { name, scope, json }) => {
            let made = accounts.create_client(&name, scope.into()).await?;
            if json { show_as_json(&made) } else { show(&made) }
        }
        ClientCommand::List => {
            for client in accounts.clients().await? {
                say!("{}", line(&client));
            }
        }
        ClientCommand::Revoke { id } => {
            accounts.revoke_client(id).await?;
            say!("{id} is revoked.");
        }
    }
    Ok(())
}

fn show(NewClient { client, secret }: &NewClient) {
    say!("id: {}", client.id);
    say!("secret: {secret}");
}

fn show_as_json(NewClient { client, secret }: &NewClient) {
    say!("{}", json!({ "id": client.id, "secret": secret, "name": client.name, "scope": client.scope.as_str() }));
}

/// A client in one line: id, scope, last use, name.
fn line(client: &Client) -> String {
    let used = client.last_used_at.map_or("never used".to_owned(), |at| format!("used {}", at.to_rfc3339()));
    let state = client.revoked_at.map_or(used, |at| format!("revoked {}", at.to_rfc3339()));
    format!("{}  {:4}  {state}  {}", client.id, client.scope.as_str(), client.name)
}
