//! The description of the dialect's routes.

use utoipa::{
    Modify, OpenApi,
    openapi::{
        self, Deprecated, RefOr, Required,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::{codes, counters, custom_data, password, profile, suspension, users};

/// Logto's Management API.
#[derive(OpenApi)]
#[openapi(
    paths(
        users::list,
        users::create,
        users::get,
        users::update,
        users::delete,
        password::update,
        password::verify,
        password::has,
        custom_data::get,
        custom_data::update,
        profile::update,
        suspension::update,
        counters::put,
        codes::send,
        codes::verify,
    ),
    tags(
        (name = "Logto", description = "What services do with users: Logto's Management API. Takes a management token."),
    ),
    modifiers(&Schemes, &OptionalBody, &Singular),
)]
pub struct LogtoApi;

/// How services say who they are.
struct Schemes;

impl Modify for Schemes {
    fn modify(&self, api: &mut openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("management", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// A new user needs no identifier: all fields can be left out, the braces around them too.
struct OptionalBody;

impl Modify for OptionalBody {
    fn modify(&self, api: &mut openapi::OpenApi) {
        let create = api.paths.paths.get_mut("/api/users").and_then(|item| item.post.as_mut());
        if let Some(RefOr::T(body)) = create.and_then(|create| create.request_body.as_mut()) {
            body.required = Some(Required::False);
        }
    }
}

/// The source's names of two routes.
struct Singular;

impl Modify for Singular {
    fn modify(&self, api: &mut openapi::OpenApi) {
        for (path, source) in [
            ("/api/verification-codes", "/api/verification-code"),
            ("/api/verification-codes/verify", "/api/verification-code/verify"),
        ] {
            let Some(mut item) = api.paths.paths.get(path).cloned() else { continue };
            if let Some(operation) = &mut item.post {
                operation.deprecated = Some(Deprecated::True);
                operation.operation_id = operation.operation_id.take().map(|id| format!("{id}Singular"));
            }
            api.paths.paths.insert(source.to_owned(), item);
        }
    }
}
