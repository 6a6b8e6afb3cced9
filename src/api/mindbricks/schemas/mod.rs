//! What bodies and answers have in them, described for OpenAPI.

mod answers;
mod codes;
mod requests;
mod sessions;
mod uploads;

pub(super) use self::{answers::*, codes::*, requests::*, sessions::*, uploads::*};
