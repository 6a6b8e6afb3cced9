//! The dialect described in OpenAPI.

mod refusals;
mod services;

use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document, PathItem, RefOr, Required,
        path::{Operation, Parameter},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use self::refusals::Refusals;
use super::{archive, bucket, password, profile, registration, schemas::ErrorBody, sessions as entry, users};

/// Where the routes are nested.
const PREFIX: &str = "/auth-api";
/// The routes that take an id or, for the caller's own account, none.
const OWN: [&str; 3] = ["/v1/profile", "/v1/userpassword", "/v1/archiveprofile"];

/// The routes of the dialect, with their requests, answers and refusals.
#[derive(OpenApi)]
#[openapi(
    paths(
        entry::login, entry::current, entry::relogin, entry::refresh, entry::logout, entry::list,
        entry::history, entry::end, entry::end_all, entry::public_key, registration::register, users::get,
        users::brief, users::list, users::set_role, profile::update, password::change, archive::archive,
        bucket::upload, bucket::download, bucket::meta, bucket::delete, services::start_email_verification,
        services::complete_email_verification, services::start_mobile_verification,
        services::complete_mobile_verification, services::start_reset_by_email, services::complete_reset_by_email,
        services::start_reset_by_mobile, services::complete_reset_by_mobile, services::start_email_second_step,
        services::complete_email_second_step, services::start_mobile_second_step,
        services::complete_mobile_second_step,
    ),
    components(schemas(ErrorBody)),
    tags(
        (name = "Mindbricks: sessions", description = "Signing in and out, and the sessions that are open."),
        (name = "Mindbricks: users", description = "Registration, and users by id and in lists."),
        (name = "Mindbricks: profile", description = "The caller's own profile, password and account."),
        (name = "Mindbricks: avatars", description = "The bucket `userAvatars`."),
        (name = "Mindbricks: codes", description = "Verification services: codes that prove an address or a number."),
    ),
    security(("bearer" = [])),
    modifiers(&NoBodyEither, &OwnAddresses, &Addresses, &Refusals, &Bearer),
)]
pub struct MindbricksApi;

/// What an account ends with may be left out.
struct NoBodyEither;

impl Modify for NoBodyEither {
    fn modify(&self, document: &mut Document) {
        let item = document.paths.paths.get_mut("/v1/archiveprofile/{userId}");
        if let Some(RefOr::T(body)) = item.and_then(|item| item.delete.as_mut()?.request_body.as_mut()) {
            body.required = Some(Required::False);
        }
    }
}

/// Adds the addresses that go without an id.
struct OwnAddresses;

impl Modify for OwnAddresses {
    fn modify(&self, document: &mut Document) {
        for path in OWN {
            let Some(mut item) = document.paths.paths.get(&format!("{path}/{{userId}}")).cloned() else { continue };
            for (_, operation) in operations(&mut item) {
                let is_id =
                    |parameter: &RefOr<_>| matches!(parameter, RefOr::T(Parameter { name, .. }) if name == "userId");
                operation.parameters.iter_mut().for_each(|parameters| parameters.retain(|one| !is_id(one)));
            }
            document.paths.paths.insert(path.to_owned(), item);
        }
    }
}

/// Puts the prefix before every path, and names each operation after the address it is reached at.
struct Addresses;

impl Modify for Addresses {
    fn modify(&self, document: &mut Document) {
        let paths = std::mem::take(&mut document.paths.paths);
        for (path, mut item) in paths {
            for (method, operation) in operations(&mut item) {
                let words = path.split(['/', '-', '{', '}']).filter(|word| !word.is_empty() && *word != "v1");
                operation.operation_id = Some(words.fold(format!("mindbricks_{method}"), |id, word| id + "_" + word));
            }
            document.paths.paths.insert(format!("{PREFIX}{path}"), item);
        }
    }
}

/// How a caller is known.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all =
        [("get", &mut item.get), ("post", &mut item.post), ("patch", &mut item.patch), ("delete", &mut item.delete)];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}
