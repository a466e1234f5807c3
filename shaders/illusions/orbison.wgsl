/*---
name    = "Orbison and Ehrenstein"
family  = "geometry"
percept = "A true square lies on rings round one centre, and its straight sides seem to bow inward. On rays they seem to bow outward."
look    = "Look along one side of the square, from corner to corner."
papers  = ["Ehrenstein 1925", "Orbison 1939"]
readout = "position"
flash   = "none"

param = [
  { name = "strength", min = 0, max = 1, default = 1, about = "Contrast of the lines behind" },
  { name = "difference", unit = "%", min = -10, max = 10, default = 0, about = "By how much the sides really bow outward, in parts of their length" },
  { name = "ground", min = 0, max = 1, default = 0, step = 1, choices = ["rings", "rays"], about = "What lies behind the square; rays bow its sides the other way" },
  { name = "size", unit = "deg", min = 4, max = 10, default = 8.4, about = "Side of the square" },
  { name = "spacing", unit = "deg", min = 0.9, max = 2.5, default = 1.3, about = "From ring to ring; of rays, as they cross the middle of a side" },
  { name = "offset", unit = "deg", min = 0, max = 4, default = 0, about = "How far to the right of the square the lines have their centre" },
]
preset = [
  { name = "Ehrenstein 1925: rings", values = { ground = 0 } },
  { name = "Orbison 1939: rays", values = { ground = 1 } },
  { name = "Orbison 1939: off the centre", values = { offset = 3 } },
  { name = "Made to look straight", values = { difference = 2.5 } },
]
measure = { of = "position" }
control = { strength = 0 }
control_note = "Without the lines behind it the square looks like a square."
---*/
const LINE = 0.3;
const SQUARE_LINE = 0.5;
const REACH = 7.7;

fn rings(place: vec2f) -> f32 {
    let number = max(round(length(place) / p.spacing - 0.5), 0.0) + 0.5;
    return smooth_edge(0.5 * LINE - abs(length(place) - number * p.spacing));
}

fn rays(place: vec2f) -> f32 {
    let count = 4.0 * round(0.25 * PI * p.size / p.spacing);
    let off = (fract(count * turn_of(place) + 0.5) - 0.5) * TAU / count;
    // Where they would run into one another they are left out.
    let from_centre = smooth_edge(length(place) - 2.0 * LINE * count / TAU);
    return smooth_edge(0.5 * LINE - abs(length(place) * sin(off))) * from_centre;
}

// How far inside the nearest side: it bows outward by part of a circle, for these small bows a parabola.
fn inside(at: vec2f) -> f32 {
    let far = abs(at);
    let along = min(far.x, far.y) / (0.5 * p.size);
    let bow = 0.01 * p.difference * p.size * max(1.0 - along * along, 0.0);
    return 0.5 * p.size + bow - max(far.x, far.y);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let place = at - vec2f(p.offset, 0.0);
    let behind = select(rings(place), rays(place), p.ground > 0.5) * disc(at, REACH);
    // As much light with the lines as without.
    let light = mix(vec3f(0.56 + 0.06 * p.strength), vec3f(0.56 - 0.47 * p.strength), behind);
    return mix(light, vec3f(0.75, 0.05, 0.03), smooth_edge(0.5 * SQUARE_LINE - abs(inside(at))));
}

// The middle of the left (x) and of the right side (y): together when they bow inward, and of rays the other way round.
fn region(at: vec2f, t: f32) -> vec2f {
    let on = smooth_edge(0.6 - abs(inside(at))) * smooth_edge(0.2 * p.size - abs(at.y));
    let sides = on * vec2f(smooth_edge(-at.x), smooth_edge(at.x));
    return select(sides, sides.yx, p.ground > 0.5);
}
