//! The settings of apps on the command line.

use clap::{Args, ValueEnum};
use uuid::Uuid;

use crate::domain::oidc::app::{Algorithm, Api, App};
use crate::server::cli::output::Output;

/// Settings of an app. What is a list is given once for each entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct AppFlags {
    /// Where people come back to after signing in, exactly; repeatable.
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// Where people may go after signing out, exactly; repeatable.
    #[arg(long = "post-logout-redirect-uri", value_name = "URI")]
    post_logout_redirect_uris: Vec<String>,
    /// Where it is told that somebody signed out.
    #[arg(long, value_name = "URI")]
    backchannel_logout_uri: Option<String>,
    /// Its start page.
    #[arg(long, value_name = "URI")]
    home_url: Option<String>,
    /// Its privacy policy.
    #[arg(long, value_name = "URI")]
    policy_url: Option<String>,
    /// Its terms of service.
    #[arg(long, value_name = "URI")]
    terms_url: Option<String>,
    /// An API that it gets access tokens for, and the API's scopes: 'URI scope …'; repeatable.
    #[arg(long = "resource", value_name = "URI SCOPE…")]
    resources: Vec<String>,
    /// What signs its tokens [default: RS256].
    #[arg(long)]
    alg: Option<AlgorithmArg>,
    /// How many days its refresh tokens live, 1 to 365 [default: 30].
    #[arg(long, value_name = "DAYS")]
    refresh_days: Option<u16>,
    /// Ask nobody for consent: it is of the same house.
    #[arg(long)]
    first_party: bool,
    /// Refuse it without PKCE, as public apps are.
    #[arg(long)]
    require_pkce: bool,
    /// Let nobody in but admins.
    #[arg(long)]
    admins_only: bool,
}

/// A signature algorithm on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AlgorithmArg {
    /// RSA: what every client knows.
    #[value(name = "RS256")]
    Rs256,
    /// P-256: smaller.
    #[value(name = "ES256")]
    Es256,
    /// Ed25519.
    #[value(name = "EdDSA")]
    EdDsa,
}

impl From<AlgorithmArg> for Algorithm {
    fn from(algorithm: AlgorithmArg) -> Self {
        match algorithm {
            AlgorithmArg::Rs256 => Self::RS256,
            AlgorithmArg::Es256 => Self::ES256,
            AlgorithmArg::EdDsa => Self::EdDSA,
        }
    }
}

/// Changes of an app. A list takes the place of the list.
#[derive(Debug, Args)]
pub struct UpdateArgs {
    /// Its id.
    pub id: Uuid,
    /// What it is called.
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    flags: AppFlags,
    /// Take its pages after signing out away.
    #[arg(long, conflicts_with = "post_logout_redirect_uris")]
    no_post_logout_redirect_uri: bool,
    /// Tell it no more that somebody signed out.
    #[arg(long, conflicts_with = "backchannel_logout_uri")]
    no_backchannel_logout_uri: bool,
    /// Take its start page away.
    #[arg(long, conflicts_with = "home_url")]
    no_home_url: bool,
    /// Take its privacy policy away.
    #[arg(long, conflicts_with = "policy_url")]
    no_policy_url: bool,
    /// Take its terms of service away.
    #[arg(long, conflicts_with = "terms_url")]
    no_terms_url: bool,
    /// Take its APIs away.
    #[arg(long, conflicts_with = "resources")]
    no_resource: bool,
    /// Sign its tokens with RS256 again.
    #[arg(long, conflicts_with = "alg")]
    no_alg: bool,
    /// Let its refresh tokens live 30 days again.
    #[arg(long, conflicts_with = "refresh_days")]
    no_refresh_days: bool,
    /// Ask people for consent.
    #[arg(long, conflicts_with = "first_party")]
    no_first_party: bool,
    /// Let it do without PKCE, if it has a secret.
    #[arg(long, conflicts_with = "require_pkce")]
    no_require_pkce: bool,
    /// Let everybody in.
    #[arg(long, conflicts_with = "admins_only")]
    no_admins_only: bool,
    #[command(flatten)]
    pub output: Output,
}

impl AppFlags {
    /// The settings of a new app.
    pub fn into_app(self) -> App {
        let mut app = App::default();
        self.apply(&mut app);
        app
    }

    fn apply(&self, app: &mut App) {
        let replace = |list: &mut Vec<String>, given: &Vec<String>| {
            if !given.is_empty() {
                list.clone_from(given);
            }
        };
        replace(&mut app.redirect_uris, &self.redirect_uris);
        replace(&mut app.post_logout_redirect_uris, &self.post_logout_redirect_uris);
        let set = |present: &mut Option<String>, given: &Option<String>| {
            if given.is_some() {
                present.clone_from(given);
            }
        };
        set(&mut app.backchannel_logout_uri, &self.backchannel_logout_uri);
        set(&mut app.home_url, &self.home_url);
        set(&mut app.policy_url, &self.policy_url);
        set(&mut app.terms_url, &self.terms_url);
        if !self.resources.is_empty() {
            app.resources = self.resources.iter().map(|written| Api::parse(written)).collect();
        }
        app.alg = self.alg.map_or(app.alg, Algorithm::from);
        app.refresh_days = self.refresh_days.unwrap_or(app.refresh_days);
        app.first_party |= self.first_party;
        app.require_pkce |= self.require_pkce;
        app.admins_only |= self.admins_only;
    }
}

impl UpdateArgs {
    /// Makes the changes.
    pub fn apply(&self, name: &mut String, app: &mut App) {
        let defaults = App::default();
        if let Some(new) = &self.name {
            name.clone_from(new);
        }
        self.flags.apply(app);
        if self.no_post_logout_redirect_uri {
            app.post_logout_redirect_uris.clear();
        }
        if self.no_resource {
            app.resources.clear();
        }
        let unset = |present: &mut Option<String>, is_unset: bool| *present = present.take().filter(|_| !is_unset);
        unset(&mut app.backchannel_logout_uri, self.no_backchannel_logout_uri);
        unset(&mut app.home_url, self.no_home_url);
        unset(&mut app.policy_url, self.no_policy_url);
        unset(&mut app.terms_url, self.no_terms_url);
        if self.no_alg {
            app.alg = defaults.alg;
        }
        if self.no_refresh_days {
            app.refresh_days = defaults.refresh_days;
        }
        app.first_party &= !self.no_first_party;
        app.require_pkce &= !self.no_require_pkce;
        app.admins_only &= !self.no_admins_only;
    }
}
