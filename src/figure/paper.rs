//! The sheet that a figure is drawn on: its size, its type size, its inks.

/// Points (1/72 inch) in a millimetre.
pub const POINTS_PER_MM: f64 = 72.0 / 25.4;
/// Width of one column in most journals, in millimetres.
pub const SINGLE_COLUMN_MM: f64 = 89.0;
/// Width of two columns in most journals, in millimetres.
pub const DOUBLE_COLUMN_MM: f64 = 183.0;

/// Text and first series.
pub const INK: &str = "#1c1c1e";
/// Axes and ticks.
pub const AXIS: &str = "#48484a";
/// Events, notes, provenance.
pub const GREY: &str = "#6c6c70";
/// The line at zero.
pub const FAINT: &str = "#d1d1d6";

/// Size of a figure on paper.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct PaperSize {
    /// Width in millimetres.
    pub width_mm: f64,
    /// Height in millimetres.
    pub height_mm: f64,
    /// Size of labels in points; titles are a little larger, notes a little smaller.
    pub font_pt: f64,
}

impl PaperSize {
    /// One column wide, as high as `panels` panels need.
    #[must_use]
    pub fn single_column(panels: usize) -> Self {
        Self { width_mm: SINGLE_COLUMN_MM, height_mm: 30.0 + 36.0 * panels.max(1) as f64, font_pt: 7.0 }
    }

    /// Two columns wide, as high as `panels` panels need.
    #[must_use]
    pub fn double_column(panels: usize) -> Self {
        Self { width_mm: DOUBLE_COLUMN_MM, height_mm: 26.0 + 44.0 * panels.max(1) as f64, font_pt: 8.0 }
    }

    /// The nearest size that can be drawn: 20 to 2000 mm a side, 4 to 48 pt; what is not a number becomes
    /// two columns wide, four to three, 8 pt.
    #[must_use]
    pub fn clamped(self) -> Self {
        let within = |value: f64, low: f64, high: f64, instead: f64| {
            if value.is_finite() { value.clamp(low, high) } else { instead }
        };
        let width_mm = within(self.width_mm, 20.0, 2000.0, DOUBLE_COLUMN_MM);
        Self {
            width_mm,
            height_mm: within(self.height_mm, 20.0, 2000.0, width_mm * 0.75),
            font_pt: within(self.font_pt, 4.0, 48.0, 8.0),
        }
    }

    /// Width and height in points.
    #[must_use]
    pub fn points(self) -> (f64, f64) {
        (self.width_mm * POINTS_PER_MM, self.height_mm * POINTS_PER_MM)
    }
}
