/*---
name    = "Delboeuf circles"
family  = "geometry"
percept = "Two equal discs: the one in the tight ring looks larger than the one in the wide ring."
look    = "Compare the two discs."
papers  = ["Delboeuf 1865", "Weintraub, Wilson, Greene & Palmquist 1969"]
readout = "position"
human   = "The disc looks largest in a ring about one and a half times as wide (Weintraub et al. 1969); in a much wider ring it looks smaller than it is."
flash   = "none"

param = [
  { name = "strength", min = 0, max = 1, default = 1, about = "How unlike the rings are" },
  { name = "difference", unit = "%", min = -40, max = 40, default = 0, about = "By how much the left disc really is larger" },
  { name = "size", unit = "deg", min = 1.5, max = 5, default = 4, about = "Diameter of the discs" },
  { name = "line_width", unit = "deg", min = 0.2, max = 0.8, default = 0.4, about = "Width of the rings' lines" },
]
preset = [
  { name = "Delboeuf 1865", values = { strength = 1 } },
  { name = "Really 10 % larger", values = { difference = 10 } },
]
measure = { of = "position" }
control = { strength = 0 }
control_note = "In alike rings the discs look alike."
---*/
const SIDE = 5.0;

fn inner_radius(side: f32) -> f32 {
    return 0.5 * p.size * (1.0 + select(0.0, 0.01 * p.difference, side < 0.0));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let side = select(-1.0, 1.0, at.x > 0.0);
    let place = at - vec2f(SIDE * side, 0.0);
    let outer = 0.5 * p.size * (1.55 + 0.35 * side * p.strength);
    let inner = inner_radius(side);
    let around = ring(place, max(outer, inner + 0.2), max(outer, inner + 0.2) + p.line_width);
    return mix(grey(), vec3f(0.01), max(around, disc(place, inner)));
}

// Right and left rim of the disc in the tight ring: apart when it is expected to be larger.
fn region(at: vec2f, t: f32) -> vec2f {
    let place = at + vec2f(SIDE, 0.0);
    let inner = inner_radius(-1.0);
    let rim = ring(place, 0.5 * inner, inner + 0.35);
    return rim * vec2f(smooth_edge(place.x - 0.3), smooth_edge(-place.x - 0.3));
}
