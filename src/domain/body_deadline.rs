//! How long the server waits for the body of a request.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// How long the server waits for the body of the request that it stands in the extensions of: not long, until a route asks
/// for more. Cheap to clone, and then the same one.
#[derive(Clone, Debug, Default)]
pub struct BodyDeadline(Arc<AtomicBool>);

impl BodyDeadline {
    /// Asks for what an upload takes. For routes that take files, once they know who sends them, before they read the body.
    pub fn ask_for_upload(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether that was asked for.
    pub fn is_for_upload(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
