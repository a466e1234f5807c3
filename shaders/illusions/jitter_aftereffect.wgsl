/*---
name    = "Jitter aftereffect"
family  = "stillness and fading"
percept = "After some seconds of flicker in the disc all noise stands still, but outside the disc it jitters: you see how your own eyes tremble."
look    = "Fixate the orange dot all the time. The dot turns blue when everything is still: watch the surround."
papers  = ["Murakami & Cavanagh 1998", "Murakami & Cavanagh 2001"]
readout = "timecourse"
human   = "The part that did not flicker seems to jitter for several seconds, just as the fixating eye moves (Murakami & Cavanagh 1998, 2001)."
flash   = "strong"

param = [
  { name = "flicker", min = 0, max = 1, default = 1, about = "Share of the checks that change at each step" },
  { name = "adapt_s", unit = "s", min = 1, max = 60, default = 8, about = "How long it flickers" },
  { name = "test_s", unit = "s", min = 1, max = 20, default = 4, about = "How long all is still thereafter" },
  { name = "step_s", unit = "s", min = 0.033, max = 0.5, default = 0.1, about = "Time from change to change" },
  { name = "size", unit = "deg", min = 0.4, max = 2, default = 0.8, about = "Side of the checks" },
  { name = "contrast", min = 0, max = 1, default = 0.6, about = "Michelson contrast" },
]
preset = [
  { name = "After Murakami & Cavanagh 1998: 30 s", values = { adapt_s = 30, test_s = 10, step_s = 0.033 } },
  { name = "Short", values = { adapt_s = 2, test_s = 2 } },
]
measure = { of = "surprise", from_s = 8.1, to_s = 12.0 }
control = { flicker = 0 }
control_note = "Nothing has flickered: all noise stays still."
event = [{ label = "still", at = "adapt_s", when = "flicker" }]
---*/
const RADIUS = 3.8;

// Seconds since this round's flicker began.
fn since(t: f32) -> f32 {
    return step_time(t, p.adapt_s + p.test_s) + 0.004;
}

// -1 or 1 for a check; with `changes` it is drawn anew at each step.
fn check(cell: vec2i, changes: i32) -> f32 {
    let is_changing = hash(cell + vec2i(5000, 0)) < p.flicker;
    let series = select(0, changes, is_changing);
    return select(-1.0, 1.0, hash(cell + vec2i(631 * series, 257 * series)) > 0.5);
}

// Checks with edges softened over a pixel.
fn checks(at: vec2f, changes: i32) -> f32 {
    let q = at / p.size - 0.5;
    let cell = vec2i(floor(q));
    let s = clamp((fract(q) - 0.5) * p.size / view.pixel_deg + 0.5, vec2f(0.0), vec2f(1.0));
    let below = mix(check(cell, changes), check(cell + vec2i(1, 0), changes), s.x);
    let above = mix(check(cell + vec2i(0, 1), changes), check(cell + vec2i(1, 1), changes), s.x);
    return mix(below, above, s.y);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    // The last change is the test's own pattern.
    let now = min(since(t), p.adapt_s);
    let is_test = since(t) >= p.adapt_s;
    let changes = i32(step_number(now, p.step_s)) + 1;
    let tone = mix(checks(at, 0), checks(at, changes), disc(at, RADIUS));
    let light = vec3f(0.3 * (1.0 + p.contrast * tone));
    // A quiet zone and a dot.
    let quiet = mix(light, vec3f(0.3), disc(at, 0.55));
    return mix(quiet, select(vec3f(0.95, 0.4, 0.03), vec3f(0.05, 0.25, 0.9), is_test), disc(at, 0.26));
}

// In the still part: what did not flicker (x) against what did (y).
fn region(at: vec2f, t: f32) -> vec2f {
    let adapted = ring(at, 0.7, RADIUS - 0.3);
    let around = 1.0 - disc(at, RADIUS + 0.3);
    return select(vec2f(0.0), vec2f(around, adapted), since(t) >= p.adapt_s + 0.05);
}
