//! Why a request was refused: meaning only, no HTTP. Each dialect's `errors.rs` (Logto: `envelope.rs`) turns it into its own words.

use std::{fmt, time::Duration};

use thiserror::Error as ThisError;
use uuid::Uuid;

use super::{avatar::AvatarError, code::Channel, second_factor::Method};

/// An input a rule speaks of. Every dialect has its own name for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "fields are named as in the contract")]
pub enum Field {
    Identifier,
    Email,
    Phone,
    Username,
    FullName,
    GivenName,
    MiddleName,
    FamilyName,
    Bio,
    Location,
    Pictures,
    Avatar,
    Password,
    CurrentPassword,
    NewPassword,
    ConfirmPassword,
    Code,
    Confirmation,
    Role,
    Locale,
    TimeZone,
    Theme,
    CustomData,
    DeactivationReason,
    RecordVersion,
    File,
    Crop,
    /// A field the caller must not set, named as the caller named it.
    Other(&'static str),
}

/// Which rule a value broke. `Display` is the English sentence fragment that the REST dialects show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nothing was given where something is needed.
    Required,
    /// Shorter than `min` code points.
    TooShort {
        /// Fewest code points allowed.
        min: usize,
    },
    /// Longer than `max` code points.
    TooLong {
        /// Most code points allowed.
        max: usize,
    },
    /// One field that holds several names has one longer than `max` code points.
    PartTooLong {
        /// Most code points allowed in each.
        max: usize,
    },
    /// Control characters, bidi overrides, NUL or piles of combining marks.
    ForbiddenCharacters,
    /// Not of the form the field asks for (an e-mail address, a UUID, a theme name, …).
    Malformed,
    /// A code of a form that no recovery code has.
    NotARecoveryCode,
    /// Not a number that the numbering plan of its country knows.
    NotAPhoneNumber,
    /// A national number was written, and no default region is configured that fits it.
    UnknownCountryCode,
    /// A username must start with a letter and hold letters, digits, `_` and `-` only.
    UsernameForm,
    /// A username of the reserved list.
    Reserved,
    /// Set by the system or by another operation; `hint` names it where there is one.
    NotSettable,
    /// Two fields that must be equal are not.
    Mismatch,
    /// What was typed is not the phrase that was asked for.
    WrongPhrase,
    /// More entries than allowed.
    TooMany {
        /// Most entries allowed.
        max: usize,
    },
    /// A picture address that breaks the rule for remote pictures.
    PictureUrl(PictureUrlReason),
    /// A password that the policy refuses.
    Password(PasswordReason),
}

/// Why a remote picture address is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureUrlReason {
    /// It does not parse, or has a fragment or user information.
    Malformed,
    /// Not `https`, or not port 443.
    NotHttps,
    /// More than 500 characters.
    TooLong,
    /// The path does not end in .jpg, .jpeg, .png, .gif or .webp.
    Extension,
    /// An address literal, `localhost`, a single label, or a name that only exists in a private network.
    LocalHost,
    /// One of our own addresses, but of an upload that is not the caller's or does not exist.
    NotYours,
    /// The server looked (only when configured to) and found no public picture there.
    Unreachable,
}

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordReason {
    /// Fewer than 8 code points.
    TooShort,
    /// More than 256 code points.
    TooLong,
    /// Policy `hybrid`: neither 15 code points nor all four kinds of character.
    NeitherLongNorMixed,
    /// Policy `composed`: one of upper case, lower case, digit, special is missing.
    NotMixed,
    /// Policy `passphrase`: fewer than 15 code points.
    NotLong,
    /// It contains the account's e-mail address, username, a name, or this service's host.
    Personal,
    /// Among the 100,000 most common.
    Common,
    /// zxcvbn gives it a score under 3.
    Guessable,
    /// It is the present password.
    Unchanged,
}

/// One broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The input that broke it.
    pub field: Field,
    /// The rule.
    pub reason: Reason,
}

impl Issue {
    /// Says that `field` broke the rule `reason`.
    pub fn new(field: Field, reason: Reason) -> Self {
        Self { field, reason }
    }
}

/// Everything the core can answer instead of a result.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum Error {
    /// No credentials, or dead ones.
    #[error("sign in to continue")]
    Unauthenticated,
    /// Unknown identifier or wrong password: deliberately one answer for both.
    #[error("the identifier or the password is wrong")]
    BadCredentials,
    /// A signed-in caller gave a wrong current password.
    #[error("the password is wrong")]
    WrongPassword,
    /// The right password of a deactivated account.
    #[error("this account is locked")]
    Locked,
    /// The right password of a registration whose code is not confirmed yet.
    #[error("the registration is not confirmed yet")]
    RegistrationPending {
        /// The id reserved for its account.
        id: Uuid,
        /// Where the code was sent.
        channel: Channel,
    },
    /// The caller is between the first and the second step of signing in.
    #[error("the second step of signing in is missing")]
    SecondFactorRequired {
        /// What the account can answer with.
        methods: Vec<Method>,
    },
    /// The second step of signing in is on already.
    #[error("two-factor authentication is already enabled")]
    TwoFactorOn,
    /// The second step of signing in is not on.
    #[error("two-factor authentication is not enabled")]
    TwoFactorOff,
    /// Nothing could answer the second step.
    #[error("a verified e-mail address, a verified phone number or an authenticator app is needed first")]
    NoSecondFactor,
    /// The change needs a code of the second factor, because this session has not passed the second step.
    #[error("a code of the second factor is needed")]
    CodeRequired {
        /// What the account can answer with.
        methods: Vec<Method>,
    },
    /// Signed in, but too long ago for this operation.
    #[error("confirm the password to continue")]
    StepUpRequired,
    /// Signed in, but this is not the caller's to do.
    #[error("this is not yours to do")]
    Forbidden,
    /// Nothing is there, or nothing that the caller may see.
    #[error("not found")]
    NotFound,
    /// A unique value belongs to someone else.
    #[error("already in use")]
    Taken(Field),
    /// Values that break a rule.
    #[error("some values are not acceptable")]
    Invalid(Vec<Issue>),
    /// A change was asked for without saying which.
    #[error("nothing to change was given")]
    NothingToChange,
    /// No code was asked for, or a newer one replaced it.
    #[error("there is no code to confirm")]
    CodeNotFound,
    /// The code was right or wrong, but too late.
    #[error("the code has expired")]
    CodeExpired,
    /// The wrong code.
    #[error("the code is wrong")]
    CodeWrong {
        /// How often it may still be tried.
        tries_left: u32,
    },
    /// All tries of this code are used.
    #[error("the code was tried too often")]
    CodeExhausted,
    /// What the code would verify is verified.
    #[error("already verified")]
    AlreadyVerified(Channel),
    /// What was asked for goes by a transport that is not there.
    #[error("this service sends no {}", match .0 { Channel::Email => "mail", Channel::Sms => "text messages" })]
    ChannelOff(Channel),
    /// A second code too soon after the first, where the dialect keeps them apart.
    #[error("a code was sent a moment ago")]
    CodeTooSoon {
        /// Until the next one can be sent.
        retry_after: Duration,
    },
    /// Too many requests for codes.
    #[error("too many codes were requested")]
    TooManyCodes {
        /// Until the next one can be sent.
        retry_after: Duration,
    },
    /// Another username, while as many old ones as can be are kept for the account.
    #[error("the username was changed too often")]
    TooManyRenames {
        /// Until it can be changed again.
        retry_after: Duration,
    },
    /// Too many failed tries or requests.
    #[error("too many attempts")]
    Throttled {
        /// Until the next try is looked at.
        retry_after: Duration,
    },
    /// The `recordVersion` that came with the change is not the present one.
    #[error("the record has changed in the meantime")]
    Stale {
        /// The version in force.
        current: i64,
    },
    /// The `If-Match` that came with the change is not the present one.
    #[error("the precondition does not hold")]
    PreconditionFailed {
        /// The version in force.
        current: i64,
    },
    /// The body of the request did not come in time, or too slowly.
    #[error("the body of the request took too long")]
    BodyTimedOut,
    /// More work than the server takes at once, or something it stands on that does not answer just now.
    #[error("the service is busy")]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// A picture was refused.
    #[error(transparent)]
    Avatar(#[from] AvatarError),
    /// Our fault. What happened is in the log, under the request's id.
    #[error("something went wrong on our side")]
    Internal(String),
}

impl Error {
    /// One broken rule.
    pub fn invalid(field: Field, reason: Reason) -> Self {
        Self::Invalid(vec![Issue::new(field, reason)])
    }
}

impl From<Issue> for Error {
    fn from(issue: Issue) -> Self {
        Self::Invalid(vec![issue])
    }
}

/// Collects the issues of several fields, so that a person hears of all of them at once.
#[derive(Debug, Default)]
pub struct Issues(Vec<Issue>);

impl Issues {
    /// The value, or `None` after noting why there is none.
    pub fn take<T>(&mut self, result: Result<T, Issue>) -> Option<T> {
        result.map_err(|issue| self.0.push(issue)).ok()
    }

    /// The value, or `None` after noting which rule `field` broke.
    pub fn check<T>(&mut self, field: Field, result: Result<T, Reason>) -> Option<T> {
        self.take(result.map_err(|reason| Issue::new(field, reason)))
    }

    /// The value, or `None` after noting every rule that was broken on the way to it.
    pub fn take_all<T>(&mut self, result: Result<T, Vec<Issue>>) -> Option<T> {
        result.map_err(|issues| self.0.extend(issues)).ok()
    }

    /// Notes one broken rule.
    pub fn push(&mut self, field: Field, reason: Reason) {
        self.0.push(Issue::new(field, reason));
    }

    /// Notes a field that was left empty.
    pub fn require(&mut self, field: Field, typed: &str) {
        if typed.is_empty() {
            self.push(field, Reason::Required);
        }
    }

    /// Whether nothing was noted so far.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` when nothing was noted.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that was noted.
    pub fn finish(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Required => f.write_str("is required"),
            Self::TooShort { min } => write!(f, "must be at least {min} characters long"),
            Self::TooLong { max } => write!(f, "must be at most {max} characters long"),
            Self::PartTooLong { max } => write!(f, "must not have a part longer than {max} characters"),
            Self::ForbiddenCharacters => f.write_str("contains characters that are not allowed"),
            Self::Malformed => f.write_str("is not valid"),
            Self::NotARecoveryCode => f.write_str("is not a recovery code, which has 16 letters and digits"),
            Self::NotAPhoneNumber => f.write_str("is not a valid phone number"),
            Self::UnknownCountryCode => f.write_str("needs a country code, like +90"),
            Self::UsernameForm => {
                f.write_str("must start with a letter and contain only letters, digits, underscores and hyphens")
            }
            Self::Reserved => f.write_str("is reserved"),
            Self::NotSettable => f.write_str("cannot be changed here"),
            Self::Mismatch => f.write_str("does not match"),
            Self::WrongPhrase => f.write_str("is not the phrase that was asked for"),
            Self::TooMany { max } => write!(f, "must have at most {max} entries"),
            Self::PictureUrl(reason) => reason.fmt(f),
            Self::Password(reason) => reason.fmt(f),
        }
    }
}

impl fmt::Display for PictureUrlReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "must be a web address without user information or fragment",
            Self::NotHttps => "must be an https address on port 443",
            Self::TooLong => "must be at most 500 characters long",
            Self::Extension => "must end in .jpg, .jpeg, .png, .gif or .webp",
            Self::LocalHost => "must be on a public host name",
            Self::NotYours => "is not a picture of this account",
            Self::Unreachable => "does not lead to a public picture",
        })
    }
}

impl fmt::Display for PasswordReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooShort => "must be at least 8 characters long",
            Self::TooLong => "must be at most 256 characters long",
            Self::NeitherLongNorMixed => {
                "must have 15 characters or more, or an upper case letter, a lower case letter, a digit and a special character"
            }
            Self::NotMixed => "must have an upper case letter, a lower case letter, a digit and a special character",
            Self::NotLong => "must be at least 15 characters long",
            Self::Personal => "must not contain your name, username, e-mail address or this site's name",
            Self::Common => "is one of the most common passwords",
            Self::Guessable => "is too easy to guess",
            Self::Unchanged => "must differ from the present one",
        })
    }
}
