//! Pages whose form may lead anywhere.

/// A mark in the extensions of a response: its page takes no input, and posts what the server wrote into it to another site.
#[derive(Clone, Copy, Debug)]
pub struct AnyFormTarget;
