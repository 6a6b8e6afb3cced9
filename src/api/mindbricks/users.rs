//! Users by id, in public and in lists, and their roles.

use axum::{extract::State, http::HeaderMap};
use serde_json::json;

use super::{
    envelope::{Action, Answer, ApiError},
    extract::{Caller, Params, PathId},
    fields::Fields,
    schemas::{BriefUserAnswer, IfMatch, RoleUpdate, UserAnswer, UserList, UsersAnswer},
    user::{BriefUser, User},
};
use crate::{
    domain::{account::Role, error::Error},
    service::{Accounts, profile::AccountFilter},
};

/// Rows of a page, unless asked otherwise.
const PAGE_ROWS: u32 = 25;
/// Most rows of a page.
const MAX_PAGE_ROWS: u32 = 100;

/// A user, for the owner and admins.
///
/// Read from the database, never from the session.
#[utoipa::path(
    get, path = "/v1/users/{userId}", tag = "Mindbricks: users", params(("userId" = Uuid, Path, description = "The id of a user")),
    responses(
        (status = 200, description = "The user", body = UserAnswer, headers(("ETag" = String, description = "The `recordVersion`, in quotes"))),
        (status = 403, description = "`errMsg_UserShouldBeTheOwnerOfTheObject`: somebody else's id"),
        (status = 404, description = "`errMsg_RecordNotFound`: there is no such user"),
    ),
)]
pub(super) async fn get(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Answer, ApiError> {
    let account = accounts.account(&caller.actor, id).await?;
    Ok(Answer::user(Action::Get, &accounts, &account))
}

/// A user in public, for anyone.
#[utoipa::path(
    get, path = "/v1/briefuser/{userId}", tag = "Mindbricks: users", security((), ("bearer" = [])),
    params(("userId" = Uuid, Path, description = "The id of a user")),
    responses(
        (status = 200, description = "The user", body = BriefUserAnswer),
        (status = 404, description = "`errMsg_RecordNotFound`: there is no such user, or not in public"),
    ),
)]
pub(super) async fn brief(
    State(accounts): State<Accounts>,
    _: Option<Caller>,
    PathId(id): PathId,
) -> Result<Answer, ApiError> {
    let account = accounts.brief(id).await?;
    Ok(Answer::row(Action::Get, "user", json!(BriefUser::of(&accounts, &account)), account.record_version))
}

/// Users by pages, for admins.
#[utoipa::path(
    get, path = "/v1/users", tag = "Mindbricks: users", params(UserList),
    responses(
        (status = 200, description = "A page of users", body = UsersAnswer),
        (status = 400, description = "`errMsg_<name>isNotValid`: a parameter that is out of its range"),
        (status = 403, description = "`errMsg_UserShouldHaveAdminRole`"),
    ),
)]
pub(super) async fn list(State(accounts): State<Accounts>, caller: Caller, params: Params) -> Result<Answer, ApiError> {
    let page = number(&params, "pageNumber", 1, u32::MAX)?;
    let rows = number(&params, "pageRowCount", PAGE_ROWS, MAX_PAGE_ROWS)?;
    let text = |name: &str| params.0.get(name).filter(|text| !text.is_empty());
    let filter = AccountFilter {
        email: text("email").cloned(),
        full_name: text("fullname").cloned(),
        role: text("roleId").map(|name| role(name)).transpose()?,
        offset: i64::from(page - 1) * i64::from(rows),
        limit: rows.into(),
    };
    let (found, total) = accounts.list_accounts(&caller.actor, &filter).await.map_err(for_admins)?;
    let users = found.iter().map(|account| json!(User::of(&accounts, account))).collect();
    let versions = found.iter().map(|account| account.record_version).collect();
    let paging = json!({
        "pageNumber": page,
        "pageRowCount": rows,
        "totalRowCount": total,
        "pageCount": total.unsigned_abs().div_ceil(rows.into()),
    });
    Ok(Answer::rows(Action::List, "users", users, versions).beside("paging", paging))
}

/// Says what a user may do, for admins. Ends the user's sessions.
#[utoipa::path(
    patch, path = "/v1/userrole/{userId}", tag = "Mindbricks: users", request_body = RoleUpdate,
    params(("userId" = Uuid, Path, description = "The id of a user"), IfMatch),
    responses(
        (status = 200, description = "The user as it is now", body = UserAnswer, headers(("ETag" = String, description = "The `recordVersion`, in quotes"))),
        (status = 403, description = "`errMsg_UserShouldHaveAdminRole`"),
        (status = 404, description = "`errMsg_RecordNotFound`: there is no such user"),
        (status = 409, description = "`errMsg_RecordVersionConflict`: `recordVersion` is not in force any more"),
        (status = 412, description = "`errMsg_PreconditionFailed`: `If-Match` names a version that is not in force"),
    ),
)]
pub(super) async fn set_role(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Answer, ApiError> {
    let role = role(fields.required("roleId")?)?;
    let present = accounts.account(&caller.actor, id).await.map_err(for_admins)?;
    let expected = fields.expectation(&headers, present.record_version)?;
    let account = accounts.set_role(&caller.actor, id, role, expected).await.map_err(for_admins)?;
    Ok(Answer::user(Action::Update, &accounts, &account))
}

/// Nobody owns a list or a role: what is missing here is the role of the caller.
fn for_admins(error: Error) -> ApiError {
    match error {
        Error::Forbidden => ApiError::new(
            axum::http::StatusCode::FORBIDDEN,
            "errMsg_UserShouldHaveAdminRole",
            "only admins may do this",
        ),
        error => error.into(),
    }
}

fn role(name: &str) -> Result<Role, ApiError> {
    Role::parse(name).ok_or_else(|| ApiError::field("roleId", "isNotValid", "must be user or admin"))
}

fn number(params: &Params, name: &str, default: u32, most: u32) -> Result<u32, ApiError> {
    let Some(text) = params.0.get(name) else { return Ok(default) };
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| ApiError::field(name, "isNotValid", &format!("must be a number from 1 to {most}")))
}
