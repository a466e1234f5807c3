/*---
name    = "Induced motion"
family  = "motion"
percept = "The dot rests, and yet it seems to swing against the frame that moves round it."
look    = "Follow the frame with your attention and look at the dot."
papers  = ["Duncker 1929", "Wallach 1959", "Zivotofsky 2004"]
readout = "flow"
human   = "The still dot is seen to move opposite to its surround (Duncker 1929), by an amount that differs much from person to person (Zivotofsky 2004)."
flash   = "none"

param = [
  { name = "travel", unit = "deg", min = 0, max = 6, default = 4, about = "How far the surround goes to and fro; 0 rests" },
  { name = "period_s", unit = "s", min = 1, max = 10, default = 4, about = "Time there and back" },
  { name = "surround", min = 0, max = 1, default = 0, step = 1, choices = ["frame", "field of spots"], about = "What moves round the dot" },
  { name = "contrast", min = 0, max = 1, default = 0.8, about = "How far the surround is from the ground, up to white" },
]
preset = [
  { name = "Duncker 1929: frame", values = { surround = 0 } },
  { name = "Like clouds before the moon", values = { surround = 1 } },
  { name = "Slow", values = { period_s = 8 } },
]
# While the surround goes right for the second time.
measure = { of = "translation", direction_deg = 180, from_s = 4.2, to_s = 5.8 }
control = { travel = 0 }
control_note = "The surround rests, and the dot is seen to rest."
event = [{ label = "turns right", at = "period_s", every = "period_s", when = "travel" }]
---*/
const SPACING = 3.2;

fn stimulus(at: vec2f, t: f32) -> vec3f {
    // Right for half a period, then back.
    let x = p.travel * (0.5 - abs(2.0 * fract(t / p.period_s) - 1.0));
    let place = at - vec2f(x, 0.0);

    let outline = box(place, vec2f(11.0, 9.0)) - box(place, vec2f(9.4, 7.4));
    let cell = round(place / SPACING);
    let key = vec2i(cell);
    let off = vec2f(hash(key), hash(key + vec2i(0, 500))) - 0.5;
    // None comes under the dot: its row has no spots.
    let spot = select(disc(place - cell * SPACING - off, 0.75), 0.0, abs(cell.y) < 0.5);
    let shape = select(outline, spot, p.surround > 0.5);
    let light = mix(vec3f(0.06), vec3f(0.95), p.contrast * shape);
    return mix(light, vec3f(0.95, 0.42, 0.06), disc(at, 0.6));
}

// The dot.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(disc(at, 0.8), 0.0);
}
