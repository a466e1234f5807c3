//! Illusions against pictures of the same made by other people's packages (`scripts/golden/gallery.py`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use percept::param::ParamValues;
use percept::stimulus::illusion::catalogue;
use percept::units::PixelSize;

use crate::drawn::{Drawn, Light};

/// How many pictures must be compared at least: fewer means that an illusion or a parameter got another name.
const MIN_COMPARED: usize = 32;
/// Light that differs by no more counts as the same: half of it is what the edge of a pixel that both cut otherwise makes.
const SAME: f64 = 0.04;

#[derive(serde::Deserialize)]
struct Gallery {
    picture: Vec<Picture>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Picture {
    slug: String,
    file: String,
    made_by: String,
    set: BTreeMap<String, f64>,
    time_s: f64,
    /// Part of the pixels whose light may differ by more than [`SAME`].
    apart: f64,
    /// Greatest mean difference of the light.
    mean: f64,
    /// Greatest difference of any pixel's light.
    most: f64,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/gallery")
}

fn pictures() -> Vec<Picture> {
    let text = std::fs::read_to_string(folder().join("gallery.toml")).unwrap();
    toml::from_str::<Gallery>(&text).unwrap().picture
}

/// Why there is nothing to compare with, or the illusion as the picture has it.
fn drawn(picture: &Picture) -> Result<Drawn, String> {
    let built_in = catalogue::built_in();
    let illusion = catalogue::find(&built_in, &picture.slug).map_err(|_| "is not built in".to_owned())?;
    let mut values = ParamValues::default();
    for (name, value) in &picture.set {
        values.set(&illusion.card.params, name, *value).map_err(|error| error.to_string())?;
        let param = illusion.card.params.iter().find(|param| param.name == *name).unwrap();
        assert!(
            (values.get(param) - value).abs() < 1e-9,
            "{}: {name} = {value} is out of range",
            picture.file
        );
    }
    let mut drawn = Drawn::of(illusion.clone());
    drawn.showing.values = values;
    Ok(drawn)
}

/// What is wrong with the illusion, or nothing.
fn fault(picture: &Picture, ours: &Light, theirs: &[u8]) -> Option<String> {
    let width = ours.size.width as usize;
    let apart: Vec<f64> =
        ours.values.iter().zip(theirs).map(|(a, b)| (a - f64::from(*b) / 255.0).abs()).collect();
    let many = apart.iter().filter(|difference| **difference > SAME).count() as f64 / apart.len() as f64;
    let mean = apart.iter().sum::<f64>() / apart.len() as f64;
    let worst = (0..apart.len()).max_by(|&a, &b| apart[a].total_cmp(&apart[b])).unwrap();
    let (column, row) = (worst % width, worst / width);
    let place =
        |pixel: usize, count: u32| (pixel as f64 + 0.5 - f64::from(count) / 2.0) * ours.degrees_per_pixel;
    (many > picture.apart || mean > picture.mean || apart[worst] > picture.most).then(|| {
        format!(
            "{} by {}: {:.2} % of the pixels are apart (up to {:.2} %), on average {mean:.4} (up to {}), at most {:.3} (up to {}); worst at \
             column {column}, row {row} ({:.2}, {:.2} deg): {:.3}, not {:.3}",
            picture.file,
            picture.made_by,
            100.0 * many,
            100.0 * picture.apart,
            picture.mean,
            apart[worst],
            picture.most,
            place(column, ours.size.width),
            -place(row, ours.size.height),
            ours.values[worst],
            f64::from(theirs[worst]) / 255.0,
        )
    })
}

#[test]
fn illusions_are_what_other_packages_make_of_the_same_parameters() {
    let mut compared = 0;
    let mut faults = Vec::new();
    for picture in pictures() {
        let theirs = image::open(folder().join(&picture.file)).unwrap().into_luma8();
        let mut drawn = match drawn(&picture) {
            Ok(drawn) => drawn,
            Err(why) => {
                println!("{} is skipped: {} {why}", picture.file, picture.slug);
                continue;
            }
        };
        drawn.size = PixelSize::new(theirs.width(), theirs.height());
        faults.extend(fault(&picture, &drawn.light(picture.time_s), theirs.as_raw()));
        compared += 1;
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(compared >= MIN_COMPARED, "only {compared} pictures were compared");
}

#[test]
fn a_picture_that_is_one_pixel_off_is_found() {
    let picture = pictures().into_iter().find(|picture| picture.slug == "delboeuf").unwrap();
    let theirs = image::open(folder().join(&picture.file)).unwrap().into_luma8();
    let mut shifted = drawn(&picture).unwrap();
    shifted.size = PixelSize::new(theirs.width(), theirs.height());
    shifted.jitter_deg = [0.125, 0.0];
    let found = fault(&picture, &shifted.light(0.0), theirs.as_raw()).unwrap();
    assert!(found.contains("delboeuf") && found.contains("worst at column"), "{found}");
}
