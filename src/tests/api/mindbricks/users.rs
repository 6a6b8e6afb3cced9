//! Users by id, in public, in lists, and their roles.

use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use crate::harness::TestServer;

#[tokio::test]
async fn a_user_is_for_the_owner_and_admins() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let eve = server.sign_up("eve@example.com", "Eve").await;
    let ada = server.sign_up_admin("ada@example.com").await;
    let route = format!("GET /auth-api/v1/users/{}", jo.account.id);
    for reader in [&jo, &ada] {
        assert_eq!(server.call(&route).bearer(&reader.access).send().await.expect(200)["user"]["fullname"], "Jo");
    }
    let told = server.call(&route).bearer(&eve.access).send().await.expect(403);
    assert_eq!((&told["errCode"], &told["message"]), (&json!(403), &json!("errMsg_UserShouldBeTheOwnerOfTheObject")));
    let nobody = format!("GET /auth-api/v1/users/{}", Uuid::nil());
    server.call(&nobody).bearer(&eve.access).send().await.expect(403);
    assert_eq!(server.call(&nobody).bearer(&ada.access).send().await.expect(404)["message"], "errMsg_RecordNotFound");
}

#[tokio::test]
async fn a_brief_user_is_for_anyone() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo Doe").await;
    let id = jo.account.id;
    let route = format!("GET /auth-api/v1/briefuser/{id}");
    let told = server.call(&route).send().await.expect(200);
    let avatar = format!("https://id.example/avatars/{id}.svg");
    let brief = json!({"id": id, "_owner": id, "fullname": "Jo Doe", "avatar": avatar, "isActive": true});
    assert_eq!((&told["user"], &told["userId"], &told["ssoTime"]), (&brief, &json!(null), &json!(0)));
    assert_eq!(server.call(&route).bearer("bad").send().await.expect(200)["userId"], json!(null));
    assert_eq!(server.call(&route).bearer(&jo.access).send().await.expect(200)["userId"], json!(id));
    server.call(&format!("GET /auth-api/v1/briefuser/{}", Uuid::nil())).send().await.expect(404);
}

#[tokio::test]
async fn admins_list_users_by_pages() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo Doe").await;
    server.advance(TimeDelta::seconds(1));
    server.sign_up("eve@example.org", "Eve Doe").await;
    server.advance(TimeDelta::seconds(1));
    let ada = server.sign_up_admin("ada@example.com").await;
    let told = server.call("GET /auth-api/v1/users").bearer(&jo.access).send().await.expect(403);
    assert_eq!(told["message"], "errMsg_UserShouldHaveAdminRole");

    let list = async |query: &str| {
        let route = format!("GET /auth-api/v1/users{query}");
        let told = server.call(&route).bearer(&ada.access).send().await.expect(200);
        let emails = told["users"].as_array().expect("rows").iter().map(|user| user["email"].clone()).collect();
        (serde_json::Value::Array(emails), told["paging"].clone())
    };
    let paging = |number, rows, total, pages| json!({"pageNumber": number, "pageRowCount": rows, "totalRowCount": total, "pageCount": pages});
    let all = json!(["jo@example.com", "eve@example.org", "ada@example.com"]);
    assert_eq!(list("").await, (all.clone(), paging(1, 25, 3, 1)));
    assert_eq!(list("?email=&fullname=&roleId=").await, (all, paging(1, 25, 3, 1)));
    assert_eq!(list("?pageRowCount=2").await, (json!(["jo@example.com", "eve@example.org"]), paging(1, 2, 3, 2)));
    assert_eq!(list("?pageNumber=2&pageRowCount=2").await, (json!(["ada@example.com"]), paging(2, 2, 3, 2)));
    assert_eq!(
        list("?pageNumber=4294967295&pageRowCount=100").await,
        (json!([]), paging(4_294_967_295_u32, 100, 3, 1))
    );
    assert_eq!(list("?email=ORG").await.0, json!(["eve@example.org"]));
    assert_eq!(list("?fullname=doe&email=jo").await.0, json!(["jo@example.com"]));
    assert_eq!(list("?roleId=admin").await.0, json!(["ada@example.com"]));
    let longest = format!("?email={}&fullname={}", "e".repeat(254), "o%CC%88".repeat(92));
    assert_eq!(list(&longest).await.0, json!([]), "as long as can be, however it is written");

    for (query, name) in [
        ("pageNumber=0", "pageNumber"),
        ("pageNumber=x", "pageNumber"),
        ("pageRowCount=101", "pageRowCount"),
        ("pageRowCount=-1", "pageRowCount"),
        ("roleId=root", "roleId"),
        (&format!("email={}", "e".repeat(255)), "email"),
        (&format!("fullname={}", "%C3%B6".repeat(93)), "fullname"),
        (&format!("email={}", "e".repeat(60_000)), "email"),
        (&format!("fullname={}", "%25".repeat(20_000)), "fullname"),
    ] {
        let told = server.call(&format!("GET /auth-api/v1/users?{query}")).bearer(&ada.access).send().await.expect(400);
        assert_eq!(told["message"], format!("errMsg_{name}isNotValid"));
    }
}

#[tokio::test]
async fn admins_set_roles() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let ada = server.sign_up_admin("ada@example.com").await;
    let route = format!("PATCH /auth-api/v1/userrole/{}", jo.account.id);
    let admin = json!({"roleId": "admin"});
    let told = server.call(&route).bearer(&jo.access).json(&admin).send().await.expect(403);
    assert_eq!(told["message"], "errMsg_UserShouldHaveAdminRole");
    for (body, message) in [
        (json!({}), "errMsg_roleIdisRequired"),
        (json!({"roleId": "root"}), "errMsg_roleIdisNotValid"),
        (json!({"roleId": true}), "errMsg_roleIdisNotValid"),
    ] {
        let told = server.call(&route).bearer(&ada.access).json(&body).send().await.expect(400);
        assert_eq!(told["message"], message);
    }
    let stale = server.call(&route).bearer(&ada.access).header("if-match", "\"9\"").json(&admin).send().await;
    stale.expect(412);
    let told = server.call(&route).bearer(&ada.access).json(&admin).send().await.expect(200);
    assert_eq!((&told["user"]["roleId"], &told["action"]), (&json!("admin"), &json!("update")));
    server.call("GET /auth-api/currentuser").bearer(&jo.access).send().await.expect(401);
}
