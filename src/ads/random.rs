//! Chance that a seed names: every choice of an ad comes from here, and comes again.
//!
//! `SplitMix64`: one addition and three multiplications a number, the same on every machine.
//! `fork` gives each part its own sequence, so that one more choice in one part moves no other.
//! Never: a seed of its own.

/// A sequence of numbers that its seed decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The sequence of this seed.
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The sequence of a seed as scenes store it, in decimal; any other text has a sequence too.
    pub fn of_text(seed: &str) -> Self {
        seed.parse().map_or_else(|_| Self::new(0).fork(seed), Self::new)
    }

    /// The next 64 bits: a seed for another sequence.
    pub fn seed(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        scattered(self.state)
    }

    /// A whole number from 0 to `n` - 1; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        // The high half of a 128 bit product spreads evenly without a division; for the small
        // numbers that are asked for here its bias is under one in 2^50.
        let product = u128::from(self.seed()) * (n as u128);
        usize::try_from(product >> 64).unwrap_or_default()
    }

    /// A number from 0 to just under 1, in steps of 2⁻²⁴.
    pub fn unit(&mut self) -> f32 {
        /// The steps that an `f32` holds without rounding.
        const STEPS: f32 = 16_777_216.0;
        #[expect(clippy::cast_precision_loss, reason = "24 bits are held exactly")]
        let step = (self.seed() >> 40) as f32;
        step / STEPS
    }

    /// A number from `low` to `high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// True in `share` (0 to 1) of all cases.
    pub fn chance(&mut self, share: f32) -> bool {
        self.unit() < share
    }

    /// One of them; `None` of none.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }

    /// A sequence of its own for one part: the same label gives the same, and nothing is used up.
    #[must_use]
    pub fn fork(&self, label: &str) -> Self {
        // FNV-1a of the label, scattered once more so that near labels lie far apart.
        let hash = label.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        Self { state: scattered(self.state ^ scattered(hash)) }
    }
}

fn scattered(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_that_of_splitmix64() {
        let mut random = Random::new(1_234_567);
        assert_eq!(random.seed(), 6_457_827_717_110_365_317);
        assert_eq!(random.seed(), 3_203_168_211_198_807_973);
        assert_eq!(random.seed(), 9_817_491_932_198_370_423);
    }

    #[test]
    fn numbers_stay_in_their_bounds_and_reach_all_of_them() {
        let mut random = Random::new(7);
        let mut seen = [0; 5];
        for _ in 0..5000 {
            seen[random.below(5)] += 1;
            assert!((0.0..1.0).contains(&random.unit()));
            assert!((-3.0..=2.0).contains(&random.between(-3.0, 2.0)));
        }
        assert!(seen.iter().all(|count| (900..1100).contains(count)), "{seen:?}");
        assert_eq!(random.below(0), 0);
        assert_eq!(random.pick::<u8>(&[]), None);
    }

    #[test]
    fn forks_are_apart_and_use_nothing_up() {
        let random = Random::new(42);
        let (mut one, mut two) = (random.fork("palette"), random.fork("layout"));
        assert_ne!(one.seed(), two.seed());
        assert_eq!(random.fork("palette"), random.clone().fork("palette"));
        assert_ne!(Random::new(1).fork("a"), Random::new(2).fork("a"));
    }

    #[test]
    fn stored_seeds_are_read_and_others_still_decide() {
        assert_eq!(Random::of_text("18446744073709551615"), Random::new(u64::MAX));
        assert_eq!(Random::of_text("summer"), Random::of_text("summer"));
        assert_ne!(Random::of_text("summer"), Random::of_text("winter"));
    }
}
