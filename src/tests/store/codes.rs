//! Codes.

use std::sync::Arc;

use nameplate::{
    domain::code::{Channel, SentCode},
    store::Store,
};
use uuid::Uuid;

use super::{accounts, at, on_both_engines};

on_both_engines!(
    codes_read_back_newest_first,
    tries_are_counted_one_after_the_other,
    a_code_is_used_once,
    newer_codes_replace_older,
    registrations_have_their_own,
    an_accounts_codes_end,
    an_accounts_codes_are_its_own,
    old_codes_are_swept,
);

pub fn code(number: u8, account_id: Option<Uuid>, registration_id: Option<Uuid>) -> SentCode {
    SentCode {
        id: Uuid::from_bytes([number; 16]),
        purpose: "verification".into(),
        account_id,
        registration_id,
        session_id: None,
        channel: "email".into(),
        destination: "ada@example.com".into(),
        code_hash: vec![number; 32],
        token_hash: Some(vec![number + 100; 32]),
        tries: 0,
        created_at: at(number.into()),
        expires_at: at(600 + i64::from(number)),
        used_at: None,
    }
}

async fn insert(store: &Arc<dyn Store>, number: u8) -> SentCode {
    let code = code(number, None, None);
    let mut tx = store.write().await.unwrap();
    tx.insert_code(&code).await.unwrap();
    tx.commit().await.unwrap();
    code
}

async fn codes_read_back_newest_first(store: Arc<dyn Store>) {
    let first = insert(&store, 1).await;
    let second = insert(&store, 2).await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.newest_code("verification", "ada@example.com").await.unwrap(), Some(second));
    assert_eq!(tx.newest_code("password-reset", "ada@example.com").await.unwrap(), None);
    assert_eq!(tx.code_by_token(&[101; 32]).await.unwrap(), Some(first));
    assert_eq!(tx.code_by_token(&[1; 32]).await.unwrap(), None);
    for (since, count) in [(at(0), 2), (at(1), 1), (at(2), 0)] {
        assert_eq!(tx.count_codes("verification", "ada@example.com", since).await.unwrap(), count);
    }
    assert_eq!(tx.count_codes("verification", "bob@example.com", at(0)).await.unwrap(), 0);
    assert_eq!(tx.count_codes("registration", "ada@example.com", at(0)).await.unwrap(), 0);
}

async fn tries_are_counted_one_after_the_other(store: Arc<dyn Store>) {
    let id = insert(&store, 1).await.id;
    let tries: Vec<_> = (0..20)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut tx = store.write().await.unwrap();
                let count = tx.count_try(id, 5).await.unwrap();
                tx.commit().await.unwrap();
                count
            })
        })
        .collect();
    let mut counts = Vec::new();
    for counted in tries {
        counts.extend(counted.await.unwrap());
    }
    counts.sort_unstable();
    assert_eq!(counts, [1, 2, 3, 4, 5]);
}

async fn a_code_is_used_once(store: Arc<dyn Store>) {
    let id = insert(&store, 1).await.id;
    let mut tx = store.write().await.unwrap();
    assert!(tx.use_code(id, at(5)).await.unwrap());
    assert!(!tx.use_code(id, at(6)).await.unwrap());
    assert_eq!(tx.count_try(id, 5).await.unwrap(), None);
    assert_eq!(tx.newest_code("verification", "ada@example.com").await.unwrap(), None);
    assert_eq!(tx.code_by_token(&[101; 32]).await.unwrap().unwrap().used_at, Some(at(5)));
}

async fn newer_codes_replace_older(store: Arc<dyn Store>) {
    insert(&store, 1).await;
    let mut tx = store.write().await.unwrap();
    tx.replace_codes("password-reset", "ada@example.com", at(5)).await.unwrap();
    tx.replace_codes("verification", "bob@example.com", at(5)).await.unwrap();
    assert!(tx.newest_code("verification", "ada@example.com").await.unwrap().is_some());
    tx.replace_codes("verification", "ada@example.com", at(5)).await.unwrap();
    assert!(tx.newest_code("verification", "ada@example.com").await.unwrap().is_none());
}

async fn an_accounts_codes_end(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    insert(&store, 1).await;
    let mut tx = store.write().await.unwrap();
    tx.insert_code(&code(2, Some(ada), None)).await.unwrap();
    tx.end_codes(ada, at(5)).await.unwrap();
    assert_eq!(tx.code_by_token(&[102; 32]).await.unwrap().unwrap().used_at, Some(at(5)));
    assert_eq!(tx.code_by_token(&[101; 32]).await.unwrap().unwrap().used_at, None);
}

async fn an_accounts_codes_are_its_own(store: Arc<dyn Store>) {
    let accounts = accounts::insert(&store, &["ada", "bob"]).await;
    let (ada, bob) = (accounts[0].id, accounts[1].id);
    let (of_ada, of_bob, of_nobody) = (code(1, Some(ada), None), code(2, Some(bob), None), code(3, None, None));
    let mut tx = store.write().await.unwrap();
    for code in [&of_ada, &of_bob, &of_nobody] {
        tx.insert_code(code).await.unwrap();
    }
    let to = &of_ada.destination;
    assert_eq!(tx.newest_code("verification", to).await.unwrap().as_ref(), Some(&of_nobody));
    let both = [of_bob.clone(), of_ada.clone()];
    for (since, limit, expected) in
        [(at(0), 5, &both[..]), (at(0), 1, &both[..1]), (at(1), 5, &both[..1]), (at(2), 5, &[])]
    {
        assert_eq!(tx.codes_of_accounts("verification", to, since, limit).await.unwrap(), expected);
    }
    assert_eq!(tx.codes_of_accounts("password-reset", to, at(0), 5).await.unwrap(), []);
    assert_eq!(tx.newest_code_of(ada, "verification", to).await.unwrap().as_ref(), Some(&of_ada));
    assert_eq!(tx.newest_code_of(ada, "password-reset", to).await.unwrap(), None);
    assert_eq!(tx.newest_code_of(ada, "verification", "bob@example.com").await.unwrap(), None);
    tx.replace_codes("verification", to, at(5)).await.unwrap();
    assert_eq!(tx.newest_code("verification", to).await.unwrap().as_ref(), Some(&of_bob), "nobody's alone");
    tx.end_codes_of(ada, "password-reset", Channel::Email, at(5)).await.unwrap();
    tx.end_codes_of(ada, "verification", Channel::Sms, at(5)).await.unwrap();
    assert!(tx.newest_code_of(ada, "verification", to).await.unwrap().is_some());
    tx.end_codes_of(ada, "verification", Channel::Email, at(5)).await.unwrap();
    assert_eq!(tx.newest_code_of(ada, "verification", to).await.unwrap(), None);
    assert_eq!(tx.newest_code_of(bob, "verification", to).await.unwrap().as_ref(), Some(&of_bob));
    assert_eq!(tx.codes_of_accounts("verification", to, at(0), 5).await.unwrap(), [of_bob]);
}

async fn old_codes_are_swept(store: Arc<dyn Store>) {
    insert(&store, 1).await;
    insert(&store, 2).await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.sweep_codes(at(602), 10).await.unwrap(), 1);
    tx.delete_codes_to("ada@example.com", at(2)).await.unwrap();
    assert!(tx.code_by_token(&[102; 32]).await.unwrap().is_some(), "of that moment");
    tx.delete_codes_to("ada@example.com", at(3)).await.unwrap();
    assert_eq!(tx.code_by_token(&[102; 32]).await.unwrap(), None);
}

async fn registrations_have_their_own(store: Arc<dyn Store>) {
    let first = super::registrations::insert(&store, 1).await.account_id;
    let second = super::registrations::insert(&store, 2).await.account_id;
    let mut tx = store.write().await.unwrap();
    let mut codes = Vec::new();
    for (number, registration) in [(1, first), (2, first), (3, second)] {
        codes.push(code(number, None, Some(registration)));
        tx.insert_code(&codes[codes.len() - 1]).await.unwrap();
    }
    assert_eq!(tx.newest_code_for(first).await.unwrap().as_ref(), Some(&codes[1]));
    tx.replace_codes("verification", "ada@example.com", at(5)).await.unwrap();
    tx.replace_codes_for(second, at(5)).await.unwrap();
    assert_eq!(tx.newest_code_for(first).await.unwrap().as_ref(), Some(&codes[1]));
    assert_eq!(tx.newest_code_for(second).await.unwrap(), None);
}
