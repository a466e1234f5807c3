/*---
name    = "Footsteps"
family  = "motion"
percept = "A light and a dark block glide side by side at one steady speed, but seem to step in turn like two feet."
look    = "Look between the two blocks, or away from them: the stepping is strongest beside the gaze."
papers  = ["Anstis 2001", "Anstis 2003", "Anstis 2004"]
readout = "flow"
human   = "A block looks faster while its edges have high contrast to the stripes under them, and nearly stops where the contrast is low (Anstis 2003)."
flash   = "none"

param = [
  { name = "stripe_contrast", min = 0, max = 1, default = 0.95, about = "Contrast of the stripes; 0 is plain grey" },
  { name = "speed", unit = "deg/s", min = -10, max = 10, default = 1.5, about = "Speed to the right" },
  { name = "stripe", unit = "deg", min = 0.5, max = 3, default = 1.5, about = "Width of one stripe; a block is two stripes long" },
  { name = "light", unit = "%", min = 30, max = 80, default = 75, about = "Luminance of the light block" },
  { name = "dark", unit = "%", min = 0, max = 24, default = 5, about = "Luminance of the dark block" },
  { name = "colour", min = 0, max = 1, default = 1, step = 1, choices = ["grey", "yellow and blue"], about = "Colour of the blocks, at the same luminance" },
]
preset = [
  { name = "After Anstis 2003: blue and yellow", values = { colour = 1 } },
  { name = "Grey blocks", values = { colour = 0 } },
  { name = "Narrow stripes, quick steps", values = { stripe = 0.8, speed = 2 } },
]
measure = { of = "translation", from_s = 0.5, to_s = 6.5 }
control = { stripe_contrast = 0 }
control_note = "On a plain ground both are seen to glide evenly."
---*/
const MEAN_LIGHT = 0.45;
const ABOVE = 3.0;
const HEIGHT = 2.2;

// Middle of the blocks; they leave on one side and come in on the other.
fn middle(t: f32) -> f32 {
    let lap = view.field_deg.x + 2.0 * p.stripe + 1.0;
    return lap * (fract(p.speed * t / lap + 0.35) - 0.5);
}

// -1 on the dark stripes and 1 on the light ones, softened over `soft` degrees.
fn stripes(x: f32, soft: f32) -> f32 {
    let u = fract(0.5 * x / p.stripe) - 0.5;
    let to_edge = (0.25 - abs(abs(u) - 0.25)) * 2.0 * p.stripe;
    return select(-1.0, 1.0, u > 0.0) * clamp(2.0 * to_edge / max(soft, 1e-6), 0.0, 1.0);
}

// The light block (x) and the dark one (y), larger by a margin.
fn blocks(at: vec2f, t: f32, margin: f32) -> vec2f {
    let size = vec2f(2.0 * p.stripe, HEIGHT) + 2.0 * margin;
    let place = vec2f(at.x - middle(t), at.y);
    return vec2f(box(place - vec2f(0.0, ABOVE), size), box(place + vec2f(0.0, ABOVE), size));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let ground = vec3f(MEAN_LIGHT * (1.0 + p.stripe_contrast * stripes(at.x, view.pixel_deg)));
    let yellow = vec3f(1.0, 0.83, 0.08);
    let blue = vec3f(0.06, 0.16, 0.75);
    // The ranges end where the hues can give no more light.
    let light = min(yellow * 0.01 * p.light / luminance(yellow), vec3f(1.0));
    let dark = min(blue * 0.01 * p.dark / luminance(blue), vec3f(1.0));
    let is_grey = p.colour < 0.5;
    let covered = blocks(at, t, 0.0);
    var colour = mix(ground, select(light, vec3f(0.01 * p.light), is_grey), covered.x);
    colour = mix(colour, select(dark, vec3f(0.01 * p.dark), is_grey), covered.y);
    return mix(colour, vec3f(0.75, 0.05, 0.03), disc(at, 0.2));
}

// The block whose edges have the higher contrast at this moment, and the other: both edges are always on stripes
// of one kind, the light block's contrast being high on the dark ones.
fn region(at: vec2f, t: f32) -> vec2f {
    let both = blocks(at, t, 0.4);
    return select(both, both.yx, stripes(middle(t) - p.stripe, 0.0) > 0.0);
}
