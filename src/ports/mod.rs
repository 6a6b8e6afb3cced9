//! The outside, through small traits: each has its real and its fake.

pub mod back_channel;
pub mod blobs;
pub mod certificates;
pub mod clock;
pub mod hasher;
pub mod image;
pub mod mailer;
pub mod remote_picture;
pub mod rng;
pub mod sms;
