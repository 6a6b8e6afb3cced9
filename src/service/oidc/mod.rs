//! Sign-in for applications: Nameplate as an OpenID Provider.
//!
//! | file | what it is |
//! |---|---|
//! | `registry` | which applications there are |
//! | `authorization` | a request in its course, from page to page |
//! | `consent` | what people let apps have |
//! | `codes` | codes: given to an app, exchanged for tokens |
//! | `ending` | signing out from an app |
//! | `back_channel` | telling apps that a session of theirs has ended |
//! | `refresh` | refresh tokens: rotated, and their reuse told |
//! | `tokens`, `claims` | what apps are told |
//! | `verification` | whose token it is: userinfo, introspection, revocation |
//!
//! A session of an app is a row of the sessions, as a browser's is; what ends that one ends it. Whatever names it is worth
//! nothing then: `/oidc/me`, introspection and refreshing look it up each time.

pub mod authorization;
pub mod back_channel;
pub mod claims;
pub mod codes;
pub mod consent;
pub mod ending;
mod refresh;
pub mod registry;
pub mod tokens;
pub mod verification;
