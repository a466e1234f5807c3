//! The engine beside the reference, frame by frame.

use super::engine::Engine;
use crate::cpu::precision::Precision;
use crate::model::prednet::lesions::Lesions;
use crate::reference::{Mix, Reference, weights};
use crate::units::PixelSize;

/// The largest difference between any units of both over some frames.
fn worst(widths: &[usize], (width, height): (usize, usize), threads: usize, frames: usize) -> f64 {
    let size = PixelSize::new(width as u32, height as u32);
    let mut engine = Engine::new(&weights(widths, 7), widths, size, threads, Precision::Single).unwrap();
    let mut reference = Reference::new(weights(widths, 7), widths, (width, height));
    let (lesions, mut mix, mut worst) = (Lesions::none(widths.len()), Mix(3), 0.0_f64);
    for _ in 0..frames {
        let frame: Vec<f32> = (0..widths[0] * width * height).map(|_| 0.5 + 0.5 * mix.next()).collect();
        engine.observe(Some(&frame), &lesions).unwrap();
        reference.step(&frame);
        for (got, wanted) in engine.maps().zip(&reference.layers) {
            let (a_hat, e) = ((&got.a_hat, &wanted.a_hat), (&got.e, &wanted.e));
            for (got, wanted) in [a_hat, e, (&got.r, &wanted.r), (&got.c, &wanted.c)] {
                let got = got.now.to_planar();
                assert_eq!(got.len(), wanted.len());
                let off = got.iter().zip(wanted).map(|(got, wanted)| (f64::from(*got) - wanted).abs());
                worst = off.fold(worst, f64::max);
            }
        }
    }
    worst
}

#[test]
fn a_tiny_network() {
    let worst = worst(&[1, 2], (8, 8), 2, 2);
    assert!(worst < 1e-5, "{worst}");
}

#[test]
#[cfg_attr(miri, ignore = "an interpreter would need hours")]
fn networks_of_many_shapes() {
    println!("{}", crate::cpu::simd::instruction_set());
    for (widths, size) in [
        (&[3][..], (9, 7)),
        (&[3, 40], (24, 20)),
        (&[3, 7, 18], (40, 16)),
        (&[3, 16, 32, 64], (40, 32)),
        (&[1, 48, 17], (48, 32)),
    ] {
        let worst = worst(widths, size, 3, 4);
        println!("{widths:?} at {size:?}: {worst:e}");
        assert!(worst < 1e-5, "{widths:?}: {worst}");
    }
}
