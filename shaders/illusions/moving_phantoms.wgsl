/*---
name    = "Moving phantoms"
family  = "contour"
percept = "Bars drift above and below an empty strip. Faint copies of the dark and light bars seem to run on across the strip, in step with the real ones."
look    = "Look at the middle of the empty strip, best in a dark room."
papers  = ["Tynan & Sekuler 1975", "Kitaoka, Gyoba & Sakurai 2006", "McCourt 1982"]
readout = "brightness"
human   = "Phantoms have the phase of the bars and bridge gaps of up to 10 degrees (Tynan & Sekuler 1975). In a strip as light as the mean they give way to grating induction, of the opposite phase (McCourt 1982)."
flash   = "none"

param = [
  { name = "contrast", min = 0, max = 1, default = 0.5, about = "Michelson contrast of the bars" },
  { name = "strip_luminance", unit = "%", min = 0, max = 100, default = 20, about = "Of the strip: 20 is that of the darkest bars at half their contrast, 40 their mean" },
  { name = "gap", unit = "deg", min = 1, max = 10, default = 4, about = "Height of the strip" },
  { name = "spatial_frequency", unit = "cpd", min = 0.05, max = 0.5, default = 0.12, about = "Bars per degree" },
  { name = "speed", unit = "deg/s", min = -8, max = 8, default = 4, about = "Drift to the right" },
]
preset = [
  { name = "Tynan & Sekuler 1975: as dark as the dark bars", values = { strip_luminance = 20 } },
  { name = "Strip of the mean light: induction, the opposite", values = { strip_luminance = 40 } },
  { name = "Wide strip", values = { gap = 8 } },
  { name = "Still bars", values = { speed = 0 } },
]
measure = { of = "brightness" }
control = { contrast = 0 }
control_note = "Without bars there is nothing that could run on across the strip."
---*/
const LIGHT = 0.4;
// Of the strip this much beside the bars is not measured.
const GUARD = 1.0;

fn wave(x: f32, t: f32) -> f32 {
    return cos(TAU * fract(p.spatial_frequency * (x - p.speed * t)));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let bars = LIGHT * (1.0 + p.contrast * wave(at.x, t));
    return vec3f(mix(bars, 0.01 * p.strip_luminance, smooth_edge(0.5 * p.gap - abs(at.y))));
}

// The strip beside the light bars, and beside the dark ones.
fn region(at: vec2f, t: f32) -> vec2f {
    let inside = smooth_edge(max(0.5 * p.gap - GUARD, 0.1) - abs(at.y));
    let side = wave(at.x, t);
    return inside * vec2f(smoothstep(0.3, 0.4, side), smoothstep(0.3, 0.4, -side));
}
