//! The Mindbricks dialect.

mod archive;
mod bucket;
mod envelope;
pub mod errors;
mod password;
mod profile;
mod registration;
mod requests;
mod second_step;
mod sessions;
mod users;
mod verification;
