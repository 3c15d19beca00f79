//! Configuration that is read with every request, kept for half a minute in the execution environment.
//!
//! A change through this process is seen at once; a change through another one after 30 s at the latest.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use hub_models::account::{Account, ApiKey, KeyHash};
use hub_models::clock::Clock;
use hub_models::domain::{Domain, DomainName};
use hub_models::id::AccountId;
use hub_models::moment::Moment;
use jiff::SignedDuration;

const KEPT_FOR: SignedDuration = SignedDuration::from_secs(30);

/// Past so many entries the cache starts anew; one environment serves few tenants in half a minute.
const MOST_ENTRIES: usize = 10_000;

pub(crate) struct Cached {
    pub(crate) api_keys: Cache<KeyHash, ApiKey>,
    pub(crate) domains: Cache<DomainName, Domain>,
    pub(crate) accounts: Cache<AccountId, Account>,
}

impl Cached {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { api_keys: Cache::new(clock.clone()), domains: Cache::new(clock.clone()), accounts: Cache::new(clock) }
    }
}

pub(crate) struct Cache<K, V> {
    clock: Clock,
    entries: Mutex<HashMap<K, (Moment, Arc<V>)>>,
}

impl<K: Eq + Hash, V> Cache<K, V> {
    fn new(clock: Clock) -> Self {
        Self { clock, entries: Mutex::new(HashMap::new()) }
    }

    pub(crate) fn get(&self, key: &K) -> Option<Arc<V>> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, value) = entries.get(key)?;
        (self.clock.now() - *read_at < KEPT_FOR).then(|| Arc::clone(value))
    }

    pub(crate) fn put(&self, key: K, value: V) -> Arc<V> {
        let value = Arc::new(value);
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MOST_ENTRIES {
            entries.clear();
        }
        entries.insert(key, (self.clock.now(), Arc::clone(&value)));
        value
    }

    pub(crate) fn forget(&self, key: &K) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}
