//! A picture as its source has it: RGB, or video's own planes, which are turned into RGB only when somebody asks.

use std::sync::{Arc, OnceLock};

use super::Picture;
use crate::units::PixelSize;

/// Rows of bytes with what lies between their starts.
#[derive(Clone, Copy, Debug)]
pub struct Plane<'a> {
    /// All of them.
    pub bytes: &'a [u8],
    /// Bytes from one row to the next.
    pub stride: usize,
}

/// The three planes of a frame in 4:2:0 of 8 bits: the second and third have half as many columns and rows (rounded
/// up), which lie about the middles of the pixels that they stand for.
#[derive(Clone, Copy, Debug)]
pub struct Planes<'a> {
    /// Brightness (Y').
    pub luma: Plane<'a>,
    /// Blue difference (Cb).
    pub blue: Plane<'a>,
    /// Red difference (Cr).
    pub red: Plane<'a>,
}

/// What the values of [`Planes`] mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decoding {
    /// Weight of red in brightness.
    pub kr: f32,
    /// Weight of blue in brightness.
    pub kb: f32,
    /// Whether black and white are 0 and 255 (full) or 16 and 235 (limited).
    pub full_range: bool,
}

impl Decoding {
    /// For red, green and blue: what brightness, blue and red difference (0 to 255, also between whole numbers) are
    /// multiplied with, and what is added. The sums are sRGB-coded, in 0..1 where the values are of a colour that there
    /// is, else beyond.
    #[must_use]
    pub fn matrix(self) -> [[f32; 4]; 3] {
        let (black, white, reach) = if self.full_range { (0.0, 255.0, 255.0) } else { (16.0, 219.0, 224.0) };
        let kg = 1.0 - self.kr - self.kb;
        let (red, blue) = (2.0 * (1.0 - self.kr), 2.0 * (1.0 - self.kb));
        [[0.0, red], [-blue * self.kb / kg, -red * self.kr / kg], [blue, 0.0]].map(|[blue, red]| {
            let [y, cb, cr] = [1.0 / white, blue / reach, red / reach];
            [y, cb, cr, -black * y - 128.0 * (cb + cr)]
        })
    }
}

/// A frame in the coding of its source.
pub trait Coded: std::fmt::Debug + Send + Sync {
    /// Its planes and what they mean; `None` where they end too early.
    fn planes(&self) -> Option<(Planes<'_>, Decoding)>;
    /// All of it as RGB.
    fn to_picture(&self) -> Arc<Picture>;
}

/// A picture of a source. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Image {
    /// Columns and rows.
    pub size: PixelSize,
    coded: Option<Arc<dyn Coded>>,
    rgb: Arc<OnceLock<Arc<Picture>>>,
}

impl Image {
    /// A frame of `size` that is converted when it is asked for.
    #[must_use]
    pub fn coded(size: PixelSize, coded: Arc<dyn Coded>) -> Self {
        Self { size, coded: Some(coded), rgb: Arc::default() }
    }

    /// The whole picture as RGB: converted at the first call, which takes about half a nanosecond a pixel.
    #[must_use]
    pub fn picture(&self) -> &Arc<Picture> {
        self.rgb.get_or_init(|| {
            let coded = self.coded.as_ref().map(|coded| coded.to_picture());
            coded.unwrap_or_else(|| Picture::uniform(self.size, [128; 3]).into())
        })
    }

    /// The planes that it is coded in; `None` where it is RGB.
    #[must_use]
    pub fn planes(&self) -> Option<(Planes<'_>, Decoding)> {
        self.coded.as_ref()?.planes()
    }

    /// Whether both are the same picture, and not only alike.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.rgb, &other.rgb)
    }
}

impl From<Arc<Picture>> for Image {
    fn from(picture: Arc<Picture>) -> Self {
        let size = picture.size;
        Self { size, coded: None, rgb: Arc::new(OnceLock::from(picture)) }
    }
}

impl From<Picture> for Image {
    fn from(picture: Picture) -> Self {
        Arc::new(picture).into()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[derive(Debug, Default)]
    struct Counted(AtomicUsize);

    impl Coded for Counted {
        fn planes(&self) -> Option<(Planes<'_>, Decoding)> {
            None
        }

        fn to_picture(&self) -> Arc<Picture> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Picture::uniform(PixelSize::new(2, 1), [1, 2, 3]).into()
        }
    }

    #[test]
    fn a_frame_is_converted_once_and_only_when_asked_for() {
        let coded = Arc::new(Counted::default());
        let image = Image::coded(PixelSize::new(2, 1), coded.clone());
        let again = image.clone();
        assert_eq!(coded.0.load(Ordering::Relaxed), 0);
        assert_eq!(image.picture().rgb, again.picture().rgb);
        assert_eq!(coded.0.load(Ordering::Relaxed), 1);
        assert!(image.is(&again) && !image.is(&Image::from(Arc::clone(image.picture()))));
    }

    fn rgb(decoding: Decoding, luma: f32, blue: f32, red: f32) -> [f32; 3] {
        decoding.matrix().map(|row| row[0] * luma + row[1] * blue + row[2] * red + row[3])
    }

    #[test]
    fn grey_black_and_white_are_what_the_standard_says() {
        for (full_range, black, white) in [(true, 0.0, 255.0), (false, 16.0, 235.0)] {
            let decoding = Decoding { kr: 0.2126, kb: 0.0722, full_range };
            for (luma, wanted) in [(black, 0.0), (white, 1.0), (f32::midpoint(black, white), 0.5)] {
                assert!(rgb(decoding, luma, 128.0, 128.0).iter().all(|value| (value - wanted).abs() < 1e-5));
            }
        }
        // BT.601, full range: pure red.
        let bt601 = Decoding { kr: 0.299, kb: 0.114, full_range: true };
        let [r, g, b] = rgb(bt601, 76.245, 84.972, 255.5);
        assert!((r - 1.0).abs() < 1e-3 && g.abs() < 1e-3 && b.abs() < 1e-3, "{r} {g} {b}");
    }
}
