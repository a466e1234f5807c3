/*---
name    = "Frame effect"
family  = "motion and position"
percept = "The orange and the blue disc flash exactly one above the other, but the orange one is seen far to the right of the blue one: each is placed as if the moving frame stood still."
look    = "Fixate the small dot below the frame."
papers  = ["Wong & Mack 1981", "Özkan et al. 2021", "Cavanagh et al. 2022"]
readout = "position"
human   = "The discs look apart by up to the whole travel of the frame, whatever its speed (Özkan et al. 2021)."
flash   = "none"
field_deg = 16

param = [
  { name = "travel", unit = "deg", min = 0, max = 6, default = 3, about = "How far the frame goes to and fro" },
  { name = "swing_s", unit = "s", min = 0.15, max = 2, default = 0.4, about = "Time from one end to the other" },
  { name = "flash_s", unit = "s", min = 0.016, max = 0.3, default = 0.1, about = "How long a disc is there; so long the frame rests at each end" },
  { name = "size", unit = "deg", min = 4, max = 8, default = 6, about = "Side of the frame" },
  { name = "contrast", min = -1, max = 1, default = 1, about = "Of the frame to the ground; negative is dark" },
]
preset = [
  { name = "After Özkan et al. 2021", values = { travel = 4, swing_s = 0.35, flash_s = 0.05 } },
  { name = "Slow frame", values = { swing_s = 1.2 } },
  { name = "Faint frame", values = { contrast = 0.1 } },
]
measure = { of = "translation", direction_deg = 0, to_s = 4.5 }
control = { travel = 0 }
control_note = "The frame stands still: the discs are seen in line, as they are."
event = [{ label = "flash", at = "swing_s", every = "swing_s" }]
---*/
const LINE = 0.55;
const DISC = 0.6;
const APART = 1.9;

fn is_right(t: f32) -> bool {
    return fract(0.5 * step_number(t, p.swing_s)) > 0.25;
}

// Where the middle of the frame is: it rests at an end while a disc is there, and goes to the other end.
fn frame_x(t: f32) -> f32 {
    let rest = min(p.flash_s, 0.8 * p.swing_s);
    let gone = clamp((step_time(t, p.swing_s) - rest) / (p.swing_s - rest), 0.0, 1.0);
    let from_left = select(gone, 1.0 - gone, is_right(t));
    return (from_left - 0.5) * p.travel;
}

// Orange above while the frame is at the left end, blue below while it is at the right one.
fn from_disc(at: vec2f, right: bool) -> vec2f {
    return at - vec2f(0.0, select(0.5, -0.5, right) * APART);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let place = at - vec2f(frame_x(t), 0.0);
    let line = box(place, vec2f(p.size + LINE)) * (1.0 - box(place, vec2f(p.size - LINE)));
    let paint = select(mix(grey(), vec3f(0.01), -p.contrast), mix(grey(), vec3f(0.9), p.contrast), p.contrast > 0.0);
    var light = mix(grey(), paint, line);
    let is_there = step_time(t, p.swing_s) < p.flash_s - 0.001;
    let colour = select(vec3f(1.0, 0.4, 0.03), vec3f(0.02, 0.16, 0.75), is_right(t));
    light = mix(light, colour, select(0.0, disc(from_disc(at, is_right(t)), DISC), is_there));
    return mix(light, vec3f(0.02), disc(at - vec2f(0.0, -4.6), 0.2));
}

// The place of the orange disc, in frames that follow one with it (frames are 0.03 to 0.1 s apart): where does the
// disc go that was just there?
fn region(at: vec2f, t: f32) -> vec2f {
    let since = step_time(t, p.swing_s);
    let follows = !is_right(t) && since > 0.03 && since < p.flash_s + 0.02;
    return vec2f(select(0.0, disc(from_disc(at, false), DISC + 0.4), follows), 0.0);
}
