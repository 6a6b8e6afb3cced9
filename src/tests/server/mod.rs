//! The server around the doors.

mod composition;
mod frame;
mod jobs;
mod listener;
mod operation;
mod process;
