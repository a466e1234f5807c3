/*---
name    = "Slalom"
family  = "motion and position"
percept = "A disc crosses a row of lines that lean left and right in turn. It travels straight, but seems to swing up and down like a skier."
look    = "Follow the disc with your eyes."
papers  = ["Cesàro & Agostini 1998", "Gheorghes, Richardson & Reidy 2020"]
readout = "flow"
human   = "At each line the path turns towards the right angle, with moving and with still eyes; more when the disc is hidden now and then (Gheorghes, Richardson & Reidy 2020)."
flash   = "none"

param = [
  { name = "tilt", unit = "deg", min = -45, max = 45, default = 30, about = "Lean of the lines from upright, alternately to either side" },
  { name = "speed", unit = "deg/s", min = -12, max = 12, default = 5, about = "Speed of the disc, to the right" },
  { name = "spacing", unit = "deg", min = 2, max = 6, default = 4, about = "From line to line" },
  { name = "diameter", unit = "deg", min = 0.6, max = 2, default = 1.4, about = "Size of the disc" },
  { name = "contrast", min = 0, max = 1, default = 0.85, about = "Contrast of the lines to the ground" },
  { name = "order", min = 0, max = 1, default = 1, step = 1, choices = ["before the lines", "behind the lines"], about = "What hides what where they cross" },
]
preset = [
  { name = "After Cesàro & Agostini 1998: before the lines", values = { order = 0 } },
  { name = "After Gheorghes et al. 2020: behind the lines", values = { order = 1 } },
  { name = "Steep lines", values = { tilt = 15 } },
]
measure = { of = "translation", direction_deg = 90, from_s = 0.5, to_s = 4.5 }
control = { tilt = 0 }
control_note = "Upright lines: the disc goes straight."
---*/
const HEIGHT = 4.2;
const WIDTH = 0.8;

// Where the disc is; it leaves on the right and enters on the left.
fn disc_x(t: f32) -> f32 {
    let lap = view.field_deg.x + 2.0 * p.diameter;
    return (fract(p.speed * t / lap + 0.5) - 0.5) * lap;
}

// From line number `number`: 1 if it leans to the right ("/"), -1 if to the left.
fn leaning(number: f32) -> f32 {
    return select(1.0, -1.0, fract(0.5 * abs(number)) > 0.25);
}

fn lines(at: vec2f) -> f32 {
    let number = floor(at.x / p.spacing + 0.5);
    var covered = 0.0;
    for (var near = -1.0; near < 1.5; near += 1.0) {
        let lean = radians(90.0 - p.tilt * leaning(number + near));
        let place = vec2f(at.x - (number + near) * p.spacing, at.y);
        // Cut level at the top and the bottom.
        let across = dot(place, vec2f(sin(lean), -cos(lean)));
        covered = max(covered, smooth_edge(0.5 * WIDTH - abs(across)));
    }
    return covered * smooth_edge(0.5 * HEIGHT - abs(at.y));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let runner = disc(at - vec2f(disc_x(t), 0.0), 0.5 * p.diameter);
    let line = lines(at);
    let warm = vec3f(0.95, 0.6, 0.08);
    let dark = grey() * (1.0 - p.contrast);
    let before = mix(mix(grey(), dark, line), warm, runner);
    let behind = mix(mix(grey(), warm, runner), dark, line);
    return select(before, behind, p.order > 0.5);
}

// Round the disc, at the lines where people see it rise (the others are left out). It seems to turn towards
// the right angle: upwards where it crosses a line that leans to the left, on its way to the right.
fn region(at: vec2f, t: f32) -> vec2f {
    let x = disc_x(t);
    let near = disc(at - vec2f(x, 0.0), p.diameter);
    let rises = leaning(floor(x / p.spacing + 0.5)) * sign(p.speed) * sign(p.tilt + 1e-6) < 0.0;
    return vec2f(select(0.0, near, rises), 0.0);
}
