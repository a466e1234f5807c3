/*---
name    = "Motion-induced blindness"
family  = "stillness and fading"
percept = "Three bright yellow discs vanish for seconds, one or all, while the blue crosses turn round them. They are always there."
look    = "Fixate the green dot in the middle and attend to the yellow discs."
papers  = ["Grindley & Townsend 1965", "Bonneh, Cooperman & Sagi 2001", "New & Scholl 2008", "Bonneh & Donner 2011"]
readout = "brightness"
human   = "Discs go for several seconds and come back, mostly each for itself and always wholly (Bonneh, Cooperman & Sagi 2001; Bonneh & Donner 2011)."
flash   = "none"

param = [
  { name = "speed", unit = "deg/s", min = -180, max = 180, default = 60, about = "Rotation of the crosses, counter-clockwise" },
  { name = "mask", min = 0, max = 1, default = 1, about = "Contrast of the crosses" },
  { name = "discs", unit = "%", min = 5, max = 100, default = 85, about = "Luminance of the discs; bright ones vanish, too" },
  { name = "diameter", unit = "deg", min = 0.4, max = 1.6, default = 0.9, about = "Size of the discs" },
  { name = "free_zone", unit = "deg", min = 0, max = 2, default = 0.9, about = "Width round the discs where no cross may come" },
]
preset = [
  { name = "After Bonneh et al. 2001", values = { speed = 60 } },
  { name = "Slow", values = { speed = 12 } },
  { name = "Large discs", values = { diameter = 1.6 } },
  { name = "No crosses", values = { mask = 0 } },
]
measure = { of = "brightness" }
control = { speed = 0 }
control_note = "The crosses stand still: the discs stay in sight."
---*/
const SPACING_DEG = 1.5;
const ARM_DEG = 0.9;
const ARM_WIDTH = 0.26;
const PLACE_DEG = 3.6;

// How far the nearest disc's centre is.
fn from_disc(at: vec2f) -> f32 {
    var nearest = 100.0;
    for (var number = 0.0; number < 2.5; number += 1.0) {
        let angle = TAU * (0.25 + number / 3.0);
        nearest = min(nearest, length(at - PLACE_DEG * vec2f(cos(angle), sin(angle))));
    }
    return nearest;
}

fn crosses(at: vec2f) -> f32 {
    // A crossing-free middle: the fixation dot takes the place of the central cross.
    let cell = floor(at / SPACING_DEG + 0.5);
    let place = at - cell * SPACING_DEG;
    let cross = max(box(place, vec2f(ARM_DEG, ARM_WIDTH)), box(place, vec2f(ARM_WIDTH, ARM_DEG)));
    let is_inside = max(abs(cell.x), abs(cell.y)) < 3.5 && any(cell != vec2f(0.0));
    return select(0.0, cross, is_inside);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let away = from_disc(at);
    let turned = rotate(at, -TAU * fract(p.speed * t / 360.0));
    let free = smooth_edge(away - 0.5 * p.diameter - p.free_zone);
    let ground = vec3f(0.006, 0.007, 0.012);
    let blue = vec3f(0.04, 0.17, 0.95);
    var light = mix(ground, blue, p.mask * free * crosses(turned));
    // Yellow of that luminance.
    let yellow = vec3f(1.0, 0.9, 0.06) * (0.01 * p.discs);
    light = mix(light, yellow, smooth_edge(0.5 * p.diameter - away));
    return mix(light, vec3f(0.1, 0.6, 0.2), disc(at, 0.2));
}

// The free ground round the discs against the discs, which people see go.
fn region(at: vec2f, t: f32) -> vec2f {
    let beyond = from_disc(at) - 0.5 * p.diameter;
    let wide = max(p.free_zone, 0.4);
    return vec2f(smooth_edge(beyond - 0.15) * smooth_edge(wide - beyond), smooth_edge(-beyond - 0.05));
}
