//! Following and blocking.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{says, send};
use crate::harness::{Person, TestServer};

async fn three() -> (TestServer, [Person; 3]) {
    let server = TestServer::start().await;
    let people = [
        server.sign_up("jo@example.com", "Jo").await,
        server.sign_up("ann@example.com", "Ann").await,
        server.sign_up("eve@example.com", "Eve").await,
    ];
    (server, people)
}

async fn call(server: &TestServer, route: &str, caller: &Person, other: &Person) -> crate::harness::Reply {
    let route = route.replace("{}", &other.account.id.to_string());
    server.advance(TimeDelta::seconds(1));
    send(server, &route, &caller.access, &Value::Null).await
}

fn ties(flags: [bool; 4]) -> Value {
    let [following, requested, followed, blocked] = flags;
    json!({
        "isFollowing": following, "isRequested": requested, "isFollowedBy": followed, "isBlocked": blocked,
        "isBlockedBy": false,
    })
}

async fn counts(server: &TestServer, person: &Person) -> (Value, Value) {
    let me = send(server, "GET /profile/me", &person.access, &Value::Null).await.expect(200);
    (me["data"]["followersCount"].clone(), me["data"]["followingCount"].clone())
}

#[tokio::test]
async fn follows_are_counted_listed_and_taken_back() {
    let (server, [jo, ann, eve]) = three().await;
    for follower in [&ann, &eve] {
        let told = call(&server, "POST /social/follow/{}", follower, &jo).await.expect(200);
        assert_eq!(
            (&told["message"], &told["data"]),
            (&json!("User followed successfully"), &ties([true, false, false, false]))
        );
    }
    let again = call(&server, "POST /social/follow/{}", &ann, &jo).await.expect(200);
    assert_eq!(again["data"]["isFollowing"], true);
    assert_eq!(counts(&server, &jo).await, (json!(2), json!(0)));
    let first = call(&server, "GET /social/followers/{}?limit=1", &ann, &jo).await.expect(200);
    assert_eq!(first["message"], "Followers retrieved successfully");
    insta::assert_json_snapshot!("person", first["data"]["items"][0], { ".userId" => "[uuid]", ".userName" => "[name]" });
    let cursor = first["data"]["nextCursor"].as_str().expect("a cursor");
    let rest =
        call(&server, &format!("GET /social/followers/{{}}?limit=1&cursor={cursor}"), &ann, &jo).await.expect(200);
    assert_eq!(
        (&rest["data"]["items"][0]["userId"], &rest["data"]["nextCursor"]),
        (&json!(ann.account.id), &Value::Null)
    );
    let following = call(&server, "GET /social/following/{}", &jo, &ann).await.expect(200);
    assert_eq!(following["data"]["items"][0]["userId"], json!(jo.account.id));

    let told = call(&server, "DELETE /social/follow/{}", &ann, &jo).await.expect(200);
    assert_eq!((&told["message"], &told["data"]), (&json!("User unfollowed successfully"), &ties([false; 4])));
    assert_eq!(counts(&server, &jo).await, (json!(1), json!(0)));
    says(&call(&server, "POST /social/follow/{}", &jo, &jo).await, 403, "You are not allowed to do this");
    let nobody = format!("POST /social/follow/{}", server.actor(&jo).await.session_id);
    says(&send(&server, &nobody, &jo.access, &Value::Null).await, 404, "User not found");
    let lists = format!("GET /social/followers/{}", jo.account.id);
    send(&server, &lists, "", &Value::Null).await.expect(401);
}

#[tokio::test]
async fn a_private_account_is_asked() {
    let (server, [jo, ann, eve]) = three().await;
    send(&server, "PUT /profile/update", &jo.access, &json!({"isPrivate": true})).await.expect(200);
    for asking in [&ann, &eve] {
        let told = call(&server, "POST /social/follow/{}", asking, &jo).await.expect(200);
        assert_eq!(
            (&told["message"], &told["data"]),
            (&json!("Follow request sent successfully"), &ties([false, true, false, false]))
        );
    }
    says(&call(&server, "GET /social/followers/{}", &ann, &jo).await, 403, "You are not allowed to do this");
    let requests = send(&server, "GET /social/requests", &jo.access, &Value::Null).await.expect(200);
    assert_eq!(requests["data"]["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(counts(&server, &jo).await, (json!(0), json!(0)), "accepted ones count");
    let told = call(&server, "POST /social/requests/{}/accept", &jo, &ann).await.expect(200);
    assert_eq!(
        (&told["message"], &told["data"]),
        (&json!("Follow request accepted successfully"), &ties([false, false, true, false]))
    );
    let told = call(&server, "POST /social/requests/{}/decline", &jo, &eve).await.expect(200);
    assert_eq!(told["message"], "Follow request declined successfully");
    assert_eq!(counts(&server, &jo).await, (json!(1), json!(0)));
    call(&server, "GET /social/followers/{}", &ann, &jo).await.expect(200);
    says(&call(&server, "POST /social/requests/{}/accept", &jo, &eve).await, 404, "Follow request not found");
}

#[tokio::test]
async fn the_blocked_see_nobody() {
    let (server, [jo, ann, _]) = three().await;
    call(&server, "POST /social/follow/{}", &ann, &jo).await.expect(200);
    call(&server, "POST /social/follow/{}", &jo, &ann).await.expect(200);
    let told = call(&server, "POST /social/block/{}", &jo, &ann).await.expect(200);
    assert_eq!(
        (&told["message"], &told["data"]),
        (&json!("User blocked successfully"), &ties([false, false, false, true]))
    );
    assert_eq!(counts(&server, &jo).await, (json!(0), json!(0)));
    for route in ["GET /profile/id/{}", "POST /social/follow/{}", "GET /social/followers/{}", "POST /social/block/{}"] {
        says(&call(&server, route, &ann, &jo).await, 404, "User not found");
    }
    says(&call(&server, "POST /social/follow/{}", &jo, &ann).await, 403, "You are not allowed to do this");
    let seen = call(&server, "GET /profile/id/{}", &jo, &ann).await.expect(200);
    assert_eq!(seen["data"]["relationship"]["isBlocked"], true);
    let told = call(&server, "DELETE /social/block/{}", &jo, &ann).await.expect(200);
    assert_eq!((&told["message"], &told["data"]), (&json!("User unblocked successfully"), &ties([false; 4])));
    call(&server, "GET /profile/id/{}", &ann, &jo).await.expect(200);
}
