//! What is called one way for the e-mail address and another for the mobile number.

use crate::{domain::code::Channel, ui::text::Text};

/// The words and the forms of one of them.
pub(super) struct Words {
    pub title: &'static str,
    pub code_title: &'static str,
    pub lede: &'static str,
    pub change: &'static str,
    pub add: &'static str,
    pub new: &'static str,
    pub hint: &'static str,
    pub told: &'static str,
    pub pending: fn(&str) -> String,
    pub unverified: &'static str,
    pub remove: &'static str,
    /// The name of the input, and its `type`.
    pub input: (&'static str, &'static str),
    pub actions: Actions,
}

/// Where the forms go.
pub(super) struct Actions {
    pub change: &'static str,
    pub remove: &'static str,
    pub cancel: &'static str,
    pub send: &'static str,
    pub confirm: &'static str,
    pub code_page: &'static str,
}

macro_rules! words {
    ($text:expr, $input:expr, $actions:expr) => {
        Words {
            title: $text.title,
            code_title: $text.code_title,
            lede: $text.lede,
            change: $text.change,
            add: $text.add,
            new: $text.new,
            hint: $text.hint,
            told: $text.told,
            pending: $text.pending,
            unverified: $text.unverified,
            remove: $text.remove,
            input: $input,
            actions: $actions,
        }
    };
}

const EMAIL: Actions = Actions {
    change: "/fn/change-email",
    remove: "/fn/remove-email",
    cancel: "/fn/cancel-email-change",
    send: "/fn/send-email-code",
    confirm: "/fn/confirm-email",
    code_page: "/security/email/code",
};
const PHONE: Actions = Actions {
    change: "/fn/change-phone",
    remove: "/fn/remove-phone",
    cancel: "/fn/cancel-phone-change",
    send: "/fn/send-phone-code",
    confirm: "/fn/confirm-phone",
    code_page: "/security/phone/code",
};

pub(super) fn words(channel: Channel, text: &Text) -> Words {
    match channel {
        Channel::Email => words!(text.email_change, ("email", "email"), EMAIL),
        Channel::Sms => words!(text.phone_change, ("phone", "tel"), PHONE),
    }
}
