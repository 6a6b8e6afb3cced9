//! What bodies have in them. Handlers read them field by field, so that each wrong one has an error of its own name.

#![expect(dead_code, reason = "these describe bodies")]

use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::RoleId;

/// Who signs in: one of `username`, `email` and `mobile` is needed, and each takes any identifier.
#[derive(ToSchema)]
pub struct Login {
    /// An e-mail address, a mobile number or a username.
    #[schema(example = "ada@example.com")]
    username: Option<String>,
    /// As `username`.
    email: Option<String>,
    /// As `username`.
    mobile: Option<String>,
    #[schema(min_length = 1, example = "Quiet-Lantern-47-drift")]
    password: String,
}

/// What new tokens are asked for with.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct Refresh {
    /// The newest refresh token of the session.
    #[schema(min_length = 1, example = "nYJ7tq0m2bq3yQ0o9x5Vw1c8e4Z6uK3sT2rD7aL1pHk")]
    refresh_token: String,
}

/// Somebody new. Where sign-in is by mobile number, `mobile` is needed in place of `email`.
#[derive(ToSchema)]
pub struct Registration {
    #[schema(format = Email, min_length = 3, example = "ada@example.com")]
    email: String,
    /// 15 characters or more, or all of upper and lower case, digit and special; none that is easily guessed.
    #[schema(min_length = 8, max_length = 256, example = "Quiet-Lantern-47-drift")]
    password: String,
    /// Given, middle and family name, each at most 30 characters; the given one is enough.
    #[schema(min_length = 1, pattern = r"\S", example = "Ada Byron Lovelace")]
    fullname: String,
    /// E.164, or as dialled in the default region.
    #[schema(example = "+905551234567")]
    mobile: Option<String>,
    /// The `https` address of a picture.
    #[schema(example = "https://images.example.com/ada.webp")]
    avatar: Option<String>,
}

/// What changes; what is left out stays.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", min_properties = 1)]
pub struct ProfileUpdate {
    /// Given, middle and family name, each at most 30 characters; the given one is enough.
    #[schema(nullable = false, min_length = 1, pattern = r"\S", example = "Ada Byron Lovelace")]
    fullname: Option<String>,
    /// The `https` address of a picture, or the `url` of an upload; `null`, `""` and the generated one mean none.
    #[schema(example = "https://images.example.com/ada.webp")]
    avatar: Option<String>,
    /// E.164, or as dialled in the default region; `null` and `""` take it away. A code goes to a new one.
    #[schema(example = "+905551234567")]
    mobile: Option<String>,
    /// The version that this changes; where it is not in force any more, 409.
    #[schema(example = json!(null))]
    record_version: Option<i64>,
}

/// The password and its successor.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct PasswordUpdate {
    #[schema(min_length = 1, example = "Quiet-Lantern-47-drift")]
    old_password: String,
    /// 15 characters or more, or all of upper and lower case, digit and special; none that is easily guessed.
    #[schema(min_length = 8, max_length = 256, example = "Copper-Kites-92-orbit")]
    new_password: String,
    /// The version that this changes; where it is not in force any more, 409.
    #[schema(example = json!(null))]
    record_version: Option<i64>,
}

/// That the end is meant. No body is as good.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct Archiving {
    #[schema(nullable = false)]
    confirmation: Option<ArchivePhrase>,
    /// The version that this ends; where it is not in force any more, 409.
    #[schema(example = json!(null))]
    record_version: Option<i64>,
}

/// The phrase that is typed, in either spelling of its I.
#[derive(ToSchema)]
pub enum ArchivePhrase {
    #[schema(rename = "ARCHIVE MY ACCOUNT")]
    Plain,
    #[schema(rename = "ARCHİVE MY ACCOUNT")]
    Dotted,
}

/// What somebody may do.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct RoleUpdate {
    role_id: RoleId,
    /// The version that this changes; where it is not in force any more, 409.
    #[schema(example = json!(null))]
    record_version: Option<i64>,
}

/// A picture: JPEG, PNG, GIF or WebP, at most 10 MiB, 8192 pixels a side and 50 megapixels.
#[derive(ToSchema)]
pub struct AvatarUpload {
    /// The picture; `files` is another name of the field.
    #[schema(value_type = String, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// `x,y,width,height` in pixels of the upright picture; without it the largest square in the middle.
    #[schema(nullable = false, pattern = r"^\d+,\d+,\d+,\d+$", max_length = 256, example = "0,0,512,512")]
    crop: Option<String>,
}

/// An address that a code goes to.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct ToEmail {
    #[schema(format = Email, min_length = 3, example = "ada@example.com")]
    email: String,
    /// The `id` that `registeruser` answered: needed to confirm a registration where somebody else began one with the same address.
    #[schema(example = "0190163d-8694-739b-aea5-966c26f8ad90")]
    user_id: Option<Uuid>,
}

/// A number that a code goes to.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct ToMobile {
    #[schema(min_length = 1, example = "+905551234567")]
    mobile: String,
    /// The `id` that `registeruser` answered: needed to confirm a registration where somebody else began one with the same number.
    #[schema(example = "0190163d-8694-739b-aea5-966c26f8ad90")]
    user_id: Option<Uuid>,
}

/// A code, and the address it went to.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct EmailCode {
    #[schema(format = Email, min_length = 3, example = "ada@example.com")]
    email: String,
    #[schema(min_length = 1, example = "123456")]
    secret_code: String,
    /// The `id` that `registeruser` answered: needed to confirm a registration where somebody else began one with the same address.
    #[schema(example = "0190163d-8694-739b-aea5-966c26f8ad90")]
    user_id: Option<Uuid>,
}

/// A code, and the number it went to.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct MobileCode {
    #[schema(min_length = 1, example = "+905551234567")]
    mobile: String,
    #[schema(min_length = 1, example = "123456")]
    secret_code: String,
    /// The `id` that `registeruser` answered: needed to confirm a registration where somebody else began one with the same number.
    #[schema(example = "0190163d-8694-739b-aea5-966c26f8ad90")]
    user_id: Option<Uuid>,
}

/// A code, the address it went to, and the new password.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct ResetByEmail {
    #[schema(format = Email, min_length = 3, example = "ada@example.com")]
    email: String,
    #[schema(min_length = 1, example = "123456")]
    secret_code: String,
    #[schema(min_length = 8, max_length = 256, example = "Copper-Kites-92-orbit")]
    password: String,
}

/// A code, the number it went to, and the new password.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct ResetByMobile {
    #[schema(min_length = 1, example = "+905551234567")]
    mobile: String,
    #[schema(min_length = 1, example = "123456")]
    secret_code: String,
    #[schema(min_length = 8, max_length = 256, example = "Copper-Kites-92-orbit")]
    password: String,
}

/// The half-signed-in session, as the answer to the login told it.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct SecondStep {
    user_id: Uuid,
    session_id: Uuid,
}

/// A code, and the session whose second step it is.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct SecondStepCode {
    user_id: Uuid,
    session_id: Uuid,
    /// The code that was sent, one of an authenticator app, or a recovery code.
    #[schema(min_length = 1, example = "123456")]
    secret_code: String,
}

/// Which version a change is meant for.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IfMatch {
    /// The `ETag` of the version that is changed; where it is not in force any more, 412.
    #[param(rename = "If-Match", nullable = false, example = "*")]
    if_match: Option<String>,
}

/// Which users, and how many at once.
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct UserList {
    #[param(nullable = false, minimum = 1, maximum = 4_294_967_295_u32, default = 1)]
    page_number: Option<i64>,
    #[param(nullable = false, minimum = 1, maximum = 100, default = 25)]
    page_row_count: Option<i64>,
    /// Part of the e-mail address.
    #[param(nullable = false, example = "@example.com")]
    email: Option<String>,
    /// Part of the name.
    #[param(nullable = false, example = "Ada")]
    fullname: Option<String>,
    #[param(nullable = false, inline)]
    role_id: Option<RoleId>,
}

/// Which key.
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct KeyId {
    /// The `kid` of a token; without it the key that signs now.
    #[param(nullable = false)]
    key_id: Option<String>,
}

/// How large a picture.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PictureSize {
    /// Pixels a side; without it 512.
    #[param(nullable = false, inline)]
    size: Option<Pixels>,
}

/// Pixels a side.
#[derive(ToSchema)]
pub enum Pixels {
    #[schema(rename = "64")]
    Px64,
    #[schema(rename = "128")]
    Px128,
    #[schema(rename = "256")]
    Px256,
    #[schema(rename = "512")]
    Px512,
}
