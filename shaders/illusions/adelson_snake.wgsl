/*---
name    = "Snake illusion"
family  = "brightness and contrast"
percept = "All diamonds have the same grey. Those in the dark strip look much lighter than the others, as if a dark filter lay over them."
look    = "Compare the middle row of diamonds with the rows above and below."
papers  = ["Adelson 1993", "Adelson 2000", "Logvinenko & Ross 2005"]
readout = "brightness"
human   = "Much stronger than plain simultaneous contrast (Logvinenko & Ross 2005); in the anti-snake, where each diamond has the same neighbours, they look nearly the same (Adelson 2000)."
flash   = "none"

param = [
  { name = "transmittance", unit = "%", min = 15, max = 100, default = 30, about = "Of the dark strip; the dark columns have as much less: 100 leaves neither" },
  { name = "arrangement", min = 0, max = 1, default = 0, step = 1, choices = ["snake", "anti-snake"], about = "Anti-snake: the middle strip is shifted by one column and no longer looks like a filter" },
  { name = "intensity_target", unit = "%", min = 0, max = 100, default = 42, about = "Luminance of all diamonds" },
  { name = "intensity_light", unit = "%", min = 30, max = 100, default = 88, about = "Luminance of the lightest parts" },
  { name = "target_size", unit = "deg", min = 1, max = 2.8, default = 2.3, about = "Width and height of the diamonds" },
]
preset = [
  { name = "After Adelson 2000: snake", values = { arrangement = 0 } },
  { name = "After Adelson 2000: anti-snake", values = { arrangement = 1 } },
  { name = "Weak filter", values = { transmittance = 55 } },
]
measure = { of = "brightness" }
control = { arrangement = 1 }
control_note = "The anti-snake: each diamond keeps its neighbours, but the edges of the strips no longer agree with a filter, and the diamonds look far more alike."
---*/
const COLUMN = 3.0;
const STRIP = 4.0;
const PANEL = vec2f(18.0, 12.0);
const BUMP = vec2f(1.1, 0.75);

// Diamonds on the lines between columns, in the middle of each strip.
fn diamonds(at: vec2f) -> f32 {
    let nearest = vec2f(clamp(round(at.x / COLUMN), -2.0, 2.0), clamp(round(at.y / STRIP), -1.0, 1.0));
    let place = abs(at - nearest * vec2f(COLUMN, STRIP));
    return smooth_edge((0.5 * p.target_size - place.x - place.y) * sqrt(0.5));
}

// 1 where the surface is light, 0 where it is dark: columns, with an ellipse of the other kind in each of them on
// every edge of a strip.
fn surface(at: vec2f) -> f32 {
    let u = fract(0.5 * at.x / COLUMN + 0.25);
    let column = smooth_edge(2.0 * COLUMN * (0.25 - abs(u - 0.5)));
    let place = vec2f((fract(at.x / COLUMN) - 0.5) * COLUMN, abs(at.y) - 0.5 * STRIP);
    // Distance to the ellipse, to first order.
    let scaled = place / BUMP;
    let steepness = max(2.0 * length(scaled / BUMP), 1e-3);
    let bump = smooth_edge((1.0 - dot(scaled, scaled)) / steepness);
    return mix(column, 1.0 - column, bump);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let passed = 0.01 * p.transmittance;
    let in_strip = smooth_edge(0.5 * STRIP - abs(at.y));
    let is_light = surface(at);
    let is_light_below = mix(is_light, 1.0 - is_light, p.arrangement);
    let bright = mix(passed, 1.0, is_light);
    let dimmed = passed * mix(passed, 1.0, is_light_below);
    let ground = p.intensity_light * mix(bright, dimmed, in_strip);
    let light = 0.01 * mix(ground, p.intensity_target, diamonds(at));
    return mix(vec3f(0.05), vec3f(light), box(at, PANEL));
}

// Diamonds of the dark strip, which look lighter, against all others.
fn region(at: vec2f, t: f32) -> vec2f {
    let in_strip = smooth_edge(0.5 * STRIP - abs(at.y));
    return diamonds(at) * vec2f(in_strip, 1.0 - in_strip);
}
