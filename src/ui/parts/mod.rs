//! The pieces that pages and islands are made of. Their looks are in `style/`, file by file of the same kind.

mod button;
mod field;
mod icon;
mod list;
mod notice;
mod picture;

pub use self::{
    button::Submit,
    field::{CodeField, Counter, EMAIL_PATTERN, Field, FieldLayout, PHONE_PATTERN, PasswordField, described_by},
    icon::{Glyph, Icon},
    list::{Empty, Pager},
    notice::{FlashSummary, NoticeBox},
    picture::{Avatar, Size},
};
