//! A training that takes seconds: pictures to learn from, and a recipe.

use std::path::Path;

/// A picture with edges and colours, different for every number.
fn picture(path: &Path, number: u32, (width, height): (u32, u32)) {
    let color = |x: u32, y: u32| {
        let wave = |k: u32| (128.0 + 100.0 * (f64::from(x * k + y * (number % 5 + 1)) * 0.11).sin()) as u8;
        image::Rgb([wave(1), wave(2 + number % 3), wave(3)])
    };
    image::RgbImage::from_fn(width, height, color).save(path).unwrap();
}

/// A folder with two panoramas, one held out, and a film of pictures.
pub(crate) fn data() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("panoramas")).unwrap();
    std::fs::create_dir(folder.path().join("film")).unwrap();
    for (number, name) in ["square", "kept", "wood"].into_iter().enumerate() {
        picture(&folder.path().join(format!("panoramas/{name}.png")), number as u32, (128, 64));
    }
    (0..12).for_each(|n| picture(&folder.path().join(format!("film/{n}.png")), n, (40, 30)));
    folder
}

/// A recipe for it, of 1600 frames.
pub(crate) const RECIPE: &str = r#"
    name = "tiny"
    title = "Tiny"
    never_shown = "Nothing but waves was shown."
    [network]
    widths = [3, 8]
    size = { width = 24, height = 16 }
    [training]
    frames = 1600
    batch = 2
    window = 5
    lengths = [10, 20]
    loss = "l_0"
    learning_rate = 3e-3
    hold = 0.6
    last_rate = 0.1
    clip_norm = 5.0
    seed = 7
    [diet]
    held_out = ["kept"]
    [[diet.panorama]]
    weight = 2.0
    files = ["panoramas"]
    credit = "waves, CC0"
    [[diet.video]]
    weight = 1.0
    files = ["film"]
    credit = "a film, MIT"
    [[diet.objects]]
    weight = 1.0
    files = ["panoramas"]
    credit = "waves"
    [[diet.still]]
    weight = 1.0
    files = ["panoramas"]
    credit = "waves"
"#;
