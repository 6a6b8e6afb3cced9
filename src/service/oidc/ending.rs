//! Signing out from an app (RP-Initiated Logout 1.0).

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::{
    domain::{client::Client, error::Error, oidc::request::Parameters, session::Actor},
    service::{Accounts, Result},
};

/// Keeps the hash of a way back apart from other keyed hashes.
const PURPOSE: &[u8] = b"way back after signing out";

/// Where somebody may go who has signed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayBack {
    /// What the app is called.
    pub app: String,
    /// A registered URI, with the `state` that the app gets back.
    pub uri: String,
}

/// What an app's request to sign somebody out leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Nothing ends: what it says does not fit together; says what, in English and by its name.
    Refused(EndingError),
    /// The person is asked first.
    Ask(Option<WayBack>),
    /// The app proved that it means this browser's session: it ends at once.
    AtOnce(Option<WayBack>),
    /// Nobody is signed in.
    Nobody(Option<WayBack>),
}

/// Why a request to sign out counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndingError {
    /// A parameter stands there twice.
    Repeated(&'static str),
    /// The `client_id` is another one than that of the `id_token_hint`.
    OtherClient,
    /// The `post_logout_redirect_uri` is not registered for the app.
    UnregisteredUri,
}

#[derive(Deserialize)]
struct Hint {
    aud: Uuid,
    sid: Uuid,
}

impl Accounts {
    /// Reads a request to sign out.
    ///
    /// # Errors
    /// [`Error::Internal`] only.
    pub async fn receive_ending(&self, parameters: &Parameters, actor: Option<&Actor>) -> Result<Ending> {
        let one = |name: &'static str| parameters.one(name).map_err(|_| Ending::Refused(EndingError::Repeated(name)));
        let read =
            (|| Ok((one("id_token_hint")?, one("client_id")?, one("post_logout_redirect_uri")?, one("state")?)))();
        let (hint, client_id, uri, state) = match read {
            Ok(read) => read,
            Err(refused) => return Ok(refused),
        };
        // One that does not verify counts as none.
        let hint: Option<Hint> = match hint {
            Some(hint) => self.secrets().read_of_app("JWT", &self.issuer(), hint, self.now()).await?,
            None => None,
        };
        let asked = client_id.map(|id| Uuid::try_parse(id).ok());
        if let (Some(hint), Some(asked)) = (&hint, asked)
            && asked != Some(hint.aud)
        {
            return Ok(Ending::Refused(EndingError::OtherClient));
        }
        let client_id = asked.unwrap_or(hint.as_ref().map(|hint| hint.aud));
        let back = match (client_id, uri) {
            // Without an app nobody vouches for the URI.
            (None, _) if asked.is_none() => None,
            (_, None) => None,
            (id, Some(uri)) => match self.registered_way_back(id, uri, state).await? {
                Some(back) => Some(back),
                None => return Ok(Ending::Refused(EndingError::UnregisteredUri)),
            },
        };
        let Some(actor) = actor else { return Ok(Ending::Nobody(back)) };
        let is_meant = match &hint {
            Some(hint) => self.hangs_on(hint.sid, actor.session_id).await?,
            None => false,
        };
        Ok(if is_meant { Ending::AtOnce(back) } else { Ending::Ask(back) })
    }

    async fn registered_way_back(&self, id: Option<Uuid>, uri: &str, state: Option<&str>) -> Result<Option<WayBack>> {
        let client = match id {
            Some(id) => self.read().await?.client(id).await?.filter(Client::is_app_in_use),
            None => None,
        };
        let client = client.filter(|client| client.app.leads_out_to(uri, client.kind));
        Ok(client.map(|client| {
            let mark = if uri.contains('?') { '&' } else { '?' };
            let state = state.map(|state| {
                let state: String = url::form_urlencoded::byte_serialize(state.as_bytes()).collect();
                format!("{mark}state={state}")
            });
            WayBack { app: client.name, uri: format!("{uri}{}", state.unwrap_or_default()) }
        }))
    }

    /// Whether a session of an app, ended or not, hangs on a browser session.
    async fn hangs_on(&self, sid: Uuid, session_id: Uuid) -> Result<bool> {
        let known = self.read().await?.app_session_by_id(sid).await?;
        Ok(known.and_then(|known| known.session.app).is_some_and(|app| app.parent_id == Some(session_id)))
    }

    /// A way back as a browser carries it.
    ///
    /// # Errors
    /// [`Error::Internal`] only.
    pub fn seal_way_back(&self, back: &WayBack) -> Result<String> {
        let written = serde_json::to_vec(back).map_err(|error| Error::Internal(error.to_string()))?;
        let mac = self.secrets().mac(&[PURPOSE, &written])?;
        Ok(format!("{}.{}", BASE64URL_NOPAD.encode(&written), BASE64URL_NOPAD.encode(&mac)))
    }

    /// Reads such a way back. One that no server of this database wrote is none.
    pub fn open_way_back(&self, sealed: &str) -> Option<WayBack> {
        let (written, mac) = sealed.split_once('.')?;
        let [written, mac] = [written, mac].map(|part| BASE64URL_NOPAD.decode(part.as_bytes()).ok());
        let (written, mac) = written.zip(mac)?;
        let right = self.secrets().mac(&[PURPOSE, &written]).ok()?;
        bool::from(right.ct_eq(&mac)).then(|| serde_json::from_slice(&written).ok()).flatten()
    }
}
