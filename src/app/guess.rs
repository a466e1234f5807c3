//! Predict, then reveal: a class says what the network will expect before it sees what it does. First the question,
//! then the control, then the answer.

use crate::app::PerceptApp;
use crate::app::state::Page;
use crate::session::Snapshot;
use crate::session::reading::Reading;
use crate::stimulus::illusion::Card;
use crate::stimulus::illusion::measure::Measured;

/// Where a round is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Step {
    /// The network's side is covered and the question is open.
    #[default]
    Ask,
    /// The guess was made: the control is shown, the network's side is still covered.
    Control,
    /// The network's side is uncovered.
    Reveal,
}

/// One round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Guess {
    /// File name, without ending, of the illusion.
    pub slug: String,
    /// Where it is.
    pub step: Step,
    /// The answer that was chosen.
    pub answer: Option<usize>,
}

/// Possible answers to what the network will expect.
pub(crate) fn answers(card: &Card) -> [&'static str; 3] {
    let along = card.measure.as_ref().map(|measure| measure.direction_deg.rem_euclid(360.0));
    match (card.measure.as_ref().map(|measure| measure.of), card.readout.as_str()) {
        (Some(Measured::Rotation), _) => {
            ["It turns counter-clockwise", "It turns clockwise", "It does not turn"]
        }
        (Some(Measured::Expansion), _) => ["It grows", "It shrinks", "It keeps its size"],
        (Some(Measured::Brightness), _) | (None, "brightness") => {
            ["One part lighter, as people see it", "The other part lighter", "Both parts equal"]
        }
        (Some(Measured::Position), _) | (None, "position") => {
            ["Displaced, as people see it", "Displaced the other way", "Just where it is"]
        }
        (Some(Measured::Surprise), _) | (None, "timecourse") => {
            ["It is surprised", "It is hardly surprised", "It is less surprised than before"]
        }
        (Some(Measured::Translation | Measured::Phase) | None, _) => match along {
            Some(angle) if near(angle, 0.0) => ["It moves to the right", "It moves to the left", "It stays"],
            Some(angle) if near(angle, 180.0) => {
                ["It moves to the left", "It moves to the right", "It stays"]
            }
            Some(angle) if near(angle, 90.0) => ["It moves up", "It moves down", "It stays"],
            Some(angle) if near(angle, 270.0) => ["It moves down", "It moves up", "It stays"],
            _ => ["It moves one way", "It moves the other way", "It stays"],
        },
    }
}

/// Which of [`answers`] the network gives; `None` where its number says neither.
pub(crate) fn given(reading: &Reading) -> Option<usize> {
    let value = match reading.of {
        // How much error is much is for people to say.
        Measured::Surprise => return None,
        Measured::Brightness | Measured::Position => reading.as_people * reading.value,
        _ => reading.along.1 * reading.value,
    };
    match value.abs() {
        size if size + reading.interval < reading.least => Some(2),
        size if size - reading.interval >= reading.least => Some(usize::from(value < 0.0)),
        _ => None,
    }
}

fn near(angle: f64, other: f64) -> bool {
    let apart = (angle - other).abs();
    apart.min(360.0 - apart) < 20.0
}

impl PerceptApp {
    /// Opens the page of guesses, or closes it.
    pub(crate) fn toggle_guess(&mut self, now_s: f64) {
        if self.desk.page == Page::Guess {
            self.end_guess();
        } else if let Some(illusion) = self.shown_illusion() {
            self.desk.guess = Guess::default();
            self.open_page(Page::Guess);
            self.begin_guess(&illusion.slug);
        } else {
            self.tell(now_s, "Show an illusion first: there is something to guess of it".into(), false);
        }
    }

    /// Begins a round with an illusion, unless one is going on with it.
    pub(crate) fn begin_guess(&mut self, slug: &str) {
        if self.desk.guess.slug != slug {
            self.desk.guess = Guess { slug: slug.to_owned(), ..Guess::default() };
            self.control_for_guess(false);
        }
    }

    /// Back to the pictures.
    pub(crate) fn end_guess(&mut self) {
        self.desk.guess = Guess::default();
        self.open_page(Page::Pictures);
        self.control_for_guess(false);
    }

    /// The guess was made: the control comes first, where there is one.
    pub(crate) fn guess(&mut self, answer: usize, has_control: bool) {
        self.desk.guess.answer = Some(answer);
        self.desk.guess.step = if has_control { Step::Control } else { Step::Reveal };
        self.control_for_guess(has_control);
    }

    /// Uncovers what the network expects of the illusion itself.
    pub(crate) fn reveal(&mut self) {
        self.desk.guess.step = Step::Reveal;
        self.control_for_guess(false);
    }

    fn control_for_guess(&mut self, on: bool) {
        let Some(latest) = self.session.latest() else { return };
        let snapshot: Snapshot = self.wishes.overlay(&latest);
        if snapshot.showing.control != on {
            self.show_as(&snapshot, |showing| showing.control = on);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stimulus::illusion::catalogue;

    #[test]
    fn every_illusion_has_three_different_answers() {
        for illusion in catalogue::built_in() {
            let [a, b, c] = answers(&illusion.card);
            assert!(a != b && b != c && a != c, "{}", illusion.slug);
        }
    }

    #[test]
    fn the_networks_answer_is_one_of_them() {
        let reading = |of, sign, as_people, value| Reading {
            slug: String::new(),
            is_control: false,
            is_mirrored: as_people < 0.0,
            is_known: true,
            of,
            along: (0.0, sign),
            as_people,
            value,
            interval: 0.0,
            least: 0.02,
            control: None,
            mirrored: None,
            baselines: Vec::new(),
        };
        // People see it turn clockwise, and so does the network; then the mirrored picture.
        assert_eq!(given(&reading(Measured::Rotation, -1.0, 1.0, 0.3)), Some(1));
        assert_eq!(given(&reading(Measured::Rotation, -1.0, -1.0, -0.3)), Some(0));
        assert_eq!(given(&reading(Measured::Rotation, -1.0, 1.0, -0.01)), Some(2));
        assert_eq!(given(&reading(Measured::Position, 1.0, -1.0, -0.3)), Some(0));
        let vague = Reading { interval: 0.3, ..reading(Measured::Position, 1.0, 1.0, 0.1) };
        assert_eq!(given(&vague), None);
        assert_eq!(given(&reading(Measured::Surprise, 1.0, 1.0, 0.3)), None);
    }

    #[test]
    fn answers_name_the_direction_that_is_measured() {
        let text = |direction: u16| {
            format!(
                "name = \"A\"\nfamily = \"motion\"\npercept = \"B\"\nreadout = \"flow\"\n\
                 measure = {{ of = \"translation\", direction_deg = {direction} }}"
            )
        };
        let of = |direction| answers(&toml::from_str::<Card>(&text(direction)).unwrap())[0];
        assert_eq!(
            [0, 90, 180, 270, 355, 45].map(of),
            [
                "It moves to the right",
                "It moves up",
                "It moves to the left",
                "It moves down",
                "It moves to the right",
                "It moves one way"
            ]
        );
    }
}
