//! Pages, rendered in process without a server.

mod html;
mod pages;
mod samples;
