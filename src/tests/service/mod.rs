//! The rules, through the methods every door calls.

mod archive;
mod avatar;
mod login;
mod outbox;
mod password;
mod profile;
mod recovery;
mod register;
mod sessions;
