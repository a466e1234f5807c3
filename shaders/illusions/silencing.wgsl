/*---
name    = "Silencing"
family  = "motion"
percept = "The dots change colour all the time. As soon as the ring turns they seem to stop changing."
look    = "Keep your eyes on the middle. The ring rests and turns by turns."
papers  = ["Suchow & Alvarez 2011", "Turi & Burr 2013"]
readout = "timecourse"
human   = "The faster the turn, the less change is seen (Suchow & Alvarez 2011); the threshold is about 0.2 turns a second, and motion of the whole with crowding may explain it (Turi & Burr 2013)."
flash   = "none"

param = [
  { name = "turning", unit = "deg/s", min = 0, max = 120, default = 60, about = "Speed of the ring while it turns, to and fro" },
  { name = "hue_frequency", unit = "Hz", min = 0, max = 2, default = 0.5, about = "Turns of each dot's hue a second; 0 keeps the colours" },
  { name = "half_s", unit = "s", min = 0.5, max = 5, default = 2, about = "Length of a rest and of a turn" },
  { name = "saturation", min = 0, max = 1, default = 0.85, about = "How far the colours are from grey" },
  { name = "diameter", unit = "deg", min = 0.4, max = 1.1, default = 0.9, about = "Diameter of a dot" },
]
preset = [
  { name = "After Suchow & Alvarez 2011: hue", values = { hue_frequency = 0.5 } },
  { name = "Faster", values = { turning = 100, hue_frequency = 1 } },
  { name = "Colours that do not change", values = { hue_frequency = 0 } },
]
measure = { of = "surprise", from_s = 0.5, to_s = 8.0 }
control = { turning = 0 }
control_note = "The ring rests: the change of every dot is plain to see."
event = [{ label = "starts to turn", at = "half_s" }]
---*/
const RINGS = 4.0;
const FIRST = 3.2;
const BETWEEN = 1.25;

// Degrees that the ring has turned: rest, forth, rest, back.
fn turned(t: f32) -> f32 {
    let u = 4.0 * fract(0.25 * t / p.half_s);
    return p.turning * p.half_s * (clamp(u - 1.0, 0.0, 1.0) - clamp(u - 3.0, 0.0, 1.0));
}

fn hue(turn: f32) -> vec3f {
    let wave = cos(TAU * (turn - vec3f(0.0, 1.0, 2.0) / 3.0));
    return srgb_to_linear(0.55 + 0.43 * p.saturation * wave);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let row = clamp(round((length(at) - FIRST) / BETWEEN), 0.0, RINGS - 1.0);
    let radius = FIRST + BETWEEN * row;
    let count = round(TAU * radius / 1.35);
    let u = fract(turn_of(at) - turned(t) / 360.0 + 1.0) * count;
    let number = floor(u);
    let angle = TAU * (number + 0.5) / count + radians(turned(t));
    let cell = vec2i(i32(number), 100 * i32(row));
    let place = at - radius * vec2f(cos(angle), sin(angle));
    let colour = hue(hash(cell) + fract(p.hue_frequency * t));
    let light = mix(vec3f(0.035), colour, disc(place, 0.5 * p.diameter));
    return mix(light, vec3f(0.9), disc(at, 0.15));
}

fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(ring(at, FIRST - 0.6, FIRST + BETWEEN * (RINGS - 1.0) + 0.6), 0.0);
}
