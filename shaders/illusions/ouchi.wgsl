/*---
name    = "Ouchi figure"
family  = "motion"
percept = "The disc of upright checks comes loose from the lying checks around it and slides about when the picture, or your eye, moves."
look    = "Let your eyes wander, or watch the picture sway: all of it sways as one."
papers  = ["Ouchi 1977", "Spillmann, Heitger & Schuller 1986", "Hine, Cook & Rogers 1995", "Fermüller, Pless & Aloimonos 2000", "Spillmann 2013"]
readout = "flow"
human   = "Slides most when the pattern moves obliquely, then across the long sides of its checks; needs coarse checks and a difference in luminance (Spillmann 2013)."
flash   = "none"
stripes = true

param = [
  { name = "aspect", min = 1, max = 6, default = 4, about = "Length of the checks over their width" },
  { name = "orientation", unit = "deg", min = 0, max = 90, default = 90, about = "Of the checks in the disc against those around it; 0 is alike" },
  { name = "sway", unit = "deg", min = 0, max = 1.5, default = 0.5, about = "How far the whole picture goes to and fro along the diagonal; 0 leaves it to your eyes" },
  { name = "frequency", unit = "Hz", min = 0.1, max = 2, default = 0.5, about = "Sways a second" },
  { name = "width", unit = "deg", min = 0.5, max = 2, default = 0.8, about = "Width of the checks" },
  { name = "radius", unit = "deg", min = 1, max = 5.5, default = 4, about = "Radius of the disc" },
]
preset = [
  { name = "Ouchi 1977: a still", values = { sway = 0 } },
  { name = "Large checks", values = { width = 1.2 } },
  { name = "Short checks", values = { aspect = 2 } },
]
measure = { of = "translation", direction_deg = -45, from_s = 0.5, to_s = 6.5 }
control = { orientation = 0 }
control_note = "All checks lie the same way: the disc is only another phase of the pattern and stays put."
---*/

// Checks of -1 and 1, long along x, with edges softened over a pixel; faded where a pixel holds two or more.
fn checks(at: vec2f) -> f32 {
    let size = vec2f(p.width * p.aspect, p.width);
    let wave = (abs(fract(at / (2.0 * size)) - 0.5) - 0.25) * 2.0 * size;
    let soft = clamp(wave / view.pixel_deg, vec2f(-0.5), vec2f(0.5)) * 2.0;
    return soft.x * soft.y * clamp(2.0 * p.width / view.pixel_deg - 1.0, 0.0, 1.0);
}

fn sway_turn(t: f32) -> f32 {
    return TAU * fract(p.frequency * t);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let place = at - p.sway * sqrt(0.5) * vec2f(sin(sway_turn(t)));
    let inner = checks(rotate(place, -radians(p.orientation)) + 0.5 * p.width * vec2f(p.aspect, 1.0));
    let tone = mix(checks(place), inner, disc(place, p.radius));
    return vec3f(0.5 + 0.47 * tone);
}

// While all sways up and right the disc seems to go more to the right and what surrounds it more upwards: the disc (x)
// against the surround (y) along the other diagonal, exchanged on the way back.
fn region(at: vec2f, t: f32) -> vec2f {
    let ahead = cos(sway_turn(t));
    let inner = disc(at, p.radius - p.sway) * abs(ahead);
    let around = ring(at, p.radius + p.sway, p.radius + p.sway + 2.5) * abs(ahead);
    return select(vec2f(around, inner), vec2f(inner, around), ahead > 0.0);
}
