//! Work that one server of many does at a time.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Result;

/// Access to leases.
#[async_trait]
pub trait LeaseStore {
    /// Takes or renews a lease. `false` while another holder's has not run out.
    async fn take_lease(&mut self, name: &str, holder: &str, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<bool>;
    /// Gives a lease back.
    async fn release_lease(&mut self, name: &str, holder: &str) -> Result<()>;
}
