//! The rules, through the methods every door calls.

mod activity;
mod archive;
mod authenticator;
mod avatar;
mod guesses;
mod deactivate;
mod identifiers;
mod login;
mod login_identifier;
mod clients;
mod login;
pub mod outbox;
mod password;
mod profile;
mod races;
mod recovery;
mod register;
mod second_step;
mod relationships;
mod sessions;
mod step_up;
mod two_factor;
mod undo;
mod username;
