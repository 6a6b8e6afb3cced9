//! Plain types and pure rules: no I/O, no clock, no chance. Compiles for the server and for the browser.
//!
//! What needs Unicode tables, word lists or numbering plans is the server's alone: the browser downloads none of them.

#[cfg(feature = "ssr")]
pub mod account;
#[cfg(feature = "ssr")]
pub mod activity;
pub mod archive;
pub mod avatar;
#[cfg(feature = "ssr")]
pub mod body_deadline;
#[cfg(feature = "ssr")]
pub mod client;
pub mod code;
#[cfg(feature = "ssr")]
pub mod custom_data;
#[cfg(feature = "ssr")]
pub mod email;
pub mod error;
mod escapes;
pub mod full_name;
#[cfg(feature = "ssr")]
pub mod generated_avatar;
#[cfg(feature = "ssr")]
pub mod interruption;
pub mod limits;
pub mod locale;
#[cfg(feature = "ssr")]
pub mod message;
#[cfg(feature = "ssr")]
pub mod names;
pub mod next;
#[cfg(feature = "ssr")]
pub mod oidc_profile;
mod parsed_text;
#[cfg(feature = "ssr")]
pub mod password;
pub mod password_rules;
#[cfg(feature = "ssr")]
pub mod phone;
#[cfg(feature = "ssr")]
pub mod picture_url;
#[cfg(feature = "ssr")]
pub mod profile;
#[cfg(feature = "ssr")]
pub mod recovery_code;
pub mod relationship;
#[cfg(feature = "ssr")]
pub mod search;
pub mod second_factor;
#[cfg(feature = "ssr")]
pub mod session;
pub mod strength;
#[cfg(feature = "ssr")]
pub mod text;
#[cfg(feature = "ssr")]
pub mod time_zone;
#[cfg(feature = "ssr")]
pub mod totp;
#[cfg(feature = "ssr")]
pub mod typed_code;
pub mod username;
#[cfg(feature = "ssr")]
pub mod username_offer;
