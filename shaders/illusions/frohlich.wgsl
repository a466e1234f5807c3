/*---
name    = "Fröhlich effect"
family  = "motion and position"
percept = "Two bars appear exactly one above the other and move apart at once, but they are first seen some way on: the upper one too far to the right, the lower one too far to the left."
look    = "Fixate the dot, attend to one bar, and judge where it first appears."
papers  = ["Fröhlich 1923", "Müsseler & Aschersleben 1998", "Kirschfeld & Kammer 1999", "Thornton 2002", "Adamian & Cavanagh 2017", "Mamassian 2023"]
readout = "position"
human   = "First seen displaced forward (Fröhlich 1923), a line at 4 deg/s by some 0.4 deg (Mamassian 2023); under other conditions backward, onset repulsion (Thornton 2002)."
flash   = "none"
field_deg = 16

param = [
  { name = "speed", unit = "deg/s", min = -20, max = 20, default = 8, about = "Speed of the upper bar to the right and of the lower bar to the left" },
  { name = "preview_s", unit = "s", min = 0, max = 1, default = 0, about = "How long the bars rest where they appear before they move" },
  { name = "moving_s", unit = "s", min = 0.1, max = 2, default = 0.7, about = "How long the bars move before they vanish" },
  { name = "every_s", unit = "s", min = 0.5, max = 5, default = 1.6, about = "Time from appearance to appearance" },
  { name = "contrast", min = -1, max = 1, default = 1, about = "Of the bars to the ground; negative is dark" },
]
preset = [
  { name = "After Kirschfeld & Kammer 1999: fast", values = { speed = 16, moving_s = 0.4 } },
  { name = "Slow", values = { speed = 2 } },
  { name = "Dark bars", values = { contrast = -1 } },
]
measure = { of = "position", direction_deg = 0, from_s = 1.5, to_s = 8.2 }
control = { preview_s = 0.5 }
control_note = "The bars rest for half a second before they move: they are seen to start nearly in line."
event = [{ label = "onset", at = "every_s", every = "every_s" }]
---*/
const BAR = vec2f(0.7, 2.6);
const BAR_Y = 2.2;

// Seconds that the bars have moved since they appeared; negative while they rest.
fn moved(t: f32) -> f32 {
    return step_time(t, p.every_s) - p.preview_s;
}

// The nearer bar's own place: the upper one goes right, the lower one left.
fn from_bar(at: vec2f, t: f32) -> vec2f {
    let side = select(-1.0, 1.0, at.y >= 0.0);
    return vec2f(at.x - side * p.speed * max(moved(t), 0.0), abs(at.y) - BAR_Y);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let is_there = moved(t) < p.moving_s - 0.001;
    let paint = select(mix(grey(), vec3f(0.01), -p.contrast), mix(grey(), vec3f(0.95), p.contrast), p.contrast > 0.0);
    let light = mix(grey(), paint, select(0.0, box(from_bar(at, t), BAR), is_there));
    return mix(light, vec3f(0.02), disc(at, 0.22));
}

// The bars early on their way, once a network can know that they move: the upper errs to the right, the lower to
// the left.
fn region(at: vec2f, t: f32) -> vec2f {
    let is_start = moved(t) > 0.15 && moved(t) < min(0.45, p.moving_s - 0.001);
    let near = select(0.0, box(from_bar(at, t), BAR + vec2f(2.0, 0.4)), is_start);
    return select(vec2f(0.0, near), vec2f(near, 0.0), at.y >= 0.0);
}
