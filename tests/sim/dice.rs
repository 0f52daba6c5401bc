//! Randomness that a number repeats.

/// A `SplitMix64` generator; the same seed gives the same rolls. Says its seed when a test fails.
#[derive(Debug)]
pub(super) struct Dice {
    seed: u64,
    state: u64,
}

impl Dice {
    /// Dice that roll as `seed` says.
    pub(super) const fn of_seed(seed: u64) -> Self {
        Self { seed, state: seed }
    }

    /// A number below `sides`.
    pub(super) fn roll(&mut self, sides: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % sides
    }

    /// True once in `sides` rolls.
    pub(super) fn one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }

    /// One of `choices`, which are not empty.
    pub(super) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let place = self.roll(choices.len() as u64);
        &choices[usize::try_from(place).expect("a place in a slice")]
    }
}

impl Drop for Dice {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the seed was {}", self.seed);
        }
    }
}
