//! The REST dialects on the real router: translation only, the rules are tested in the service.

mod empty_bodies;
mod late_bodies;
mod lock_timeout;
mod logto;
mod mindbricks;
mod nextgate;
mod oidc;
mod openapi;
mod surfaces;
