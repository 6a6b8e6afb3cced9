//! The REST dialects. Each translates between its own wire format and the one core, and decides nothing.

pub mod body;
pub mod conditional;
pub mod mindbricks;
pub mod request;
pub mod response;
