//! Integration tests: real parts behind real doors.

mod api;
mod harness;
mod layers;
mod server;
mod service;
mod store;
mod ui;
