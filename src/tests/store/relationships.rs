//! Follows and blocks.

use std::sync::Arc;

use nameplate::{
    domain::{
        account::Account,
        relationship::{Connections, Relationship},
    },
    store::{
        Store, StoreError, Transaction,
        relationships::{Block, Follow, List, MOST_COUNTED, Page},
    },
};
use uuid::Uuid;

use super::{accounts, at, on_both_engines};

on_both_engines!(
    a_follow_counts_once_it_is_accepted,
    a_private_account_answers_requests,
    a_block_is_seen_from_both_sides,
    lists_are_paged_newest_first,
    lists_are_counted_as_they_are_read,
    requests_and_blocks_are_counted_so_far,
    hidden_accounts_are_in_no_list_and_no_count,
    whoever_blocks_the_viewer_is_left_out,
    edges_go_with_their_accounts,
);

const ALL: Page = Page { viewer: Uuid::nil(), before: None, limit: 10 };

fn follow(number: u8, follower: &Account, followed: &Account, accepted: bool) -> Follow {
    Follow {
        id: Uuid::from_bytes([number; 16]),
        follower_id: follower.id,
        followed_id: followed.id,
        requested_at: at(number.into()),
        accepted_at: accepted.then(|| at(number.into())),
    }
}

fn block(number: u8, blocker: &Account, blocked: &Account) -> Block {
    let id = Uuid::from_bytes([number; 16]);
    Block { id, blocker_id: blocker.id, blocked_id: blocked.id, blocked_at: at(number.into()) }
}

async fn listed(tx: &mut Box<dyn Transaction>, account: &Account, list: List, page: Page) -> Vec<String> {
    let entries = tx.connected(account.id, list, page).await.unwrap();
    entries.into_iter().map(|(_, account)| account.username.to_string()).collect()
}

async fn a_follow_counts_once_it_is_accepted(store: Arc<dyn Store>) {
    let [ada, bob] = accounts::insert(&store, &["ada", "bob"]).await.try_into().unwrap();
    let mut tx = store.write().await.unwrap();
    tx.insert_follow(&follow(1, &ada, &bob, true)).await.unwrap();
    tx.insert_follow(&follow(2, &ada, &bob, false)).await.unwrap();
    let seen = tx.relationship(ada.id, bob.id).await.unwrap();
    assert_eq!(seen, Relationship { is_following: true, ..Relationship::default() }, "what is there stays");
    let seen = tx.relationship(bob.id, ada.id).await.unwrap();
    assert_eq!(seen, Relationship { is_followed_by: true, ..Relationship::default() });
    assert_eq!(tx.connections(bob.id).await.unwrap(), Connections { followers: 1, following: 0 });
    assert_eq!(tx.connections(ada.id).await.unwrap(), Connections { followers: 0, following: 1 });
    assert!(tx.delete_follow(ada.id, bob.id).await.unwrap());
    assert!(!tx.delete_follow(ada.id, bob.id).await.unwrap());
    assert_eq!(tx.connections(bob.id).await.unwrap(), Connections::default());
}

async fn a_private_account_answers_requests(store: Arc<dyn Store>) {
    let [ada, bob, eve] = accounts::insert(&store, &["ada", "bob", "eve"]).await.try_into().unwrap();
    let mut tx = store.write().await.unwrap();
    for (number, follower) in [(1, &bob), (2, &eve)] {
        tx.insert_follow(&follow(number, follower, &ada, false)).await.unwrap();
    }
    assert!(tx.relationship(bob.id, ada.id).await.unwrap().is_requested);
    assert_eq!(listed(&mut tx, &ada, List::Requests, ALL).await, ["eve", "bob"]);
    assert!(tx.accept_follow(bob.id, ada.id, at(5)).await.unwrap());
    assert!(!tx.accept_follow(bob.id, ada.id, at(5)).await.unwrap(), "there is nothing left to accept");
    assert!(!tx.decline_follow(bob.id, ada.id).await.unwrap(), "nor to decline");
    assert!(tx.decline_follow(eve.id, ada.id).await.unwrap());
    assert_eq!(listed(&mut tx, &ada, List::Requests, ALL).await, [""; 0]);
    assert_eq!(listed(&mut tx, &ada, List::Followers, ALL).await, ["bob"]);
    tx.insert_follow(&follow(3, &eve, &ada, false)).await.unwrap();
    assert_eq!(tx.accept_follows(ada.id, at(6)).await.unwrap(), 1);
    assert_eq!(tx.connections(ada.id).await.unwrap().followers, 2);
}

async fn a_block_is_seen_from_both_sides(store: Arc<dyn Store>) {
    let [ada, bob] = accounts::insert(&store, &["ada", "bob"]).await.try_into().unwrap();
    let mut tx = store.write().await.unwrap();
    tx.insert_block(&block(1, &ada, &bob)).await.unwrap();
    tx.insert_block(&block(2, &ada, &bob)).await.unwrap();
    assert!(tx.relationship(ada.id, bob.id).await.unwrap().is_blocked);
    assert!(tx.relationship(bob.id, ada.id).await.unwrap().is_blocked_by);
    assert_eq!(listed(&mut tx, &ada, List::Blocked, ALL).await, ["bob"]);
    assert_eq!(listed(&mut tx, &bob, List::Blocked, ALL).await, [""; 0]);
    assert!(tx.delete_block(ada.id, bob.id).await.unwrap());
    assert!(!tx.delete_block(ada.id, bob.id).await.unwrap());
    assert_eq!(tx.relationship(ada.id, bob.id).await.unwrap(), Relationship::default());
}

async fn lists_are_paged_newest_first(store: Arc<dyn Store>) {
    let [ada, bob, eve, joe] = accounts::insert(&store, &["ada", "bob", "eve", "joe"]).await.try_into().unwrap();
    let mut tx = store.write().await.unwrap();
    for (number, other) in [(1, &bob), (2, &eve), (3, &joe)] {
        tx.insert_follow(&follow(number, other, &ada, true)).await.unwrap();
        tx.insert_follow(&follow(number + 10, &ada, other, true)).await.unwrap();
    }
    for list in [List::Followers, List::Following] {
        assert_eq!(listed(&mut tx, &ada, list, Page { limit: 2, ..ALL }).await, ["joe", "eve"]);
        let last = tx.connected(ada.id, list, Page { limit: 2, ..ALL }).await.unwrap()[1].0;
        assert_eq!(listed(&mut tx, &ada, list, Page { before: Some(last), ..ALL }).await, ["bob"]);
    }
}

async fn lists_are_counted_as_they_are_read(store: Arc<dyn Store>) {
    let [ada, bob, eve, joe] = accounts::insert(&store, &["ada", "bob", "eve", "joe"]).await.try_into().unwrap();
    let mut tx = store.write().await.unwrap();
    tx.insert_follow(&follow(1, &bob, &ada, true)).await.unwrap();
    tx.insert_follow(&follow(2, &eve, &ada, true)).await.unwrap();
    tx.insert_follow(&follow(3, &joe, &ada, false)).await.unwrap();
    tx.insert_follow(&follow(4, &ada, &bob, true)).await.unwrap();
    tx.insert_block(&block(5, &ada, &joe)).await.unwrap();
    let lists = [(List::Followers, 2), (List::Following, 1), (List::Requests, 1), (List::Blocked, 1)];
    for (list, count) in lists {
        assert_eq!(tx.count_connected(ada.id, list).await.unwrap(), count, "{list:?}");
    }
    for hidden in [&bob, &joe] {
        tx.update_account(&Account { locked_at: Some(at(1)), ..hidden.clone() }).await.unwrap();
    }
    for (list, _) in lists {
        let read = listed(&mut tx, &ada, list, ALL).await.len() as i64;
        assert_eq!(tx.count_connected(ada.id, list).await.unwrap(), read, "{list:?}");
    }
}

async fn requests_and_blocks_are_counted_so_far(store: Arc<dyn Store>) {
    let names: Vec<_> = (0..MOST_COUNTED + 3).map(|number| format!("p{number}x")).collect();
    let people = accounts::insert(&store, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let (ada, others) = people.split_first().unwrap();
    let mut tx = store.write().await.unwrap();
    for (number, other) in others.iter().enumerate() {
        let id = Uuid::from_u128(number as u128);
        tx.insert_follow(&Follow { id, ..follow(0, other, ada, false) }).await.unwrap();
        tx.insert_block(&Block { id, ..block(0, ada, other) }).await.unwrap();
    }
    for list in [List::Requests, List::Blocked] {
        assert_eq!(tx.count_connected(ada.id, list).await.unwrap(), MOST_COUNTED, "{list:?}");
    }
    tx.accept_follows(ada.id, at(3)).await.unwrap();
    assert_eq!(tx.count_connected(ada.id, List::Followers).await.unwrap(), MOST_COUNTED + 2, "these are kept");
}

async fn hidden_accounts_are_in_no_list_and_no_count(store: Arc<dyn Store>) {
    let [ada, bob, eve] = accounts::insert(&store, &["ada", "bob", "eve"]).await.try_into().unwrap();
    let mut tx = store.write().await.unwrap();
    for (number, other) in [(1, &bob), (2, &eve)] {
        tx.insert_follow(&follow(number, other, &ada, true)).await.unwrap();
        tx.insert_follow(&follow(number + 10, &ada, other, true)).await.unwrap();
    }
    let archived = Account { archived_at: Some(at(1)), purge_at: Some(at(9)), ..bob.clone() };
    let locked = Account { locked_at: Some(at(1)), ..eve.clone() };
    for hidden in [archived, locked] {
        tx.update_account(&hidden).await.unwrap();
    }
    assert_eq!(tx.connections(ada.id).await.unwrap(), Connections::default());
    assert_eq!(listed(&mut tx, &ada, List::Followers, ALL).await, [""; 0]);
    tx.update_account(&bob).await.unwrap();
    assert_eq!(tx.connections(ada.id).await.unwrap(), Connections { followers: 1, following: 1 });
    assert_eq!(listed(&mut tx, &ada, List::Following, ALL).await, ["bob"]);
}

async fn whoever_blocks_the_viewer_is_left_out(store: Arc<dyn Store>) {
    let [ada, bob, eve] = accounts::insert(&store, &["ada", "bob", "eve"]).await.try_into().unwrap();
    let mut tx = store.write().await.unwrap();
    tx.insert_follow(&follow(1, &bob, &ada, true)).await.unwrap();
    tx.insert_block(&block(2, &bob, &eve)).await.unwrap();
    assert_eq!(listed(&mut tx, &ada, List::Followers, Page { viewer: eve.id, ..ALL }).await, [""; 0]);
    assert_eq!(listed(&mut tx, &ada, List::Followers, Page { viewer: ada.id, ..ALL }).await, ["bob"]);
}

async fn edges_go_with_their_accounts(store: Arc<dyn Store>) {
    let [ada, bob] = accounts::insert(&store, &["ada", "bob"]).await.try_into().unwrap();
    let mut tx = store.write().await.unwrap();
    tx.insert_follow(&follow(1, &ada, &bob, true)).await.unwrap();
    tx.insert_follow(&follow(2, &bob, &ada, true)).await.unwrap();
    tx.insert_block(&block(3, &bob, &ada)).await.unwrap();
    tx.delete_account(bob.id).await.unwrap();
    assert_eq!(tx.relationship(ada.id, bob.id).await.unwrap(), Relationship::default());
    assert_eq!(tx.connections(ada.id).await.unwrap(), Connections::default());
    assert!(matches!(tx.insert_follow(&follow(4, &ada, &bob, true)).await, Err(StoreError::Dangling)));
}
