//! Zoom and pan, shared by all pictures so that the same place is under the same spot in each.

/// Most magnification.
const MAX_ZOOM: f32 = 32.0;

/// Which part of a picture fills its frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Lens {
    center: [f32; 2],
    zoom: f32,
}

impl Default for Lens {
    fn default() -> Self {
        Self { center: [0.5; 2], zoom: 1.0 }
    }
}

impl Lens {
    /// Left, top, right, bottom of the part, in 0..1 of the picture.
    pub(crate) fn window(self) -> [f32; 4] {
        let half = 0.5 / self.zoom;
        let [x, y] = self.center;
        [x - half, y - half, x + half, y + half]
    }

    /// Magnification, 1 for the whole picture.
    pub(crate) const fn zoom(self) -> f32 {
        self.zoom
    }

    /// Place in the picture (0..1) under a place in the frame (0..1).
    pub(crate) fn to_picture(self, frame: [f32; 2]) -> [f32; 2] {
        let [left, top, right, bottom] = self.window();
        [left + frame[0] * (right - left), top + frame[1] * (bottom - top)]
    }

    /// Place in the frame (0..1, or outside) of a place in the picture.
    pub(crate) fn to_frame(self, picture: [f32; 2]) -> [f32; 2] {
        let [left, top, right, bottom] = self.window();
        [(picture[0] - left) / (right - left), (picture[1] - top) / (bottom - top)]
    }

    /// Magnifies by `factor` and keeps the place under `frame` where it is.
    pub(crate) fn zoom_about(&mut self, frame: [f32; 2], factor: f32) {
        let fixed = self.to_picture(frame);
        self.zoom = (self.zoom * factor).clamp(1.0, MAX_ZOOM);
        for axis in 0..2 {
            self.center[axis] = fixed[axis] + (0.5 - frame[axis]) / self.zoom;
        }
        self.keep_inside();
    }

    /// Moves the picture by a part of the frame.
    pub(crate) fn pan(&mut self, frame_delta: [f32; 2]) {
        for (center, delta) in self.center.iter_mut().zip(frame_delta) {
            *center -= delta / self.zoom;
        }
        self.keep_inside();
    }

    fn keep_inside(&mut self) {
        let half = 0.5 / self.zoom;
        for center in &mut self.center {
            *center = center.clamp(half, 1.0 - half);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: [f32; 2], b: [f32; 2]) -> bool {
        a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5)
    }

    #[test]
    fn the_place_under_the_pointer_stays_when_zooming() {
        let mut lens = Lens::default();
        lens.zoom_about([0.6, 0.4], 2.0);
        let place = lens.to_picture([0.6, 0.4]);
        assert!(near(place, [0.6, 0.4]), "{place:?}");
        lens.zoom_about([0.2, 0.9], 1.5);
        assert!(near(lens.to_frame(lens.to_picture([0.3, 0.3])), [0.3, 0.3]));
    }

    #[test]
    fn nothing_outside_the_picture_is_ever_shown() {
        let mut lens = Lens::default();
        lens.pan([5.0, -5.0]);
        assert_eq!(lens.window(), [0.0, 0.0, 1.0, 1.0]);
        lens.zoom_about([0.0, 0.0], 4.0);
        lens.pan([-9.0, -9.0]);
        let [left, top, right, bottom] = lens.window();
        assert!(left >= 0.0 && top >= 0.0 && right <= 1.0001 && bottom <= 1.0001);
        lens.zoom_about([0.5, 0.5], 0.0001);
        assert_eq!(lens.zoom(), 1.0);
    }
}
