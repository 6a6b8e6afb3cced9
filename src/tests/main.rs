//! Integration tests: real parts behind real surfaces.

#![allow(clippy::unwrap_used, reason = "what a test did not expect should fail it, harness included")]

mod api;
mod harness;
mod layers;
mod server;
mod service;
mod store;
mod ui;
