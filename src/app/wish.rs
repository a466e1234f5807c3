//! What the user asked for and the worker has not yet shown: the window answers at once, and goes back to
//! the worker's word when it has had its chance.

/// A value that was asked for after snapshot number `since`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wish<T> {
    asked: Option<(T, u64)>,
}

impl<T> Default for Wish<T> {
    fn default() -> Self {
        Self { asked: None }
    }
}

/// Snapshots that may pass before a wish that was not granted is given up: those in flight when it was
/// sent, and one made while the command was in the queue.
const PATIENCE: u64 = 3;

impl<T: Clone + PartialEq> Wish<T> {
    /// Asks for `value`, seen at snapshot number `now`.
    pub(crate) fn ask(&mut self, value: T, now: u64) {
        self.asked = Some((value, now));
    }

    /// What to show, given what snapshot number `now` says.
    pub(crate) fn resolve(&mut self, actual: &T, now: u64) -> T {
        match &self.asked {
            Some((value, since)) if value != actual && now <= since + PATIENCE => value.clone(),
            _ => {
                self.asked = None;
                actual.clone()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_shown_until_it_is_granted() {
        let mut wish = Wish::default();
        wish.ask(true, 10);
        assert!(wish.resolve(&false, 10));
        assert!(wish.resolve(&true, 11));
        assert!(!wish.resolve(&false, 12), "once granted, the worker's word counts");
    }

    #[test]
    fn a_wish_that_is_not_granted_is_given_up() {
        let mut wish = Wish::default();
        wish.ask(2.0, 10);
        assert_eq!(wish.resolve(&1.0, 13), 2.0);
        assert_eq!(wish.resolve(&1.0, 14), 1.0);
    }
}
