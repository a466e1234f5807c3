/*---
name    = "Freezing rotation"
family  = "motion"
percept = "The inner disc turns evenly. While the ring round it swings the same way, the disc seems to slow down or even to freeze; while the ring swings back, it seems to hurry."
look    = "Look at the middle of the disc, and attend to how fast it turns."
papers  = ["Dürsteler 2006", "Duncker 1929", "Mesland & Wertheim 1996"]
readout = "flow"
human   = "The disc slows or freezes while its surround turns the same way and hurries while it turns against it; the surround is not changed by the disc (Dürsteler 2006)."
flash   = "none"

param = [
  { name = "surround_contrast", min = 0, max = 1, default = 1, about = "Contrast of the ring that swings; 0 hides it" },
  { name = "speed", unit = "deg/s", min = -40, max = 40, default = 15, about = "Rotation of the disc, counter-clockwise" },
  { name = "swing", unit = "deg", min = 0, max = 60, default = 40, about = "How far the ring swings to each side" },
  { name = "period_s", unit = "s", min = 2, max = 12, default = 4, about = "Time of one swing there and back" },
  { name = "gap", unit = "deg", min = 0, max = 2, default = 0.3, about = "Grey between disc and ring" },
]
preset = [
  { name = "Dürsteler 2006", values = { swing = 40 } },
  { name = "Slow swing: the disc goes with the ring", values = { swing = 8, period_s = 6 } },
  { name = "Ring at a distance", values = { gap = 2 } },
]
# While the ring turns the same way as the disc, for the second time.
measure = { of = "rotation", sign = -1, from_s = 3.2, to_s = 4.8 }
control = { surround_contrast = 0 }
control_note = "Without the ring the disc is seen to turn evenly."
event = [{ label = "fastest swing", at = "period_s", every = "period_s", when = "swing" }]
---*/
const DISC = 3.4;
const OUTER = 7.2;
const SECTORS = 12.0;

// Blocks by chance, soft between one another, in rows `rows` high from the middle outwards.
fn blocks(turn: f32, radius: f32, rows: f32, key: i32) -> f32 {
    let u = turn * SECTORS;
    let row = floor(radius / rows);
    var value = 0.0;
    for (var next = 0; next < 2; next++) {
        let column = (i32(floor(u)) + next) % i32(SECTORS);
        let share = select(1.0 - smoothstep(0.0, 1.0, fract(u)), smoothstep(0.0, 1.0, fract(u)), next == 1);
        value += share * (2.0 * hash(vec2i(column + 64 * i32(row), key)) - 1.0);
    }
    return clamp(2.6 * value, -1.0, 1.0);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let radius = length(at);
    let swung = p.swing * sin(TAU * fract(t / p.period_s));
    let inner = blocks(fract(turn_of(at) - p.speed * t / 360.0), radius, 1.3, 1);
    let outer = blocks(fract(turn_of(at) - swung / 360.0), radius - DISC, 1.3, 2);
    let wave = disc(at, DISC) * inner + p.surround_contrast * ring(at, DISC + p.gap, OUTER) * outer;
    return grey() * (1.0 + 0.9 * wave);
}

// The disc, away from its border.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(disc(at, DISC - 0.7), 0.0);
}
