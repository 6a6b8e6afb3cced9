//! What HTTP says of requests and responses, read and written in one way by the pages, the dialects and the server around them.

pub mod conditional;
pub mod request;
pub mod response;
