/*---
name    = "Contrast asynchrony"
family  = "brightness and contrast"
percept = "Two discs brighten and darken together, yet they seem to take turns: one winks while the other does not."
look    = "Attend to both discs at once. Judge when each is brightest, then when each stands out most."
papers  = ["Shapiro et al. 2004"]
readout = "brightness"
human   = "Luminance can be followed at 1 Hz; the contrast, in antiphase, wins from 2 to 6 Hz (Shapiro et al. 2004)."
flash   = "none"

param = [
  { name = "surround_contrast", min = 0, max = 0.9, default = 0.5, about = "How much darker and lighter than the mean the two surrounds are" },
  { name = "amplitude", min = 0, max = 0.9, default = 0.375, about = "Modulation of both discs, relative to the mean" },
  { name = "temporal_frequency", unit = "Hz", min = 0.1, max = 6, default = 1, about = "Cycles of light a second" },
  { name = "diameter", unit = "deg", min = 1, max = 6, default = 3.2, about = "Diameter of the discs" },
  { name = "surround_width", unit = "deg", min = 0, max = 3, default = 2.2, about = "Width of the rings round them" },
  { name = "phase", unit = "deg", min = 0, max = 180, default = 0, about = "By how much the right disc lags" },
]
preset = [
  { name = "Shapiro et al. 2004: 25 to 55 on 20 and 60 cd/m2", values = { amplitude = 0.375, surround_contrast = 0.5 } },
  { name = "Fast: the contrast wins", values = { temporal_frequency = 3 } },
  { name = "Opposite phase, seen as together", values = { phase = 180 } },
]
measure = { of = "brightness" }
control = { surround_contrast = 0 }
control_note = "On equal surrounds the discs are seen to change together, as they do."
---*/
const MEAN_LIGHT = 0.4;
const APART = 4.6;

fn middle(is_right: bool) -> vec2f {
    return vec2f(select(-APART, APART, is_right), 0.0);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let is_right = at.x > 0.0;
    let place = at - middle(is_right);
    let side = select(-1.0, 1.0, is_right);
    let lag = select(0.0, p.phase / 360.0, is_right);
    let wave = sin(TAU * (fract(p.temporal_frequency * t) - lag));
    // The dark surround is on the left.
    let surround = MEAN_LIGHT * (1.0 + side * p.surround_contrast);
    var light = mix(MEAN_LIGHT, surround, disc(place, 0.5 * p.diameter + min(p.surround_width, APART - 0.5 * p.diameter - 0.2)));
    light = mix(light, MEAN_LIGHT * (1.0 + p.amplitude * wave), disc(place, 0.5 * p.diameter));
    return mix(vec3f(light), vec3f(0.02), disc(at, 0.15));
}

// The disc that its dark surround makes lighter, and the other.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(disc(at - middle(false), 0.42 * p.diameter), disc(at - middle(true), 0.42 * p.diameter));
}
