//! Sign-in for applications (OpenID Connect Core 1.0): what an application is registered with, what it may ask for, and what
//! that leads to.

pub mod app;
pub mod decision;
pub mod form;
pub mod grant;
pub mod pkce;
pub mod request;
pub mod scope;
pub mod uri;
