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
//! | [`http`] | what HTTP says of requests and responses | `domain` |
//! | [`api`] | the REST dialects: they translate and never decide | `domain`, `service`, `http` |
//! | [`ui`] | pages, islands, server functions | `domain`, `service`, `http` |
//! | [`server`] | the composition root: configuration, router, jobs, command line | everything |
//!
//! `src/tests/layers.rs` reads the imports and holds this table; it also holds that no two modules import each other, and that
//! the files and functions named below exist. `domain` and the browser's part of `ui` compile for WebAssembly; everything else
//! is behind the `ssr` feature, gated here and in `ui/mod.rs` alone.
//!
//! # Walks
//!
//! ## `PATCH` profile over REST
//!
//! 1. `server/router.rs` `compose`: every surface in one router; `server/middleware.rs` puts the layers around it
//! 2. `api/dialects.rs` `DIALECTS`: the prefix, the routes and the error envelope of each dialect
//! 3. `api/mindbricks/mod.rs` `router`: the routes of one
//! 4. `api/mindbricks/envelope_layer.rs` `envelope_layer`: puts the envelope around what the handler answers
//! 5. `api/mindbricks/extract.rs` `Owner`: who calls, by the access token
//! 6. `service/sessions.rs` `authenticate_bearer`: session and account behind the token
//! 7. `api/mindbricks/profile.rs` `update`: the handler
//! 8. `api/mindbricks/fields.rs` `Fields`: the JSON of the body, field by field; `http/conditional.rs` reads `If-Match`
//! 9. `service/profile.rs` `update_profile`: every rule, once, for every surface
//! 10. `service/callers.rs` `lock_caller_and`: locks the account and proves again that the caller may write
//! 11. `store/accounts.rs` `AccountStore`: what can be done with accounts
//! 12. `store/sql/accounts.rs` `UPDATE`: the SQL, for SQLite and PostgreSQL
//! 13. `api/mindbricks/envelope.rs` `Answer`: the account as it is now, in the dialect's words
//!
//! ## Save the profile page
//!
//! 1. `server/router.rs` `compose`: as above
//! 2. `ui/ssr/mod.rs` `router`: the pages, and `POST /fn/{operation}` for their forms
//! 3. `ui/ssr/forms.rs` `act`: reads a form, runs its server function, answers a redirect or JSON
//! 4. `ui/ssr/request_context.rs` `RequestContext`: who asks, in which language
//! 5. `service/sessions.rs` `authenticate_cookie`: session and account behind the cookie
//! 6. `ui/forms.rs` `forms`: the page that each form stands on
//! 7. `ui/actions/profile.rs` `update_profile`: the server function
//! 8. `ui/ssr/profile.rs` `update_profile`: its fields as a change of the core
//! 9. `service/profile.rs` `update_profile`, then as above
//! 10. `ui/ssr/refusals.rs` `refuse`: errors as sentences, beside their fields
//!
//! In the browser `ui/islands/profile_form.rs` `ProfileForm` sends the same form without leaving the page.
//!
//! ## Sign in with a second step
//!
//! 1. `ui/actions/account.rs` `sign_in`: the server function of the form
//! 2. `service/login.rs` `sign_in`: counts the try, compares the password, begins a session that is half signed in
//! 3. `service/limits.rs` `attempt`: how many wrong passwords are too many
//! 4. `ports/hasher/mod.rs` `HashPermit`: one hash per core at a time, and a queue before it
//! 5. `service/two_factor/factor.rs` `factors_of`: what can answer the second step
//! 6. `ui/ssr/second_step.rs` `ask_second_step`: sends the code, shows the page
//! 7. `ui/actions/second_step.rs` `second_step`: the server function of that page
//! 8. `service/two_factor/challenge.rs` `answer_challenge`: the half-signed-in session, and the answer
//! 9. `service/two_factor/factor.rs` `verify_factor`: compares a code, an app's digits, a recovery code
//! 10. `store/sql/factors.rs` and `store/sql/sessions.rs`: the SQL
//!
//! # Recipes
//!
//! **To add a profile field**: a column in `migrations/`, both engines; `store/sql/accounts.rs`; `domain/account.rs` `Account`;
//! its rule in `domain/profile.rs`, its name in `domain/error.rs` `Field`; `service/profile.rs` `ProfileChange`. Then where it is
//! shown: `ui/actions/profile.rs` `ProfileFields`, `ui/ssr/profile.rs`, `ui/pages/profile/form.rs`, `ui/text/profile.rs`, and the
//! shapes of the dialects that have it.
//!
//! **To add a language**: `domain/locale.rs` `Locale`; the compiler names every text of `ui/text` that lacks it, and
//! `service/messages/language.rs` `Language` what messages need.
//!
//! **To add a REST dialect**: `domain/dialect.rs` `Dialect`, a folder beside `api/mindbricks`, a row in `api/dialects.rs`
//! `DIALECTS`, a guide in `ui/text/guides`.
//!
//! **To add a security event**: a row in `domain/activity.rs` `kinds`, its words in `ui/text/activity.rs`; then
//! `service/notify.rs` `record`, called in the transaction of what happens.
//!
//! **To add a second factor**: `domain/second_factor.rs` `Method`; `service/two_factor/factor.rs` `Candidate` and `FactorProof`,
//! whose matches the compiler then finds; the page in `ui/pages/second_step.rs`.
//!
//! # Words of ours
//!
//! | word | meaning |
//! |---|---|
//! | surface | a group of routes with one way to word errors: the pages, or one mount of a dialect |
//! | dialect | the REST API of a product that teams use already, spoken by this core |
//! | actor, access | who a write is done for: a person with a session, a service with a management token |
//! | destination | an e-mail address or a mobile number that codes and notices go to |
//! | rendition | a stored picture in one size |
//! | flash | a notice, errors and typed values that wait for the next view of one page |
//! | half signed in | after the right password and before the second step |
//! | undo link | takes a change of e-mail address or phone back, for 30 days |

#[cfg(feature = "ssr")]
pub mod api;
pub mod domain;
#[cfg(feature = "ssr")]
pub mod http;
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
