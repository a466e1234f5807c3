/*---
name    = "Fraser spiral"
family  = "geometry"
percept = "The cords are closed circles round one centre, yet they seem to wind outward as a spiral."
look    = "Follow one cord with a finger: it comes back to where it began."
papers  = ["Fraser 1908", "Popple & Sagi 2000"]
readout = "position"
human   = "A cord is seen to lean the way its strands do (Fraser 1908)."
flash   = "none"

param = [
  { name = "strength", min = -1, max = 1, default = 1, about = "Lean of the strands: 0 cuts the cords straight across, -1 winds the other way" },
  { name = "difference", unit = "%", min = -100, max = 100, default = 0, about = "Real spiral: how far a cord grows in a turn; at 100 % it joins the next one" },
  { name = "angle", unit = "deg", min = 20, max = 60, default = 27, about = "Between the strands and their cord at full strength" },
  { name = "strand", unit = "deg", min = 0.8, max = 2.5, default = 1.4, about = "Length of a strand along its cord" },
  { name = "cord_width", unit = "deg", min = 0.3, max = 1.1, default = 0.8, about = "Width of the cords" },
  { name = "contrast", min = 0, max = 1, default = 1, about = "How far light and dark strands differ from the ground" },
]
preset = [
  { name = "Fraser 1908", values = { strength = 1 } },
  { name = "Wound the other way", values = { strength = -1 } },
  { name = "Real spiral of straight cords", values = { strength = 0, difference = 100 } },
  { name = "Made to look like circles", values = { difference = -25 } },
]
measure = { of = "position" }
control = { strength = 0 }
control_note = "Strands cut straight across have no lean, and the circles are seen as circles."
---*/
const DISTANCE = 1.75;
const INNERMOST = 1.65;
const CORDS = 4.0;
const DARK = 0.005;
const LIGHT = 0.88;

// How far a cord has grown here; a real spiral has its step on the left.
fn growth(at: vec2f) -> f32 {
    return 0.01 * p.difference * (turn_of(-at) - 0.5) * DISTANCE;
}

// Radius of the nearest cord's middle, but for its growth.
fn circle_radius(at: vec2f) -> f32 {
    let number = round((length(at) - growth(at) - INNERMOST) / DISTANCE);
    return INNERMOST + clamp(number, 0.0, CORDS - 1.0) * DISTANCE;
}

fn on_cord(at: vec2f, width: f32) -> f32 {
    return smooth_edge(0.5 * width - abs(length(at) - growth(at) - circle_radius(at)));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let radius = circle_radius(at);
    let outward = length(at) - growth(at) - radius;
    // As many pairs of strands as fit a whole circle.
    let pairs = max(round(TAU * radius / (2.0 * p.strand)), 3.0);
    let lean = p.strength / tan(radians(p.angle));
    let u = fract(pairs * (turn_of(at) - lean * outward / (TAU * radius)));
    // From the edge between two strands, measured across it.
    let period = TAU * max(length(at), 0.1) / pairs;
    let across = period * (0.25 - abs(u - 0.5)) / sqrt(1.0 + lean * lean);
    let cord = mix(vec3f(DARK), vec3f(LIGHT), smooth_edge(across));
    return mix(grey(), cord, p.contrast * on_cord(at, p.cord_width));
}

// Right and left of the centre the cords run up and down: wound outward counter-clockwise, their upper arcs (x) are seen
// further to the right, and the lower ones (y) further to the left, than they are.
fn region(at: vec2f, t: f32) -> vec2f {
    let sides = on_cord(at, p.cord_width + 0.4) * smooth_edge(0.8 * abs(at.x) - abs(at.y));
    return sides * vec2f(smooth_edge(at.y - 0.25), smooth_edge(-at.y - 0.25));
}
