//! A look at a diet before hours are spent on it: sequences in rows, a few frames of each.

use super::diet::Diet;
use super::feed::batch;
use super::moment::put;
use super::recipe::Recipe;
use crate::frame::{Picture, picture_of};
use crate::units::PixelSize;

/// Pixels between the frames.
const GAP: u32 = 2;

/// A contact sheet: `rows` sequences, `columns` frames of each, spread over its length.
#[must_use]
pub fn sheet(recipe: &Recipe, diet: &Diet, rows: u32, columns: u32) -> Picture {
    let size = recipe.network.size;
    let whole = PixelSize::new(columns * (size.width + GAP), rows * (size.height + GAP));
    let mut sheet = Picture::uniform(whole, [40; 3]);
    let mut row = 0;
    for index in 0.. {
        let batch = batch(recipe, diet, index);
        for sequence in &batch.sequences {
            if row == rows {
                return sheet;
            }
            let frame_len = sequence.len() / batch.frames;
            for column in 0..columns {
                let frame = column as usize * batch.frames / columns as usize;
                let planes = &sequence[frame * frame_len..(frame + 1) * frame_len];
                let at = (column * (size.width + GAP), row * (size.height + GAP));
                put(&mut sheet, &picture_of(planes, size, 3), at);
            }
            row += 1;
        }
    }
    sheet
}
