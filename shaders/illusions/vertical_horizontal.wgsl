/*---
name    = "Vertical and horizontal"
family  = "geometry"
percept = "The upright line looks longer than the lying one. They are equally long."
look    = "Compare the two lines."
papers  = ["Fick 1851", "Künnapas 1955", "Mamassian & de Montalembert 2010", "Mikellidou & Thompson 2013"]
readout = "position"
human   = "The upright looks some 6 % longer, a line that is cut in two some 16 % shorter (Mamassian & de Montalembert 2010); crossing and abutting count separately (Mikellidou & Thompson 2013)."
flash   = "none"

param = [
  { name = "strength", min = 0, max = 1, default = 1, about = "Where the upright stands: 1 in the middle of the lying one, 0 at its end" },
  { name = "difference", unit = "%", min = -50, max = 50, default = 0, about = "By how much the upright really is longer" },
  { name = "size", unit = "deg", min = 4, max = 11, default = 9, about = "Length of the lying line" },
  { name = "turn", unit = "deg", min = 0, max = 360, default = 0, about = "Turns the whole figure: at 90 deg the longer-looking line lies" },
]
preset = [
  { name = "Fick 1851: inverted T", values = { strength = 1 } },
  { name = "L: only the upright counts", values = { strength = 0 } },
]
measure = { of = "position", direction_deg = 90 }
control = { strength = 0, turn = 45 }
control_note = "An L that stands on its corner: neither line is cut in two, neither is upright, and both look alike."
---*/
const WIDTH = 0.6;

fn foot() -> vec2f {
    return vec2f(-0.5 * p.size * (1.0 - p.strength), -0.42 * p.size);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let place = rotate(at, -radians(p.turn)) - foot();
    let high = p.size * (1.0 + 0.01 * p.difference);
    let upright = box(place - vec2f(0.0, 0.5 * high), vec2f(WIDTH, high));
    let lying = box(place + vec2f(foot().x, 0.0), vec2f(p.size + WIDTH, WIDTH));
    return mix(grey(), vec3f(0.01), max(upright, lying));
}

// The upper end of the upright and its foot: apart when it is expected to be longer.
fn region(at: vec2f, t: f32) -> vec2f {
    let place = rotate(at, -radians(p.turn)) - foot();
    let high = p.size * (1.0 + 0.01 * p.difference);
    return vec2f(disc(place - vec2f(0.0, high), 1.2), disc(place, 1.2));
}
