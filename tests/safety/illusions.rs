//! The cards of the illusions say the class of flashes that is measured.

use percept::gpu::Gpu;
use percept::gpu::raster::Program;
use percept::stimulus::examine::{Look, illusion};
use percept::stimulus::illusion::{Showing, catalogue, compose};

/// Long enough for a cycle of each; stripes are no matter of the card.
const LOOK: Look = Look { seconds: 9.0, speed: 1.0, stripes: false };

#[test]
fn every_card_says_the_class_that_is_measured() {
    let gpu = Gpu::headless().unwrap();
    let wrong: Vec<String> = catalogue::built_in()
        .iter()
        .filter_map(|one| {
            let program = Program::new(&gpu, &compose::compose(one)).unwrap();
            let begun = std::time::Instant::now();
            let verdict = illusion(&program, one, &Showing::default(), LOOK, &mut || true).unwrap().unwrap();
            println!("{}: {:.2} s, {}", one.slug, begun.elapsed().as_secs_f64(), verdict.words());
            let (card, measured) = (&one.card.flash, verdict.flash.name());
            (card != measured)
                .then(|| format!("{}: card {card}, measured {measured} ({})", one.slug, verdict.words()))
        })
        .collect();
    assert!(wrong.is_empty(), "the flash class of a card is wrong:\n  {}", wrong.join("\n  "));
}
