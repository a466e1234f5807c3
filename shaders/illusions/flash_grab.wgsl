/*---
name    = "Flash-grab"
family  = "motion and position"
percept = "Two discs flash in turn at exactly the same place, at the top of the ring, each when the ring turns back. They seem to be far apart, pulled along by the motion that begins."
look    = "Fixate the dot in the middle and compare where the orange and the blue disc are."
papers  = ["Cavanagh & Anstis 2013", "Hogendoorn, Verstraten & Cavanagh 2015", "Blom, Liang & Hogendoorn 2019"]
readout = "position"
human   = "Pulled the way the motion goes after the reversal, up to four times as far as in flash-drag; much less when the flash is a few hundred ms away from the reversal (Cavanagh & Anstis 2013)."
flash   = "none"
field_deg = 16

param = [
  { name = "speed", unit = "deg/s", min = 0, max = 240, default = 90, about = "Rotation of the ring, to and fro" },
  { name = "swing_s", unit = "s", min = 0.3, max = 2, default = 0.8, about = "Time from reversal to reversal" },
  { name = "flash_delay_s", unit = "s", min = -0.4, max = 0.4, default = 0, about = "When a disc flashes, before (negative) or after a reversal" },
  { name = "flash_s", unit = "s", min = 0.016, max = 0.3, default = 0.1, about = "How long a disc is there" },
  { name = "sectors", min = 2, max = 16, default = 6, step = 1, about = "Pairs of dark and light sectors" },
  { name = "contrast", min = 0, max = 1, default = 0.8, about = "Michelson contrast of the sectors" },
]
preset = [
  { name = "After Cavanagh & Anstis 2013: fast", values = { speed = 180, swing_s = 0.4, flash_s = 0.05, sectors = 8 } },
  { name = "Flash long before the reversal", values = { flash_delay_s = -0.3 } },
  { name = "Faint ring", values = { contrast = 0.2 } },
]
measure = { of = "translation", direction_deg = 0, to_s = 6.5 }
control = { speed = 0 }
control_note = "The ring stands still: both discs are seen where they are, at the top."
event = [{ label = "reversal", at = "swing_s", every = "swing_s", when = "speed" }]
---*/
const INNER = 2.3;
const OUTER = 4.8;
const DISC = 0.8;

// Number of the flash that is there or was last, and seconds since it began.
fn flash(t: f32) -> vec2f {
    let late = t - p.flash_delay_s;
    return vec2f(step_number(late, p.swing_s), step_time(late, p.swing_s));
}

// Flashes 1, 3, 5 come where the ring turns back clockwise, which is to the right at the top.
fn is_odd(number: f32) -> bool {
    return fract(0.5 * number) > 0.25;
}

fn from_disc(at: vec2f) -> vec2f {
    return at - vec2f(0.0, 0.5 * (INNER + OUTER));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let lap = fract(0.5 * t / p.swing_s);
    let turned = (min(2.0 * lap, 2.0 - 2.0 * lap) - 0.5) * p.speed * p.swing_s;
    let radius = length(at);
    // Cycles from the middle of the nearest light sector; at mid-swing one is at the top.
    let away = abs(fract((turn_of(at) - 0.25 - turned / 360.0) * p.sectors + 0.5) - 0.5);
    let edge = (0.25 - away) * TAU * radius / p.sectors;
    let sign_of = 2.0 * smooth_edge(edge) - 1.0;
    var light = mix(grey(), grey() * (1.0 + p.contrast * sign_of), ring(at, INNER, OUTER));

    let now = flash(t);
    let is_there = now.x >= 1.0 && now.y < p.flash_s - 0.001;
    let paint = select(vec3f(0.02, 0.16, 0.75), vec3f(1.0, 0.4, 0.03), is_odd(now.x));
    light = mix(light, paint, select(0.0, disc(from_disc(at), DISC), is_there));
    return mix(light, vec3f(0.02), disc(at, 0.22));
}

// The place of the orange disc, in frames that follow one with it (frames are 0.03 to 0.1 s apart): where does the
// disc go that was just there?
fn region(at: vec2f, t: f32) -> vec2f {
    let now = flash(t);
    let follows = now.x >= 1.0 && is_odd(now.x) && now.y > 0.03 && now.y < p.flash_s + 0.02;
    return vec2f(select(0.0, disc(from_disc(at), DISC + 0.2), follows), 0.0);
}
