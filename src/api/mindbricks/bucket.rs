//! The bucket `userAvatars`: uploads, and the pictures made of them.

use axum::{
    Json,
    extract::{
        FromRequest, Multipart, Request, State,
        multipart::{Field, MultipartError},
    },
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, VARY, X_CONTENT_TYPE_OPTIONS},
    },
    response::{IntoResponse, Response},
};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    envelope::ApiError,
    extract::{Caller, Params, PathId, PathKey},
    schemas::{AvatarUpload, FileAnswer, PictureSize},
};
use crate::{
    api::body::is_multipart,
    domain::{
        avatar::{AvatarError, Crop, MAX_BYTES, Region, Size},
        body_deadline::BodyDeadline,
        error::Error,
        interruption::Interruption,
    },
    http::{
        conditional::if_none_match,
        response::{CROSS_ORIGIN, iso8601},
    },
    service::{
        Accounts,
        pictures::avatar::{Format, Upload},
    },
};

/// Most bytes of a multipart body: a file of the most bytes, and room for its boundaries and the other fields.
pub(super) const MAX_UPLOAD: usize = MAX_BYTES as usize + 64 * 1024;
/// Most bytes of a field that is not the file.
const MAX_TEXT: usize = 256;
/// Bytes of an entity tag.
const TAG_BYTES: usize = 16;
/// A day: a key never names another picture, but its owner may delete it.
const CACHEABLE: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// Uploads a picture.
///
/// It becomes the avatar once its `url` is sent as `avatar` of the profile.
#[utoipa::path(
    post, path = "/bucket/userAvatars/upload", tag = "Mindbricks: avatars",
    request_body(content = AvatarUpload, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "The picture is kept", body = FileAnswer),
        (status = 400, description = "`errMsg_fileIsNotValid`, `errMsg_cropisNotValid`"),
        (status = 415, description = "The content is none of JPEG, PNG, GIF and WebP"),
    ),
)]
pub(super) async fn upload(
    State(accounts): State<Accounts>,
    caller: Caller,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    if !is_multipart(request.headers()) {
        return Err(ApiError::media_type("the body must be multipart/form-data"));
    }
    // Taken before the body is read, so that waiting uploads wait outside of memory.
    let _slot = accounts.upload_slot(&caller.actor).await?;
    if let Some(deadline) = request.extensions().get::<BodyDeadline>() {
        deadline.ask_for_upload();
    }
    let sent = Sent::read(request).await?;
    let upload = accounts.upload_avatar(&caller.actor, &sent.file_name, sent.bytes, sent.region).await?;
    Ok(Json(told("upload", &accounts, &upload)))
}

/// What is known of an upload, for its owner.
#[utoipa::path(
    get, path = "/bucket/userAvatars/meta/{id}", tag = "Mindbricks: avatars", params(("id" = Uuid, Path, description = "The id of an upload")),
    responses(
        (status = 200, description = "The upload", body = FileAnswer),
        (status = 403, description = "`errMsg_UserShouldBeTheOwnerOfTheObject`: somebody else's"),
        (status = 404, description = "`errMsg_RecordNotFound`: there is no such upload"),
    ),
)]
pub(super) async fn meta(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    let upload = accounts.upload(&caller.actor, id).await?;
    Ok(Json(told("get", &accounts, &upload)))
}

/// Deletes an upload, for its owner.
#[utoipa::path(
    delete, path = "/bucket/userAvatars/{id}", tag = "Mindbricks: avatars", params(("id" = Uuid, Path, description = "The id of an upload")),
    responses(
        (status = 200, description = "The upload as it was", body = FileAnswer),
        (status = 403, description = "`errMsg_UserShouldBeTheOwnerOfTheObject`: somebody else's"),
        (status = 404, description = "`errMsg_RecordNotFound`: there is no such upload"),
    ),
)]
pub(super) async fn delete(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    let upload = accounts.delete_upload(&caller.actor, id).await?;
    Ok(Json(told("delete", &accounts, &upload)))
}

/// The picture, for anyone who has its key.
///
/// WebP; 512 pixels also as JPEG, for clients that accept no WebP.
#[utoipa::path(
    get, path = "/bucket/userAvatars/download/key/{accessKey}", tag = "Mindbricks: avatars", security(()),
    params(("accessKey" = String, Path, description = "The `accessKey` of an upload"), PictureSize),
    responses(
        (status = 200, description = "The picture", headers(("ETag" = String, description = "Of its bytes")), content(
            (Vec<u8> = "image/webp"), (Vec<u8> = "image/jpeg"),
        )),
        (status = 304, description = "`If-None-Match` names the picture"),
        (status = 400, description = "`errMsg_sizeisNotValid`"),
        (status = 404, description = "`errMsg_RecordNotFound`: no picture has this key"),
    ),
)]
pub(super) async fn download(
    State(accounts): State<Accounts>,
    PathKey(key): PathKey,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let size: Size = match params.0.get("size") {
        Some(size) => size.parse().map_err(Error::Avatar)?,
        None => Size::default(),
    };
    let (format, media_type) = match size {
        Size::Px512 if !accepts_webp(&headers) => (Format::Jpeg, "image/jpeg"),
        _ => (Format::WebP, "image/webp"),
    };
    let picture = accounts.rendition(&key, size, format).await?;
    let tag = format!("\"{}\"", HEXLOWER.encode(&Sha256::digest(&picture)[..TAG_BYTES]));
    let about = [
        (ETAG, HeaderValue::try_from(&tag).map_err(|error| ApiError::internal(error.to_string()))?),
        (CACHE_CONTROL, CACHEABLE),
        (VARY, HeaderValue::from_static("accept")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        CROSS_ORIGIN,
    ];
    if if_none_match(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    Ok((about, [(CONTENT_TYPE, media_type)], picture).into_response())
}

/// Whether a client takes WebP: all do that do not say what they take.
fn accepts_webp(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
    let ranges = ["image/webp", "image/*", "*/*"];
    accepted.peek().is_none() || accepted.any(|value| ranges.iter().any(|range| value.contains(range)))
}

fn told(action: &str, accounts: &Accounts, upload: &Upload) -> Value {
    json!({
        "status": "OK",
        "action": action,
        "bucket": "userAvatars",
        "file": {
            "id": upload.id,
            "fileName": upload.file_name,
            "mimeType": upload.mime_type,
            "fileSize": upload.file_size,
            "accessKey": upload.access_key,
            "ownerId": upload.owner_id,
            "createdAt": iso8601(&upload.created_at),
            "updatedAt": iso8601(&upload.updated_at),
            "url": accounts.upload_url(&upload.access_key),
        },
    })
}

/// What a form sent.
struct Sent {
    file_name: String,
    bytes: Vec<u8>,
    region: Region,
}

impl Sent {
    async fn read(request: Request) -> Result<Self, ApiError> {
        let form = Multipart::from_request(request, &()).await;
        let mut form = form.map_err(|_| ApiError::malformed("the multipart boundary is missing"))?;
        let (mut file, mut region) = (None, Region::default());
        while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
            match field.name() {
                Some("file" | "files") if file.is_none() => {
                    let name = field.file_name().unwrap_or("avatar").to_owned();
                    let too_large = AvatarError::TooLarge { max_bytes: MAX_BYTES };
                    file = Some((name, limited(&mut field, MAX_BYTES as usize, too_large).await?));
                }
                Some("file" | "files") => {
                    return Err(ApiError::new(StatusCode::BAD_REQUEST, "errMsg_fileIsNotValid", "send one file"));
                }
                Some("crop") => region = crop(&limited(&mut field, MAX_TEXT, AvatarError::CropMalformed).await?)?,
                _ => {}
            }
        }
        let (file_name, bytes) = file.ok_or_else(|| ApiError::field("file", "isRequired", "is required"))?;
        Ok(Self { file_name, bytes, region })
    }
}

/// A field's bytes, read no further than `most`.
async fn limited(field: &mut Field<'_>, most: usize, too_many: AvatarError) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
        if bytes.len() + chunk.len() > most {
            return Err(Error::Avatar(too_many).into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn crop(bytes: &[u8]) -> Result<Region, ApiError> {
    let text = std::str::from_utf8(bytes).map_err(|_| Error::Avatar(AvatarError::CropMalformed))?;
    if text.is_empty() {
        return Ok(Region::default());
    }
    Ok(Region::Crop(text.parse::<Crop>().map_err(Error::Avatar)?))
}

/// Whatever else breaks a body off is the client's doing: there is nothing of ours in its way.
fn unreadable(error: MultipartError) -> ApiError {
    match Interruption::within(&error) {
        Some(why) => Error::from(why).into(),
        None if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Error::Avatar(AvatarError::TooLarge { max_bytes: MAX_BYTES }).into()
        }
        None => ApiError::malformed("the multipart body is damaged or ended early"),
    }
}
