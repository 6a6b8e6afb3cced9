//! The rules, through the methods every door calls.

mod activity;
mod archive;
mod authenticator;
mod avatar;
mod bucket;
mod clients;
mod code_limits;
mod code_state;
mod deactivate;
mod guesses;
mod identifiers;
mod login;
mod login_identifier;
pub mod outbox;
mod password;
mod profile;
mod races;
mod recovery;
mod register;
mod relationships;
mod second_step;
mod sessions;
mod step_up;
mod temporary_tokens;
mod two_factor;
mod undo;
mod username;
