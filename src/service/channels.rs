//! Which messages can be sent at all. What cannot be sent is offered nowhere, through no surface.

use crate::domain::{account::LoginIdentifier, code::Channel, error::Error};

use super::{Accounts, Result};

/// Whether there is anything to carry mails, and text messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channels {
    /// Mails.
    pub email: bool,
    /// Text messages.
    pub sms: bool,
}

impl Default for Channels {
    fn default() -> Self {
        Self { email: true, sms: true }
    }
}

impl Channels {
    /// What follows from what is configured. With nothing at all both are on: the outbox keeps the messages, for whoever
    /// develops. `outbox_shown` says that mails can be read there, because none are sent.
    pub fn configured(mail: bool, sms: bool, outbox_shown: bool) -> Self {
        Self { email: mail || !sms || outbox_shown, sms: sms || !mail }
    }

    fn has(self, channel: Channel) -> bool {
        channel.pick(self.email, self.sms)
    }
}

impl Accounts {
    /// Whether messages of this kind are sent.
    pub fn can_send(&self, channel: Channel) -> bool {
        self.settings().channels.has(channel)
    }

    /// What one can register with, and have a code sent to: what one signs in with, where either would do and only one can
    /// be sent to that one alone.
    pub fn offered_identifier(&self) -> LoginIdentifier {
        let Channels { email, sms } = self.settings().channels;
        match self.settings().login_identifier {
            LoginIdentifier::EmailOrMobile if !sms => LoginIdentifier::Email,
            LoginIdentifier::EmailOrMobile if !email => LoginIdentifier::Mobile,
            configured => configured,
        }
    }

    /// # Errors
    /// [`Error::ChannelOff`] where messages of this kind are not sent.
    pub(super) fn require_channel(&self, channel: Channel) -> Result<()> {
        if self.can_send(channel) { Ok(()) } else { Err(Error::ChannelOff(channel)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_configured_is_off_unless_nothing_is() {
        for (mail, sms, shown, email_on, sms_on) in [
            (false, false, true, true, true),
            (false, false, false, true, true),
            (true, true, false, true, true),
            (true, false, false, true, false),
            (false, true, false, false, true),
            (false, true, true, true, true),
        ] {
            let on = Channels { email: email_on, sms: sms_on };
            assert_eq!(Channels::configured(mail, sms, shown), on, "{mail} {sms} {shown}");
        }
    }
}
