//! The composition root: configuration, command line, the router and what stands around it, background work.
//!
//! A request passes, in this order: [`listen`] (room for its connection), [`connection`] (time
//! for its head), [`telemetry`] (id, log, [`metrics`]), [`headers`],
//! [`proxies`] (who calls), [`bodies`] (time and room for its body), then the guards of a [`door`]: room for it ([`admission`]),
//! our own pages ([`csrf`]), and a net under the handler.

/// Prints a line to standard output. `println!` panics when whoever read it has gone, and takes the server along.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}

pub mod admission;
pub mod assets;
pub mod bodies;
pub mod cli;
pub mod config;
pub mod connection;
pub mod csrf;
pub mod data_dir;
mod dev_outbox;
pub mod door;
pub mod frame;
pub mod headers;
pub mod health;
pub mod jobs;
pub mod listen;
pub mod metrics;
mod mounts;
mod openapi;
pub mod pace;
pub mod proxies;
pub mod router;
pub mod serve;
pub mod shares;
pub mod shutdown;
pub mod state;
pub mod telemetry;
pub mod vitals;
mod well_known;
