/*---
name    = "Flash-lag"
family  = "motion and position"
percept = "The outer bars flash exactly in line with the turning bar, yet they seem to trail behind it."
look    = "Fixate the dot in the middle."
papers  = ["MacKay 1958", "Nijhawan 1994", "Eagleman & Sejnowski 2000", "Lotter, Kreiman & Cox 2020", "Jiang & Rao 2024"]
readout = "position"
human   = "The flash lags, more at higher speed; not if the motion stops at the flash, and the other way if it turns back: the 80 ms after the flash decide (Eagleman & Sejnowski 2000)."
flash   = "none"
field_deg = 16

param = [
  { name = "speed", unit = "deg/s", min = -360, max = 360, default = 60, about = "Rotation, counter-clockwise; 60 deg/s are 10 turns a minute" },
  { name = "flash_s", unit = "s", min = 0.008, max = 2, default = 0.05, about = "How long the outer bars are there" },
  { name = "every_s", unit = "s", min = 0.2, max = 2, default = 0.6, about = "Time from flash to flash" },
  { name = "after", min = 0, max = 3, default = 0, step = 1, choices = ["goes on", "stops", "reverses", "vanishes"], about = "What the turning bar does for half the time after a flash" },
  { name = "gap", unit = "deg", min = 0, max = 2, default = 0.5, about = "Gap between turning and flashed bars" },
]
preset = [
  { name = "Bach: 10 turns a minute", values = { speed = 60 } },
  { name = "Eagleman & Sejnowski 2000: stops at the flash", values = { after = 1 } },
  { name = "Eagleman & Sejnowski 2000: reverses at the flash", values = { after = 2 } },
  { name = "Vanishes at the flash", values = { after = 3 } },
  { name = "Bach: 1 turn a minute, too slow to lag", values = { speed = 6 } },
]
measure = { of = "rotation", from_s = 0.5, to_s = 5.5 }
control = { flash_s = 2, after = 0 }
control_note = "The outer bars stay on and turn with the inner one: all are seen in line."
event = [{ label = "flash", at = "every_s", every = "every_s" }]
---*/
const HALF_BAR = 2.8;
const WIDTH = 0.6;

// Angle in degrees that the bar has turned, `since` seconds after flash number `flash` (0: none yet).
fn turned(flash: f32, since: f32, t: f32) -> f32 {
    let half = 0.5 * p.every_s;
    if flash < 1.0 || p.after < 0.5 || p.after > 2.5 {
        return p.speed * t;
    }
    if p.after < 1.5 {
        return p.speed * (0.5 * p.every_s * (flash + 1.0) + max(since - half, 0.0));
    }
    return p.speed * (p.every_s - min(since, half) + max(since - half, 0.0));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let flash = step_number(t, p.every_s);
    let since = step_time(t, p.every_s);
    let place = rotate(at, -radians(turned(flash, since, t) + 90.0));

    let hidden = p.after > 2.5 && flash >= 1.0 && since >= p.flash_s && since < 0.5 * p.every_s;
    let inner = select(box(place, vec2f(2.0 * HALF_BAR, WIDTH)), 0.0, hidden);
    // A hair before the end counts as the end, as in step_number.
    let flashing = (flash >= 1.0 || p.flash_s >= p.every_s) && since < p.flash_s - 0.001;
    let start = HALF_BAR + p.gap;
    let middle = 0.5 * (start + 6.2);
    let outer = select(0.0, box(vec2f(abs(place.x) - middle, place.y), vec2f(6.2 - start, WIDTH)), flashing);

    var light = mix(grey(), vec3f(0.95), inner);
    light = mix(light, vec3f(1.0, 0.72, 0.08), outer);
    return mix(light, vec3f(0.02), disc(at, 0.22));
}

// While the outer bars are there: where the turning bar is, and where they are. The number is how much farther the
// one is expected to turn than the others.
fn region(at: vec2f, t: f32) -> vec2f {
    let since = step_time(t, p.every_s);
    let flashing = (step_number(t, p.every_s) >= 1.0 || p.flash_s >= p.every_s) && since < p.flash_s - 0.001;
    let inner = disc(at, HALF_BAR + 0.3 * p.gap);
    return select(vec2f(0.0), vec2f(inner, (1.0 - disc(at, HALF_BAR + 0.7 * p.gap)) * disc(at, 7.0)), flashing);
}
