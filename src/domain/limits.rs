//! The lengths and counts that the rules enforce and the forms announce.
//!
//! Lengths are in Unicode code points unless said otherwise: what a person counts as one letter may be several
//! bytes or UTF-16 units, and every server and browser must count alike.

use std::ops::RangeInclusive;

/// Longest given, middle or family name.
pub const NAME_PART: usize = 30;
/// Longest full name: three parts with spaces between them.
pub const FULL_NAME: usize = 3 * NAME_PART + 2;
/// Longest text that is looked for among people: nothing that it could be is longer than an e-mail address.
pub const SEARCH: usize = EMAIL;
/// Longest text about oneself; a line break counts as one.
pub const BIO: usize = 500;
/// Longest place name.
pub const LOCATION: usize = 100;
/// Length of a username.
pub const USERNAME: RangeInclusive<usize> = 3..=30;
/// Longest e-mail address, in bytes, that SMTP can carry (RFC 5321, section 4.5.3.1.3, less the angle brackets).
pub const EMAIL: usize = 254;
/// Longest `User-Agent` that is kept; what is longer is cut.
pub const USER_AGENT: usize = 256;
/// Length of a password in its NFC form.
pub const PASSWORD: RangeInclusive<usize> = 8..=256;
/// From this length on a password is long enough without mixing kinds of character.
pub const LONG_PASSWORD: usize = 15;
/// Most pictures of one profile.
pub const PICTURES: usize = 5;
/// Longest address of a remote picture.
pub const PICTURE_URL: usize = 500;
/// Most bytes of a service's own data about an account, as compact JSON.
pub const CUSTOM_DATA: usize = 64 * 1024;
/// Longest OIDC claim that is kept as a service wrote it.
pub const CLAIM: usize = 1_000;
/// Longest reason for deactivating an account.
pub const DEACTIVATION_REASON: usize = 500;
/// Old usernames that are kept for an account at once.
pub const HELD_USERNAMES: usize = 5;
