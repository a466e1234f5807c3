/*---
name    = "Checkerboard contrast"
family  = "brightness and contrast"
percept = "Two checks of a chessboard have the same grey. The left one, which touches four white checks, looks lighter than the right one, which touches four black ones."
look    = "Compare the two grey checks; simultaneous contrast would predict the opposite."
papers  = ["De Valois & De Valois 1988", "Gilchrist et al. 1999", "Blakeslee & McCourt 2004"]
readout = "brightness"
human   = "The check among white neighbours looks lighter, contrary to simultaneous contrast (De Valois & De Valois 1988)."
flash   = "none"

param = [
  { name = "intensity_dark", unit = "%", min = 0, max = 100, default = 4, about = "Luminance of the dark checks" },
  { name = "intensity_light", unit = "%", min = 0, max = 100, default = 86, about = "Luminance of the light checks" },
  { name = "intensity_target", unit = "%", min = 0, max = 100, default = 35, about = "Luminance of the two targets" },
  { name = "check_width", unit = "deg", min = 0.8, max = 2.2, default = 1.5, about = "Side of a check" },
]
preset = [
  { name = "De Valois & De Valois 1988", values = { check_width = 1.5 } },
  { name = "Wide checks", values = { check_width = 2.09 } },
  { name = "Narrow checks", values = { check_width = 0.938 } },
]
measure = { of = "brightness" }
control = { intensity_dark = 45, intensity_light = 45 }
control_note = "On a board of one grey the two targets look alike."
---*/
// 1 in every second check, from 0 on; in between 0.
fn stripes(x: f32) -> f32 {
    let u = fract(0.5 * x / p.check_width + 0.25);
    return smooth_edge(2.0 * p.check_width * (0.25 - abs(u - 0.5)));
}

// The target that replaces a dark check (x) and the one that replaces a light check (y).
fn targets(at: vec2f) -> vec2f {
    let centre = vec2f(2.5 * p.check_width, 0.0);
    let size = vec2f(p.check_width);
    return vec2f(box(at + centre, size), box(at - centre, size));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    // An even number of columns, so that left and right are opposite, and an odd one of rows.
    let columns = 2.0 * floor(9.0 / p.check_width);
    let rows = 2.0 * floor(6.0 / p.check_width - 0.5) + 1.0;
    let across = stripes(at.x);
    let down = stripes(at.y + 0.5 * p.check_width);
    let is_light = across * down + (1.0 - across) * (1.0 - down);
    let both = targets(at);
    let board = mix(mix(p.intensity_dark, p.intensity_light, is_light), p.intensity_target, both.x + both.y);
    return mix(grey(), vec3f(0.01 * board), box(at, p.check_width * vec2f(columns, rows)));
}

fn region(at: vec2f, t: f32) -> vec2f {
    return targets(at);
}
