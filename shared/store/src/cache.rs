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
use hub_models::logo::Logo;
use hub_models::moment::Moment;
use hub_models::outbound_email::OutboundEmail;
use hub_models::template::{EmailTemplate, TemplateId};
use hub_models::text::ForeignId;
use hub_models::workspace::{Workspace, WorkspaceId};
use jiff::SignedDuration;

use crate::keys::Key;

const KEPT_FOR: SignedDuration = SignedDuration::from_secs(30);

/// How many entries of a few hundred bytes are kept.
const MANY: usize = 10_000;

/// How many entries of up to some hundred kilobytes are kept.
const FEW: usize = 100;

pub(crate) struct Cached {
    pub(crate) api_keys: Cache<KeyHash, ApiKey>,
    pub(crate) workspaces: Cache<WorkspaceId, Workspace>,
    pub(crate) domains: Cache<DomainName, Domain>,
    pub(crate) accounts: Cache<AccountId, Account>,
    pub(crate) templates: Cache<(DomainName, TemplateId), EmailTemplate>,
    pub(crate) template_names: Cache<Key, TemplateId>,
    pub(crate) user_emails: Cache<(DomainName, ForeignId), OutboundEmail>,
    pub(crate) logos: Cache<Key, Logo>,
}

impl Cached {
    pub(crate) fn new(clock: &Clock) -> Self {
        Self::kept_for(KEPT_FOR, clock)
    }

    /// Keeps nothing.
    pub(crate) fn nothing(clock: &Clock) -> Self {
        Self::kept_for(SignedDuration::ZERO, clock)
    }

    fn kept_for(time: SignedDuration, clock: &Clock) -> Self {
        Self {
            api_keys: Cache::new(clock, time, MANY),
            workspaces: Cache::new(clock, time, MANY),
            domains: Cache::new(clock, time, FEW),
            accounts: Cache::new(clock, time, MANY),
            templates: Cache::new(clock, time, FEW),
            template_names: Cache::new(clock, time, MANY),
            user_emails: Cache::new(clock, time, FEW),
            logos: Cache::new(clock, time, FEW),
        }
    }
}

pub(crate) struct Cache<K, V> {
    clock: Clock,
    kept_for: SignedDuration,
    most_entries: usize,
    entries: Mutex<HashMap<K, (Moment, Arc<V>)>>,
}

impl<K: Eq + Hash, V> Cache<K, V> {
    fn new(clock: &Clock, kept_for: SignedDuration, most_entries: usize) -> Self {
        Self { clock: clock.clone(), kept_for, most_entries, entries: Mutex::new(HashMap::new()) }
    }

    pub(crate) fn get(&self, key: &K) -> Option<Arc<V>> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, value) = entries.get(key)?;
        (self.clock.now() - *read_at < self.kept_for).then(|| Arc::clone(value))
    }

    pub(crate) fn put(&self, key: K, value: V) -> Arc<V> {
        let (value, now) = (Arc::new(value), self.clock.now());
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= self.most_entries {
            entries.retain(|_, (read_at, _)| now - *read_at < self.kept_for);
        }
        if entries.len() >= self.most_entries {
            entries.clear();
        }
        entries.insert(key, (now, Arc::clone(&value)));
        value
    }

    pub(crate) fn forget(&self, key: &K) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}
