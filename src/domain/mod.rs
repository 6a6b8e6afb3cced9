//! Plain types and pure rules: no I/O, no clock, no chance. Compiles for the server and for the browser.

pub mod error;
