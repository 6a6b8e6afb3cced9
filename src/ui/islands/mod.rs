//! The four islands of the profile page.
//!
//! Each is an element around a form that the server rendered whole, words and all: its `children`. What the browser
//! downloads is behaviour alone, run over the form's own elements once that element is hydrated. An island has no props, so no
//! JSON reader; it builds no views, so no view code but that element's; a form works before it, and without it.
//!
//! What the forms have in common is in [`form`]; texts are attributes of the elements they belong to.

mod archive_dialog;
mod avatar_uploader;
mod conflict;
mod dom;
mod exchange;
mod form;
mod password_block;
mod profile_form;

pub use self::{
    archive_dialog::ArchiveDialog, avatar_uploader::AvatarUploader, password_block::PasswordBlock,
    profile_form::ProfileForm,
};
