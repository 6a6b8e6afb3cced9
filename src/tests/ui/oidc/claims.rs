//! What apps are told of an account (Core, section 5.4).

use serde_json::json;

use super::*;
use crate::ui::browser::on_both_engines;

on_both_engines!(each_scope_gives_its_claims);

async fn each_scope_gives_its_claims(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, first_party).await;
    let account = site.server().accounts.find_for_operator(EMAIL).await.unwrap();
    let told = async |ada: &mut Browser<'_>, scope: &str| {
        let tokens = app.tokens(ada, &[("scope", scope)]).await;
        let me = app.me(tokens["access_token"].as_str().unwrap()).await.expect(200);
        assert_eq!(me["sub"], account.id.to_string());
        (payload(&tokens["id_token"]), me)
    };
    let (_, me) = told(&mut ada, "openid").await;
    assert_eq!(me, json!({ "sub": account.id }));
    let (id_token, me) = told(&mut ada, "openid profile email phone address roles").await;
    let username = account.username.to_string();
    for (claim, value) in [
        ("name", json!("Ada Lovelace")),
        ("given_name", json!("Ada")),
        ("family_name", json!("Lovelace")),
        ("preferred_username", json!(username)),
        ("username", json!(username)),
        ("profile", json!(format!("http://localhost:3000/u/{username}"))),
        ("updated_at", json!(account.updated_at.timestamp())),
        ("created_at", json!(account.created_at.timestamp_millis())),
        ("email", json!(EMAIL)),
        ("email_verified", json!(true)),
        ("roles", json!(["user"])),
    ] {
        assert_eq!((&me[claim], &id_token[claim]), (&value, &value), "{claim}");
    }
    for absent in
        ["phone_number", "phone_number_verified", "address", "picture", "middle_name", "custom_data", "locale"]
    {
        assert!(me.get(absent).is_none(), "{absent} is empty: {me}");
    }
    assert!(!me.as_object().unwrap().values().any(|value| value.is_null()));
    let (id_token, me) = told(&mut ada, "openid custom_data identities").await;
    assert_eq!((&me["custom_data"], &me["identities"]), (&json!({}), &json!({})));
    assert!(id_token.get("custom_data").is_none() && id_token.get("identities").is_none());
}
