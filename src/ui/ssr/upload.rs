//! Uploading an avatar. A route of its own: server functions can neither limit a body nor stream one.

use std::sync::Arc;

use axum::{
    extract::{
        FromRequest, Multipart, Request, State,
        multipart::{Field as Part, MultipartError},
    },
    http::StatusCode,
    response::Response,
};

use super::{
    RequestContext, Site,
    forms::{FormValues, Outcome},
};
use crate::{
    domain::{
        avatar::{AvatarError, MAX_BYTES, Region},
        body_deadline::BodyDeadline,
        error::{Error, Field, Reason},
    },
    http::request::media_type,
    ui::{
        actions::profile::ProfileFields,
        error::{ActionError, Cause, Done},
        flash::{Notice, Tone},
    },
};

/// Room in the body for what comes along with the file.
const MARGIN: usize = 64 * 1024;
/// Most bytes of the body.
pub(super) const MOST_BYTES: usize = MAX_BYTES as usize + MARGIN;

/// What came with the form.
#[derive(Default)]
struct Form {
    file_name: String,
    file: Option<Vec<u8>>,
    region: Region,
    /// Whether it shall be written to the profile at once: the form without script.
    save: bool,
    record_version: Option<String>,
}

/// Keeps a picture, and answers its address as `saved.avatar`. Where no script comes to save it, it is saved too.
pub(super) async fn upload_avatar(State(site): State<Arc<Site>>, http_request: Request) -> Response {
    let (parts, body) = http_request.into_parts();
    let mut request = RequestContext::anonymous(&site, &parts);
    let ended = match request.identify().await {
        Err(error) => Err(request.refuse(error)),
        Ok(()) => request.upload(Request::from_parts(parts, body)).await,
    };
    request.answer("/profile", FormValues::new(), Outcome { ended, cookies: Vec::new() }).await
}

impl RequestContext {
    async fn upload(&self, http_request: Request) -> Result<Done, ActionError> {
        let actor = self.actor()?;
        if media_type(http_request.headers()) != "multipart/form-data" {
            return Err(Cause::UnsupportedMedia.into());
        }
        let refuse = |error| self.refuse(error);
        // Held while the file is in memory.
        let _slot = self.accounts().upload_slot(actor).await.map_err(refuse)?;
        if let Some(deadline) = http_request.extensions().get::<BodyDeadline>() {
            deadline.ask_for_upload();
        }
        let form = Multipart::from_request(http_request, &()).await.map_err(|_| ActionError::from(Cause::Malformed))?;
        let Form { file_name, file, region, save, record_version } = self.read(form).await?;
        let file = file.ok_or_else(|| refuse(Error::invalid(Field::File, Reason::Required)))?;
        let upload = self.accounts().upload_avatar(actor, &file_name, file, region).await.map_err(refuse)?;
        let address = self.accounts().upload_path(&upload.access_key);
        if save {
            let fields = ProfileFields { avatar: Some(address), record_version, ..ProfileFields::default() };
            return self.update_profile(fields).await;
        }
        Ok(Done {
            notice: Some(Notice { tone: Tone::Ok, text: self.text().avatar.uploaded.to_string() }),
            saved: [("avatar".to_owned(), address)].into(),
            ..Done::default()
        })
    }

    async fn read(&self, mut multipart: Multipart) -> Result<Form, ActionError> {
        let unreadable = |error: MultipartError| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => self.refuse(AvatarError::TooLarge { max_bytes: MAX_BYTES }.into()),
            status => self.unreadable(status, &error),
        };
        let mut form = Form::default();
        while let Some(part) = multipart.next_field().await.map_err(unreadable)? {
            let name = part.name().unwrap_or_default().to_owned();
            match name.as_str() {
                "file" => {
                    form.file_name = part.file_name().unwrap_or_default().to_owned();
                    let bytes = part.bytes().await.map_err(unreadable)?;
                    // A browser sends an empty part where no file was chosen.
                    form.file = (!bytes.is_empty()).then(|| bytes.into());
                }
                "crop" => form.region = self.region(self.text_of(part).await?.parse().map(Region::Crop))?,
                "focus" => form.region = self.region(self.text_of(part).await?.parse().map(Region::Focus))?,
                "save" => form.save = true,
                "record_version" => form.record_version = Some(self.text_of(part).await?),
                _ => {}
            }
        }
        Ok(form)
    }

    fn region(&self, read: Result<Region, AvatarError>) -> Result<Region, ActionError> {
        read.map_err(|error| self.refuse(error.into()))
    }

    async fn text_of(&self, part: Part<'_>) -> Result<String, ActionError> {
        part.text().await.map_err(|error| self.unreadable(error.status(), &error))
    }
}
