//! The description of the routes.

use std::collections::BTreeSet;

use nameplate::api::logto::{self, LogtoApi};
use serde_json::Value;
use utoipa::OpenApi as _;

use crate::harness::TestServer;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn document() -> Value {
    serde_json::to_value(LogtoApi::openapi()).expect("a document")
}

#[tokio::test]
async fn every_route_is_described() {
    let server = TestServer::start().await;
    let document = document();
    let described: BTreeSet<_> = document["paths"].as_object().expect("paths").keys().cloned().collect();
    assert_eq!(described, logto::paths().into_iter().collect());
    for (path, item) in document["paths"].as_object().expect("paths") {
        let reply = server.call(&format!("BREW {}", path.replace("{userId}", "1"))).send().await;
        assert_eq!(reply.status, 405, "{path}");
        let allowed = reply.header("allow").to_lowercase();
        let allowed: BTreeSet<_> = allowed.split(',').filter(|method| *method != "head").collect();
        let described: BTreeSet<_> = METHODS.into_iter().filter(|method| item.get(method).is_some()).collect();
        assert_eq!(described, allowed, "{path}");
    }
}

#[test]
fn operations_are_complete() {
    let document = document();
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for operation in METHODS.iter().filter_map(|method| item.get(method)) {
            assert!(ids.insert(operation["operationId"].to_string()), "{path}: two operations have one id");
            assert!(operation["summary"].is_string() && operation["tags"][0].is_string(), "{path}");
            let answers = operation["responses"].as_object().expect("answers");
            assert!(answers.keys().any(|status| status.starts_with('2')), "{path}");
            let is_management = path.starts_with("/api/");
            assert_eq!(
                is_management,
                operation.get("security").is_some_and(|s| s[0].get("management").is_some()),
                "{path}"
            );
            for status in ["401", "403", "500", "503"] {
                assert!(!is_management || answers.contains_key(status), "{path} {status}");
            }
            assert_eq!(path.contains("{userId}"), answers.contains_key("404"), "{path}");
        }
    }
    let text = document.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document["components"]["schemas"].get(reference).is_some(), "{reference} is not described");
    }
}
