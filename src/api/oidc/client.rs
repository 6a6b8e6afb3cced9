//! Who asks at the token endpoint and its neighbours (RFC 6749, section 2.3).

use axum::http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use data_encoding::BASE64;
use percent_encoding::percent_decode_str;

use super::form::{Form, bad};
use crate::{
    api::logto::envelope::ApiError,
    domain::{client::Client, error::Error, session::Origin},
    service::Accounts,
};

/// Who a client says it is.
pub(super) struct Credentials {
    /// Its `client_id`.
    pub id: String,
    /// Its secret; public apps have none.
    pub secret: Option<String>,
}

impl Credentials {
    /// From the header or the form, but not from both.
    pub fn read(headers: &HeaderMap, form: &Form) -> Result<Self, ApiError> {
        let (id, secret) = (form.one("client_id")?, form.one("client_secret")?);
        let Some(header) = headers.get(AUTHORIZATION) else {
            let id = id.ok_or_else(invalid_client)?.to_owned();
            return Ok(Self { id, secret: secret.map(str::to_owned) });
        };
        let basic = header.to_str().ok().and_then(Self::of_basic).ok_or_else(invalid_client)?;
        if secret.is_some() || id.is_some_and(|id| id != basic.id) {
            return Err(bad("invalid_request", "A client must authenticate in one way only."));
        }
        Ok(basic)
    }

    /// From HTTP Basic, in which both parts are form-encoded (RFC 6749, section 2.3.1).
    fn of_basic(header: &str) -> Option<Self> {
        let (scheme, encoded) = header.split_once(' ')?;
        let decoded = BASE64.decode(encoded.trim().as_bytes()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
        let decoded = String::from_utf8(decoded).ok()?;
        let (id, secret) = decoded.split_once(':')?;
        let plain = |part: &str| Some(percent_decode_str(&part.replace('+', " ")).decode_utf8().ok()?.into_owned());
        Some(Self { id: plain(id)?, secret: Some(plain(secret)?) })
    }

    /// The client, whatever it is.
    pub async fn client(self, accounts: &Accounts, origin: &Origin) -> Result<Client, ApiError> {
        let client = accounts.authenticate_any(&self.id, self.secret.as_deref(), origin).await;
        client.map_err(not_authenticated)
    }
}

/// The words for a client that is not who it says.
pub(super) fn not_authenticated(error: Error) -> ApiError {
    match error {
        Error::BadCredentials => invalid_client(),
        error => ApiError::from(error).in_oauth(),
    }
}

pub(super) fn invalid_client() -> ApiError {
    ApiError::oauth(StatusCode::UNAUTHORIZED, "invalid_client", "Client authentication failed.")
}
