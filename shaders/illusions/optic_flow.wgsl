/*---
name    = "Optic flow"
family  = "physiology"
percept = "Dots stream out of the middle, as when walking forward; or they wheel round it, or do both in a spiral."
look    = "Look at the middle. After a minute, stop the motion: the dots seem to stream back."
papers  = ["Gibson 1950", "Duffy & Wurtz 1991", "Graziano, Andersen & Snowden 1994"]
readout = "flow"
human   = "Cells of area MST of the macaque prefer expansion, rotation or a spiral between them (Graziano, Andersen & Snowden 1994)."
flash   = "none"

param = [
  { name = "rate", unit = "%/s", min = 0, max = 100, default = 30, about = "Speed of a dot, in percent of its distance from the middle" },
  { name = "spiral_angle", unit = "deg", min = -180, max = 180, default = 0, about = "0 expands, 90 turns counter-clockwise, 180 contracts, -90 turns clockwise, between are spirals" },
  { name = "density", min = 0.1, max = 1, default = 0.85, about = "Part of the places that have a dot" },
  { name = "dot_size", min = 0.3, max = 1, default = 0.75, about = "Size of the dots, which grows with the distance from the middle" },
  { name = "polarity", min = 0, max = 1, default = 0, step = 1, choices = ["light", "light and dark"], about = "Luminance of the dots against the ground" },
]
preset = [
  { name = "After Duffy & Wurtz 1991: expansion", values = { spiral_angle = 0 } },
  { name = "After Duffy & Wurtz 1991: contraction", values = { spiral_angle = 180 } },
  { name = "After Duffy & Wurtz 1991: rotation", values = { spiral_angle = 90 } },
  { name = "After Graziano et al. 1994: expanding spiral", values = { spiral_angle = 45 } },
]
measure = { of = "expansion" }
control = { spiral_angle = 90 }
control_note = "The same dots at the same speeds go round: as much motion, and no growth."
---*/
// Places form rings round the middle; each ring is so much wider than the one inside (natural logarithm).
const RINGS_STEP = 0.448798950512828;
// Places on a ring; as far apart as the rings.
const PLACES = 14;
// Range of the chance shift of a dot from the middle of its place.
const JITTER = 0.7;
const INNER = 1.6;
const OUTER = 6.9;

// How far the nearest dot is, in units of the grid (x), how many rings farther out (y), and 1 if it is dark (z).
fn nearest_dot(place: vec2f, rings_passed: i32) -> vec3f {
    var nearest = vec3f(9.0, 0.0, 0.0);
    let home = vec2i(floor(place - 0.5));
    for (var row = 0; row <= 1; row++) {
        for (var column = 0; column <= 1; column++) {
            let cell = home + vec2i(column, row);
            // Round the ring a place has the same number after a turn; a ring keeps its number on its way.
            let name = vec2i((cell.x + PLACES) % PLACES, cell.y - rings_passed);
            // One draw gives the shift, whether there is a dot, and its polarity.
            let bits = hash_bits(bitcast<u32>(name.x) + hash_bits(bitcast<u32>(name.y) + hash_bits(view.seed)));
            let shift = JITTER * (vec2f(vec2u(bits, bits >> 10u) & vec2u(1023u)) / 1023.0 - 0.5);
            let away = vec2f(cell) + 0.5 + shift - place;
            let is_there = f32((bits >> 20u) & 511u) < 512.0 * p.density;
            if length(away) < nearest.x && is_there {
                let is_dark = p.polarity > 0.5 && (bits >> 29u & 1u) == 1u;
                nearest = vec3f(length(away), away.y, select(0.0, 1.0, is_dark));
            }
        }
    }
    return nearest;
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let radius = max(length(at), 0.05);
    if radius > OUTER + 1.5 || radius < INNER - 0.6 {
        return mix(grey(), vec3f(0.02), disc(at, 0.14));
    }
    let step = 0.01 * p.rate / RINGS_STEP;
    let along = step * cos(radians(p.spiral_angle)) * t;
    let round_turn = step * sin(radians(p.spiral_angle)) / f32(PLACES) * t;
    // Rings are moved by the part of a ring only, and renumbered for the whole ones.
    let rings_out = log(radius / INNER) / RINGS_STEP - fract(along);
    let place = vec2f(f32(PLACES) * fract(turn_of(at) - round_turn), rings_out);
    let nearest = nearest_dot(place, i32(floor(along)));
    // From units of the grid back to degrees.
    let unit = radius * RINGS_STEP;
    let dot_radius = 0.24 * p.dot_size;
    let covered = smooth_edge((dot_radius - nearest.x) * unit);
    // A dot comes and goes as a whole, by where its middle is.
    let middle = radius * exp(nearest.y * RINGS_STEP);
    let there = covered * clamp((OUTER - middle) / 0.6, 0.0, 1.0) * clamp((middle - INNER) / 0.4, 0.0, 1.0);
    return mix(grey(), mix(vec3f(0.92), vec3f(0.015), nearest.z), there);
}

fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(ring(at, INNER, OUTER), 0.0);
}
