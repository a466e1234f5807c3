/*---
name    = "Müller-Lyer"
family  = "geometry"
percept = "Of two equally long lines, the one whose fins point outward looks longer."
look    = "Compare the shafts; do not mind the fins."
papers  = ["Müller-Lyer 1889", "Judd 1902", "Makowski, Lau, Pham, Boyce & Chen 2021"]
readout = "position"
human   = "Less with practice, but back in full when the figure is turned left to right (Judd 1902)."
flash   = "none"

param = [
  { name = "strength", min = -1, max = 1, default = 1, about = "How far the fins lean: 0 upright, -1 exchanges the lines" },
  { name = "difference", unit = "%", min = -50, max = 50, default = 0, about = "By how much the upper shaft really is longer" },
  { name = "shaft_length", unit = "deg", min = 4, max = 11, default = 8, about = "Length of the lower shaft" },
  { name = "fin_length", unit = "deg", min = 0.5, max = 3.5, default = 2.4, about = "Length of each fin" },
]
preset = [
  { name = "Müller-Lyer 1889", values = { strength = 1 } },
  { name = "Short fins", values = { fin_length = 1 } },
  { name = "Made to look equal", values = { difference = -20 } },
]
measure = { of = "position" }
control = { strength = 0 }
control_note = "With upright fins both lines look equally long."
---*/
const WIDTH = 0.55;
const ROW = 3.8;

// A shaft of half length `half` with fins that lean outward by `lean` (radians from upright).
fn figure(at: vec2f, half: f32, lean: f32) -> f32 {
    let place = abs(at);
    let shaft = box(at, vec2f(2.0 * half + WIDTH, WIDTH));
    let along = rotate(place - vec2f(half, 0.0), lean);
    let fin = box(along - vec2f(0.0, 0.5 * p.fin_length), vec2f(WIDTH, p.fin_length + WIDTH));
    return max(shaft, fin);
}

fn halves() -> vec2f {
    let half = 0.5 * p.shaft_length;
    return vec2f(half * (1.0 + 0.01 * p.difference), half);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let lean = radians(50.0) * p.strength;
    let half = halves();
    let ink = max(figure(at - vec2f(0.0, ROW), half.x, lean), figure(at + vec2f(0.0, ROW), half.y, -lean));
    return mix(grey(), vec3f(0.01), ink);
}

// The right and the left end of the upper shaft: apart when it is expected to be longer.
fn region(at: vec2f, t: f32) -> vec2f {
    let end = vec2f(halves().x, ROW);
    return vec2f(disc(at - end, 1.8), disc(at - end * vec2f(-1.0, 1.0), 1.8));
}
