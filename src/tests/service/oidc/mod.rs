//! Sign-in for applications.

mod registry;
