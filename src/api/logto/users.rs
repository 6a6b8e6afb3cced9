//! Users: listing, making, reading, changing and deleting them.

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header::LINK},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use url::form_urlencoded;
use utoipa::ToSchema;

use super::{
    envelope::ApiError,
    extract::{Caller, Listing, Page, Target},
    fields::Fields,
    refusals::{BodyErrors, CallErrors, LimitErrors, UserErrors, ValueErrors},
    user::{GUARDED, Profile, User, answer},
};
use crate::{
    domain::error::Error,
    service::{
        Accounts,
        management::change::{ManagedChange, Write},
    },
};

/// Fields that a change may have.
const CHANGEABLE: [&str; 7] = ["username", "primaryEmail", "primaryPhone", "name", "avatar", "customData", "profile"];
/// What Logto takes for a new user and we do not: an account would be made that nobody can sign in to.
const UNSUPPORTED: [&str; 2] = ["passwordDigest", "passwordAlgorithm"];

/// What a user is to be. A field that is not sent stays as it is; `null` and the empty text clear it.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(min_properties = 1, example = json!({
    "primaryEmail": "ada@example.com",
    "primaryPhone": "12015550123",
    "name": "Ada Lovelace",
    "customData": { "plan": "gold" }
}))]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct UserChange {
    /// 3 to 30 letters, digits, `_` and `-`, beginning with a letter. Cleared, one is made from the name.
    #[schema(max_length = 30)]
    username: Option<String>,
    /// Counts as verified.
    #[schema(pattern = "^$|@")]
    primary_email: Option<String>,
    /// With the country code; counts as verified.
    primary_phone: Option<String>,
    name: Option<String>,
    /// A web address of a picture.
    #[schema(max_length = 500)]
    avatar: Option<String>,
    /// Replaced as a whole; 64 KiB at most.
    custom_data: Option<Object>,
    /// Replaced as a whole.
    profile: Option<Profile>,
}

/// A new user: as a change, and a password.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "primaryEmail": "ada@example.com",
    "password": "Quill-harbour 73 moss",
    "name": "Ada Lovelace"
}))]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct NewUser {
    /// 3 to 30 letters, digits, `_` and `-`, beginning with a letter. Without one, one is made from the name.
    #[schema(max_length = 30)]
    username: Option<String>,
    /// Counts as verified.
    #[schema(pattern = "^$|@")]
    primary_email: Option<String>,
    /// With the country code; counts as verified.
    primary_phone: Option<String>,
    /// Must keep the password policy.
    #[schema(max_length = 256)]
    password: Option<String>,
    name: Option<String>,
    /// A web address of a picture.
    #[schema(max_length = 500)]
    avatar: Option<String>,
    /// 64 KiB at most.
    custom_data: Option<Object>,
    profile: Option<Profile>,
}

/// A JSON object.
#[derive(ToSchema)]
pub(super) struct Object {}

/// Lists users, newest first.
#[utoipa::path(
    get, path = "/api/users", operation_id = "ListUsers", tag = "Logto", security(("management" = [])),
    params(
        ("page" = Option<i64>, Query, nullable = false, description = "Which page; the first without it", minimum = 1,
            maximum = 4_294_967_295_u32),
        ("page_size" = Option<i64>, Query, nullable = false, description = "With how many users; 20 without it", minimum = 1,
            maximum = 100),
        ("search" = Option<String>, Query, nullable = false, description = "An id, or a part of a username, e-mail address, phone number or \
            name; with `%` in it or a `mode` beside it, a pattern for the whole of one", max_length = 254),
        ("search.id" = Option<String>, Query, nullable = false, description = "A whole id", pattern = "^[^%]{1,254}$"),
        ("search.username" = Option<String>, Query, nullable = false, description = "A pattern for the whole username, in which `%` \
            stands for any text, and `\\%`, `\\_`, `\\\\` for `%`, `_`, `\\`. With the mode `exact` it is the text itself, and may be \
            sent several times; so with the others", min_length = 1, max_length = 254),
        ("search.primaryEmail" = Option<String>, Query, nullable = false, description = "A pattern for the whole e-mail address",
            min_length = 1, max_length = 254),
        ("search.primaryPhone" = Option<String>, Query, nullable = false, description = "A pattern for the whole phone number, with or \
            without its `+`", min_length = 1, max_length = 254),
        ("search.name" = Option<String>, Query, nullable = false, description = "A pattern for the whole name", min_length = 1,
            max_length = 254),
        ("mode" = Option<String>, Query, nullable = false, pattern = "^(like|exact)$", description = "How `search` is compared, and every field that has no \
            mode of its own"),
        ("mode.id" = Option<String>, Query, nullable = false, pattern = "^(like|exact)$", description = "How `search.id` is compared"),
        ("mode.username" = Option<String>, Query, nullable = false, pattern = "^(like|exact)$", description = "How `search.username` is compared"),
        ("mode.primaryEmail" = Option<String>, Query, nullable = false, pattern = "^(like|exact)$", description = "How `search.primaryEmail` is compared"),
        ("mode.primaryPhone" = Option<String>, Query, nullable = false, pattern = "^(like|exact)$", description = "How `search.primaryPhone` is compared"),
        ("mode.name" = Option<String>, Query, nullable = false, pattern = "^(like|exact)$", description = "How `search.name` is compared"),
        ("joint" = Option<String>, Query, nullable = false, pattern = "^(or|and)?$", description = "Whether one of the fields must match (`or`, also \
            without it) or every one (`and`). `jointMode` is the same"),
        ("isCaseSensitive" = Option<String>, Query, nullable = false, pattern = "^(true|false|1|0)?$", description = "Whether upper and lower case are different letters, \
            and marks on letters count in names; `false` without it"),
    ),
    responses(
        (status = 200, description = "A page of users", body = [User], headers(
            ("Total-Number" = u64, description = "How many there are in all"),
            ("Link" = String, description = "The first, previous, next and last page (RFC 8288)"),
        )),
        (status = 400, description = "`guard.invalid_pagination`; `guard.invalid_input`: the search is \
            empty, too long, or of a kind that there is not", body = super::envelope::ErrorBody),
        CallErrors,
    ),
)]
pub(super) async fn list(
    State(accounts): State<Accounts>,
    Caller(access): Caller,
    Listing { page, search, filters }: Listing,
) -> Result<Response, ApiError> {
    let (found, total) = accounts.search_accounts(&access, &search, page.offset(), page.size.into()).await?;
    let users: Vec<_> = found.iter().map(|account| User::of(&accounts, account)).collect();
    let mut response = Json(users).into_response();
    response.headers_mut().insert("total-number", total.into());
    let links = links(&accounts.absolute("/api/users"), page, &filters, total.unsigned_abs());
    response.headers_mut().extend(HeaderValue::try_from(links).ok().map(|links| (LINK, links)));
    Ok(response)
}

/// The pages around one, as RFC 8288 writes links.
fn links(route: &str, page: Page, filters: &[(String, String)], total: u64) -> String {
    let last = total.div_ceil(page.size.into()).max(1);
    let number = u64::from(page.number);
    let link = |number: u64, rel: &str| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(filters);
        query.append_pair("page", &number.to_string()).append_pair("page_size", &page.size.to_string());
        format!("<{route}?{}>; rel=\"{rel}\"", query.finish())
    };
    let mut links = vec![link(1, "first")];
    if number > 1 {
        links.push(link((number - 1).min(last), "prev"));
    }
    if number < last {
        links.push(link(number + 1, "next"));
    }
    links.push(link(last, "last"));
    links.join(", ")
}

/// Makes a user.
///
/// Its e-mail address and phone number count as verified, and no code is sent.
#[utoipa::path(
    post, path = "/api/users", operation_id = "CreateUser", tag = "Logto", security(("management" = [])), request_body = NewUser,
    responses((status = 200, description = "The user", body = User), CallErrors, BodyErrors, ValueErrors),
)]
pub(super) async fn create(
    State(accounts): State<Accounts>,
    Caller(access): Caller,
    mut fields: Fields,
) -> Result<Response, ApiError> {
    fields.guard(&GUARDED, &Value::Null);
    fields.guard(&UNSUPPORTED, &Value::Null);
    let change = read_change(&mut fields);
    let password = fields.text("password").filter(|password| !password.is_empty());
    fields.finish()?;
    let account = accounts.create_managed(&access, change, password.as_deref()).await?;
    Ok(answer(&accounts, &account))
}

/// Reads a user.
#[utoipa::path(
    get, path = "/api/users/{userId}", operation_id = "GetUser", tag = "Logto", security(("management" = [])), params(("userId" = Uuid, Path)),
    responses((status = 200, description = "The user", body = User), CallErrors, UserErrors),
)]
pub(super) async fn get(State(accounts): State<Accounts>, Target { account, .. }: Target) -> Response {
    answer(&accounts, &account)
}

/// Changes the fields of a user that are sent.
///
/// Its e-mail address and phone number count as verified; one of them must be left. Another username ends every session.
#[utoipa::path(
    patch, path = "/api/users/{userId}", operation_id = "UpdateUser", tag = "Logto", security(("management" = [])), params(("userId" = Uuid, Path)), request_body = UserChange,
    responses((status = 200, description = "The user", body = User), CallErrors, UserErrors, BodyErrors, ValueErrors,
        LimitErrors),
)]
pub(super) async fn update(
    State(accounts): State<Accounts>,
    Target { access, account, expected }: Target,
    mut fields: Fields,
) -> Result<Response, ApiError> {
    fields.guard(&GUARDED, &json!(User::of(&accounts, &account)));
    let change = read_change(&mut fields);
    fields.finish()?;
    if !fields.any(&CHANGEABLE) {
        return Err(Error::NothingToChange.into());
    }
    let account = accounts.update_managed(&access, account.id, change, expected).await?;
    Ok(answer(&accounts, &account))
}

/// Deletes a user for good, with everything that refers to them.
#[utoipa::path(
    delete, path = "/api/users/{userId}", operation_id = "DeleteUser", tag = "Logto", security(("management" = [])), params(("userId" = Uuid, Path)),
    responses((status = 204, description = "The user is gone"), CallErrors, UserErrors),
)]
pub(super) async fn delete(
    State(accounts): State<Accounts>,
    Target { access, account, .. }: Target,
) -> Result<StatusCode, ApiError> {
    accounts.delete_managed(&access, account.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn read_change(fields: &mut Fields) -> ManagedChange {
    ManagedChange {
        username: fields.text("username"),
        email: fields.text("primaryEmail"),
        phone: fields.text("primaryPhone"),
        name: fields.text("name"),
        avatar: fields.text("avatar"),
        custom_data: fields.object("customData").map(Write::Whole),
        profile: fields.object("profile").map(Write::Whole),
    }
}
