//! Every built-in illusion draws what its card says, and the same for a person and for a network.

use std::sync::OnceLock;

use percept::error::Kind;
use percept::frame::{NetworkFrame, Picture};
use percept::gpu::Gpu;
use percept::gpu::raster::{Program, View};
use percept::stimulus::illusion::{Illusion, Showing, catalogue, compose};
use percept::units::{FieldDeg, PixelSize};

const NETWORK: PixelSize = PixelSize::new(80, 64);

fn gpu() -> &'static Gpu {
    static GPU: OnceLock<Gpu> = OnceLock::new();
    GPU.get_or_init(|| Gpu::headless().expect("these tests need an adapter; Mesa's software one will do"))
}

fn illusion(slug: &str) -> Illusion {
    catalogue::find(&catalogue::built_in(), slug).unwrap().clone()
}

/// An illusion ready to be drawn with some of its parameters set.
struct Drawn {
    illusion: Illusion,
    program: Program,
    showing: Showing,
    size: PixelSize,
    samples: u32,
}

impl Drawn {
    fn new(slug: &str, set: &[(&str, f64)]) -> Self {
        let illusion = illusion(slug);
        let program = Program::new(gpu(), &compose::compose(&illusion)).unwrap();
        let mut showing = Showing { seed: 7, ..Showing::default() };
        for (name, value) in set {
            showing.values.set(&illusion.card.params, name, *value).unwrap();
        }
        Self { illusion, program, showing, size: NETWORK, samples: 4 }
    }

    fn view(&self, time_s: f64) -> View {
        View {
            size: self.size,
            field: FieldDeg::of(self.size, self.illusion.card.field_deg),
            time_s,
            mirror: self.showing.mirror,
            jitter_deg: [0.0; 2],
            seed: self.showing.seed,
            samples: self.samples,
        }
    }

    fn at(&self, time_s: f64) -> Vec<f32> {
        let params = self.illusion.uniform_values(&self.showing);
        self.program.render_planes(&self.view(time_s), &params).unwrap()
    }
}

/// One row an illusion: two times, the control, and what the network gets. Written only when
/// `PERCEPT_SHEET` names a file; for the eye.
#[test]
fn sheet_for_the_eye() {
    let Some(path) = std::env::var_os("PERCEPT_SHEET") else {
        println!("skipped: PERCEPT_SHEET names no file");
        return;
    };
    let only = std::env::var("PERCEPT_SHEET_ONLY").unwrap_or_default();
    let cell = PixelSize::new(320, 256);
    let all: Vec<_> =
        catalogue::built_in().into_iter().filter(|one| one.slug.contains(&only)).collect();
    let mut sheet = Picture::uniform(PixelSize::new(4 * 324, all.len() as u32 * 260), [30; 3]);
    for (row, one) in all.iter().enumerate() {
        let mut drawn = Drawn::new(&one.slug, &[]);
        let small = NetworkFrame { size: NETWORK, planes: drawn.at(0.7) }.to_picture();
        drawn.size = cell;
        let mut pictures: Vec<_> =
            [0.7, 1.6].map(|t| NetworkFrame { size: cell, planes: drawn.at(t) }.to_picture()).into();
        drawn.showing.control = true;
        pictures.push(NetworkFrame { size: cell, planes: drawn.at(0.7) }.to_picture());
        pictures.push(enlarged(&small, 4));
        for (column, picture) in pictures.iter().enumerate() {
            for y in 0..256 {
                let from = y * 320 * 3;
                let to = 3 * ((row * 260 + y) * 4 * 324 + column * 324);
                sheet.rgb[to..to + 960].copy_from_slice(&picture.rgb[from..from + 960]);
            }
        }
    }
    image::save_buffer(path, &sheet.rgb, sheet.size.width, sheet.size.height, image::ColorType::Rgb8).unwrap();
}

fn enlarged(picture: &Picture, factor: u32) -> Picture {
    let size = PixelSize::new(picture.size.width * factor, picture.size.height * factor);
    let mut rgb = Vec::new();
    for y in 0..size.height {
        for x in 0..size.width {
            let from = 3 * ((y / factor) * picture.size.width + x / factor) as usize;
            rgb.extend_from_slice(&picture.rgb[from..from + 3]);
        }
    }
    Picture { size, rgb }
}

#[test]
fn every_built_in_parses_validates_and_compiles() {
    let all = catalogue::built_in();
    assert_eq!(all.len(), 10);
    for one in &all {
        compose::validate(one).unwrap_or_else(|error| panic!("{}: {error}", one.slug));
        Program::new(gpu(), &compose::compose(one)).unwrap();
    }
    let _ = Kind::Illusion;
}
