//! The outside, through small traits: each has its real and its fake.

pub mod clock;
pub mod hasher;
pub mod image;
pub mod mailer;
pub mod rng;
pub mod sms;
