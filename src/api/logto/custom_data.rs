//! A service's own data about a user.

use axum::{extract::State, response::Response};
use serde_json::Map;
use utoipa::ToSchema;

use super::{
    envelope::ApiError,
    extract::Target,
    fields::Fields,
    refusals::{BodyErrors, CallErrors, UserErrors},
    user::tagged,
    users::Object,
};
use crate::{
    domain::account::Account,
    service::{
        Accounts,
        management::change::{ManagedChange, Write},
    },
};

/// Members to be written over the present ones.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "customData": { "plan": "gold" } }))]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct CustomDataChange {
    custom_data: Object,
}

/// Reads the data.
#[utoipa::path(
    get, path = "/api/users/{userId}/custom-data", operation_id = "ListUserCustomData", tag = "Logto", security(("management" = [])), params(("userId" = Uuid, Path)),
    responses((status = 200, description = "The data", body = Object), CallErrors, UserErrors),
)]
pub(super) async fn get(Target { account, .. }: Target) -> Response {
    data_of(&account)
}

fn data_of(account: &Account) -> Response {
    tagged(account, account.custom_data.as_ref().unwrap_or(&Map::new()))
}

/// Writes members over those of the same name; the others stay.
#[utoipa::path(
    patch, path = "/api/users/{userId}/custom-data", operation_id = "UpdateUserCustomData", tag = "Logto", security(("management" = [])), params(("userId" = Uuid, Path)),
    request_body = CustomDataChange,
    responses((status = 200, description = "The data as it is now", body = Object), CallErrors, UserErrors, BodyErrors),
)]
pub(super) async fn update(
    State(accounts): State<Accounts>,
    Target { access, account, expected }: Target,
    mut fields: Fields,
) -> Result<Response, ApiError> {
    let custom_data = Some(Write::Merge(fields.required_object("customData")));
    fields.finish()?;
    let change = ManagedChange { custom_data, ..ManagedChange::default() };
    let account = accounts.update_managed(&access, account.id, change, expected).await?;
    Ok(data_of(&account))
}
