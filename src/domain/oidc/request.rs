//! Authorization requests (Core, section 3.1.2; RFC 6749, section 4.1.1).

use serde::{Deserialize, Serialize};

use super::{app::App, grant::Access, pkce, scope};
use crate::domain::client::{Client, ClientType};

/// Most bytes of `state` and of `nonce`.
const OPAQUE: usize = 2048;

/// The parameters of a request, decoded, in their order.
#[derive(Clone, Debug, Default)]
pub struct Parameters(Vec<(String, String)>);

/// A parameter stands there more than once (RFC 6749, section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeated(pub &'static str);

impl Parameters {
    /// These parameters. What has no value counts as not sent.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect())
    }

    /// The value of a parameter.
    ///
    /// # Errors
    /// [`Repeated`].
    pub fn one(&self, name: &'static str) -> Result<Option<&str>, Repeated> {
        match self.all(name).as_slice() {
            [] => Ok(None),
            [value] => Ok(Some(value)),
            _ => Err(Repeated(name)),
        }
    }

    /// The parameters as a query.
    pub fn to_query(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// All values of a parameter.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }
}

/// What a request may ask to be done with the person (Core, section 3.1.2.1; Initiating User Registration 1.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// Nothing: no page is shown.
    None,
    /// To sign in again.
    Login,
    /// To be asked for consent again.
    Consent,
    /// To choose an account.
    SelectAccount,
    /// To register.
    Create,
}

impl Prompt {
    /// All of them, with their names.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("none", Self::None),
        ("login", Self::Login),
        ("consent", Self::Consent),
        ("select_account", Self::SelectAccount),
        ("create", Self::Create),
    ];
}

/// Which page a person who is not signed in sees first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstScreen {
    /// The one that signs in.
    #[default]
    SignIn,
    /// The one that registers.
    Register,
    /// The one for a forgotten password.
    ResetPassword,
}

/// How the answer goes back (OAuth 2.0 Multiple Response Types; Form Post Response Mode).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of the redirect.
    #[default]
    Query,
    /// As a form that the browser posts.
    FormPost,
}

/// Where an answer goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// A registered redirect URI.
    pub redirect_uri: String,
    /// What the app gets back as it was.
    #[serde(default)]
    pub state: Option<String>,
    /// How.
    #[serde(default)]
    pub mode: ResponseMode,
}

/// An error that the app is told (RFC 6749, section 4.1.2.1; Core, section 3.1.2.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its name.
    pub error: &'static str,
    /// What to change.
    pub description: String,
}

impl Refusal {
    /// A refusal.
    pub fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self { error, description: description.into() }
    }
}

impl From<Repeated> for Refusal {
    fn from(Repeated(name): Repeated) -> Self {
        Self::new("invalid_request", format!("The parameter {name} is repeated."))
    }
}

/// A request that is as it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// Where its answer goes.
    pub target: Target,
    /// What is asked for, as far as it is known here.
    pub access: Access,
    /// What the ID token says back.
    #[serde(default)]
    pub nonce: Option<String>,
    /// The challenge of PKCE.
    #[serde(default)]
    pub challenge: Option<String>,
    /// What to do with the person.
    #[serde(default)]
    pub prompts: Vec<Prompt>,
    /// How long ago the sign-in may be, in seconds.
    #[serde(default)]
    pub max_age: Option<u32>,
    /// Who shall sign in, as an identifier.
    #[serde(default)]
    pub login_hint: Option<String>,
    /// Who shall be signed in, as an ID token of ours; read by the service.
    #[serde(default)]
    pub id_token_hint: Option<String>,
    /// Languages to speak, as the browser may say them.
    #[serde(default)]
    pub ui_locales: Option<String>,
    /// Which page comes first.
    #[serde(default)]
    pub first_screen: FirstScreen,
}

impl AuthorizationRequest {
    /// Reads what else a request says whose client and redirect URI are good.
    ///
    /// # Errors
    /// What the app is told.
    pub fn read(parameters: &Parameters, client: &Client, target: Target) -> Result<Self, Refusal> {
        for (name, error) in [
            ("request", "request_not_supported"),
            ("request_uri", "request_uri_not_supported"),
            ("registration", "registration_not_supported"),
        ] {
            if !parameters.all(name).is_empty() {
                return Err(Refusal::new(error, format!("The parameter {name} is not supported; leave it out.")));
            }
        }
        let invalid = |description: &str| Refusal::new("invalid_request", description);
        match parameters.one("response_type")? {
            Some("code") => {}
            Some(_) => return Err(Refusal::new("unsupported_response_type", "The only response_type is code.")),
            None => return Err(invalid("The parameter response_type is missing; the only one is code.")),
        }
        match parameters.one("response_mode")? {
            None | Some("query" | "form_post") => {}
            Some(_) => return Err(invalid("The response_mode must be query or form_post.")),
        }
        if target.state.as_ref().is_some_and(|state| state.len() > OPAQUE) {
            return Err(invalid("The state is too long: 2048 bytes are taken."));
        }
        parameters.one("state")?;
        let nonce = parameters.one("nonce")?;
        if nonce.is_some_and(|nonce| nonce.len() > OPAQUE) {
            return Err(invalid("The nonce is too long: 2048 bytes are taken."));
        }
        for ignored in ["acr_values", "display", "claims_locales"] {
            parameters.one(ignored)?;
        }
        Ok(Self {
            access: access(parameters, &client.app)?,
            nonce: nonce.map(str::to_owned),
            challenge: challenge(parameters, client)?,
            prompts: prompts(parameters)?,
            max_age: max_age(parameters)?,
            login_hint: parameters.one("login_hint")?.map(str::to_owned),
            id_token_hint: parameters.one("id_token_hint")?.map(str::to_owned),
            ui_locales: parameters.one("ui_locales")?.map(str::to_owned),
            first_screen: first_screen(parameters)?,
            target,
        })
    }

    /// Whether this is asked to be done with the person.
    pub fn prompts(&self, prompt: Prompt) -> bool {
        self.prompts.contains(&prompt)
    }
}

fn access(parameters: &Parameters, app: &App) -> Result<Access, Refusal> {
    let scopes = scope::split(parameters.one("scope")?.unwrap_or_default());
    let mut resources: Vec<String> = Vec::new();
    for uri in parameters.all("resource") {
        if app.api(uri).is_none() {
            let words = format!("The resource {uri} is not registered for this app.");
            return Err(Refusal::new("invalid_target", words));
        }
        if !resources.iter().any(|known| known == uri) {
            resources.push(uri.to_owned());
        }
    }
    if !scopes.contains(&scope::OPENID) && resources.is_empty() {
        let words = "Ask for the scope openid, or for a resource: there is nothing to give otherwise.";
        return Err(Refusal::new("invalid_scope", words));
    }
    Ok(Access::of(app, &scopes, &resources))
}

fn challenge(parameters: &Parameters, client: &Client) -> Result<Option<String>, Refusal> {
    let invalid = |description: &str| Err(Refusal::new("invalid_request", description));
    let must = client.kind == ClientType::Public || client.app.require_pkce;
    match (parameters.one("code_challenge")?, parameters.one("code_challenge_method")?) {
        (None, None) if must => {
            invalid("PKCE is needed: send code_challenge and code_challenge_method=S256 (RFC 7636).")
        }
        (None, None) => Ok(None),
        (None, Some(_)) => invalid("PKCE: code_challenge_method is sent without code_challenge."),
        (Some(challenge), Some("S256")) if pkce::is_challenge(challenge) => Ok(Some(challenge.to_owned())),
        (Some(_), Some("S256")) => {
            invalid("PKCE: the code_challenge must be the SHA-256 of the verifier in base64url, 43 characters.")
        }
        (Some(_), _) => invalid("PKCE: the only code_challenge_method is S256; plain is not taken."),
    }
}

fn prompts(parameters: &Parameters) -> Result<Vec<Prompt>, Refusal> {
    let mut prompts = Vec::new();
    for name in scope::split(parameters.one("prompt")?.unwrap_or_default()) {
        let known = Prompt::NAMES.into_iter().find(|(known, _)| *known == name);
        let unknown = || {
            let names = Prompt::NAMES.map(|(name, _)| name).join(", ");
            Refusal::new("invalid_request", format!("An unknown prompt; there are {names}."))
        };
        prompts.push(known.ok_or_else(unknown)?.1);
    }
    if prompts.contains(&Prompt::None) && prompts.len() > 1 {
        return Err(Refusal::new("invalid_request", "The prompt none stands alone."));
    }
    Ok(prompts)
}

fn max_age(parameters: &Parameters) -> Result<Option<u32>, Refusal> {
    let Some(written) = parameters.one("max_age")? else { return Ok(None) };
    if !written.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::new("invalid_request", "The max_age must be a number of seconds."));
    }
    // A larger one than this is no limit.
    Ok(Some(written.parse().unwrap_or(u32::MAX)))
}

fn first_screen(parameters: &Parameters) -> Result<FirstScreen, Refusal> {
    let sign_up = parameters.one("interaction_mode")? == Some("signUp");
    Ok(match parameters.one("first_screen")? {
        Some("register") => FirstScreen::Register,
        Some("reset_password") => FirstScreen::ResetPassword,
        _ if sign_up => FirstScreen::Register,
        _ => FirstScreen::SignIn,
    })
}
