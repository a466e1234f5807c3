/*---
name    = "Double drift"
family  = "motion and position"
percept = "The striped patch goes straight up and down, but seen from the corner of the eye it goes along a slanted path, because its stripes drift sideways at the same time."
look    = "Fixate the dot on the left and attend to the patch; then look straight at the patch: its path is upright."
papers  = ["Tse & Hsieh 2006", "Shapiro et al. 2010", "Lisi & Cavanagh 2015", "Cavanagh & Tse 2019", "Heller et al. 2021"]
readout = "position"
human   = "The seen path tilts as the vector sum of both motions says: more with faster stripes, less with a faster patch (Heller et al. 2021); not on black (Cavanagh & Tse 2019)."
flash   = "none"

param = [
  { name = "internal_speed", unit = "deg/s", min = -10, max = 10, default = 4, about = "Drift of the stripes within the patch, to the right while it goes up, to the left while it goes down" },
  { name = "external_speed", unit = "deg/s", min = 0.5, max = 12, default = 5, about = "Speed of the patch along its path" },
  { name = "path", unit = "deg", min = 0.5, max = 10, default = 6, about = "Length of the path" },
  { name = "spatial_frequency", unit = "cpd", min = 0.1, max = 2, default = 0.5, about = "Stripes per degree; they fade out where the picture has fewer than two pixels a stripe" },
  { name = "border", min = 0, max = 1, default = 0, step = 1, choices = ["soft", "hard"], about = "A hard border pins the patch down" },
  { name = "ground", min = 0, max = 1, default = 0, step = 1, choices = ["grey", "black"], about = "On black the path is seen upright" },
]
preset = [
  { name = "Cavanagh & Tse 2019: on black", values = { ground = 1 } },
  { name = "Hard border", values = { border = 1 } },
  { name = "Fast patch, slow stripes: little tilt", values = { external_speed = 9, internal_speed = 2 } },
]
measure = { of = "position", direction_deg = 0, to_s = 6.0 }
control = { internal_speed = 0 }
control_note = "The stripes stay where they are in the patch: it is seen on its upright path."
---*/
const SIGMA = 1.3;
const PATH_X = 2.5;

// Part of the present leg of the path, 0 below and 1 above (x), and whether it leads up (y).
fn leg(t: f32) -> vec2f {
    let lap = fract(0.5 * t * p.external_speed / p.path);
    return select(vec2f(2.0 - 2.0 * lap, 0.0), vec2f(2.0 * lap, 1.0), lap < 0.5);
}

fn from_patch(at: vec2f, t: f32) -> vec2f {
    return at - vec2f(PATH_X, (leg(t).x - 0.5) * p.path);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let place = from_patch(at, t);
    let drift = p.internal_speed * leg(t).x * p.path / p.external_speed;
    let resolved = clamp(1.0 / (p.spatial_frequency * view.pixel_deg) - 2.0, 0.0, 1.0);
    let wave = 0.95 * resolved * sin(TAU * fract(p.spatial_frequency * (place.x - drift)));
    let soft = exp(-0.5 * dot(place, place) / (SIGMA * SIGMA));
    let envelope = select(soft, disc(place, 1.8 * SIGMA), p.border > 0.5);
    let on_grey = grey() * (1.0 + envelope * wave);
    let on_black = 2.0 * grey() * envelope * (0.5 + 0.5 * wave);
    let light = select(on_grey, on_black, p.ground > 0.5);
    return mix(light, vec3f(1.0, 0.72, 0.08), disc(at - vec2f(-5.5, 0.0), 0.25));
}

// The patch, on its way up: where it errs as people do, it errs to the right.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(window(from_patch(at, t), 3.0 * SIGMA, 1.5 * SIGMA) * leg(t).y, 0.0);
}
