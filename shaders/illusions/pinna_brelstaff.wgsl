/*---
name    = "Pinna-Brelstaff rings"
family  = "motion"
percept = "As the rings grow and shrink they seem to turn, the inner and the outer one in opposite directions. They only grow and shrink."
look    = "Fixate the dot in the middle. On a still, move your head towards it and back."
papers  = ["Pinna & Brelstaff 2000", "Gurnsey et al. 2002", "Pinna 2009"]
readout = "flow"
human   = "Seen at once, at right angles to the true motion and in proportion to its speed: the rings turn in opposite directions, and back when it reverses (Pinna 2009)."
flash   = "none"

param = [
  { name = "tilt", unit = "deg", min = -60, max = 60, default = 40, about = "Lean of the rhombi from the radius, opposite in the two rings" },
  { name = "growth", min = 0, max = 0.25, default = 0.12, about = "How much the rings grow and shrink: 0.1 is by a tenth; 0 is a still" },
  { name = "frequency", unit = "Hz", min = 0.05, max = 1, default = 0.3, about = "Growths and shrinkings a second" },
  { name = "elements", min = 8, max = 20, default = 14, step = 1, about = "Rhombi in the inner ring; the outer has as many as fit" },
  { name = "contrast", min = 0, max = 1, default = 0.9, about = "Of the light and the dark half of each rhombus" },
]
preset = [
  { name = "Pinna & Brelstaff 2000: a still to lean towards", values = { growth = 0 } },
  { name = "Turning the other way", values = { tilt = -40 } },
  { name = "Slight lean", values = { tilt = 15 } },
]
measure = { of = "rotation", from_s = 0.5, to_s = 7.0 }
control = { tilt = 0 }
control_note = "With rhombi along the radius the rings grow and shrink and do not turn."
---*/
const INNER_DEG = 2.7;
const OUTER_DEG = 4.45;
const HEIGHT = 1.2;

fn turn(t: f32) -> f32 {
    return TAU * fract(p.frequency * t);
}

// One ring of `count` rhombi that lean by `lean` radians, counter-clockwise on the way outwards: -1 the dark, 1 the
// light half, 0 elsewhere.
fn rhombi(at: vec2f, radius: f32, count: f32, lean: f32) -> f32 {
    let step = fract(turn_of(at) * count + 0.5) - 0.5;
    let away = length(at) - radius;
    let around = step / count * TAU * length(at);
    let width = 0.72 * TAU * radius / count;
    // Across the long edges.
    let across = (around - away * tan(lean)) * cos(lean);
    let tone = 2.0 * smooth_edge(across) - 1.0;
    return tone * smooth_edge(0.5 * width * cos(lean) - abs(across)) * smooth_edge(0.5 * HEIGHT - abs(away));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let place = at / (1.0 + p.growth * sin(turn(t)));
    let lean = radians(p.tilt);
    let outer_count = floor(p.elements * OUTER_DEG / INNER_DEG + 0.5);
    let tone = rhombi(place, INNER_DEG, p.elements, lean) + rhombi(place, OUTER_DEG, outer_count, -lean);
    let full = select(vec3f(0.01), vec3f(0.97), tone > 0.0);
    let light = mix(grey(), full, p.contrast * abs(tone));
    return mix(light, vec3f(0.02), disc(at, 0.22));
}

// The outer ring against the inner one while they grow, exchanged while they shrink.
fn region(at: vec2f, t: f32) -> vec2f {
    let place = at / (1.0 + p.growth * sin(turn(t)));
    let between = 0.5 * (INNER_DEG + OUTER_DEG);
    let inner = ring(place, 1.6, between);
    let outer = ring(place, between, OUTER_DEG + 1.1);
    return select(vec2f(inner, outer), vec2f(outer, inner), cos(turn(t)) > 0.0);
}
