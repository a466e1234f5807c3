/*---
name    = "Enigma"
family  = "motion"
percept = "Something streams round inside the coloured rings, now one way and now the other, though nothing moves."
look    = "Fixate the middle, from near by, and wait."
papers  = ["Leviant 1996", "Zeki, Watson & Frackowiak 1993", "Gori, Hamburger & Spillmann 2006", "Hamburger 2007", "Troncoso et al. 2008"]
readout = "flow"
human   = "Either way round, some 5 s at a time (Gori, Hamburger & Spillmann 2006); faster after more microsaccades (Troncoso et al. 2008); weaker with tilted lines (Hamburger 2007)."
flash   = "none"

param = [
  { name = "contrast", min = 0, max = 1, default = 1, about = "Michelson contrast of the radial lines" },
  { name = "lines", min = 12, max = 120, default = 40, step = 2, about = "Pairs of a dark and a light line; where a pixel cannot show them they fade to their mean" },
  { name = "rings", min = 1, max = 3, default = 3, step = 1, about = "Number of coloured rings" },
  { name = "ring_width", unit = "deg", min = 0.3, max = 1.2, default = 0.8, about = "Width of the coloured rings" },
  { name = "tilt", unit = "deg", min = -60, max = 60, default = 0, about = "Of the lines from the radius; upright lines work best" },
]
preset = [
  { name = "After Leviant: fine lines (for a large picture)", values = { lines = 90 } },
  { name = "Coarse, for the network", values = { lines = 24 } },
  { name = "After Hamburger 2007: lines tilted", values = { tilt = 45 } },
]
measure = { of = "rotation" }
control = { contrast = 0 }
control_note = "Rings on an even ground of the same mean light are still."
---*/
const OUTER_SHARE = 0.475;
const HUB = 0.17;

fn whole_radius() -> f32 {
    return OUTER_SHARE * min(view.field_deg.x, view.field_deg.y);
}

// 1 on the coloured rings.
fn on_rings(radius: f32) -> f32 {
    var covered = 0.0;
    for (var one = 0.0; one < p.rings; one += 1.0) {
        let middle = whole_radius() * (HUB + (1.0 - HUB) * (one + 0.62) / p.rings);
        covered = max(covered, smooth_edge(0.5 * p.ring_width - abs(radius - middle)));
    }
    return covered;
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let radius = length(at);
    let whole = whole_radius();
    // Tilted lines are logarithmic spirals: they have the same lean everywhere.
    let spiral = tan(radians(p.tilt)) * log(max(radius, 1e-3)) / TAU;
    let pair = fract(p.lines * (turn_of(at) + spiral) + 64.0);
    let period = TAU * max(radius, 1e-3) * cos(radians(p.tilt)) / p.lines;
    let edge = (abs(pair - 0.5) - 0.25) * period;
    let shown = clamp(period / view.pixel_deg - 2.0, 0.0, 1.0);
    let line = clamp(2.0 * edge / view.pixel_deg, -1.0, 1.0) * shown;
    var light = vec3f(0.45 * (1.0 + 0.96 * p.contrast * line));
    light = mix(light, vec3f(0.17, 0.08, 0.55), on_rings(radius));
    light = mix(light, vec3f(0.17, 0.08, 0.55), disc(at, HUB * whole));
    light = mix(light, vec3f(0.9), disc(at, 0.2));
    return mix(grey(), light, disc(at, whole));
}

// The coloured rings. Which way people see it go is open: a number other than zero is the network's own choice.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(on_rings(length(at)), 0.0);
}
