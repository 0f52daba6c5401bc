//! Who waits for whom, directly or through others; and that nobody waits for itself.

/// For each step the steps that it waits for, directly or through others.
#[derive(Debug)]
pub(super) struct Order(Vec<Vec<bool>>);

/// Steps that wait for each other.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cycle {
    /// The step whose dependency closes the cycle,
    pub(super) step: usize,
    /// and which of its dependencies that is.
    pub(super) entry: usize,
    /// The way round, its first step again at its end.
    pub(super) path: Vec<usize>,
}

impl Order {
    /// Of the direct dependencies of each step.
    pub(super) fn of(depends_on: &[Vec<usize>]) -> Result<Self, Cycle> {
        let mut walk = Walk { depends_on, waits: vec![None; depends_on.len()], way: Vec::new() };
        let waits = (0..depends_on.len()).map(|step| walk.visit(step)).collect::<Result<_, _>>()?;
        Ok(Self(waits))
    }

    /// Whether `step` starts only after `other` has ended.
    pub(super) fn waits(&self, step: usize, other: usize) -> bool {
        self.0[step][other]
    }
}

/// A walk through the dependencies, as deep as a run has steps.
struct Walk<'a> {
    depends_on: &'a [Vec<usize>],
    /// What is known of the steps visited.
    waits: Vec<Option<Vec<bool>>>,
    /// From the step where the walk began to the present one.
    way: Vec<usize>,
}

impl Walk<'_> {
    fn visit(&mut self, step: usize) -> Result<Vec<bool>, Cycle> {
        if let Some(known) = &self.waits[step] {
            return Ok(known.clone());
        }
        self.way.push(step);
        let mut waits = vec![false; self.depends_on.len()];
        for (entry, other) in self.depends_on[step].iter().copied().enumerate() {
            if let Some(start) = self.way.iter().position(|passed| *passed == other) {
                let mut path = self.way[start..].to_vec();
                path.push(other);
                return Err(Cycle { step, entry, path });
            }
            waits[other] = true;
            for (all, theirs) in waits.iter_mut().zip(self.visit(other)?) {
                *all |= theirs;
            }
        }
        self.way.pop();
        self.waits[step] = Some(waits.clone());
        Ok(waits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_through_others_waits() {
        let order = Order::of(&[vec![], vec![0], vec![1, 1], vec![]]).expect("no cycle");
        assert!(order.waits(2, 0) && order.waits(2, 1) && order.waits(1, 0));
        assert!(!order.waits(0, 2) && !order.waits(3, 0) && !order.waits(1, 1));
    }

    #[test]
    fn a_cycle_is_shown_where_it_closes() {
        let cycle = |depends_on: &[Vec<usize>]| Order::of(depends_on).expect_err("a cycle");
        assert_eq!(cycle(&[vec![0]]), Cycle { step: 0, entry: 0, path: vec![0, 0] });
        let round = cycle(&[vec![], vec![0, 2], vec![3], vec![0, 1]]);
        assert_eq!(round, Cycle { step: 3, entry: 1, path: vec![1, 2, 3, 1] });
    }
}
