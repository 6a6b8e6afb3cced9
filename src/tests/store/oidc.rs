//! What apps hold.

use std::sync::Arc;

use nameplate::{
    domain::{
        client::{Client, ClientType, Scope},
        oidc::{
            app::App,
            grant::{Access, CodeGrant, Grant},
        },
        session::{AppPart, Kind, Session},
    },
    store::{
        Store,
        oidc::{AuthorizationCode, Consent},
        sessions::RefreshToken,
    },
};
use uuid::Uuid;

use super::{accounts, at, named, on_both_engines, sessions};

on_both_engines!(
    a_session_of_an_app_hangs_on_that_of_a_browser,
    what_ends_a_browser_session_ends_those_of_apps,
    a_session_goes_on_under_another_cookie,
    a_code_is_exchanged_once,
    the_oldest_refresh_tokens_go,
    consents_are_kept_and_taken_back,
    an_account_takes_all_of_it_along,
    apps_are_to_be_told_of_ends,
);

fn access(scopes: &[&str]) -> Access {
    Access { scopes: scopes.iter().map(|name| (*name).to_owned()).collect(), resources: Vec::new() }
}

async fn app(store: &Arc<dyn Store>, name: &str) -> Uuid {
    let client = Client {
        id: named(name),
        kind: ClientType::Public,
        name: name.to_owned(),
        scope: Scope::None,
        secret_hash: Vec::new(),
        previous_secret: None,
        app: App::default(),
        created_at: at(0),
        last_used_at: None,
        revoked_at: None,
    };
    let mut tx = store.write().await.unwrap();
    tx.insert_client(&client).await.unwrap();
    tx.commit().await.unwrap();
    client.id
}

/// A session of an app in the browser session of this number.
async fn signed_in(store: &Arc<dyn Store>, browser: &Session, client_id: Uuid, number: u8) -> Session {
    let session = Session {
        kind: Kind::App,
        token_hash: None,
        expires_at: at(10),
        app: Some(AppPart { client_id, parent_id: Some(browser.id), access: access(&["openid"]) }),
        ..sessions::session(browser.account_id, number)
    };
    let mut tx = store.write().await.unwrap();
    tx.insert_session(&session).await.unwrap();
    tx.commit().await.unwrap();
    session
}

async fn a_session_of_an_app_hangs_on_that_of_a_browser(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let (notes, diary) = (app(&store, "notes").await, app(&store, "diary").await);
    let browser = sessions::insert(&store, ada, 1).await;
    let mut session = signed_in(&store, &browser, notes, 2).await;
    let mut tx = store.write().await.unwrap();
    let found = tx.app_session(browser.id, notes).await.unwrap().unwrap();
    assert_eq!((&found.session, found.parent_expires_at), (&session, Some(browser.expires_at)));
    assert_eq!(tx.app_session(browser.id, diary).await.unwrap(), None);
    assert_eq!(tx.app_session_by_id(session.id).await.unwrap(), Some(found));
    assert_eq!(tx.app_session_by_id(browser.id).await.unwrap(), None, "a browser's is none");
    let listed = tx.sessions_of(ada, at(1)).await.unwrap();
    assert_eq!(listed.iter().map(|session| session.id).collect::<Vec<_>>(), [browser.id], "in no list");
    session.expires_at = at(20);
    session.app = session.app.map(|app| AppPart { access: access(&["openid", "email"]), ..app });
    tx.renew_app_session(&session).await.unwrap();
    assert_eq!(tx.app_sessions_of(ada).await.unwrap()[0].session, session);
    assert_eq!(tx.accounts_signed_in_to(notes, 5).await.unwrap(), [ada]);
    let subject = tx.subject(session.id, notes).await.unwrap().unwrap();
    assert_eq!((subject.account.id, subject.expires_at), (ada, at(20)));
    assert!(subject.is_alive(at(19)) && subject.account.custom_data.is_some());
    assert_eq!(tx.subject(session.id, diary).await.unwrap(), None);
    tx.revoke_client(notes, at(5)).await.unwrap();
    assert!(!tx.subject(session.id, notes).await.unwrap().unwrap().is_alive(at(6)), "at once");
    assert!(tx.end_app_session(ada, session.id, at(7)).await.unwrap());
    assert!(!tx.end_app_session(ada, session.id, at(8)).await.unwrap());
    assert!(!tx.end_app_session(ada, browser.id, at(8)).await.unwrap(), "a browser's is none");
    assert_eq!(tx.app_session(browser.id, notes).await.unwrap(), None);
}

async fn what_ends_a_browser_session_ends_those_of_apps(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let notes = app(&store, "notes").await;
    let (one, two) = (sessions::insert(&store, ada, 1).await, sessions::insert(&store, ada, 2).await);
    let (of_one, of_two) = (signed_in(&store, &one, notes, 3).await, signed_in(&store, &two, notes, 4).await);
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.end_sessions(ada, Some(one.id), at(5)).await.unwrap(), 2);
    let ended = tx.session(of_two.id).await.unwrap().unwrap().ended_at;
    assert_eq!((ended, tx.session(of_one.id).await.unwrap().unwrap().ended_at), (Some(at(5)), None));
    assert!(tx.end_session(ada, one.id, at(6)).await.unwrap());
    assert_eq!(tx.session(of_one.id).await.unwrap().unwrap().ended_at, Some(at(6)));
    tx.commit().await.unwrap();

    let three = sessions::insert(&store, ada, 5).await;
    let of_three = signed_in(&store, &three, notes, 6).await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.end_sessions_of_app(ada, notes, at(7)).await.unwrap(), 1);
    assert_eq!(tx.session(three.id).await.unwrap().unwrap().ended_at, None);
    assert_eq!(tx.session(of_three.id).await.unwrap().unwrap().ended_at, Some(at(7)));
}

async fn a_session_goes_on_under_another_cookie(store: Arc<dyn Store>) {
    let people = accounts::insert(&store, &["ada", "bob"]).await;
    let (ada, bob) = (people[0].id, people[1].id);
    let old = sessions::insert(&store, ada, 1).await;
    let by = Session {
        token_hash: Some(vec![9; 32]),
        authenticated_at: at(50),
        last_used_at: at(50),
        expires_at: at(5000),
        ..sessions::session(ada, 2)
    };
    let mut tx = store.write().await.unwrap();
    assert!(
        !tx.continue_session(old.id, &Session { account_id: bob, ..by.clone() }).await.unwrap(),
        "of the same account"
    );
    assert!(tx.continue_session(old.id, &by).await.unwrap());
    let continued = tx.session_by_token(&[9; 32]).await.unwrap().unwrap();
    assert_eq!((continued.id, continued.authenticated_at, continued.created_at), (old.id, at(50), old.created_at));
    assert_eq!(tx.session_by_token(&[1; 32]).await.unwrap(), None, "the old cookie is worth nothing");
    tx.end_session(ada, old.id, at(60)).await.unwrap();
    assert!(!tx.continue_session(old.id, &by).await.unwrap(), "it has ended");
    tx.delete_session(old.id).await.unwrap();
    assert_eq!(tx.session(old.id).await.unwrap(), None);
}

fn code(session_id: Uuid, number: u8) -> AuthorizationCode {
    let grant = Grant {
        scopes: vec!["openid".to_owned()],
        resources: vec!["https://api.example".to_owned()],
        auth_time: at(1),
        second_step: true,
    };
    let granted = CodeGrant {
        grant,
        redirect_uri: "https://app.example/".to_owned(),
        nonce: Some("n".to_owned()),
        challenge: None,
    };
    let code_hash = vec![number; 32];
    AuthorizationCode { code_hash, session_id, granted, created_at: at(2), expires_at: at(62), used_at: None }
}

async fn a_code_is_exchanged_once(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let notes = app(&store, "notes").await;
    let browser = sessions::insert(&store, ada, 1).await;
    let session = signed_in(&store, &browser, notes, 2).await;
    let kept = code(session.id, 7);
    let mut tx = store.write().await.unwrap();
    tx.insert_authorization_code(&kept).await.unwrap();
    assert_eq!(tx.authorization_code(&[7; 32]).await.unwrap(), Some(kept.clone()));
    assert_eq!(tx.authorization_code(&[8; 32]).await.unwrap(), None);
    assert_eq!(tx.count_authorization_codes(session.id, at(1)).await.unwrap(), 1);
    assert_eq!(tx.count_authorization_codes(session.id, at(2)).await.unwrap(), 0);
    assert!(tx.use_authorization_code(&[7; 32], at(3)).await.unwrap());
    assert!(!tx.use_authorization_code(&[7; 32], at(4)).await.unwrap());
    assert_eq!(tx.authorization_code(&[7; 32]).await.unwrap().unwrap().used_at, Some(at(3)));
    assert_eq!(tx.sweep_authorization_codes(at(62), 10).await.unwrap(), 0);
    assert_eq!(tx.sweep_authorization_codes(at(63), 10).await.unwrap(), 1);
}

async fn the_oldest_refresh_tokens_go(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let notes = app(&store, "notes").await;
    let browser = sessions::insert(&store, ada, 1).await;
    let session = signed_in(&store, &browser, notes, 2).await;
    let grant = Some(code(session.id, 0).granted.grant);
    let mut tx = store.write().await.unwrap();
    for number in 1..=4 {
        let token = RefreshToken {
            token_hash: vec![number; 32],
            session_id: session.id,
            created_at: at(number.into()),
            expires_at: at(100),
            used_at: (number == 1).then_some(at(9)),
            grant: grant.clone(),
        };
        tx.insert_refresh_token(&token).await.unwrap();
    }
    tx.trim_refresh_tokens(session.id, 2).await.unwrap();
    let mut left = Vec::new();
    for number in 1..=4 {
        let token = tx.refresh_token(&[number; 32]).await.unwrap();
        assert!(token.as_ref().is_none_or(|token| token.grant == grant));
        left.extend(token.map(|_| number));
    }
    assert_eq!(left, [1, 3, 4], "used ones stay, so that their reuse is told");
}

async fn consents_are_kept_and_taken_back(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let (notes, diary) = (app(&store, "notes").await, app(&store, "diary").await);
    let first = Consent {
        account_id: ada,
        client_id: notes,
        access: access(&["openid"]),
        created_at: at(1),
        last_used_at: at(1),
    };
    let more =
        Consent { access: access(&["openid", "email"]), created_at: at(5), last_used_at: at(5), ..first.clone() };
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.consent(ada, notes).await.unwrap(), None);
    tx.put_consent(&first).await.unwrap();
    tx.put_consent(&more).await.unwrap();
    let kept = Consent { created_at: at(1), ..more };
    assert_eq!(tx.consent(ada, notes).await.unwrap(), Some(kept.clone()));
    tx.put_consent(&Consent { client_id: diary, created_at: at(9), ..first }).await.unwrap();
    assert_eq!(tx.consents_of(ada).await.unwrap()[0], kept);
    assert!(tx.delete_consent(ada, notes).await.unwrap() && !tx.delete_consent(ada, notes).await.unwrap());
    assert_eq!(tx.delete_consents_of_app(diary).await.unwrap(), 1);
    assert_eq!(tx.consents_of(ada).await.unwrap(), []);
}

async fn an_account_takes_all_of_it_along(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let notes = app(&store, "notes").await;
    let browser = sessions::insert(&store, ada, 1).await;
    let session = signed_in(&store, &browser, notes, 2).await;
    let mut tx = store.write().await.unwrap();
    tx.insert_authorization_code(&code(session.id, 7)).await.unwrap();
    let access = access(&["openid"]);
    let consent = Consent { account_id: ada, client_id: notes, access, created_at: at(1), last_used_at: at(1) };
    tx.put_consent(&consent).await.unwrap();
    tx.delete_account(ada).await.unwrap();
    assert_eq!(tx.authorization_code(&[7; 32]).await.unwrap(), None);
    assert_eq!(tx.consent(ada, notes).await.unwrap(), None);
    assert_eq!(tx.session(session.id).await.unwrap(), None);
}

async fn apps_are_to_be_told_of_ends(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let notes = app(&store, "notes").await;
    let browser = sessions::insert(&store, ada, 1).await;
    let mut tx = store.write().await.unwrap();
    let mut client = tx.client(notes).await.unwrap().unwrap();
    client.app.backchannel_logout_uri = Some("https://notes.example/".to_owned());
    tx.update_client(&client).await.unwrap();
    tx.commit().await.unwrap();
    let session = signed_in(&store, &browser, notes, 2).await;
    let silent = signed_in(&store, &browser, app(&store, "diary").await, 3).await;
    let mut tx = store.write().await.unwrap();
    assert!(tx.end_session(ada, browser.id, at(5)).await.unwrap());
    assert_eq!(tx.session(silent.id).await.unwrap().unwrap().ended_at, Some(at(5)));
    assert_eq!(tx.due_logout_deliveries(at(4), 9).await.unwrap(), []);
    let due = tx.due_logout_deliveries(at(5), 9).await.unwrap();
    let [delivery] = due.as_slice() else { panic!("{due:?}") };
    assert_eq!((delivery.session_id, delivery.client_id, delivery.account_id), (session.id, notes, Some(ada)));
    assert_eq!((delivery.attempts, delivery.created_at, delivery.due_at), (0, at(5), at(5)));
    assert!(tx.claim_logout_delivery(session.id, at(5), at(35)).await.unwrap());
    assert!(!tx.claim_logout_delivery(session.id, at(5), at(36)).await.unwrap(), "somebody has it");
    tx.postpone_logout_delivery(session.id, at(50)).await.unwrap();
    tx.delete_account(ada).await.unwrap();
    let later = tx.due_logout_deliveries(at(50), 9).await.unwrap();
    assert_eq!((later[0].attempts, later[0].account_id), (1, None));
    tx.delete_logout_delivery(session.id).await.unwrap();
    assert_eq!(tx.due_logout_deliveries(at(99), 9).await.unwrap(), []);
}
