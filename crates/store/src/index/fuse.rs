//! A set of hashes in nine to ten bits each, that is never wrong when it says no.
//!
//! A binary fuse filter (Graf and Lemire, "Binary Fuse Filters", 2022) with three places and eight bits: it says yes
//! for one absent hash in 256, where a split-block bloom filter would need 13 bits, and looks at three bytes.

/// A set of 64-bit hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fuse {
    pub(super) seed: u64,
    /// The length of a segment, a power of two, as its exponent.
    pub(super) segment_bits: u8,
    /// Segments in which a first place may be.
    pub(super) segments: u32,
    pub(super) fingerprints: Vec<u8>,
}

/// Seeds that are tried; each fails by chance only, and seldom.
const ATTEMPTS: u64 = 64;

impl Fuse {
    /// A set of hashes, which must be distinct. `None` when no seed fits: then there is no set to ask, and whoever
    /// asks must take everything for present.
    pub(crate) fn build(hashes: &[u64], scratch: &mut Scratch) -> Option<Fuse> {
        if hashes.is_empty() {
            return Some(Fuse::EMPTY);
        }
        let size = hashes.len() as f64;
        // As in the authors' code: the segment grows with the set, the slack shrinks.
        let bits = ((size.ln() / 3.33f64.ln()) + 2.25).floor().clamp(2.0, 18.0) as u8;
        let segment = 1usize << bits;
        let slack = if hashes.len() > 1 {
            (0.875 + 0.25 * 1e6f64.ln() / size.ln()).max(1.125)
        } else {
            1.125
        };
        let capacity = (size * slack).round() as usize;
        let segments = capacity.div_ceil(segment).saturating_sub(2).max(1);
        let length = (segments + 2) * segment;
        let mut fuse = Fuse {
            seed: 0,
            segment_bits: bits,
            segments: u32::try_from(segments).ok()?,
            fingerprints: vec![0; length],
        };
        for attempt in 0..ATTEMPTS {
            fuse.seed = mix(attempt.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x0726_2b2c_92b7_4f3d);
            if fuse.peel(hashes, scratch) {
                return Some(fuse);
            }
        }
        None
    }

    /// The set without members.
    pub(super) const EMPTY: Fuse = Fuse {
        seed: 0,
        segment_bits: 0,
        segments: 0,
        fingerprints: Vec::new(),
    };

    /// Whether a hash may be in the set. Never `false` for one that is.
    pub(crate) fn may_hold(&self, hash: u64) -> bool {
        if self.segments == 0 {
            return false;
        }
        let mixed = mix(hash ^ self.seed);
        let places = self.places(mixed);
        let found = places
            .iter()
            .map(|place| self.fingerprints.get(*place).copied().unwrap_or_default())
            .fold(0, |a, b| a ^ b);
        found == fingerprint(mixed)
    }

    fn places(&self, mixed: u64) -> [usize; 3] {
        let segment = 1u64 << self.segment_bits;
        let mask = segment - 1;
        let first = (u128::from(mixed) * u128::from(u64::from(self.segments) * segment)) >> 64;
        let first = first as u64;
        [
            first as usize,
            ((first + segment) ^ ((mixed >> 18) & mask)) as usize,
            ((first + 2 * segment) ^ (mixed & mask)) as usize,
        ]
    }

    /// Finds an order in which each hash has a place of its own, and fills the places backwards. Whether it did.
    fn peel(&mut self, hashes: &[u64], scratch: &mut Scratch) -> bool {
        let Scratch {
            slots,
            alone,
            order,
        } = scratch;
        slots.clear();
        slots.resize(self.fingerprints.len(), Slot::default());
        alone.clear();
        order.clear();
        for hash in hashes {
            let mixed = mix(hash ^ self.seed);
            for (which, place) in self.places(mixed).into_iter().enumerate() {
                slots[place].count += 1;
                slots[place].which ^= which as u32;
                slots[place].mixed ^= mixed;
            }
        }
        alone.extend((0..slots.len() as u32).filter(|at| slots[*at as usize].count == 1));
        while let Some(at) = alone.pop() {
            let slot = slots[at as usize];
            if slot.count != 1 {
                continue;
            }
            order.push((slot.mixed, slot.which));
            for (which, place) in self.places(slot.mixed).into_iter().enumerate() {
                let other = &mut slots[place];
                other.count -= 1;
                other.which ^= which as u32;
                other.mixed ^= slot.mixed;
                if other.count == 1 {
                    alone.push(place as u32);
                }
            }
        }
        if order.len() != hashes.len() {
            return false;
        }
        self.fingerprints.fill(0);
        for (mixed, which) in order.iter().rev() {
            let places = self.places(*mixed);
            let mut value = fingerprint(*mixed);
            for place in places {
                value ^= self.fingerprints[place];
            }
            // Its own place is still zero.
            self.fingerprints[places[*which as usize]] = value;
        }
        true
    }
}

/// Memory for building that is used again.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    slots: Vec<Slot>,
    alone: Vec<u32>,
    order: Vec<(u64, u32)>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Slot {
    mixed: u64,
    count: u32,
    which: u32,
}

fn fingerprint(mixed: u64) -> u8 {
    (mixed ^ (mixed >> 32)) as u8
}

/// The end of MurmurHash3: every bit of the result depends on every bit given.
fn mix(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hashbrown::HashSet;
    use proptest::prelude::*;

    #[test]
    fn sets_of_every_size_hold_what_they_were_given_and_little_else() {
        let mut scratch = Scratch::default();
        for size in [0u64, 1, 2, 3, 5, 17, 100, 1000, 25_000, 200_000] {
            let hashes: Vec<u64> = (0..size).map(|n| mix(n + 1)).collect();
            let fuse = Fuse::build(&hashes, &mut scratch).unwrap();
            assert!(hashes.iter().all(|h| fuse.may_hold(*h)), "{size}");
            let wrong = (0..100_000u64)
                .filter(|n| fuse.may_hold(mix(n + (1 << 40))))
                .count();
            assert!(
                wrong < 600,
                "{wrong} of 100000 absent ones in a set of {size}"
            );
            if size >= 25_000 {
                let bits = fuse.fingerprints.len() as f64 * 8.0 / size as f64;
                assert!(bits < 10.5, "{bits} bits each");
            }
        }
    }

    proptest! {
        #[test]
        fn no_member_is_denied(hashes in prop::collection::hash_set(any::<u64>(), 0..500)) {
            let hashes: Vec<u64> = hashes.into_iter().collect::<HashSet<_>>().into_iter().collect();
            let fuse = Fuse::build(&hashes, &mut Scratch::default()).unwrap();
            for hash in &hashes {
                prop_assert!(fuse.may_hold(*hash));
            }
        }
    }
}
