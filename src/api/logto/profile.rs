//! The OpenID Connect profile of a user.

use axum::{extract::State, response::Response};
use utoipa::ToSchema;

use super::{
    envelope::ApiError,
    extract::Target,
    fields::Fields,
    refusals::{BodyErrors, CallErrors, UserErrors},
    user::{Profile, tagged},
};
use crate::{
    domain::oidc_profile,
    service::{
        Accounts,
        management::change::{ManagedChange, Write},
    },
};

/// Claims to be written over the present ones.
#[derive(ToSchema)]
#[schema(example = json!({ "profile": { "nickname": "Countess", "birthdate": "1815-12-10" } }))]
#[expect(dead_code, reason = "it describes a body that is read field by field")]
pub(super) struct ProfileInput {
    profile: Profile,
}

/// Writes claims over those of the same name; the others stay. `null` and the empty text clear one.
#[utoipa::path(
    patch, path = "/api/users/{userId}/profile", operation_id = "UpdateUserProfile", tag = "Logto", security(("management" = [])), params(("userId" = Uuid, Path)),
    request_body = ProfileInput,
    responses((status = 200, description = "The profile as it is now", body = Profile), CallErrors, UserErrors, BodyErrors),
)]
pub(super) async fn update(
    State(accounts): State<Accounts>,
    Target { access, account, expected }: Target,
    mut fields: Fields,
) -> Result<Response, ApiError> {
    let profile = Some(Write::Merge(fields.required_object("profile")));
    fields.finish()?;
    let change = ManagedChange { profile, ..ManagedChange::default() };
    let account = accounts.update_managed(&access, account.id, change, expected).await?;
    Ok(tagged(&account, oidc_profile::claims(&account)))
}
