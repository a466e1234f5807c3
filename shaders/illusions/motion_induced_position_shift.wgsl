/*---
name    = "Motion-induced position shift"
family  = "motion and position"
percept = "Three striped patches stand exactly below one another, but the middle one seems to be shifted: each patch looks displaced to where its stripes drift."
look    = "Fixate the dot on the left and judge whether the patches are in line."
papers  = ["Ramachandran & Anstis 1990", "De Valois & De Valois 1991", "Whitney 2002"]
readout = "position"
human   = "Displaced with the drift, more in the periphery (De Valois & De Valois 1991)."
flash   = "none"

param = [
  { name = "speed", unit = "deg/s", min = -16, max = 16, default = 4, about = "Drift of the stripes to the right in the outer patches, to the left in the middle one" },
  { name = "offset", unit = "deg", min = -2, max = 2, default = 0, about = "Real displacement of the outer patches against the middle one, to null the seen one" },
  { name = "carrier", min = 0, max = 1, default = 0, step = 1, choices = ["drifts", "flickers in place"], about = "Flickering stripes exchange dark and light as often as drifting ones pass" },
  { name = "spatial_frequency", unit = "cpd", min = 0.1, max = 4, default = 0.5, about = "Stripes per degree; they fade out where the picture has fewer than two pixels a stripe" },
  { name = "sigma", unit = "deg", min = 0.3, max = 1.15, default = 1, about = "Standard deviation of the soft windows" },
  { name = "border", min = 0, max = 1, default = 0, step = 1, choices = ["soft", "hard"], about = "Hard borders pin the patches down" },
]
preset = [
  { name = "After De Valois & De Valois 1991", values = { speed = 4, sigma = 0.9, spatial_frequency = 0.8 } },
  { name = "Fine stripes, small patches", values = { speed = 2, sigma = 0.4, spatial_frequency = 2 } },
  { name = "Hard borders", values = { border = 1 } },
]
measure = { of = "position", direction_deg = 0 }
control = { carrier = 1 }
control_note = "The stripes flicker without drifting: the patches are seen in line, as they are."
---*/
const PITCH = 4.2;

// Place seen from the patch in row -1, 0 or 1. The outer ones drift one way, the middle one the other way.
fn from_patch(at: vec2f, row: f32) -> vec2f {
    return at - vec2f(1.5 + 0.5 * way(row) * p.offset, row * PITCH);
}

fn way(row: f32) -> f32 {
    return select(-1.0, 1.0, abs(row) > 0.5);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let cycles = fract(p.spatial_frequency * p.speed * t);
    let resolved = clamp(1.0 / (p.spatial_frequency * view.pixel_deg) - 2.0, 0.0, 1.0);
    var sum = 0.0;
    for (var row = -1.0; row < 1.5; row += 1.0) {
        let place = from_patch(at, row);
        let drifting = sin(TAU * fract(p.spatial_frequency * place.x - way(row) * cycles));
        let flickering = sin(TAU * fract(p.spatial_frequency * place.x)) * cos(TAU * cycles);
        let soft = exp(-0.5 * dot(place, place) / (p.sigma * p.sigma));
        let envelope = select(soft, disc(place, 1.8 * p.sigma), p.border > 0.5);
        sum += envelope * select(drifting, flickering, p.carrier > 0.5);
    }
    let light = grey() * (1.0 + 0.95 * resolved * clamp(sum, -1.0, 1.0));
    return mix(light, vec3f(1.0, 0.72, 0.08), disc(at - vec2f(-6.0, 0.0), 0.25));
}

// The outer patches, and the middle one, which errs the other way.
fn region(at: vec2f, t: f32) -> vec2f {
    let radius = 2.4 * p.sigma;
    let upper = window(from_patch(at, 1.0), radius, p.sigma);
    let lower = window(from_patch(at, -1.0), radius, p.sigma);
    let middle = window(from_patch(at, 0.0), radius, p.sigma);
    return vec2f(max(upper, lower), middle);
}
