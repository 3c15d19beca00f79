//! The hub over HTTP, rule by rule of the checklist.
