//! Following, blocking, and what others see.

use nameplate::{
    domain::{
        error::{Error, Field, Reason},
        relationship::{Connections, Relationship},
        session::Actor,
    },
    service::{
        Expectation,
        profile::ProfileChange,
        public_profile::CounterChange,
        relationships::{OwnLists, People},
    },
};
use uuid::Uuid;

use crate::harness::{TestServer, origin, with_both_engines};

with_both_engines!(
    following_is_seen_from_both_sides_and_can_be_repeated,
    a_private_account_decides_who_follows,
    whoever_stops_being_private_accepts_everybody,
    a_block_ends_follows_and_hides,
    hidden_accounts_vanish_and_come_back,
    lists_are_paged_by_cursor,
    ones_own_lists_come_with_counts_and_relationships,
    parallel_changes_leave_exact_counts,
    a_block_wins_over_a_follow_at_the_same_time,
    the_public_profile_says_whose_it_is,
    counters_are_set_and_never_negative,
);

const FOLLOWING: Relationship = Relationship {
    is_following: true,
    is_requested: false,
    is_followed_by: false,
    is_blocked: false,
    is_blocked_by: false,
};

async fn people<const N: usize>(server: &TestServer, names: [&str; N]) -> [Actor; N] {
    let mut actors = Vec::new();
    for name in names {
        let person = server.sign_up(&format!("{name}@example.com"), name).await;
        actors.push(server.accounts.authenticate_bearer(&person.access, &origin()).await.unwrap().0);
    }
    actors.try_into().unwrap_or_else(|_| unreachable!("as many as names"))
}

async fn set_private(server: &TestServer, actor: &Actor, is_private: bool) {
    let change = ProfileChange { is_private: Some(is_private), ..ProfileChange::default() };
    server.accounts.update_profile(actor, actor.account_id, change, Expectation::Any).await.unwrap();
}

async fn counts(server: &TestServer, actor: &Actor) -> (i64, i64) {
    let Connections { followers, following } = server.accounts.connections(actor.account_id).await.unwrap();
    (followers, following)
}

fn ids(people: &People) -> Vec<Uuid> {
    people.accounts.iter().map(|account| account.id).collect()
}

async fn following_is_seen_from_both_sides_and_can_be_repeated(server: TestServer) {
    let [ada, bob] = people(&server, ["Ada", "Bob"]).await;
    for _ in 0..2 {
        assert_eq!(server.accounts.follow(&ada, bob.account_id).await, Ok(FOLLOWING));
    }
    let seen = server.accounts.relationship(&bob, ada.account_id).await.unwrap();
    assert_eq!(seen, Relationship { is_followed_by: true, ..Relationship::default() });
    assert_eq!((counts(&server, &ada).await, counts(&server, &bob).await), ((0, 1), (1, 0)));
    for _ in 0..2 {
        assert_eq!(server.accounts.unfollow(&ada, bob.account_id).await, Ok(Relationship::default()));
    }
    assert_eq!(counts(&server, &bob).await, (0, 0));
    assert_eq!(server.accounts.follow(&ada, ada.account_id).await, Err(Error::Forbidden), "oneself");
    assert_eq!(server.accounts.block(&ada, ada.account_id).await, Err(Error::Forbidden), "oneself");
    assert_eq!(server.accounts.follow(&ada, Uuid::max()).await, Err(Error::NotFound));
}

async fn a_private_account_decides_who_follows(server: TestServer) {
    let [ada, bob, eve] = people(&server, ["Ada", "Bob", "Eve"]).await;
    set_private(&server, &bob, true).await;
    for asking in [&ada, &eve] {
        let asked = server.accounts.follow(asking, bob.account_id).await.unwrap();
        assert!(asked.is_requested && !asked.is_following);
        server.advance(chrono::TimeDelta::seconds(1));
    }
    assert_eq!(counts(&server, &bob).await, (0, 0), "nothing is accepted yet");
    let requests = server.accounts.follow_requests(&bob, None, 10).await.unwrap();
    assert_eq!(ids(&requests), [eve.account_id, ada.account_id]);
    let closed = server.accounts.followers(Some(&ada), bob.account_id, None, 10).await;
    assert_eq!(closed.err(), Some(Error::Forbidden), "its lists are for followers");

    for _ in 0..2 {
        assert!(server.accounts.accept_follower(&bob, ada.account_id).await.unwrap().is_followed_by);
        assert!(!server.accounts.decline_follower(&bob, eve.account_id).await.unwrap().is_followed_by);
    }
    assert_eq!(server.accounts.accept_follower(&bob, eve.account_id).await, Err(Error::NotFound), "it is declined");
    assert!(server.accounts.decline_follower(&bob, ada.account_id).await.unwrap().is_followed_by, "it is accepted");
    assert_eq!(counts(&server, &bob).await, (1, 0));
    for viewer in [&ada, &bob] {
        let shown = server.accounts.followers(Some(viewer), bob.account_id, None, 10).await.unwrap();
        assert_eq!(ids(&shown), [ada.account_id]);
    }
    assert_eq!(server.accounts.followers(None, bob.account_id, None, 10).await, Err(Error::Forbidden));
    let profile = server.accounts.public_profile(None, bob.account_id).await.unwrap();
    assert_eq!(profile.connections.followers, 1, "numbers are for anyone");
}

async fn whoever_stops_being_private_accepts_everybody(server: TestServer) {
    let [ada, bob] = people(&server, ["Ada", "Bob"]).await;
    set_private(&server, &bob, true).await;
    server.accounts.follow(&ada, bob.account_id).await.unwrap();
    set_private(&server, &bob, false).await;
    assert_eq!(server.accounts.relationship(&ada, bob.account_id).await, Ok(FOLLOWING));
    set_private(&server, &bob, true).await;
    assert_eq!(server.accounts.relationship(&ada, bob.account_id).await, Ok(FOLLOWING), "who follows goes on");
}

async fn a_block_ends_follows_and_hides(server: TestServer) {
    let [ada, bob] = people(&server, ["Ada", "Bob"]).await;
    server.accounts.follow(&ada, bob.account_id).await.unwrap();
    server.accounts.follow(&bob, ada.account_id).await.unwrap();
    let blocked = Relationship { is_blocked: true, ..Relationship::default() };
    for _ in 0..2 {
        assert_eq!(server.accounts.block(&ada, bob.account_id).await, Ok(blocked));
    }
    assert_eq!((counts(&server, &ada).await, counts(&server, &bob).await), ((0, 0), (0, 0)));
    assert_eq!(ids(&server.accounts.blocked(&ada, None, 10).await.unwrap()), [bob.account_id]);
    let id = ada.account_id;
    assert_eq!(server.accounts.public_profile(Some(&bob), id).await.err(), Some(Error::NotFound));
    assert_eq!(server.accounts.relationship(&bob, id).await, Err(Error::NotFound));
    assert_eq!(server.accounts.follow(&bob, id).await, Err(Error::NotFound));
    assert_eq!(server.accounts.unfollow(&bob, id).await, Err(Error::NotFound));
    assert_eq!(server.accounts.followers(Some(&bob), id, None, 10).await.err(), Some(Error::NotFound));
    assert_eq!(server.accounts.follow(&ada, bob.account_id).await, Err(Error::Forbidden), "unblock first");
    let seen = server.accounts.public_profile(Some(&ada), bob.account_id).await.unwrap();
    assert_eq!(seen.relationship, Some(blocked));
    for _ in 0..2 {
        assert_eq!(server.accounts.unblock(&ada, bob.account_id).await, Ok(Relationship::default()));
    }
    assert_eq!(server.accounts.follow(&bob, id).await, Ok(FOLLOWING));
}

async fn hidden_accounts_vanish_and_come_back(server: TestServer) {
    let [ada, bob, eve] = people(&server, ["Ada", "Bob", "Eve"]).await;
    for follower in [&bob, &eve] {
        server.accounts.follow(follower, ada.account_id).await.unwrap();
    }
    server.accounts.archive(&bob, bob.account_id, None, Expectation::Any).await.unwrap();
    server.lock(eve.account_id).await;
    assert_eq!(counts(&server, &ada).await, (0, 0));
    assert!(server.accounts.followers(None, ada.account_id, None, 10).await.unwrap().accounts.is_empty());
    assert_eq!(server.accounts.follow(&ada, bob.account_id).await, Err(Error::NotFound));
    let bob = server.actor(&server.sign_in("Bob@example.com").await).await;
    server.accounts.unlock_for_operator(&eve.account_id.to_string()).await.unwrap();
    assert_eq!(counts(&server, &ada).await, (2, 0));

    server.accounts.archive(&bob, bob.account_id, None, Expectation::Any).await.unwrap();
    server.advance(chrono::TimeDelta::days(32));
    assert_eq!(server.accounts.purge().await.unwrap().done, [bob.account_id]);
    assert_eq!(counts(&server, &ada).await, (1, 0));
}

async fn lists_are_paged_by_cursor(server: TestServer) {
    let [ada, bob, eve, joe] = people(&server, ["Ada", "Bob", "Eve", "Joe"]).await;
    for follower in [&bob, &eve, &joe] {
        server.accounts.follow(follower, ada.account_id).await.unwrap();
        server.advance(chrono::TimeDelta::seconds(1));
    }
    let first = server.accounts.followers(None, ada.account_id, None, 2).await.unwrap();
    assert_eq!(ids(&first), [joe.account_id, eve.account_id]);
    let last = server.accounts.followers(None, ada.account_id, first.next, 2).await.unwrap();
    assert_eq!((ids(&last), last.next), (vec![bob.account_id], None));
    let exact = server.accounts.followers(None, ada.account_id, None, 3).await.unwrap();
    assert_eq!((exact.accounts.len(), exact.next), (3, None), "a full page with nothing behind it");
    let of_bob = server.accounts.following(Some(&bob), bob.account_id, None, 500).await.unwrap();
    assert_eq!(ids(&of_bob), [ada.account_id]);
}

async fn ones_own_lists_come_with_counts_and_relationships(server: TestServer) {
    let [ada, bob, eve, joe] = people(&server, ["Ada", "Bob", "Eve", "Joe"]).await;
    set_private(&server, &ada, true).await;
    server.accounts.follow(&bob, ada.account_id).await.unwrap();
    server.accounts.follow(&ada, bob.account_id).await.unwrap();
    server.accounts.follow(&ada, eve.account_id).await.unwrap();
    server.accounts.block(&ada, joe.account_id).await.unwrap();
    let lists = server.accounts.own_lists(&ada).await.unwrap();
    assert_eq!(lists, OwnLists { followers: 0, following: 2, requests: 1, blocked: 1 });

    server.accounts.block(&eve, ada.account_id).await.unwrap();
    let others = [joe.account_id, bob.account_id, eve.account_id];
    let blocked = Relationship { is_blocked: true, ..Relationship::default() };
    let seen = server.accounts.relationships(&ada, &others).await.unwrap();
    assert_eq!(seen, [blocked, FOLLOWING, Relationship::default()], "a block against oneself is not told");
}

async fn parallel_changes_leave_exact_counts(server: TestServer) {
    let actors = people(&server, ["Ada", "Bob", "Eve", "Joe", "Kim"]).await;
    let mut changes = Vec::new();
    for round in 0..6 {
        for (number, actor) in actors.iter().enumerate() {
            let (accounts, actor) = (server.accounts.clone(), actor.clone());
            let other = actors[(number + round % 4 + 1) % actors.len()].account_id;
            changes.push(tokio::spawn(async move {
                match round {
                    2 | 5 => accounts.unfollow(&actor, other).await.map(drop),
                    4 => accounts.block(&actor, other).await.map(drop),
                    _ => accounts.follow(&actor, other).await.map(drop),
                }
            }));
        }
    }
    for change in changes {
        match change.await.unwrap() {
            Ok(()) | Err(Error::NotFound | Error::Forbidden) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    for actor in &actors {
        let (mut followers, mut following) = (0, 0);
        for other in actors.iter().filter(|other| other.account_id != actor.account_id) {
            let Ok(seen) = server.accounts.relationship(actor, other.account_id).await else { continue };
            followers += i64::from(seen.is_followed_by);
            following += i64::from(seen.is_following);
            assert!(!(seen.is_blocked && (seen.is_following || seen.is_followed_by)), "{seen:?}");
        }
        assert_eq!(counts(&server, actor).await, (followers, following));
        let shown = server.accounts.followers(Some(actor), actor.account_id, None, 100).await.unwrap();
        assert_eq!(shown.accounts.len() as i64, followers);
    }
}

async fn a_block_wins_over_a_follow_at_the_same_time(server: TestServer) {
    let [ada, bob] = people(&server, ["Ada", "Bob"]).await;
    for round in 0..20 {
        let (accounts, follower, followed) = (server.accounts.clone(), bob.clone(), ada.account_id);
        let follow = tokio::spawn(async move { accounts.follow(&follower, followed).await });
        server.accounts.block(&ada, bob.account_id).await.unwrap();
        assert!(matches!(follow.await.unwrap(), Ok(_) | Err(Error::NotFound)), "round {round}");
        assert_eq!(counts(&server, &ada).await, (0, 0), "round {round}");
        server.accounts.unblock(&ada, bob.account_id).await.unwrap();
    }
}

async fn the_public_profile_says_whose_it_is(server: TestServer) {
    let [ada, bob] = people(&server, ["Ada", "Bob"]).await;
    server.accounts.follow(&ada, bob.account_id).await.unwrap();
    let of_bob = server.accounts.public_profile(Some(&ada), bob.account_id).await.unwrap();
    assert_eq!((of_bob.is_own, of_bob.relationship), (false, Some(FOLLOWING)));
    assert_eq!(of_bob.connections, Connections { followers: 1, following: 0 });
    let name = of_bob.account.username.to_string();
    for typed in [name.clone(), format!("@{name}"), name.to_uppercase()] {
        assert_eq!(server.accounts.public_profile_by_username(Some(&ada), &typed).await, Ok(of_bob.clone()), "{typed}");
    }
    let own = server.accounts.public_profile(Some(&bob), bob.account_id).await.unwrap();
    assert_eq!((own.is_own, own.relationship), (true, None));
    let anonymous = server.accounts.public_profile(None, bob.account_id).await.unwrap();
    assert_eq!((anonymous.is_own, anonymous.relationship), (false, None));
    for nobody in ["@", "@@bob", "nobody-at-all", "a b"] {
        let found = server.accounts.public_profile_by_username(None, nobody).await;
        assert_eq!(found.err(), Some(Error::NotFound), "{nobody}");
    }
}

async fn counters_are_set_and_never_negative(server: TestServer) {
    let [ada] = people(&server, ["Ada"]).await;
    let access = server.access().await;
    let change = CounterChange { posts: Some(42), events: Some(3), ..CounterChange::default() };
    for _ in 0..2 {
        let account = server.accounts.set_counters(&access, ada.account_id, change).await.unwrap();
        assert_eq!((account.posts_count, account.shops_count, account.events_count), (42, 0, 3));
        assert_eq!(account.record_version, 2, "the same again is no change");
    }
    let negative = CounterChange { shops: Some(-1), posts: Some(7), ..CounterChange::default() };
    let refused = server.accounts.set_counters(&access, ada.account_id, negative).await;
    assert_eq!(refused.err(), Some(Error::invalid(Field::Other("shopsCount"), Reason::Malformed)));
    let nobody = server.accounts.set_counters(&access, Uuid::max(), change).await;
    assert_eq!(nobody.err(), Some(Error::NotFound));
    let profile = server.accounts.public_profile(None, ada.account_id).await.unwrap();
    assert_eq!(profile.account.posts_count, 42, "nothing of it was written");
}
