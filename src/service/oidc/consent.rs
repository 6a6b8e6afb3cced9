//! What people let apps have.

use uuid::Uuid;

use crate::{
    domain::{
        activity::Kind as Event,
        client::Client,
        error::Error,
        oidc::{
            decision::{Answer, PendingRequest},
            grant::Access,
        },
        session::Actor,
    },
    service::{Accounts, Result},
    store::oidc::Consent,
};

/// An app that knows of an account.
#[derive(Clone, Debug)]
pub struct AppAccess {
    /// The app.
    pub client: Client,
    /// What it may see and do.
    pub access: Access,
    /// Since when.
    pub since: chrono::DateTime<chrono::Utc>,
    /// When it last did.
    pub last_used_at: chrono::DateTime<chrono::Utc>,
}

impl Accounts {
    /// Marks a request as shown to a session, whose answer alone counts then.
    pub fn show_to(&self, pending: &PendingRequest, actor: &Actor) -> PendingRequest {
        PendingRequest { shown: Some(actor.session_id), ..pending.clone() }
    }

    /// Takes a person's answer to a question of a request. What it was shown to another session, or is too old, is taken as
    /// no answer: the question is asked anew.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the app was revoked; [`Error::Unauthenticated`] when the session ended in the meantime.
    pub async fn answer_request(
        &self,
        actor: &Actor,
        pending: PendingRequest,
        answer: Answer,
    ) -> Result<PendingRequest> {
        let is_asked = pending.shown == Some(actor.session_id) && pending.is_alive(self.now());
        if !is_asked {
            return Ok(PendingRequest { shown: None, ..pending });
        }
        if answer == Answer::Allow {
            self.allow(actor, &pending).await?;
        }
        Ok(PendingRequest { shown: None, answer: Some((actor.session_id, answer)), ..pending })
    }

    /// The same request, for another account: whoever is signed in does not do.
    pub fn as_another(&self, pending: PendingRequest) -> PendingRequest {
        PendingRequest { not_before: Some(self.now()), shown: None, answer: None, ..pending }
    }

    /// Writes down that the person lets an app have what it asks for.
    async fn allow(&self, actor: &Actor, pending: &PendingRequest) -> Result<()> {
        let now = self.now();
        let (mut tx, account) = self.write_as(actor).await?;
        let client = tx.client(pending.client_id).await?.filter(Client::is_app_in_use).ok_or(Error::NotFound)?;
        let before = tx.consent(account.id, client.id).await?;
        let asked = &pending.request.access;
        let consent = Consent {
            account_id: account.id,
            client_id: client.id,
            access: before.as_ref().map_or_else(|| asked.clone(), |before| before.access.with(asked)),
            created_at: before.map_or(now, |before| before.created_at),
            last_used_at: now,
        };
        tx.put_consent(&consent).await?;
        self.record(&mut tx, account.id, Event::AppAllowed, &actor.origin, &[("app", client.name.into())]).await?;
        Ok(tx.commit().await?)
    }

    /// The apps that know of the caller: those that the caller consented to, and those signed in to.
    ///
    /// # Errors
    /// [`Error::Internal`] only.
    pub async fn apps_with_access(&self, actor: &Actor) -> Result<Vec<AppAccess>> {
        let now = self.now();
        let mut tx = self.read().await?;
        let mut apps: Vec<AppAccess> = Vec::new();
        let mut held: Vec<_> = tx
            .consents_of(actor.account_id)
            .await?
            .into_iter()
            .map(|consent| (consent.client_id, consent.access, consent.created_at, consent.last_used_at))
            .collect();
        for app_session in tx.app_sessions_of(actor.account_id).await? {
            if let (true, Some(app)) = (app_session.is_alive(now), app_session.session.app.clone()) {
                let session = self.as_last_used(app_session.session);
                held.push((app.client_id, app.access, session.created_at, session.last_used_at));
            }
        }
        for (client_id, access, since, last_used_at) in held {
            if let Some(known) = apps.iter_mut().find(|known| known.client.id == client_id) {
                known.access = known.access.with(&access);
                known.since = known.since.min(since);
                known.last_used_at = known.last_used_at.max(last_used_at);
            } else if let Some(client) = tx.client(client_id).await?.filter(Client::is_app_in_use) {
                apps.push(AppAccess { client, access, since, last_used_at });
            }
        }
        apps.sort_by_key(|app| std::cmp::Reverse(app.last_used_at));
        Ok(apps)
    }

    /// The name and the start page of an app that the caller signed in to in this browser session.
    ///
    /// # Errors
    /// [`Error::Internal`] only.
    pub async fn app_to_return_to(&self, actor: &Actor, client_id: Uuid) -> Result<Option<(String, String)>> {
        let mut tx = self.read().await?;
        let known = tx.app_session(actor.session_id, client_id).await?;
        if !known.is_some_and(|known| known.is_alive(self.now())) {
            return Ok(None);
        }
        let client = tx.client(client_id).await?.filter(Client::is_app_in_use);
        Ok(client.and_then(|client| Some((client.name, client.app.home_url?))))
    }

    /// Takes an app's access to the caller's account away: what was allowed, and all that it holds.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it had none; [`Error::Unauthenticated`] when the caller's session ended in the meantime.
    pub async fn remove_app(&self, actor: &Actor, client_id: Uuid) -> Result<()> {
        let (mut tx, account) = self.write_as(actor).await?;
        let client = tx.client(client_id).await?.filter(|client| client.kind.is_app()).ok_or(Error::NotFound)?;
        let ended = tx.end_sessions_of_app(account.id, client_id, self.now()).await?;
        if !tx.delete_consent(account.id, client_id).await? && ended == 0 {
            return Err(Error::NotFound);
        }
        self.record(&mut tx, account.id, Event::AppRemoved, &actor.origin, &[("app", client.name.into())]).await?;
        Ok(tx.commit().await?)
    }

    /// Ends all that an app holds which was revoked, account after account: each under its lock.
    pub(in crate::service) async fn end_all_of_app(&self, client_id: Uuid) -> Result<()> {
        const BATCH: i64 = 100;
        loop {
            let accounts = self.read().await?.accounts_signed_in_to(client_id, BATCH).await?;
            if accounts.is_empty() {
                break;
            }
            for account_id in accounts {
                let mut tx = self.write().await?;
                tx.lock_account(account_id).await?;
                tx.end_sessions_of_app(account_id, client_id, self.now()).await?;
                tx.commit().await?;
            }
        }
        let mut tx = self.write().await?;
        tx.delete_consents_of_app(client_id).await?;
        Ok(tx.commit().await?)
    }
}
