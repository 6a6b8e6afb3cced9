//! Nameplate: a self-hosted account and profile centre.
//!
//! One account core; every page and every REST dialect is a thin layer over it.
//!
//! | module | what it is | may import |
//! |---|---|---|
//! | [`domain`] | plain types and pure rules, no I/O; the only layer the browser shares with the server | nothing of ours |
//! | [`ports`] | small traits to the outside (clock, chance, hashing, mail, pictures), each real and faked | `domain` |
//! | [`store`] | what is kept: one trait per aggregate, and its SQL for SQLite and PostgreSQL | `domain` |
//! | [`service`] | every rule, once: methods on `service::Accounts` | `domain`, `ports`, `store`'s traits |
//! | [`api`] | the REST dialects: they translate and never decide | `domain`, `service` |
//! | [`ui`] | pages, islands, server functions | `domain`, `service` (through `ui::ssr`) |
//! | [`server`] | the composition root: configuration, router, jobs, command line | everything |
//!
//! `src/tests/layers.rs` reads the imports and holds this table. `domain` and the browser's part of `ui` compile for
//! WebAssembly; everything else is behind the `ssr` feature, gated here and in `ui/mod.rs` alone.

#[cfg(feature = "ssr")]
pub mod api;
pub mod domain;
#[cfg(feature = "ssr")]
pub mod ports;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;
pub mod ui;

/// Called once by the page's script, before its islands.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
