//! Accounts.

use std::sync::Arc;

use nameplate::{
    domain::{
        account::{Account, Picture, Role},
        email::EmailAddress,
        locale::{Locale, Theme},
        names::Names,
        phone::PhoneNumber,
        search::{Matching, Pattern, Search, Term},
        username::Username,
    },
    store::{
        Store, StoreError,
        accounts::{AccountFilter, AccountSearch, Tombstone},
    },
};
use serde_json::{Map, json};
use uuid::Uuid;

use super::{at, named, on_both_engines};

on_both_engines!(
    every_column_reads_back,
    data_of_services_is_read_and_written_apart,
    lookups_find_by_folded_values,
    unique_values_are_named,
    locked_accounts_change_one_after_the_other,
    dropped_transactions_leave_nothing,
    lists_filter_and_count,
    searches_find_by_any_name,
    names_are_found_however_they_are_typed,
    due_accounts_are_found,
    deleting_takes_everything_along,
    readers_cannot_write,
);

/// An account whose every column has a value of its own.
pub fn account(name: &str) -> Account {
    Account {
        id: named(name),
        email: Some(EmailAddress::parse(&format!("{name}@Example.com")).unwrap()),
        email_verified: true,
        pending_email: None,
        phone: None,
        phone_verified: false,
        pending_phone: Some(PhoneNumber::parse_international("+14155550123").unwrap()),
        username: Username::parse(name).unwrap(),
        password_hash: Some("$argon2id$…".into()),
        password_changed_at: Some(at(1)),
        names: Names::new(Some(name), Some("van"), Some("Şahin")).unwrap(),
        bio: "Line one\nline two".into(),
        location: "İzmir".into(),
        pictures: vec![Picture::Upload("key.webp".into()), Picture::Remote("https://example.com/a.png".into())],
        role: Role::User,
        locale: Some(Locale::Tr),
        time_zone: Some("Europe/Istanbul".into()),
        theme: Theme::Dark,
        is_private: true,
        two_factor_enabled: false,
        custom_data: None,
        oidc_profile: Map::new(),
        posts_count: 1,
        shops_count: 2,
        events_count: 3,
        record_version: 1,
        shown_version: 1,
        created_at: at(2),
        updated_at: at(3),
        last_sign_in_at: Some(at(4)),
        archived_at: None,
        purge_at: None,
        purge_reminders: 0,
        locked_at: None,
        lock_reason: None,
    }
}

/// Adds accounts of these names.
pub async fn insert(store: &Arc<dyn Store>, names: &[&str]) -> Vec<Account> {
    let accounts: Vec<_> = names.iter().map(|name| account(name)).collect();
    let mut tx = store.write().await.unwrap();
    for account in &accounts {
        tx.insert_account(account).await.unwrap();
    }
    tx.commit().await.unwrap();
    accounts
}

async fn every_column_reads_back(store: Arc<dyn Store>) {
    let mut expected = insert(&store, &["ada"]).await.remove(0);
    assert_eq!(store.read().await.unwrap().account(expected.id).await.unwrap().as_ref(), Some(&expected));

    expected.phone = expected.pending_phone.take();
    expected.phone_verified = true;
    expected.archived_at = Some(at(10));
    expected.purge_at = Some(at(20));
    expected.purge_reminders = 2;
    expected.locked_at = Some(at(30));
    expected.lock_reason = Some("tired".into());
    expected.role = Role::Admin;
    expected.locale = None;
    expected.pictures.clear();
    expected.names = Names::default();
    expected.touch(at(40));
    let mut tx = store.write().await.unwrap();
    tx.lock_account(expected.id).await.unwrap().unwrap();
    tx.update_account(&expected).await.unwrap();
    tx.note_sign_in(expected.id, at(50)).await.unwrap();
    tx.commit().await.unwrap();
    expected.last_sign_in_at = Some(at(50));
    assert_eq!(store.read().await.unwrap().account(expected.id).await.unwrap(), Some(expected));
}

async fn data_of_services_is_read_and_written_apart(store: Arc<dyn Store>) {
    let mut custom_data = Map::new();
    custom_data.insert("plan".into(), json!({ "tier": 3, "ümlaut": ["a", null] }));
    let bob = insert(&store, &["bob"]).await.remove(0);
    let ada = Account { custom_data: Some(custom_data.clone()), pending_phone: None, ..account("ada") };
    let mut tx = store.write().await.unwrap();
    tx.insert_account(&ada).await.unwrap();
    let mut read = tx.lock_account(ada.id).await.unwrap().unwrap();
    assert_eq!(read.custom_data, None);
    read.touch(at(5));
    tx.update_account(&read).await.unwrap();
    assert_eq!(tx.custom_data(ada.id).await.unwrap(), Some(custom_data.clone()), "who has not read it writes none");
    assert_eq!(tx.custom_data(bob.id).await.unwrap(), Some(Map::new()));
    assert_eq!(tx.custom_data(Uuid::nil()).await.unwrap(), None);
    let search = AccountSearch { search: typed("ada"), now: at(0), offset: 0, limit: 1 };
    assert_eq!(tx.search_accounts(&search).await.unwrap().0[0].custom_data, Some(custom_data));
    tx.update_account(&Account { custom_data: Some(Map::new()), ..read }).await.unwrap();
    assert_eq!(tx.custom_data(ada.id).await.unwrap(), Some(Map::new()));
}

async fn lookups_find_by_folded_values(store: Arc<dyn Store>) {
    let mut ada = insert(&store, &["Ada", "bob"]).await.remove(0);
    let mut tx = store.write().await.unwrap();
    ada.phone = Some(PhoneNumber::parse_international("+905551234567").unwrap());
    tx.update_account(&ada).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.account_by_email("ada@example.com").await.unwrap().unwrap().id, ada.id);
    assert_eq!(tx.account_by_username("ada").await.unwrap().unwrap().id, ada.id);
    assert_eq!(tx.account_by_phone("+905551234567").await.unwrap().unwrap().id, ada.id);
    assert!(tx.account_by_email("Ada@Example.com").await.unwrap().is_none());
    assert!(tx.account(Uuid::nil()).await.unwrap().is_none());
    assert!(tx.account_by_phone("+1").await.unwrap().is_none());
}

async fn unique_values_are_named(store: Arc<dyn Store>) {
    let ada = insert(&store, &["ada"]).await.remove(0);
    let mut bob = account("bob");
    bob.email = ada.email.clone();
    assert_eq!(conflict(&store, &bob).await, "accounts_email_key");
    let mut bob = account("bob");
    bob.username = Username::parse("ADA").unwrap();
    assert_eq!(conflict(&store, &bob).await, "accounts_username_key");
    let mut tx = store.write().await.unwrap();
    let mut eve = account("eve");
    eve.phone = eve.pending_phone.take();
    tx.insert_account(&eve).await.unwrap();
    tx.commit().await.unwrap();
    let mut bob = account("bob");
    bob.phone = eve.phone;
    assert_eq!(conflict(&store, &bob).await, "accounts_phone_key");
}

async fn conflict(store: &Arc<dyn Store>, account: &Account) -> String {
    let mut tx = store.write().await.unwrap();
    match tx.insert_account(account).await {
        Err(StoreError::NotUnique(index)) => index,
        other => panic!("{other:?}"),
    }
}

async fn locked_accounts_change_one_after_the_other(store: Arc<dyn Store>) {
    let id = insert(&store, &["ada"]).await[0].id;
    let changes: Vec<_> = (0..20)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut tx = store.write().await.unwrap();
                let mut account = tx.lock_account(id).await.unwrap().unwrap();
                account.touch(at(5));
                tx.update_account(&account).await.unwrap();
                tx.commit().await.unwrap();
            })
        })
        .collect();
    for change in changes {
        change.await.unwrap();
    }
    assert_eq!(store.read().await.unwrap().account(id).await.unwrap().unwrap().record_version, 21);
    assert!(store.write().await.unwrap().lock_account(Uuid::nil()).await.unwrap().is_none());
}

async fn dropped_transactions_leave_nothing(store: Arc<dyn Store>) {
    let mut tx = store.write().await.unwrap();
    tx.insert_account(&account("ada")).await.unwrap();
    drop(tx);
    assert!(store.read().await.unwrap().account_by_username("ada").await.unwrap().is_none());
}

async fn lists_filter_and_count(store: Arc<dyn Store>) {
    let names = ["ada", "bob", "carla_1", "carlax1"];
    insert(&store, &names).await;
    let mut tx = store.write().await.unwrap();
    let mut bob = tx.lock_account(account("bob").id).await.unwrap().unwrap();
    bob.role = Role::Admin;
    bob.names = Names::new(Some("Bob"), None, Some("Baker")).unwrap();
    tx.update_account(&bob).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.read().await.unwrap();
    let everybody = AccountFilter { limit: 10, ..AccountFilter::default() };
    assert_eq!(tx.list_accounts(&everybody).await.unwrap().1, 4);
    let (page, total) = tx.list_accounts(&AccountFilter { limit: 2, offset: 3, ..everybody.clone() }).await.unwrap();
    assert_eq!((page.len(), total), (1, 4));
    for (filter, expected) in [
        (AccountFilter { role: Some(Role::Admin), ..everybody.clone() }, vec!["bob"]),
        (AccountFilter { email: Some("ADA@".into()), ..everybody.clone() }, vec!["ada"]),
        (AccountFilter { email: Some("a_1".into()), ..everybody.clone() }, vec!["carla_1"]),
        (AccountFilter { email: Some("%".into()), ..everybody.clone() }, vec![]),
        (AccountFilter { email: Some("\0".into()), ..everybody.clone() }, vec![]),
        (AccountFilter { full_name: Some("bob bak".into()), ..everybody.clone() }, vec!["bob"]),
        (AccountFilter { full_name: Some("\0".into()), ..everybody.clone() }, vec![]),
        (AccountFilter { full_name: Some("bob".into()), role: Some(Role::User), ..everybody.clone() }, vec![]),
    ] {
        let (found, total) = tx.list_accounts(&filter).await.unwrap();
        let found: Vec<_> = found.iter().map(|account| account.username.as_str()).collect();
        assert_eq!((found.as_slice(), total), (expected.as_slice(), expected.len() as i64), "{filter:?}");
    }
}

async fn searches_find_by_any_name(store: Arc<dyn Store>) {
    let accounts = insert(&store, &["ada", "bob", "carla_1", "carlax1"]).await;
    let mut tx = store.write().await.unwrap();
    let mut bob = tx.lock_account(accounts[1].id).await.unwrap().unwrap();
    bob.names = Names::new(Some("Bob"), None, Some("Baker")).unwrap();
    bob.phone = bob.pending_phone.take();
    bob.created_at = at(100);
    (bob.archived_at, bob.purge_at) = (Some(at(100)), Some(at(200)));
    tx.update_account(&bob).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.read().await.unwrap();
    let everybody = AccountSearch { search: Search::default(), now: at(150), offset: 0, limit: 10 };
    let (all, total) = tx.search_accounts(&everybody).await.unwrap();
    assert_eq!((all[0].username.as_str(), all.len(), total), ("bob", 4, 4));
    let (page, total) = tx.search_accounts(&AccountSearch { offset: 3, limit: 2, ..everybody.clone() }).await.unwrap();
    assert_eq!((page.len(), total), (1, 4));
    let late = AccountSearch { now: at(200), ..everybody.clone() };
    assert_eq!(tx.search_accounts(&late).await.unwrap().1, 3, "gone, even if the purge has not reached it");
    for (text, expected) in [
        ("BOB BAK", vec!["bob"]),
        ("a_1", vec!["carla_1"]),
        ("ADA@", vec!["ada"]),
        ("4155550", vec!["bob"]),
        ("+1415", vec!["bob"]),
        ("1415%", vec!["bob"]),
        ("ada%", vec!["ada"]),
        ("%baker", vec!["bob"]),
        ("%da", vec!["ada"]),
        ("\\", vec![]),
        ("a\0da", vec![]),
    ] {
        let search = AccountSearch { search: typed(text), ..everybody.clone() };
        let (found, total) = tx.search_accounts(&search).await.unwrap();
        let found: Vec<_> = found.iter().map(|account| account.username.as_str()).collect();
        assert_eq!((found.as_slice(), total), (expected.as_slice(), expected.len() as i64), "{text:?}");
    }
    let by_id = AccountSearch { search: typed(&accounts[0].id.to_string()), ..everybody };
    assert_eq!(tx.search_accounts(&by_id).await.unwrap().0[0].id, accounts[0].id);
    let filter = AccountFilter { email: Some("a\0da".into()), limit: 10, ..AccountFilter::default() };
    assert_eq!(tx.list_accounts(&filter).await.unwrap().1, 0, "PostgreSQL takes no NUL");
}

/// A search for a text as a service types it.
fn typed(text: &str) -> Search {
    let matching = Matching::Like(Pattern::typed(text));
    Search { terms: vec![Term { field: None, matching }], ..Search::default() }
}

async fn names_are_found_however_they_are_typed(store: Arc<dyn Store>) {
    let people = [("ozge", "Özge Çelik"), ("orlov", "Пётр Орлов"), ("ipek", "İpek Işık"), ("odd", "100% O'Hara_x")];
    let mut tx = store.write().await.unwrap();
    for (name, full) in people {
        let names = Names::from_full(full).unwrap();
        tx.insert_account(&Account { names, pending_phone: None, ..account(name) }).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = store.read().await.unwrap();
    for (text, found) in [
        ("Özge", "ozge"),
        ("ÖZGE", "ozge"),
        ("O\u{308}zge", "ozge"),
        ("ozge celik", "ozge"),
        ("орлов", "orlov"),
        ("ПЕТР ОРЛОВ", "orlov"),
        ("Пе\u{308}тр", "orlov"),
        ("İpek", "ipek"),
        ("ipek", "ipek"),
        ("IPEK", "ipek"),
        ("I\u{307}pek ışık", "ipek"),
        ("İPEK IŞIK", "ipek"),
        ("0% o'hara_X", "odd"),
    ] {
        let filter = AccountFilter { full_name: Some(text.into()), limit: 10, ..AccountFilter::default() };
        let (listed, total) = tx.list_accounts(&filter).await.unwrap();
        assert_eq!((listed[0].username.as_str(), total), (found, 1), "{text}");
        if !text.contains('%') {
            let search = AccountSearch { search: typed(text), now: at(0), offset: 0, limit: 10 };
            let (listed, total) = tx.search_accounts(&search).await.unwrap();
            assert_eq!((listed[0].username.as_str(), total), (found, 1), "{text}");
        }
    }
}

async fn due_accounts_are_found(store: Arc<dyn Store>) {
    let accounts = insert(&store, &["ada", "bob", "eve"]).await;
    let mut tx = store.write().await.unwrap();
    for (account, purge_at) in accounts.iter().zip([100, 200]) {
        let mut account = account.clone();
        account.archived_at = Some(at(0));
        account.purge_at = Some(at(purge_at));
        account.purge_reminders = i64::from(purge_at == 100);
        tx.update_account(&account).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = store.read().await.unwrap();
    let [ada, bob] = [accounts[0].id, accounts[1].id];
    assert!(tx.due_for_purge(at(99), 10).await.unwrap().is_empty());
    assert_eq!(tx.due_for_purge(at(100), 10).await.unwrap(), [ada]);
    assert_eq!(tx.due_for_purge(at(300), 10).await.unwrap(), [ada, bob]);
    assert_eq!(tx.due_for_purge(at(300), 1).await.unwrap(), [ada]);
    assert_eq!(tx.due_for_reminder(at(300), 1, 10).await.unwrap(), [bob]);
    assert_eq!(tx.due_for_reminder(at(300), 2, 10).await.unwrap(), [ada, bob]);
    assert!(tx.due_for_reminder(at(50), 2, 10).await.unwrap().is_empty());
}

async fn deleting_takes_everything_along(store: Arc<dyn Store>) {
    let ada = insert(&store, &["ada"]).await.remove(0);
    super::sessions::insert(&store, ada.id, 1).await;
    super::pictures::insert(&store, ada.id, "key.webp").await;
    let mut tx = store.write().await.unwrap();
    assert!(tx.delete_account(ada.id).await.unwrap());
    assert!(!tx.delete_account(ada.id).await.unwrap());
    let tombstone = Tombstone { id_hash: vec![1; 32], created_at: at(1), archived_at: at(2), purged_at: at(3) };
    tx.insert_tombstone(&tombstone).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.sessions_of(ada.id, at(0)).await.unwrap(), []);
    assert_eq!(tx.uploads_of(ada.id).await.unwrap(), []);
    assert_eq!(tx.blob("key.webp", "512").await.unwrap(), None);
}

async fn readers_cannot_write(store: Arc<dyn Store>) {
    let mut tx = store.read().await.unwrap();
    assert!(tx.insert_account(&account("ada")).await.is_err());
}
