//! Where the light of a cell turns: a change against the last one, large enough to count.

use super::light::Hue;
use super::turns::Ticks;

/// Least change of relative luminance (WCAG: 10 % of the maximum), with room for rounding.
const LEAST: f32 = 0.1 - 1e-4;
/// The darker of two states must be below this.
const DARKER: f32 = 0.80;
/// Least change of chromaticity that counts for red.
const LEAST_HUE: f32 = 0.2;
/// An extreme is left when the light has gone this part of the swing away from it. The same part for weak and strong
/// cells: what swings together is found to turn together.
const LEAVE: f32 = 0.2;

/// Which extreme is being followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Way {
    #[default]
    Unknown,
    Up,
    Down,
}

/// Luminance of one cell.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Swing {
    way: Way,
    /// The extreme before.
    from: f32,
    /// The extreme that is being followed (while nothing is known, the highest; `from` is the lowest).
    to: f32,
    /// When the light was last near it.
    near: Ticks,
    /// The same of the lowest, while nothing is known.
    near_low: Ticks,
}

impl Swing {
    pub(super) const fn start(luminance: f32, now: Ticks) -> Self {
        Self { way: Way::Unknown, from: luminance, to: luminance, near: now, near_low: now }
    }

    /// Takes the light in; the time of the turn where it is found to have turned.
    pub(super) fn take(&mut self, light: f32, now: Ticks) -> Option<Ticks> {
        match self.way {
            Way::Unknown => {
                let rises = light - self.from >= LEAST && self.from < DARKER;
                let falls = self.to - light >= LEAST && light < DARKER;
                if rises || falls {
                    let left = if rises { self.near_low } else { self.near };
                    let (way, from) = if rises { (Way::Up, self.from) } else { (Way::Down, self.to) };
                    self.turn(way, from, light, now);
                    return Some(left);
                }
                (self.from, self.to) = (self.from.min(light), self.to.max(light));
                if light <= self.from + LEAVE * LEAST {
                    self.near_low = now;
                }
                if light >= self.to - LEAVE * LEAST {
                    self.near = now;
                }
                None
            }
            Way::Up => {
                if self.to - light >= LEAST && light < DARKER {
                    return Some(self.turn(Way::Down, self.to, light, now));
                }
                self.to = self.to.max(light);
                if light >= self.to - LEAVE * (self.to - self.from) {
                    self.near = now;
                }
                None
            }
            Way::Down => {
                if light - self.to >= LEAST && self.to < DARKER {
                    return Some(self.turn(Way::Up, self.to, light, now));
                }
                self.to = self.to.min(light);
                if light <= self.to + LEAVE * (self.from - self.to) {
                    self.near = now;
                }
                None
            }
        }
    }

    fn turn(&mut self, way: Way, from: f32, to: f32, now: Ticks) -> Ticks {
        let left = self.near;
        *self = Self { way, from, to, near: now, near_low: now };
        left
    }
}

/// Redness of one cell.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RedSwing {
    /// `Up` is away from red.
    way: Way,
    /// Distance from red of the extreme before.
    from: f32,
    to: Hue,
    near: Ticks,
}

impl RedSwing {
    pub(super) const fn start(hue: Hue, now: Ticks) -> Self {
        Self { way: Way::Unknown, from: hue.from_red, to: hue, near: now }
    }

    /// Takes the colour in; the time of the turn where it is found to have turned.
    pub(super) fn take(&mut self, hue: Hue, now: Ticks) -> Option<Ticks> {
        let farther = hue.from_red > self.to.from_red;
        let against = match self.way {
            Way::Unknown => true,
            Way::Up => !farther,
            Way::Down => farther,
        };
        if against && (hue.is_red || self.to.is_red) && hue.apart(&self.to) > LEAST_HUE {
            let left = self.near;
            let way = if farther { Way::Up } else { Way::Down };
            *self = Self { way, from: self.to.from_red, to: hue, near: now };
            return Some(left);
        }
        if !against {
            self.to = hue;
        }
        let swing = (self.to.from_red - self.from).abs();
        if (hue.from_red - self.to.from_red).abs() <= LEAVE * swing {
            self.near = now;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(lights: &[f32]) -> Vec<u32> {
        let mut swing = Swing::start(lights[0], 0);
        (1..).zip(&lights[1..]).filter_map(|(now, &light)| swing.take(light, now)).collect()
    }

    #[test]
    fn a_turn_is_a_change_of_a_tenth_whose_darker_state_is_below_four_fifths() {
        assert_eq!(turns(&[0.2, 0.29, 0.2, 0.29]), [0_u32; 0]);
        assert_eq!(turns(&[0.2, 0.31, 0.2, 0.31]), [0, 1, 2]);
        assert_eq!(turns(&[0.81, 1.0, 0.81, 1.0]), [0_u32; 0]);
        assert_eq!(turns(&[0.79, 1.0, 0.79, 1.0]), [0, 1, 2]);
    }

    #[test]
    fn small_steps_add_up_and_the_turn_is_where_the_extreme_is_left() {
        assert_eq!(turns(&[0.5, 0.55, 0.6, 0.65, 0.65, 0.65, 0.6, 0.55, 0.5]), [0, 5]);
        // Noise on a plateau is no turn, and does not hide when it ends.
        assert_eq!(turns(&[0.0, 1.0, 0.97, 0.99, 0.96, 0.98, 0.0]), [0, 5]);
    }

    #[test]
    fn red_turns_from_and_to_red_only() {
        let count = |one: [f32; 3], other: [f32; 3]| {
            let mut swing = RedSwing::start(Hue::of(one), 0);
            (1..9).filter(|i| swing.take(Hue::of(if i % 2 == 1 { other } else { one }), *i).is_some()).count()
        };
        assert_eq!(count([0.0; 3], [0.3, 0.0, 0.0]), 8);
        assert_eq!(count([0.0, 0.0, 1.0], [0.3, 0.0, 0.0]), 8);
        assert_eq!(count([0.0; 3], [0.0, 0.0, 1.0]), 0);
        // A saturated red beside one that is hardly another colour.
        assert_eq!(count([0.3, 0.0, 0.0], [0.3, 0.07, 0.0]), 0);
    }
}
