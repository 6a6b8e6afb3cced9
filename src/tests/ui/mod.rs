//! The pages: rendered in process, and their forms through the real router over a real account core.

mod actions;
mod activity;
mod avatars;
pub mod browser;
mod channels;
mod docs;
mod entry;
mod forms;
mod html;
mod identifiers;
mod oidc;
mod pages;
mod people;
mod samples;
mod second_step;
mod security;
mod step_up;
mod style;
mod two_factor;
mod undo;
