//! The description of the provider's routes. Those that people are sent to are pages, and stand in none.

use utoipa::{
    Modify, OpenApi,
    openapi::{
        self,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::{discovery, introspection, revocation, token, userinfo};
use crate::api::jwks;

/// Where apps and services get tokens, and what these are worth.
#[derive(OpenApi)]
#[openapi(
    paths(
        discovery::metadata,
        jwks::keys,
        token::token,
        userinfo::get,
        userinfo::post,
        introspection::introspect,
        revocation::revoke,
    ),
    tags((name = "OpenID Connect", description = "Where apps and services get tokens, and what verifies them.")),
    modifiers(&Schemes),
)]
pub struct OidcApi;

/// How clients say who they are, and how apps say for whom they ask.
struct Schemes;

impl Modify for Schemes {
    fn modify(&self, api: &mut openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        for (name, scheme) in [("client", HttpAuthScheme::Basic), ("app", HttpAuthScheme::Bearer)] {
            components.add_security_scheme(name, SecurityScheme::Http(Http::new(scheme)));
        }
    }
}
