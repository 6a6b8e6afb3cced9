//! Routes of no dialect: for monitoring, for browsers, and for whoever verifies tokens. The server answers them; here they
//! are described.

#![expect(dead_code, reason = "these describe routes")]

use utoipa::OpenApi;

use super::jwks::KeySet;

/// The routes, all of them open to everyone.
#[derive(OpenApi)]
#[openapi(
    paths(avatar, alive, ready, keys, change_password, metadata, description),
    components(schemas(KeySet)),
    tags((name = "Nameplate", description = "What belongs to no dialect, and is open to everyone.")),
)]
pub struct SystemApi;

/// Draws the avatar of an account that has no picture.
#[utoipa::path(get, path = "/avatars/{id}.svg", operation_id = "getAvatar", tag = "Nameplate",
    params(("id" = Uuid, Path, description = "Whose")),
    responses(
        (status = 200, description = "The drawing", body = String, content_type = "image/svg+xml", headers(
            ("ETag" = String, description = "For `If-None-Match`: it changes with the name"),
        )),
        (status = 304, description = "It is what `If-None-Match` names"),
        (status = 404, description = "There is no such account, or it is archived or locked", body = String,
            content_type = "text/html"),
    ))]
fn avatar() {}

/// Whether the server runs.
#[utoipa::path(get, path = "/livez", operation_id = "getLiveness", tag = "Nameplate",
    responses((status = 200, description = "It does", body = String, content_type = "text/plain")))]
fn alive() {}

/// Whether the server takes work: it has its database, its background work lives, and it is not about to leave.
#[utoipa::path(get, path = "/readyz", operation_id = "getReadiness", tag = "Nameplate",
    responses(
        (status = 200, description = "It does", body = String, content_type = "text/plain"),
        (status = 503, description = "It does not now", body = String, content_type = "text/plain"),
    ))]
fn ready() {}

/// Lists the keys that verify access tokens and management tokens.
#[utoipa::path(get, path = "/.well-known/jwks.json", operation_id = "getKeys", tag = "Nameplate",
    responses((status = 200, description = "The keys, newest first", body = KeySet)))]
fn keys() {}

/// Leads to where people change their password.
#[utoipa::path(get, path = "/.well-known/change-password", operation_id = "getChangePassword", tag = "Nameplate",
    responses((status = 303, description = "There", headers(("Location" = String, description = "The page")))))]
fn change_password() {}

/// Tells the same as `/oidc/.well-known/openid-configuration`, where RFC 8414 looks for it.
#[utoipa::path(get, path = "/.well-known/oauth-authorization-server/oidc", operation_id = "getServerMetadata",
    tag = "Nameplate", responses((status = 200, description = "The metadata", body = Object)))]
fn metadata() {}

/// Describes the REST API: this document.
#[utoipa::path(get, path = "/openapi.json", operation_id = "getOpenapi", tag = "Nameplate",
    responses(
        (status = 200, description = "OpenAPI 3.1", body = Object, headers(
            ("ETag" = String, description = "For `If-None-Match`"),
        )),
        (status = 304, description = "It is what `If-None-Match` names"),
    ))]
fn description() {}
