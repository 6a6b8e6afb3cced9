//! People with a second factor.

use chrono::TimeDelta;
use nameplate::{
    domain::{recovery_code::RecoveryCode, second_factor::Method, session::Kind},
    service::{
        login::{OnArchived, SignIn},
        sessions::{NewSession, Secret},
        two_factor::challenge::Challenge,
    },
};
use totp_rs::{Builder, Secret as TotpSecret, Totp};

use super::{PASSWORD, Person, TestServer, origin};

/// Somebody's authenticator app: the library's own, not the one of the server.
pub struct App(Totp);

impl App {
    /// The app that was told this secret.
    pub fn told(secret: &str) -> Self {
        let secret = TotpSecret::try_from_base32(secret).expect("base 32");
        Self(Builder::new().with_secret(secret).build().expect("an app"))
    }

    /// The code it shows so many steps from now.
    pub fn code(&self, server: &TestServer, steps: i64) -> String {
        let at = server.now().timestamp() + 30 * steps;
        self.0.generate(at.try_into().expect("a time after 1970")).to_string()
    }
}

impl TestServer {
    /// Takes the first step of signing in.
    pub async fn half_sign_in(&self, identifier: &str, kind: Kind) -> (NewSession, Vec<Method>) {
        let done = self.accounts.sign_in(identifier, PASSWORD, kind, OnArchived::Restore, &origin()).await;
        match done.expect("a session") {
            SignIn::SecondFactor { session, methods } => (*session, methods),
            _ => panic!("no second step was asked for"),
        }
    }

    /// The challenge after the first step of signing in with an API client.
    pub async fn challenge(&self, identifier: &str) -> Challenge {
        let (half, _) = self.half_sign_in(identifier, Kind::Api).await;
        self.challenge_of(&half).await
    }

    /// The challenge of a half-signed-in session.
    pub async fn challenge_of(&self, half: &NewSession) -> Challenge {
        let challenge = match &half.secret {
            Secret::Cookie(value) => self.accounts.challenge_by_cookie(value, &origin()).await,
            Secret::Access(token) => self.accounts.challenge_by_bearer(token, &origin()).await,
            Secret::Tokens { .. } => panic!("a whole session"),
        };
        challenge.expect("a challenge")
    }

    /// Signs in with a code of an app.
    pub async fn sign_in_with(&self, identifier: &str, app: &App) -> Person {
        self.advance(TimeDelta::seconds(30));
        let challenge = self.challenge(identifier).await;
        self.accounts.answer_challenge(&challenge, &app.code(self, 0), None).await.expect("a session").into()
    }

    /// Sets up and confirms an app. Answers its recovery codes, if it was the first.
    pub async fn add_app(&self, person: &Person) -> (App, Vec<RecoveryCode>) {
        let actor = self.actor(person).await;
        let told = self
            .accounts
            .set_up_authenticator(&actor, Some(PASSWORD), nameplate::service::Expectation::Any)
            .await
            .expect("a secret");
        let app = App::told(&told.secret);
        let codes = self
            .accounts
            .confirm_authenticator(&actor, &app.code(self, 0), nameplate::service::Expectation::Any)
            .await
            .expect("a right code");
        (app, codes.unwrap_or_default())
    }
}
