//! The cards of the illusions say the class of flashes and the stripes that are measured.

use percept::gpu::Gpu;
use percept::gpu::raster::Program;
use percept::stimulus::examine::{Look, illusion};
use percept::stimulus::illusion::{Showing, catalogue, compose};

/// Long enough for a cycle of each.
const LOOK: Look = Look { seconds: 9.0, speed: 1.0, stripes: true };

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
            let card = (one.card.flash.as_str(), one.card.stripes);
            let measured = (verdict.flash.name(), verdict.pattern.is_some());
            (card != measured)
                .then(|| format!("{}: card {card:?}, measured {measured:?} ({})", one.slug, verdict.words()))
        })
        .collect();
    assert!(wrong.is_empty(), "flash class or stripes of a card are wrong:\n  {}", wrong.join("\n  "));
}
