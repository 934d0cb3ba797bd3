//! Increases within an interval.

use super::measure::{Measure, Reading};

/// The increase from `before` to `now`; `None` when either is absent or the counter went back, which a restart of
/// what it counts for does.
pub(crate) fn increase(now: Option<u64>, before: Option<u64>) -> Option<u64> {
    now?.checked_sub(before?)
}

/// What an entity's next row is subtracted from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Baseline<M: Measure, const N: usize> {
    /// The counters as of the last row.
    pub(crate) reading: Reading<M, N>,
    /// When they were read, in microseconds of the monotonic clock.
    pub(crate) at: u64,
}

impl<M: Measure, const N: usize> Baseline<M, N> {
    /// Counters that began at zero at a moment that was seen.
    pub(crate) fn born(at: u64) -> Self {
        Baseline {
            reading: Reading::zero(),
            at,
        }
    }

    /// Makes `now` what the next row is subtracted from. A counter that could not be read this time keeps its old
    /// base, so that its increase is reported late but not lost.
    pub(crate) fn advance(base: &mut Option<Self>, now: &Reading<M, N>, at: u64) {
        match base {
            Some(base) => {
                base.reading.update(now);
                base.at = at;
            }
            None => *base = Some(Baseline { reading: *now, at }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::measure::{Interface, InterfaceReading};
    use super::*;
    use proptest::prelude::*;

    fn rx(bytes: impl Into<Option<u64>>) -> InterfaceReading {
        let mut reading = InterfaceReading::empty();
        reading.set(Interface::RxBytes, bytes);
        reading
    }

    #[test]
    fn a_missed_read_is_made_good_by_the_next() {
        let mut base = None;
        for reading in [rx(10), rx(None), rx(25)] {
            Baseline::advance(&mut base, &reading, 1);
        }
        assert_eq!(base.unwrap().reading.get(Interface::RxBytes), Some(25));
        let mut base = Some(Baseline {
            reading: rx(10),
            at: 0,
        });
        Baseline::advance(&mut base, &rx(None), 1);
        assert_eq!(
            increase(Some(25), base.unwrap().reading.get(Interface::RxBytes)),
            Some(15)
        );
    }

    #[test]
    fn what_was_born_starts_from_zero() {
        let base = Baseline::<Interface, 20>::born(5);
        assert_eq!(
            increase(Some(7), base.reading.get(Interface::RxBytes)),
            Some(7)
        );
    }

    proptest! {
        /// Whatever a counter does, the increases never exceed what it counted, and without a reset add up to it.
        #[test]
        fn increases_add_up(steps in proptest::collection::vec((0u64..1000, any::<bool>()), 1..50), resets: bool) {
            let (mut counter, mut counted, mut sum) = (0u64, 0u64, 0u64);
            let mut before = Some(0);
            for (step, reset) in steps {
                if reset && resets {
                    counter = 0;
                }
                counter += step;
                counted += step;
                sum += increase(Some(counter), before).unwrap_or(0);
                before = Some(counter);
            }
            prop_assert!(sum <= counted);
            if !resets {
                prop_assert_eq!(sum, counted);
            }
        }
    }
}
