//! `nameplate user …`.

use std::{
    fs,
    io::{self, BufRead as _, IsTerminal as _},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::output::Output;
use crate::{
    domain::{
        account::{Account, Role, State},
        email::EmailAddress,
        password_rules::Composition,
        phone::PhoneNumber,
    },
    ports::rng::Rng,
    server::{config::Secret, state::Fatal},
    service::{Accounts, operator::NewAccount, profile::NameInput},
};

/// Characters of a password that is made: 144 bits.
const PASSWORD_LENGTH: usize = 24;

/// What can be done with accounts. A user is named by id, e-mail address, mobile number or username.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make an account. Its password is read from standard input; an empty line lets one be made, printed once.
    Create(CreateArgs),
    /// Show an account.
    Show {
        /// Its id, e-mail address, mobile number or username.
        user: String,
        #[command(flatten)]
        output: Output,
    },
    /// Say what an account may do. Its sessions end.
    SetRole {
        /// Its id, e-mail address, mobile number or username.
        user: String,
        /// What it may do.
        role: RoleArg,
        #[command(flatten)]
        output: Output,
    },
    /// Let a deactivated account sign in again.
    Unlock {
        /// Its id, e-mail address, mobile number or username.
        user: String,
        #[command(flatten)]
        output: Output,
    },
    /// Set another password. It is read from standard input; an empty line lets one be made, printed once. Sessions end.
    ResetPassword {
        /// Its id, e-mail address, mobile number or username.
        user: String,
        /// Read the password from the first line of this file instead.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        #[command(flatten)]
        output: Output,
    },
}

/// A new account.
#[derive(Debug, Args)]
pub struct CreateArgs {
    /// Its e-mail address, which counts as verified. This or a mobile number is needed.
    #[arg(long)]
    email: Option<String>,
    /// Its mobile number, which counts as verified.
    #[arg(long)]
    mobile: Option<String>,
    /// The whole name.
    #[arg(long)]
    name: String,
    /// What it may do.
    #[arg(long, default_value = "user")]
    role: RoleArg,
    /// Read the password from the first line of this file instead.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

/// A role on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RoleArg {
    /// Its own account.
    User,
    /// Every account, and roles.
    Admin,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::User => Self::User,
            RoleArg::Admin => Self::Admin,
        }
    }
}

/// Does it, and shows the account as it is afterwards.
pub async fn run(accounts: &Accounts, rng: &dyn Rng, command: UserCommand) -> Result<(), Fatal> {
    let (account, made, output) = match command {
        UserCommand::Create(args) => return create(accounts, args, rng).await,
        UserCommand::Show { user, output } => (accounts.find_for_operator(&user).await?, None, output),
        UserCommand::SetRole { user, role, output } => {
            (accounts.set_role_for_operator(&user, role.into()).await?, None, output)
        }
        UserCommand::Unlock { user, output } => (accounts.unlock_for_operator(&user).await?, None, output),
        UserCommand::ResetPassword { user, password_file, output } => {
            // Whoever is not there needs no password.
            accounts.find_to_change_for_operator(&user).await?;
            let (password, is_made) = choose_password(password_file.as_deref(), rng)?;
            let account = accounts.reset_password_for_operator(&user, password.expose()).await?;
            (account, is_made.then_some(password), output)
        }
    };
    show(accounts, &account, made.as_ref(), output);
    Ok(())
}

async fn create(accounts: &Accounts, args: CreateArgs, rng: &dyn Rng) -> Result<(), Fatal> {
    let CreateArgs { email, mobile, name, role, password_file, output } = args;
    let new =
        NewAccount { email, phone: mobile, name: NameInput::Full(name), password: String::new(), role: role.into() };
    accounts.check_for_operator(&new).await?;
    let (password, is_made) = choose_password(password_file.as_deref(), rng)?;
    let new = NewAccount { password: password.expose().to_owned(), ..new };
    let account = accounts.create_for_operator(new).await?;
    show(accounts, &account, is_made.then_some(&password), output);
    Ok(())
}

/// The password that was given, or one that was made; which, the flag tells.
fn choose_password(file: Option<&Path>, rng: &dyn Rng) -> Result<(Secret, bool), Fatal> {
    Ok(match read_password(file)? {
        Some(password) => (password, false),
        None => (make_password(rng), true),
    })
}

/// A password that every policy takes.
fn make_password(rng: &dyn Rng) -> Secret {
    loop {
        let password: String = rng.token().chars().take(PASSWORD_LENGTH).collect();
        if Composition::of(&password).is_mixed() {
            return password.into();
        }
    }
}

/// One line of the file or of standard input, without an echo at a terminal. `None` when it is empty.
fn read_password(file: Option<&Path>) -> Result<Option<Secret>, Fatal> {
    let failed = |error: io::Error| Fatal::Other(format!("the password cannot be read: {error}"));
    let line = if let Some(file) = file {
        let content = Secret::from(fs::read_to_string(file).map_err(failed)?);
        content.expose().lines().next().unwrap_or_default().to_owned()
    } else if io::stdin().is_terminal() {
        rpassword::prompt_password("Password (empty: make one): ").map_err(failed)?
    } else {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map_err(failed)?;
        line
    };
    // Only the line break goes: spaces belong to a password.
    let password = Secret::from(line.trim_end_matches(['\r', '\n']).to_owned());
    drop(Secret::from(line));
    Ok(Some(password).filter(|password| !password.expose().is_empty()))
}

/// Shows an account, and a password that was made for it.
fn show(accounts: &Accounts, account: &Account, made: Option<&Secret>, output: Output) {
    output.print(|| as_json(accounts, account, made), || in_words(accounts, account, made));
}

fn as_json(accounts: &Accounts, account: &Account, made: Option<&Secret>) -> Value {
    let state = account.state(accounts.now());
    let mut shown = json!({
        "id": account.id,
        "username": account.username.as_str(),
        "name": account.display_name(),
        "email": account.email.as_ref().map(EmailAddress::as_str),
        "emailVerified": account.email_verified,
        "mobile": account.phone.as_ref().map(PhoneNumber::as_str),
        "mobileVerified": account.phone_verified,
        "role": account.role.as_str(),
        "state": state.as_ref().map_or("due-for-deletion", state_name),
        "deletedOn": account.purge_at,
        "createdAt": account.created_at,
        "lastSignInAt": account.last_sign_in_at,
    });
    if let Some(password) = made {
        shown["password"] = password.expose().into();
    }
    shown
}

fn in_words(accounts: &Accounts, account: &Account, made: Option<&Secret>) -> String {
    let verified = |verified: bool| if verified { "" } else { " (not verified)" };
    let email = account.email.as_ref().map(|email| format!("{}{}", email.as_str(), verified(account.email_verified)));
    let mobile = account.phone.as_ref().map(|phone| format!("{}{}", phone.as_str(), verified(account.phone_verified)));
    let lines = [
        ("id:", Some(account.id.to_string())),
        ("username:", Some(account.username.to_string())),
        ("name:", Some(account.display_name())),
        ("email:", email),
        ("mobile:", mobile),
        ("role:", Some(account.role.as_str().to_owned())),
        ("state:", Some(state(accounts, account))),
        ("created:", Some(account.created_at.to_rfc3339())),
        ("signed in:", account.last_sign_in_at.map(|at| at.to_rfc3339())),
        ("password:", made.map(|password| password.expose().to_owned())),
    ];
    let lines = lines.into_iter().filter_map(|(name, value)| Some(format!("{name:10} {}", value?)));
    lines.collect::<Vec<_>>().join("\n")
}

fn state_name(state: &State) -> &'static str {
    match state {
        State::Active => "active",
        State::Archived { .. } => "archived",
        State::Deactivated => "deactivated",
    }
}

fn state(accounts: &Accounts, account: &Account) -> String {
    match account.state(accounts.now()) {
        Some(State::Active) => "active".to_owned(),
        Some(State::Archived { purge_at, .. }) => format!("archived, deleted on {}", purge_at.date_naive()),
        Some(State::Deactivated) => "deactivated".to_owned(),
        None => "due for deletion".to_owned(),
    }
}
