//! `nameplate user …`.

use std::{
    fs,
    io::{self, BufRead as _, IsTerminal as _},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand, ValueEnum};

use crate::{
    domain::{
        account::{Account, Role, State},
        password_rules::Composition,
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
    },
    /// Say what an account may do. Its sessions end.
    SetRole {
        /// Its id, e-mail address, mobile number or username.
        user: String,
        /// What it may do.
        role: RoleArg,
    },
    /// Let a deactivated account sign in again.
    Unlock {
        /// Its id, e-mail address, mobile number or username.
        user: String,
    },
    /// Set another password. It is read from standard input; an empty line lets one be made, printed once. Sessions end.
    ResetPassword {
        /// Its id, e-mail address, mobile number or username.
        user: String,
        /// Read the password from the first line of this file instead.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
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
    let account = match command {
        UserCommand::Create(args) => return create(accounts, args, rng).await,
        UserCommand::Show { user } => accounts.find_for_operator(&user).await?,
        UserCommand::SetRole { user, role } => accounts.set_role_for_operator(&user, role.into()).await?,
        UserCommand::Unlock { user } => accounts.unlock_for_operator(&user).await?,
        UserCommand::ResetPassword { user, password_file } => {
            // Whoever is not there needs no password.
            accounts.find_for_operator(&user).await?;
            let (password, is_made) = choose_password(password_file.as_deref(), rng)?;
            let account = accounts.reset_password_for_operator(&user, password.expose()).await?;
            show(accounts, &account);
            show_made(&password, is_made);
            return Ok(());
        }
    };
    show(accounts, &account);
    Ok(())
}

async fn create(accounts: &Accounts, args: CreateArgs, rng: &dyn Rng) -> Result<(), Fatal> {
    let CreateArgs { email, mobile, name, role } = args;
    let (password, is_made) = choose_password(None, rng)?;
    let password_text = password.expose().to_owned();
    let new =
        NewAccount { email, phone: mobile, name: NameInput::Full(name), password: password_text, role: role.into() };
    let account = accounts.create_for_operator(new).await?;
    show(accounts, &account);
    show_made(&password, is_made);
    Ok(())
}

/// The password that was given, or one that was made; which, the flag tells.
fn choose_password(file: Option<&Path>, rng: &dyn Rng) -> Result<(Secret, bool), Fatal> {
    Ok(match read_password(file)? {
        Some(password) => (password, false),
        None => (make_password(rng), true),
    })
}

fn show_made(password: &Secret, is_made: bool) {
    if is_made {
        say!("password:  {}", password.expose());
    }
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

fn show(accounts: &Accounts, account: &Account) {
    let verified = |verified: bool| if verified { "" } else { " (not verified)" };
    say!("id:        {}", account.id);
    say!("username:  {}", account.username.as_str());
    say!("name:      {}", account.display_name());
    if let Some(email) = &account.email {
        say!("email:     {}{}", email.as_str(), verified(account.email_verified));
    }
    if let Some(phone) = &account.phone {
        say!("mobile:    {}{}", phone.as_str(), verified(account.phone_verified));
    }
    say!("role:      {}", account.role.as_str());
    say!("state:     {}", state(accounts, account));
    say!("created:   {}", account.created_at.to_rfc3339());
    if let Some(at) = account.last_sign_in_at {
        say!("signed in: {}", at.to_rfc3339());
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
