//! Custom data, the OIDC profile and counters.

use serde_json::{Value, json};

use super::{Service, id, invalid, nothing, refusal, refused};
use crate::harness::{TestServer, with_both_engines};

with_both_engines!(custom_data_is_merged_at_its_top, claims_are_merged_at_their_top, counters_are_set);

async fn custom_data_is_merged_at_its_top(server: TestServer) {
    let service = Service::new(&server).await;
    let user = id(&service.create(json!({"username": "jo-doe"})).await);
    let (read, write) = (format!("GET /users/{user}/custom-data"), format!("PATCH /users/{user}/custom-data"));
    assert_eq!(service.ask(&read).await.expect(200), nothing());
    for (sent, kept) in [
        (json!({"a": {"x": 1}, "b": 2}), json!({"a": {"x": 1}, "b": 2})),
        (json!({"a": {"y": 1}, "c": null}), json!({"a": {"y": 1}, "b": 2, "c": null})),
        (nothing(), json!({"a": {"y": 1}, "b": 2, "c": null})),
    ] {
        assert_eq!(service.send(&write, &json!({"customData": sent})).await.expect(200), kept);
        assert_eq!(service.ask(&read).await.expect(200), kept);
    }
    for body in [
        nothing(),
        json!({"customData": null}),
        json!({"customData": []}),
        json!({"a": 1}),
        json!({"customData": {"a\0": 1}}),
    ] {
        assert_eq!(refusal(&service.send(&write, &body).await), invalid(&["customData"]), "{body}");
    }
    let half = "x".repeat(40_000);
    service.send(&write, &json!({"customData": {"big": half}})).await.expect(200);
    let told = service.send(&write, &json!({"customData": {"bigger": half}})).await;
    assert_eq!(refusal(&told), invalid(&["customData"]), "64 KiB together");
}

async fn claims_are_merged_at_their_top(server: TestServer) {
    let service = Service::new(&server).await;
    let user = id(&service.create(json!({"primaryEmail": "jo@example.com", "name": "Jo Doe"})).await);
    let write = format!("PATCH /users/{user}/profile");
    let all = json!({
        "nickname": "JD", "preferredUsername": "jd", "profile": "https://jo.example", "website": "https://jo.example/www",
        "gender": "x", "birthdate": "1990-01-02", "zoneinfo": "America/New_York", "locale": "fr-FR",
        "address": {"formatted": "1 Road\n2 Town", "streetAddress": "1 Road", "locality": "Town", "region": "R",
            "postalCode": "7", "country": "XY", "planet": "Earth"},
    });
    let told = service.send(&write, &json!({"profile": all})).await.expect(200);
    let mut expected = all.clone();
    expected["address"].as_object_mut().expect("an address").remove("planet");
    (expected["givenName"], expected["familyName"]) = (json!("Jo"), json!("Doe"));
    assert_eq!(told, expected);
    let shown = service.user(user).await;
    assert_eq!((&shown["profile"], &shown["name"]), (&expected, &json!("Jo Doe")));

    let change =
        json!({"nickname": "", "gender": null, "address": {"country": "ZZ"}, "familyName": "King", "unknown": {}});
    let told = service.send(&write, &json!({"profile": change})).await.expect(200);
    assert_eq!((told.get("nickname"), told.get("gender")), (None, None));
    assert_eq!((&told["address"], &told["website"]), (&json!({"country": "ZZ"}), &expected["website"]));
    assert_eq!(service.user(user).await["name"], "Jo King");

    for (body, path) in [
        (nothing(), "profile"),
        (json!({"profile": null}), "profile"),
        (json!({"profile": {"nickname": 7}}), "profile.nickname"),
        (json!({"profile": {"birthdate": "x".repeat(1_001)}}), "profile.birthdate"),
        (json!({"profile": {"zoneinfo": "Mars/Olympus"}}), "profile.zoneinfo"),
        (json!({"profile": {"givenName": "x".repeat(31)}}), "profile.givenName"),
        (json!({"profile": {"address": {"country": 7}}}), "profile.address.country"),
        (json!({"profile": {"address": {"region": "a\0b"}}}), "profile.address.region"),
    ] {
        assert_eq!(refusal(&service.send(&write, &body).await), invalid(&[path]), "{body}");
    }
    assert_eq!(service.user(user).await["profile"], told, "nothing changed");
}

#[tokio::test]
async fn a_language_of_ours_is_the_one_of_the_pages() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let service = Service::new(&server).await;
    let write = format!("PATCH /users/{}/profile", jo.account.id);
    service.send(&write, &json!({"profile": {"locale": "tr-TR"}})).await.expect(200);
    let account = server.accounts.find_for_operator("jo@example.com").await.expect("Jo");
    assert_eq!(account.locale, Some(nameplate::domain::locale::Locale::Tr));
    assert_eq!(service.user(jo.account.id).await["profile"]["locale"], "tr-TR");
    let actor = server.actor(&jo).await;
    let change = nameplate::service::profile::ProfileChange { locale: Some("en".into()), ..Default::default() };
    let any = nameplate::service::Expectation::Any;
    server.accounts.update_profile(&actor, jo.account.id, change, any).await.expect("a choice");
    assert_eq!(service.user(jo.account.id).await["profile"]["locale"], "en", "the owner chose since");
}

async fn counters_are_set(server: TestServer) {
    let service = Service::new(&server).await;
    let user = id(&service.create(json!({"username": "jo-doe"})).await);
    let put = format!("PUT /users/{user}/counters");
    let counters =
        |posts: i64, shops: i64, events: i64| json!({"postsCount": posts, "shopsCount": shops, "eventsCount": events});
    assert_eq!(service.send(&put, &json!({"postsCount": 12})).await.expect(200), counters(12, 0, 0));
    assert_eq!(
        service.send(&put, &json!({"shopsCount": 0, "eventsCount": 5_000_000_000_i64})).await.expect(200),
        counters(12, 0, 5_000_000_000)
    );
    assert_eq!(service.send(&put, &json!({"postsCount": 13.0})).await.expect(200), counters(13, 0, 5_000_000_000));
    assert_eq!(refusal(&service.send(&put, &nothing()).await), refused(422, "entity.invalid_input"));
    for wrong in [json!(-1), json!(1.5), json!("7"), Value::Null, json!(1_i64 << 53), json!(1e300), json!([])] {
        let told = refusal(&service.send(&put, &json!({"postsCount": wrong})).await);
        assert_eq!(told, invalid(&["postsCount"]), "{wrong}");
    }
}
