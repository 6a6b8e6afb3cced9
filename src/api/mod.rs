//! The REST dialects. Each translates between its own wire format and the one core, and decides nothing.

pub mod body;
pub mod dialects;
pub mod jwks;
pub mod logto;
pub mod mindbricks;
pub mod nextgate;
pub mod oidc;
pub mod openapi;
pub mod system;
