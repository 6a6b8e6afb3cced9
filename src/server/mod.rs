//! The composition root: configuration, command line, the router and what stands around it, background work.
//!
//! A request passes, in this order: [`listen`] (room for its connection), [`connection`] (time
//! for its head), [`telemetry`] (id, log, [`metrics`]), [`headers`],
//! [`proxies`] (who calls), [`bodies`] (time and room for its body), then the guards of a [`surface`]: room for it ([`admission`]),
//! our own pages ([`csrf`]), and a net under the handler.

/// Prints a line to standard output. `println!` panics when whoever read it has gone, and takes the server along.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}

pub mod admission;
mod ahead;
pub mod assets;
pub mod bodies;
pub mod byte_rate;
pub mod cli;
pub mod config;
pub mod connection;
pub mod csrf;
pub mod data_dir;
mod dev_outbox;
pub mod headers;
pub mod health;
pub mod job_health;
pub mod jobs;
pub mod listen;
pub mod metrics;
pub mod middleware;
mod mounts;
pub mod network_limiter;
mod openapi;
pub mod proxies;
pub mod router;
pub mod serve;
pub mod shutdown;
pub mod state;
pub mod surface;
pub mod telemetry;
mod well_known;
