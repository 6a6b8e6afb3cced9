//! The server around the surfaces.

mod apps;
mod bodies;
mod cluster;
mod command_line;
mod composition;
mod cost;
mod crash;
mod half_signed_in;
mod jobs;
mod listener;
mod middleware;
mod operation;
mod process;
mod rolling;
mod secrecy;
mod upgrade;
