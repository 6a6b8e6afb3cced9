//! What forms of the pages do: one server function per operation, at `POST /fn/<operation>`.
//!
//! They say what was asked for and hand it to the account core by the [`RequestContext`](super::ssr::RequestContext). The same address
//! serves the plain form and the island; how each of them is answered is decided there, once.

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which its docs already name")]

pub mod account;
pub mod archive;
pub mod identifiers;
pub mod oidc;
pub mod password;
pub mod people;
pub mod profile;
pub mod second_step;
pub mod security;
pub mod two_factor;
