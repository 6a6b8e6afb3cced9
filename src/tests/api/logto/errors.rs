//! The dialect's error contract: every error of the core, rendered.

use std::fmt::Write;

use nameplate::{
    api::{logto, oidc},
    domain::error::Error,
};

use crate::{api::mindbricks::errors::examples, harness::Reply};

async fn contract(refuse: impl Fn(Error) -> axum::response::Response) -> String {
    let mut contract = String::new();
    for error in examples() {
        let named = format!("{error:?}");
        let reply = Reply::read(refuse(error)).await;
        writeln!(contract, "## {named}\n{}", reply.status).expect("text");
        for (name, value) in &reply.headers {
            writeln!(contract, "{name}: {}", value.to_str().expect("text")).expect("text");
        }
        let body = reply.json();
        writeln!(contract, "{body:#}\n").expect("text");
        assert!(body["code"].is_string() && body["message"].is_string(), "{body}");
        assert!(!body.to_string().contains("on fire"), "what went wrong on our side is for the log alone");
    }
    contract
}

#[tokio::test]
async fn every_error_has_words_of_the_dialect() {
    insta::assert_snapshot!("error_contract", contract(|error| logto::refuse(error, "request-1")).await);
}

#[tokio::test]
async fn every_error_has_words_of_the_token_endpoint() {
    let contract = contract(|error| oidc::refuse(error, "request-1")).await;
    for error in contract.lines().filter_map(|line| line.trim().strip_prefix("\"code\": \"")) {
        assert!(error.starts_with("oidc."), "{error}");
    }
    insta::assert_snapshot!("token_error_contract", contract);
}
