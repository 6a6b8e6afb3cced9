//! Listing users.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Service, id, invalid, refusal, refused};
use crate::harness::{TestServer, statements::recorded, with_both_engines};

with_both_engines!(
    a_search_finds_parts_patterns_and_ids,
    a_search_looks_into_one_field,
    a_search_with_regard_to_case,
    a_search_that_is_not_understood_is_refused,
    a_search_is_no_longer_than_what_it_finds,
    a_page_is_noted_at_once,
    pages_are_linked
);

async fn found(service: &Service<'_>, query: &str) -> Vec<String> {
    let reply = service.ask(&format!("GET /users{query}")).await;
    let users = reply.expect(200);
    let names: Vec<_> = users.as_array().expect("users").iter().map(|user| user["username"].clone()).collect();
    assert_eq!(reply.header("total-number"), names.len().to_string(), "{query}");
    names.iter().map(|name| name.as_str().expect("a name").to_owned()).collect()
}

async fn a_search_finds_parts_patterns_and_ids(server: TestServer) {
    let service = Service::new(&server).await;
    let mut made = Vec::new();
    for body in [
        json!({"username": "jo_doe", "primaryEmail": "jo@example.com", "name": "Jo Ann Doe"}),
        json!({"username": "joxdoe", "primaryPhone": "905551234567", "name": "100% Sure"}),
        json!({"username": "eve", "primaryEmail": "Eve@Example.org"}),
    ] {
        server.advance(TimeDelta::seconds(1));
        made.push(service.create(body).await);
    }
    assert_eq!(service.ask("GET /users").await.json()[0], made[2], "newest first, in full");
    for (query, names) in [
        ("", &["eve", "joxdoe", "jo_doe"][..]),
        ("?search=", &["eve", "joxdoe", "jo_doe"]),
        ("?search=DOE", &["joxdoe", "jo_doe"]),
        ("?search=jo_d", &["jo_doe"]),
        ("?search=ann+d", &["jo_doe"]),
        ("?search=example.ORG", &["eve"]),
        ("?search=555123", &["joxdoe"]),
        ("?search=%2B90555", &["joxdoe"]),
        ("?search=%25doe", &["joxdoe", "jo_doe"]),
        ("?search=jo%25", &["joxdoe", "jo_doe"]),
        ("?search=90%25", &["joxdoe"]),
        ("?search=%25555%25", &["joxdoe"]),
        ("?search=e%25.com", &[]),
        ("?search=%00", &[]),
        ("?search=%27%20OR%201%3D1", &[]),
        ("?search=%5C", &[]),
        ("?unknown=1&search=eve", &["eve"]),
    ] {
        assert_eq!(found(&service, query).await, names, "{query}");
    }
    assert_eq!(found(&service, &format!("?search={}", id(&made[0]))).await, ["jo_doe"]);
}

async fn a_search_is_no_longer_than_what_it_finds(server: TestServer) {
    let service = Service::new(&server).await;
    assert_eq!(found(&service, &format!("?search={}", "%25".repeat(254))).await, [""; 0]);
    for text in ["e".repeat(255), "e".repeat(60_000), "%25".repeat(20_000)] {
        let told = refusal(&service.ask(&format!("GET /users?search={text}")).await);
        assert_eq!(told, invalid(&["search"]));
    }
}

/// Three users whose fields are alike in part.
async fn three(server: &TestServer, service: &Service<'_>) -> Vec<Value> {
    let mut made = Vec::new();
    for body in [
        json!({"username": "jo_doe", "primaryEmail": "Jo@Example.com", "name": "Özge Ann Doe"}),
        json!({"username": "joxdoe", "primaryPhone": "905551234567", "name": "100% Sure"}),
        json!({"username": "Eve", "primaryEmail": "jo.doe@example.org", "name": "jo_doe *"}),
    ] {
        server.advance(TimeDelta::seconds(1));
        made.push(service.create(body).await);
    }
    made
}

async fn a_search_looks_into_one_field(server: TestServer) {
    let service = Service::new(&server).await;
    let made = three(&server, &service).await;
    let both = format!("search.id={}&search.id={}&mode.id=exact", id(&made[0]), id(&made[2]));
    for (query, names) in [
        ("search.username=jo_doe", &["jo_doe"][..]),
        ("search.username=JO%25", &["joxdoe", "jo_doe"]),
        ("search.username=doe", &[]),
        ("search.name=%25doe", &["jo_doe"]),
        ("search.name=%25do%25", &["Eve", "jo_doe"]),
        ("search.name=100%5C%25+sure", &["joxdoe"]),
        ("search.name=jo%5C_doe+*", &["Eve"]),
        ("search.primaryEmail=%25%40example.com", &["jo_doe"]),
        ("search.primaryEmail=jo@example.com", &["jo_doe"]),
        ("search.primaryPhone=90555%25", &["joxdoe"]),
        ("search.primaryPhone=%2B905551234567", &["joxdoe"]),
        ("search.primaryPhone=%00", &[]),
        ("search.username=eve&search.primaryPhone=%25", &["Eve", "joxdoe"]),
        ("search.username=jo%25&search.name=%25sure&joint=and", &["joxdoe"]),
        ("search.username=jo%25&search.name=%25sure&jointMode=and", &["joxdoe"]),
        ("search.username=jo%25&search.primaryEmail=%25org&joint=and", &[]),
        ("search=%25doe%25&search.primaryEmail=%25org&joint=and", &["Eve"]),
        ("search=doe&mode=like", &[]),
        ("search=jo_doe&mode=exact", &["jo_doe"]),
        ("search=100%25+sure&mode=exact", &["joxdoe"]),
        ("search.primaryEmail=JO@EXAMPLE.COM&search.primaryEmail=none@x.org&mode=exact", &["jo_doe"]),
        ("search.username=eve&search.username=JOXDOE&mode.username=exact", &["Eve", "joxdoe"]),
        ("search.primaryPhone=905551234567&mode=exact", &["joxdoe"]),
        ("search.primaryPhone=%2B905551234567&mode=exact", &["joxdoe"]),
        ("search.primaryPhone=a%00&mode=exact", &[]),
        ("search.name=ozge+ann+doe&mode.name=exact&mode=like", &["jo_doe"]),
        ("search.name=ozge&mode.name=exact", &[]),
        ("search.id=nobody", &[]),
        ("mode.name=exact", &["Eve", "joxdoe", "jo_doe"]),
        (&both, &["Eve", "jo_doe"]),
    ] {
        assert_eq!(found(&service, &format!("?{query}")).await, names, "{query}");
    }
}

async fn a_search_with_regard_to_case(server: TestServer) {
    let service = Service::new(&server).await;
    three(&server, &service).await;
    for (query, names) in [
        ("search=eve", &[][..]),
        ("search=Eve", &["Eve"]),
        ("search.username=Jo%25", &[]),
        ("search.username=jo%25", &["joxdoe", "jo_doe"]),
        ("search.primaryEmail=jo%25", &["Eve"]),
        ("search.primaryEmail=Jo%25.com", &["jo_doe"]),
        ("search.name=ozge%25", &[]),
        ("search.name=Özge+Ann%25", &["jo_doe"]),
        ("search.name=%25*", &["Eve"]),
        ("search.name=*", &[]),
        ("search.name=[j]o%25", &[]),
        ("search.name=jo?doe%25", &[]),
        ("search.name=100%5C%25%25", &["joxdoe"]),
        ("search.name=Özge+Ann+Doe&mode=exact", &["jo_doe"]),
        ("search.name=özge+ann+doe&mode=exact", &[]),
        ("search.primaryEmail=Jo@example.com&mode=exact", &["jo_doe"]),
        ("search.primaryEmail=jo@example.com&mode=exact", &[]),
        ("search.username=%00", &[]),
    ] {
        let query = format!("?{query}&isCaseSensitive=true");
        assert_eq!(found(&service, &query).await, names, "{query}");
    }
    assert_eq!(found(&service, "?search.username=EVE&isCaseSensitive=false").await, ["Eve"]);
}

async fn a_search_that_is_not_understood_is_refused(server: TestServer) {
    let service = Service::new(&server).await;
    three(&server, &service).await;
    for (query, paths) in [
        ("search.nickname=a", &["search.nickname"][..]),
        ("search.name.first=a", &["search.name.first"]),
        ("search.=a", &["search"]),
        ("searchName=a", &["searchName"]),
        ("search%5Bname%5D=a", &["search[name]"]),
        ("search.name=", &["search.name"]),
        ("search.name=a&search.name=&mode=exact", &["search.name"]),
        ("search.name=a&search.name=b", &["search.name"]),
        ("search=a&search=b&mode=like", &["search"]),
        ("search.id=%25", &["search.id"]),
        ("search=a&mode=similar_to", &["mode"]),
        ("search.name=a&mode.name=posix", &["mode.name"]),
        ("search.name=a&mode.name=", &["mode.name"]),
        ("search.name=a&mode.nickname=exact", &["mode.nickname"]),
        ("search=a&joint=xor", &["joint"]),
        ("search=a&jointMode=AND", &["jointMode"]),
        ("search=a&isCaseSensitive=perhaps", &["isCaseSensitive"]),
        ("search.nickname=a&joint=xor", &["search.nickname", "joint"]),
    ] {
        let told = refusal(&service.ask(&format!("GET /users?{query}")).await);
        assert_eq!(told, invalid(paths), "{query}");
    }
    let many = |count: usize| vec!["search.id=a"; count].join("&");
    assert_eq!(found(&service, &format!("?mode=exact&{}", many(100))).await, [""; 0]);
    let told = refusal(&service.ask(&format!("GET /users?mode=exact&{}", many(101))).await);
    assert_eq!(told, invalid(&["search"]));
}

async fn a_page_is_noted_at_once(server: TestServer) {
    let service = Service::new(&server).await;
    for number in 1..=5 {
        service.create(json!({"username": format!("user-{number}")})).await;
    }
    let (reply, statements) = recorded(service.ask("GET /users?page_size=100")).await;
    assert_eq!(reply.expect(200).as_array().map(Vec::len), Some(5));
    let noted: Vec<_> = statements.iter().filter(|one| one.text.starts_with("INSERT INTO activity")).collect();
    assert_eq!(noted.iter().map(|one| one.rows_affected).collect::<Vec<_>>(), [5]);
    assert_eq!(server.activity_of("user-3").await[0], "management-access");
}

async fn pages_are_linked(server: TestServer) {
    let service = Service::new(&server).await;
    for number in 1..=5 {
        server.advance(TimeDelta::seconds(1));
        service.create(json!({"username": format!("user-{number}")})).await;
    }
    let page = async |query: &str| {
        let reply = service.ask(&format!("GET /users{query}")).await;
        let users: Vec<Value> = serde_json::from_value(reply.expect(200)).expect("users");
        let names: Vec<_> = users.iter().map(|user| user["username"].as_str().expect("a name").to_owned()).collect();
        (names.join(" "), reply.header("total-number").to_owned(), reply.header("link").to_owned())
    };
    let link = |number: u32, size: u32, rel: &str| {
        format!("<https://id.example/api/users?page={number}&page_size={size}>; rel=\"{rel}\"")
    };
    let (names, total, links) = page("?page=2&page_size=2").await;
    assert_eq!((names.as_str(), total.as_str()), ("user-3 user-2", "5"));
    assert_eq!(links, [link(1, 2, "first"), link(1, 2, "prev"), link(3, 2, "next"), link(3, 2, "last")].join(", "));
    let (names, _, links) = page("?page_size=100").await;
    assert_eq!(names, "user-5 user-4 user-3 user-2 user-1");
    assert_eq!(links, [link(1, 100, "first"), link(1, 100, "last")].join(", "));
    let (names, total, links) = page("?page=4294967295&page_size=100").await;
    assert_eq!((names.as_str(), total.as_str()), ("", "5"));
    assert!(links.contains(&link(1, 100, "prev")), "{links}");
    let (names, _, links) = page("?page_size=1&search.username=user-5&search.username=USER-4&mode=exact&other=1").await;
    assert_eq!(names, "user-5");
    let query = "search.username=user-5&search.username=USER-4&mode=exact&page=2&page_size=1";
    assert!(links.contains(&format!("<https://id.example/api/users?{query}>; rel=\"next\"")), "{links}");
    let (names, total, links) = page("?page=1&page_size=1&search=user-%25").await;
    assert_eq!((names.as_str(), total.as_str()), ("user-5", "5"));
    assert!(
        links.contains("<https://id.example/api/users?search=user-%25&page=2&page_size=1>; rel=\"next\""),
        "{links}"
    );

    for query in [
        "page=0",
        "page=-1",
        "page=x",
        "page=",
        "page=1.5",
        "page=4294967296",
        "page_size=0",
        "page_size=101",
        "page_size=x",
    ] {
        let told = refusal(&service.ask(&format!("GET /users?{query}")).await);
        assert_eq!(told, refused(400, "guard.invalid_pagination"), "{query}");
    }
}

#[tokio::test]
async fn a_page_has_twenty_users_unless_asked_otherwise() {
    let server = TestServer::start().await;
    let service = Service::new(&server).await;
    for _ in 0..21 {
        service.create(json!({})).await;
    }
    let reply = service.ask("GET /users").await;
    assert_eq!((reply.expect(200).as_array().map(Vec::len), reply.header("total-number")), (Some(20), "21"));
}
