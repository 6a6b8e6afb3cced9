//! Lists of people, the public profile, and what their forms do.

use axum::http::{StatusCode, header};

use chrono::TimeDelta;
use nameplate::ui::remote_picture::RemotePicture;

use super::{
    browser::{Answer, Browser, Site},
    html::tags,
};

const BOB: &str = "bob@example.com";

/// The forms of a page that post to an operation, each by the id of whom it is about.
fn forms(page: &str, operation: &str) -> Vec<String> {
    let marker = format!("action=\"/fn/{operation}\"");
    let about = |form: &str| Some(form.split_once("name=\"account\" value=\"")?.1.split('"').next()?.to_owned());
    page.split("<form").filter(|form| form.contains(&marker)).filter_map(about).collect()
}

/// Sends the only form of a page that posts to an operation.
async fn press(browser: &mut Browser<'_>, path: &str, operation: &str) -> String {
    let page = browser.get(path).await.body;
    let [id] = forms(&page, operation).try_into().unwrap_or_else(|found| panic!("{operation}: {found:?} in {page}"));
    let answer = browser.send(operation, &[("account", &id), ("next", path)]).await;
    answer.location().to_owned()
}

#[tokio::test]
async fn following_goes_from_the_profile_to_the_lists() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let mut bob = site.person(BOB, "Bob Marley Byrne").await;
    let profile = format!("/u/{}", site.username(BOB).await);

    assert_eq!(press(&mut ada, &profile, "follow").await, profile);
    let page = ada.get(&profile).await.body;
    assert!(page.contains("You follow Bob Byrne now.") && page.contains("Unfollow"), "{page}");
    assert!(!page.contains("Marley"), "the middle name is not public");
    assert!(!ada.get(&profile).await.body.contains("You follow Bob Byrne now."), "said once");

    let page = bob.get("/people").await.body;
    assert!(page.contains("Ada Lovelace") && page.contains("Follow back") && !page.contains("Follows you"), "{page}");
    assert_eq!(press(&mut bob, "/people", "follow").await, "/people");
    let page = bob.get("/people/following").await.body;
    assert!(page.contains("Ada Lovelace") && page.contains("Unfollow") && page.contains("Follows you"));

    assert_eq!(press(&mut ada, "/people/following?before=x", "unfollow").await, "/people/following?before=x");
    assert!(ada.get("/people/following").await.body.contains("You follow nobody yet"));
}

#[tokio::test]
async fn a_private_account_is_asked_and_answers() {
    let site = Site::start().await;
    let (mut ada, mut eve) = (site.ada().await, site.person("eve@example.com", "Eve").await);
    let mut bob = site.person(BOB, "Bob Byrne").await;
    let profile = format!("/u/{}", site.username(BOB).await);
    bob.fetch("update-profile", &[("is_private", "true")]).await;

    assert!(ada.get(&profile).await.body.contains("Ask to follow"));
    for asker in [&mut ada, &mut eve] {
        press(asker, &profile, "follow").await;
        site.advance(TimeDelta::seconds(1));
    }
    let page = ada.get(&profile).await.body;
    assert!(page.contains("Request sent") && page.contains("Cancel request") && page.contains(">0</b>"), "{page}");
    assert_eq!(ada.get(&format!("{profile}/followers")).await.status, StatusCode::FORBIDDEN);
    let strange = site.browser().get(&format!("{profile}/followers")).await;
    assert!(strange.location().starts_with("/login?next="));

    let page = bob.get("/people/requests").await.body;
    let [newest, oldest] = forms(&page, "accept-follower").try_into().unwrap();
    assert_eq!(forms(&page, "decline-follower"), [newest.clone(), oldest.clone()]);
    let next = ("next", "/people/requests");
    bob.send("accept-follower", &[("account", &oldest), next]).await;
    assert!(bob.get("/people/requests").await.body.contains("Ada Lovelace follows you now."));
    bob.send("decline-follower", &[("account", &newest), next]).await;
    assert!(bob.get("/people/requests").await.body.contains("No requests"));
    assert_eq!(bob.send("accept-follower", &[("account", &newest), next]).await.location(), "/people/requests");
    assert!(bob.get("/people/requests").await.body.contains("It is no longer there."));

    let page = ada.get(&format!("{profile}/followers")).await;
    assert!(page.body.contains("Followers of Bob Byrne") && page.body.contains("This is you"), "{}", page.body);
}

#[tokio::test]
async fn the_blocked_find_nothing() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let mut bob = site.person(BOB, "Bob Byrne").await;
    let (of_ada, of_bob) =
        (format!("/u/{}", site.username("ada@example.com").await), format!("/u/{}", site.username(BOB).await));
    press(&mut bob, &of_ada, "follow").await;
    press(&mut ada, &of_bob, "block").await;
    assert!(ada.get(&of_bob).await.body.contains("You block this account."));
    assert!(ada.get("/people").await.body.contains("Nobody follows you yet"));
    for path in [of_ada.clone(), format!("{of_ada}/followers"), format!("{of_ada}/following")] {
        assert_eq!(bob.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(site.browser().get(&path).await.status, StatusCode::OK, "{path}");
    }
    press(&mut ada, "/people/blocked", "unblock").await;
    assert_eq!(bob.get(&of_ada).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_public_profile_is_for_anyone() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let username = site.username("ada@example.com").await;
    let bio = "Writes <programs>\nfor an engine that is not there.";
    ada.fetch("update-profile", &[("bio", bio), ("location", "London"), ("phone", "(201) 555-0123")]).await;

    for name in [username.clone(), username.to_uppercase(), format!("@{username}")] {
        let page = site.browser().get(&format!("/u/{name}")).await;
        assert_eq!(page.status, StatusCode::OK, "{name}");
        let tags = tags(&page.body);
        let content = |name: &str| {
            let of = |tag: &&super::html::Tag<'_>| [tag.get("property"), tag.get("name")].contains(&Some(name));
            tags.iter().find(of).and_then(|tag| tag.get("content")).unwrap_or_else(|| panic!("no {name}"))
        };
        let address = format!("http://localhost:3000/u/{username}");
        assert_eq!((content("og:url"), content("og:title")), (&*address, &*format!("Ada Lovelace (@{username})")));
        assert_eq!(content("og:description"), "Writes <programs> for an engine that is not there.");
        assert!(content("og:image").starts_with("http://localhost:3000/avatars/"));
        assert!(tags.iter().any(|tag| tag.get("rel") == Some("canonical") && tag.get("href") == Some(&address)));
        for shown in ["Ada Lovelace", "Writes &lt;programs", "London", "Joined", "January 2026", "Verified", "Posts"] {
            assert!(page.body.contains(shown), "{shown}: {}", page.body);
        }
        for hidden in ["ada@example.com", "2015550123", "Edit profile", "/fn/follow"] {
            assert!(!page.body.contains(hidden), "{hidden}");
        }
        assert!(page.body.contains(&format!("/login?next=%2Fu%2F{}", name.replace('@', "%40"))));
    }
    let own = ada.get(&format!("/u/{username}")).await.body;
    assert!(own.contains("Edit profile") && !own.contains("/fn/follow"));
    for nobody in ["/u/nobody-at-all", "/u/a%20b", "/u/%FF", "/u/@", "/u/x/followers"] {
        assert_eq!(ada.get(nobody).await.status, StatusCode::NOT_FOUND, "{nobody}");
    }
}

#[tokio::test]
async fn an_old_name_leads_to_the_new_one_while_it_is_held() {
    let site = Site::start().await;
    let (mut bob, _) = (site.person(BOB, "Bob Byrne").await, site.ada().await);
    let old = site.username("ada@example.com").await;
    site.rename("ada@example.com", "countess").await;
    for (path, to) in [("", "/u/countess"), ("/followers", "/u/countess/followers")] {
        let answer = site.browser().get(&format!("/u/{old}{path}")).await;
        assert_eq!(answer.status, StatusCode::MOVED_PERMANENTLY);
        assert_eq!(answer.headers[header::LOCATION], to);
    }
    site.block("ada@example.com", BOB).await;
    assert_eq!(bob.get(&format!("/u/{old}")).await.status, StatusCode::NOT_FOUND, "nor is the new name told");
    site.advance(TimeDelta::days(31));
    assert_eq!(site.browser().get(&format!("/u/{old}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_sees_who_left() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let username = site.username("ada@example.com").await;
    ada.send("archive-profile", &[("confirmation", "ARCHIVE MY ACCOUNT")]).await;
    assert_eq!(site.browser().get(&format!("/u/{username}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn remote_pictures_are_fetched_on_their_own_page_alone() {
    let site = Site::start().await;
    let (mut ada, mut bob) = (site.ada().await, site.person(BOB, "Bob Byrne").await);
    let profile = format!("/u/{}", site.username("ada@example.com").await);
    let picture = "https://pictures.example/ada.png";
    ada.fetch("update-profile", &[("avatar", picture)]).await;
    press(&mut bob, &profile, "follow").await;
    press(&mut ada, "/people", "follow").await;

    let elsewhere = |answer: &Answer| answer.extensions.get::<RemotePicture>().map(ToString::to_string);
    let page = bob.get(&profile).await;
    assert_eq!(elsewhere(&page).as_deref(), Some("https://pictures.example"));
    let tags = tags(&page.body);
    let shown = tags.iter().find(|tag| tag.get("src") == Some(picture)).expect("the picture");
    assert_eq!(shown.get("referrerpolicy"), Some("no-referrer"));
    let own = ada.get("/profile").await;
    assert!(own.body.contains(picture) && elsewhere(&own).is_some(), "one's own, too");
    for path in ["/people", "/people/following", "/activity"] {
        let page = bob.get(path).await;
        assert!(!page.body.contains(picture) && elsewhere(&page).is_none(), "{path}");
    }
}

#[tokio::test]
async fn lists_are_paged() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let profile = format!("/u/{}", site.username("ada@example.com").await);
    for number in 0..25 {
        site.follower("ada@example.com", &format!("f{number}@example.com"), &format!("Fan {number}")).await;
    }
    for path in ["/people".to_owned(), format!("{profile}/followers")] {
        let first = ada.get(&path).await.body;
        assert!(first.contains("Fan 24") && first.contains("Fan 1<") && !first.contains("Fan 0<"), "{path}");
        let tags = tags(&first);
        let next = tags.iter().find(|tag| tag.get("rel") == Some("next")).and_then(|tag| tag.get("href")).unwrap();
        let last = ada.get(next).await.body;
        assert!(last.contains("Fan 0<") && !last.contains("rel=\"next\"") && last.contains("Back to the start"));
    }
    assert!(ada.get("/people").await.body.contains(">25</span>"), "the count is exact");
}

#[tokio::test]
async fn people_are_for_those_who_signed_in() {
    let site = Site::start().await;
    let mut stranger = site.browser();
    for path in ["/people", "/people/following", "/people/requests", "/people/blocked", "/activity?kind=profile"] {
        assert!(stranger.get(path).await.location().starts_with("/login?next=%2F"), "{path}");
    }
    let mut bob = site.person(BOB, "Bob Byrne").await;
    let id = bob.get("/people").await.body;
    assert!(id.contains("Nobody follows you yet"));
    let answer = stranger.send("follow", &[("account", "x"), ("next", "/u/bob")]).await;
    assert_eq!(answer.location(), "/login?next=%2Fu%2Fbob");
    for account in ["", "x", "00000000-0000-7000-8000-000000000000"] {
        for operation in ["follow", "unfollow", "block", "unblock", "accept-follower", "decline-follower"] {
            let answer = bob.fetch(operation, &[("account", account)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{operation} {account:?} {}", answer.body);
            let answer = bob.send(operation, &[("account", account), ("next", "//evil.example")]).await;
            assert_eq!(answer.location(), "/", "{operation}");
        }
    }
}
