/*---
name    = "Breathing square"
family  = "motion"
percept = "A square turns steadily behind four tiles. It seems to swell and shrink, as if it breathed, and hardly to turn."
look    = "Look at the middle. Then take the tiles away."
papers  = ["Meyer & Dougherty 1990", "Shiffrar & Pavel 1991"]
readout = "flow"
human   = "Breathes while the gaps show pieces of the sides alone; where the corners are seen it turns (Shiffrar & Pavel 1991)."
flash   = "none"

param = [
  { name = "tiles", min = 0, max = 1, default = 1, about = "Opacity of the tiles that hide the corners" },
  { name = "speed", unit = "deg/s", min = -120, max = 120, default = 30, about = "Rotation of the square, counter-clockwise" },
  { name = "side", unit = "deg", min = 4, max = 7.2, default = 6.6, about = "Side of the square" },
  { name = "gap", unit = "deg", min = 0.8, max = 4, default = 2, about = "Width of the slots between the tiles" },
  { name = "tile_colour", min = 0, max = 1, default = 0, step = 1, choices = ["sand", "as the ground"] },
]
preset = [
  { name = "Visible tiles", values = { tiles = 1 } },
  { name = "Tiles as the ground: four flaps", values = { tile_colour = 1 } },
  { name = "Tiles of glass", values = { tiles = 0.4 } },
]
measure = { of = "expansion", from_s = 0.5, to_s = 6.5 }
control = { tiles = 0 }
control_note = "Without the tiles the corners show, and a square of one size turns."
---*/
const OUTER = 5.7;

// 1 on the four tiles: one in each quarter, a cross of slots between them.
fn tile(at: vec2f) -> f32 {
    let width = OUTER - 0.5 * p.gap;
    let middle = 0.5 * (OUTER + 0.5 * p.gap);
    return box(abs(at) - vec2f(middle), vec2f(width));
}

// Angle from upright in turns of the square, a quarter turn being none: -0.125 to 0.125.
fn lean(t: f32) -> f32 {
    return 0.25 * (fract(p.speed * t / 90.0 + 0.5) - 0.5);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let ground = grey();
    let square = box(rotate(at, -TAU * lean(t)), vec2f(p.side));
    let light = mix(ground, vec3f(0.03, 0.09, 0.22), square);
    let cover = select(vec3f(0.32, 0.22, 0.11), ground, p.tile_colour > 0.5);
    return mix(light, cover, p.tiles * tile(at));
}

// All, while the edges in the slots go outwards: a whole square that turns does not grow.
fn region(at: vec2f, t: f32) -> vec2f {
    let outward = lean(t) * sign(p.speed) > 0.0;
    return vec2f(select(0.0, box(at, vec2f(2.0 * OUTER)), outward), 0.0);
}
