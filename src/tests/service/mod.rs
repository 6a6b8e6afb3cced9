//! The rules, through the methods every door calls.

mod archive;
mod authenticator;
mod avatar;
mod guesses;
mod deactivate;
mod login;
mod outbox;
mod password;
mod profile;
mod recovery;
mod register;
mod second_step;
mod sessions;
mod step_up;
mod two_factor;
