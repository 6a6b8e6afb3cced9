//! The pages: what a person sees, in plain HTML first.
//!
//! [`islands`] are what runs in the browser, [`actions`] what forms do, [`forms`] where they stand; [`ssr`] has the routes and
//! makes the [`ssr::RequestContext`], by which server functions and pages reach the account core. A page component takes plain data and a [`flash::Flash`], so that it can be rendered and looked at without a server.

pub mod actions;
#[cfg(feature = "ssr")]
pub mod app;
pub mod error;
pub mod flash;
#[cfg(feature = "ssr")]
pub mod form_target;
#[cfg(feature = "ssr")]
pub mod forms;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod nonce;
#[cfg(feature = "ssr")]
pub mod page_context;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod parts;
#[cfg(feature = "ssr")]
pub mod remote_picture;
#[cfg(feature = "ssr")]
pub mod ssr;
#[cfg(feature = "ssr")]
pub mod text;
