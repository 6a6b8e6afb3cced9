//! Room for uploads. Each holds up to 10 MiB while its body is read, and decoding it some 150 MiB. So there is room for
//! few, one account and one network have little of it, and nobody waits for it without end: who waits holds a place for requests, too.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use uuid::Uuid;

use crate::domain::error::Error;

use crate::service::Result;

/// Pictures decoded at the same time.
const DECODERS: usize = 2;
/// Uploads whose bodies are in memory at the same time.
const SLOTS: usize = 12;
/// Uploads that wait to be among them.
const WAITING: usize = 24;
/// Uploads of one account, however far they are.
const OF_ONE_ACCOUNT: usize = 2;
/// Uploads of one network, of however many accounts: fewer than there are slots.
const OF_ONE_NETWORK: usize = 6;
/// How long one waits for a slot, and then for a decoder.
const PATIENCE: Duration = Duration::from_secs(10);
/// When an upload for which there was no room may be tried again.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// Room for uploads on this server.
#[derive(Debug)]
pub(in crate::service) struct Uploads {
    /// For those that wait, too.
    room: Arc<Semaphore>,
    slots: Arc<Semaphore>,
    decoders: Arc<Semaphore>,
    under_way: Arc<InFlightGuard>,
    deadline: Duration,
}

/// How many uploads each of them has.
type InFlightGuard = Mutex<HashMap<Holder, usize>>;

/// Whose uploads are counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Holder {
    Account(Uuid),
    /// An IPv4 address or an IPv6 /64.
    Network(String),
}

/// A right to hold one upload in memory, given back when dropped.
#[derive(Debug)]
pub struct UploadSlot {
    _slot: OwnedSemaphorePermit,
    _room: OwnedSemaphorePermit,
    _own: (Own, Option<Own>),
}

/// One of the uploads of an account or a network.
#[derive(Debug)]
struct Own {
    under_way: Arc<InFlightGuard>,
    holder: Holder,
}

impl Default for Uploads {
    fn default() -> Self {
        Self::new(SLOTS, WAITING, DECODERS, PATIENCE)
    }
}

impl Uploads {
    fn new(slots: usize, waiting: usize, decoders: usize, deadline: Duration) -> Self {
        let semaphore = |places| Arc::new(Semaphore::new(places));
        let (room, slots, decoders) = (semaphore(slots + waiting), semaphore(slots), semaphore(decoders));
        Self { room, slots, decoders, under_way: Arc::default(), deadline }
    }

    /// A right to read the body of an upload of this account, from this network.
    ///
    /// # Errors
    /// [`Error::Busy`]: the account has two already or the network six, or there is no room, or none in time.
    pub async fn slot(&self, account_id: Uuid, network: Option<String>) -> Result<UploadSlot> {
        let own = self.begin(Holder::Account(account_id), OF_ONE_ACCOUNT)?;
        let network = network.map(|network| self.begin(Holder::Network(network), OF_ONE_NETWORK)).transpose()?;
        let room = Arc::clone(&self.room).try_acquire_owned().map_err(|_| busy())?;
        let slot = self.wait_for(&self.slots).await?;
        Ok(UploadSlot { _slot: slot, _room: room, _own: (own, network) })
    }

    /// A right to decode a picture.
    ///
    /// # Errors
    /// [`Error::Busy`]: there was none in time.
    pub async fn decoder(&self) -> Result<OwnedSemaphorePermit> {
        self.wait_for(&self.decoders).await
    }

    fn begin(&self, holder: Holder, most: usize) -> Result<Own> {
        let mut all = locked(&self.under_way);
        let own = all.entry(holder.clone()).or_default();
        if *own >= most {
            return Err(busy());
        }
        *own += 1;
        Ok(Own { under_way: Arc::clone(&self.under_way), holder })
    }

    async fn wait_for(&self, places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit> {
        match timeout(self.deadline, Arc::clone(places).acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => Err(busy()),
        }
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let mut all = locked(&self.under_way);
        if let Some(own) = all.get_mut(&self.holder) {
            *own -= 1;
            if *own == 0 {
                all.remove(&self.holder);
            }
        }
    }
}

fn locked(under_way: &InFlightGuard) -> MutexGuard<'_, HashMap<Holder, usize>> {
    under_way.lock().unwrap_or_else(PoisonError::into_inner)
}

fn busy() -> Error {
    Error::Busy { retry_after: RETRY_AFTER }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nobody waits for long here.
    const NO_PATIENCE: Duration = Duration::from_millis(1);
    const ADA: Uuid = Uuid::from_u128(1);
    const BOB: Uuid = Uuid::from_u128(2);
    const EVE: Uuid = Uuid::from_u128(3);

    #[tokio::test]
    async fn an_account_has_two_uploads_and_not_the_places_of_others() {
        let uploads = Uploads::new(4, 4, 1, NO_PATIENCE);
        let first = uploads.slot(EVE, None).await.unwrap();
        let _second = uploads.slot(EVE, None).await.unwrap();
        for _ in 0..9 {
            assert_eq!(uploads.slot(EVE, None).await.unwrap_err(), busy());
        }
        let _other = uploads.slot(ADA, None).await.unwrap();
        drop(first);
        let _third = uploads.slot(EVE, None).await.unwrap();
    }

    #[tokio::test]
    async fn a_network_has_six_uploads_of_however_many_accounts() {
        let uploads = Uploads::new(12, 24, 1, NO_PATIENCE);
        let from = |network: &str| Some(network.to_owned());
        let mut held = Vec::new();
        for number in 10..16 {
            held.push(uploads.slot(Uuid::from_u128(number), from("2001:db8:1:2::/64")).await.unwrap());
        }
        assert_eq!(uploads.slot(EVE, from("2001:db8:1:2::/64")).await.unwrap_err(), busy());
        let _other = uploads.slot(ADA, from("203.0.113.7")).await.unwrap();
        let _nowhere = uploads.slot(BOB, None).await.unwrap();
        held.pop();
        drop(uploads.slot(EVE, from("2001:db8:1:2::/64")).await.unwrap());
        drop(held);
        assert_eq!(locked(&uploads.under_way).len(), 3, "nothing is kept of who is gone");
    }

    #[tokio::test]
    async fn who_waits_too_long_is_told_so_and_leaves_nothing_behind() {
        let uploads = Uploads::new(1, 1, 1, NO_PATIENCE);
        let slot = uploads.slot(ADA, None).await.unwrap();
        for _ in 0..3 {
            assert_eq!(uploads.slot(BOB, None).await.unwrap_err(), busy());
        }
        drop(slot);
        drop(uploads.slot(BOB, None).await.unwrap());
        let decoder = uploads.decoder().await.unwrap();
        assert_eq!(uploads.decoder().await.unwrap_err(), busy());
        drop(decoder);
        drop(uploads.decoder().await.unwrap());
        assert!(locked(&uploads.under_way).is_empty());
        assert_eq!((uploads.room.available_permits(), uploads.slots.available_permits()), (2, 1));
    }

    #[tokio::test]
    async fn few_wait_and_the_rest_are_told_at_once() {
        let uploads = Arc::new(Uploads::new(1, 1, 1, Duration::MAX));
        let slot = uploads.slot(ADA, None).await.unwrap();
        let waiting = tokio::spawn({
            let uploads = Arc::clone(&uploads);
            async move { uploads.slot(BOB, None).await.map(drop) }
        });
        while uploads.room.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(uploads.slot(EVE, None).await.unwrap_err(), busy());
        drop(slot);
        waiting.await.unwrap().unwrap();
    }
}
