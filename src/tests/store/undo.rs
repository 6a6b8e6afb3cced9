//! Undo links.

use std::sync::Arc;

use nameplate::{
    domain::code::Channel,
    store::{Store, undo::UndoLink},
};
use uuid::Uuid;

use super::{accounts, at, on_both_engines};

on_both_engines!(
    links_read_back_and_end,
    using_one_takes_those_it_covers,
    a_link_is_used_once,
    links_go_with_their_account,
);

fn link(account_id: Uuid, number: u8, destination: &str) -> UndoLink {
    UndoLink {
        token_hash: vec![number; 32],
        account_id,
        channel: if destination.starts_with('+') { Channel::Sms } else { Channel::Email },
        destination: destination.into(),
        created_at: at(number.into()),
        expires_at: at(100 + i64::from(number)),
    }
}

async fn insert(store: &Arc<dyn Store>, links: &[UndoLink]) {
    let mut tx = store.write().await.unwrap();
    for link in links {
        tx.insert_undo_link(link).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn links_read_back_and_end(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let links = [link(ada, 1, "Ada@example.com"), link(ada, 2, "+14155550123")];
    insert(&store, &links).await;
    let mut tx = store.write().await.unwrap();
    for link in &links {
        assert_eq!(tx.undo_link(&link.token_hash).await.unwrap().as_ref(), Some(link));
    }
    assert_eq!(tx.undo_link(b"guess").await.unwrap(), None);
    assert_eq!(tx.sweep_undo_links(at(101), 10).await.unwrap(), 1);
    assert_eq!(tx.undo_link(&links[0].token_hash).await.unwrap(), None);
}

async fn using_one_takes_those_it_covers(store: Arc<dyn Store>) {
    let accounts = accounts::insert(&store, &["ada", "bob"]).await;
    let (ada, bob) = (accounts[0].id, accounts[1].id);
    let used = link(ada, 3, "b@example.com");
    let covered = [link(ada, 2, "b@example.com"), link(ada, 4, "c@example.com")];
    let kept = [link(ada, 1, "a@example.com"), link(ada, 5, "+14155550123"), link(bob, 6, "b@example.com")];
    insert(&store, &[[used.clone()].as_slice(), &covered, &kept].concat()).await;
    let mut tx = store.write().await.unwrap();
    assert!(tx.use_undo_link(&used).await.unwrap());
    for (links, stay) in [(&covered[..], false), (&kept, true)] {
        for link in links {
            assert_eq!(tx.undo_link(&link.token_hash).await.unwrap().is_some(), stay, "{link:?}");
        }
    }
}

async fn a_link_is_used_once(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let link = link(ada, 1, "ada@example.com");
    insert(&store, std::slice::from_ref(&link)).await;
    let uses: Vec<_> = (0..10)
        .map(|_| {
            let (store, link) = (Arc::clone(&store), link.clone());
            tokio::spawn(async move {
                let mut tx = store.write().await.unwrap();
                let used = tx.use_undo_link(&link).await.unwrap();
                tx.commit().await.unwrap();
                used
            })
        })
        .collect();
    let mut times = 0;
    for used in uses {
        times += u32::from(used.await.unwrap());
    }
    assert_eq!(times, 1);
}

async fn links_go_with_their_account(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let link = link(ada, 1, "ada@example.com");
    insert(&store, std::slice::from_ref(&link)).await;
    let mut tx = store.write().await.unwrap();
    tx.delete_account(ada).await.unwrap();
    assert_eq!(tx.undo_link(&link.token_hash).await.unwrap(), None);
}
