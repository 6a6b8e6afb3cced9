//! The dialect's error contract: every error of the core, rendered.

use std::fmt::Write;

use nameplate::{
    api::nextgate,
    domain::error::{Error, Field, Issue, Reason},
};
use serde_json::json;

use crate::{api::mindbricks::errors::examples, harness::Reply};

/// Issues that the source words, or answers, in its own way.
fn own_words() -> Vec<Error> {
    vec![
        Error::Invalid(vec![
            Issue::new(Field::GivenName, Reason::TooLong { max: 30 }),
            Issue::new(Field::FamilyName, Reason::TooLong { max: 30 }),
            Issue::new(Field::MiddleName, Reason::TooLong { max: 30 }),
            Issue::new(Field::Pictures, Reason::TooMany { max: 5 }),
            Issue::new(Field::Username, Reason::Reserved),
            Issue::new(Field::Phone, Reason::NotAPhoneNumber),
            Issue::new(Field::Phone, Reason::Required),
        ]),
        Error::invalid(Field::ConfirmPassword, Reason::Mismatch),
        Error::invalid(Field::DeactivationReason, Reason::TooLong { max: 500 }),
        Error::Taken(Field::Username),
    ]
}

#[tokio::test]
async fn every_error_has_its_place_in_the_contract() {
    let now = "2026-01-02T03:04:05.678901Z".parse().expect("a time");
    let mut contract = String::new();
    for error in examples().into_iter().chain(own_words()) {
        let named = format!("{error:?}");
        let reply = Reply::read(nextgate::refuse(error, now, "request-1")).await;
        writeln!(contract, "## {named}\n{}", reply.status).expect("text");
        for (name, value) in &reply.headers {
            writeln!(contract, "{name}: {}", value.to_str().expect("text")).expect("text");
        }
        let body = reply.json();
        writeln!(contract, "{body:#}\n").expect("text");
        let status = reply.status.canonical_reason().expect("a name").to_uppercase().replace(' ', "_");
        assert_eq!((&body["httpStatus"], &body["success"]), (&json!(status), &json!(false)), "{named}");
        let has_map = reply.status == 422;
        assert!(if has_map { body["data"].is_object() } else { body["data"] == body["message"] }, "{named}");
        assert!(!body.to_string().contains("on fire"), "what went wrong on our side is for the log alone");
    }
    insta::assert_snapshot!("error_contract", contract);
}
