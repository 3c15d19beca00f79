//! How long to wait before trying again, and when to give up.

use jiff::SignedDuration;

/// How often a provider may be out of order before an engagement fails: about three hours in all.
pub const MOST_FAILURES: u32 = 16;

const LONGEST: i64 = 15 * 60;

/// The wait after the `failures`-th failure of a provider: 5 s, 10 s, 20 s … 15 min, of which `jitter` (0 to 1)
/// takes up to a half, so that what failed together does not come back together.
#[must_use]
pub fn backoff(failures: u32, jitter: f64) -> SignedDuration {
    let doublings = failures.saturating_sub(1).min(10);
    let seconds = (5_i64 << doublings).min(LONGEST);
    SignedDuration::from_secs(seconds).mul_f64(1.0 - jitter.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_to_a_quarter_of_an_hour() {
        assert_eq!(backoff(1, 0.0), SignedDuration::from_secs(5));
        assert_eq!(backoff(2, 0.0), SignedDuration::from_secs(10));
        assert_eq!(backoff(2, 1.0), SignedDuration::from_secs(5));
        assert_eq!(backoff(16, 0.0), SignedDuration::from_secs(900));
    }
}
