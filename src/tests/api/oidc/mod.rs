//! The OpenID Provider, but for its pages.

mod openapi;
mod services;
