//! The pages: rendered in process, and their forms through the real router over a real account core.

mod actions;
mod avatars;
mod browser;
mod entry;
mod html;
mod pages;
mod samples;
