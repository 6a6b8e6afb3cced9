//! Where a message can go: reading e-mail addresses and phone numbers, and how an account has them. Either kind, one way.

use crate::domain::{
    account::Account,
    code::Channel,
    email::EmailAddress,
    error::{Error, Field, Reason},
    phone::{PhoneNumber, Region},
};

use crate::service::{Accounts, Result, codes::Destination};

impl Accounts {
    /// What was typed, as a destination.
    ///
    /// # Errors
    /// [`Error::Invalid`], naming the input.
    pub(in crate::service) fn parse_destination(&self, channel: Channel, raw: &str) -> Result<Destination> {
        self.read_destination(channel, raw).map_err(|reason| Error::invalid(channel.field(), reason))
    }

    pub(in crate::service) fn read_destination(&self, channel: Channel, raw: &str) -> Result<Destination, Reason> {
        match channel {
            Channel::Email => EmailAddress::parse(raw).map(Destination::Email),
            Channel::Sms => self.parse_phone(raw).map(Destination::Phone),
        }
    }

    pub(in crate::service) fn parse_phone(&self, raw: &str) -> Result<PhoneNumber, Reason> {
        let region: Region = self.settings().default_region.parse()?;
        PhoneNumber::parse(raw, region)
    }
}

impl Destination {
    /// What was kept as [`Self::recipient`].
    pub(in crate::service) fn from_stored(channel: Channel, stored: String) -> Self {
        match channel {
            Channel::Email => Self::Email(EmailAddress::from_stored(stored)),
            Channel::Sms => Self::Phone(PhoneNumber::from_stored(stored)),
        }
    }
}

/// A destination as services write it: a number has its country code, `+` or not.
///
/// # Errors
/// [`Reason`]: the rule that it breaks.
pub(in crate::service) fn read_international(channel: Channel, raw: &str) -> Result<Destination, Reason> {
    match channel {
        Channel::Email => EmailAddress::parse(raw).map(Destination::Email),
        Channel::Sms => PhoneNumber::parse_international(raw).map(Destination::Phone),
    }
}

/// Two are one when messages to them are counted as one.
impl PartialEq for Destination {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Destination {}

impl Channel {
    /// The input that identifiers of this kind come from.
    pub(in crate::service) fn field(self) -> Field {
        self.pick(Field::Email, Field::Phone)
    }

    /// The one for e-mail or the one for the phone.
    pub(in crate::service) fn pick<T>(self, email: T, phone: T) -> T {
        match self {
            Self::Email => email,
            Self::Sms => phone,
        }
    }

    /// The other kind.
    pub(in crate::service) fn other(self) -> Self {
        self.pick(Self::Sms, Self::Email)
    }
}

impl Account {
    /// The identifier in force of a kind.
    pub(in crate::service) fn in_force(&self, channel: Channel) -> Option<Destination> {
        match channel {
            Channel::Email => self.email.clone().map(Destination::Email),
            Channel::Sms => self.phone.clone().map(Destination::Phone),
        }
    }

    /// The same, if it is verified.
    pub(in crate::service) fn verified(&self, channel: Channel) -> Option<Destination> {
        self.in_force(channel).filter(|_| self.has_verified(channel))
    }

    /// What waits to take its place.
    pub(in crate::service) fn pending(&self, channel: Channel) -> Option<Destination> {
        match channel {
            Channel::Email => self.pending_email.clone().map(Destination::Email),
            Channel::Sms => self.pending_phone.clone().map(Destination::Phone),
        }
    }

    /// What a code would confirm.
    pub(in crate::service) fn unverified(&self, channel: Channel) -> Option<Destination> {
        self.pending(channel).or_else(|| self.in_force(channel).filter(|_| !self.has_verified(channel)))
    }

    /// What pages, NextGate and Mindbricks show: a pending identifier before the one in force.
    pub(in crate::service) fn shown(&self, channel: Channel) -> Option<Destination> {
        self.pending(channel).or_else(|| self.in_force(channel))
    }

    /// Whether an identifier is the one in force or pending.
    pub(in crate::service) fn has(&self, destination: &Destination) -> bool {
        let channel = destination.channel();
        [self.pending(channel), self.in_force(channel)].iter().flatten().any(|own| own == destination)
    }

    /// Puts an identifier in force; nothing is pending then.
    pub(in crate::service) fn put_in_force(&mut self, destination: Destination, verified: bool) {
        self.clear(destination.channel());
        match destination {
            Destination::Email(email) => (self.email, self.email_verified) = (Some(email), verified),
            Destination::Phone(phone) => (self.phone, self.phone_verified) = (Some(phone), verified),
        }
    }

    /// Writes an identifier that the account has as its owner writes it now: of an address the case may differ.
    pub(in crate::service) fn respell(&mut self, destination: &Destination) {
        if let Destination::Email(new) = destination {
            let own = [&mut self.email, &mut self.pending_email];
            own.into_iter().flatten().filter(|own| own.key() == new.key()).for_each(|own| own.clone_from(new));
        }
    }

    /// Lets an identifier wait for its code.
    pub(in crate::service) fn put_pending(&mut self, destination: Destination) {
        match destination {
            Destination::Email(email) => self.pending_email = Some(email),
            Destination::Phone(phone) => self.pending_phone = Some(phone),
        }
    }

    /// Lets nothing wait.
    pub(in crate::service) fn end_pending(&mut self, channel: Channel) {
        match channel {
            Channel::Email => self.pending_email = None,
            Channel::Sms => self.pending_phone = None,
        }
    }

    /// Leaves no identifier of a kind.
    pub(in crate::service) fn clear(&mut self, channel: Channel) {
        match channel {
            Channel::Email => (self.email, self.email_verified) = (None, false),
            Channel::Sms => (self.phone, self.phone_verified) = (None, false),
        }
        self.end_pending(channel);
    }
}
