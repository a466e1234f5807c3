/*---
name    = "White's illusion"
family  = "brightness and contrast"
percept = "Two equal grey patches lie on a grating. The one on a dark bar looks lighter than the one on a light bar, although more of its border is with light."
look    = "Compare the two patches without staring at either."
papers  = ["White 1979", "White 1981", "Blakeslee & McCourt 1999"]
readout = "brightness"
human   = "The patch on the dark bar is matched lighter, more with finer gratings (White 1981)."
flash   = "none"

param = [
  { name = "contrast", min = 0, max = 1, default = 1, about = "Michelson contrast of the bars; 0 leaves a uniform ground" },
  { name = "spatial_frequency", unit = "cpd", min = 0.16, max = 1, default = 0.25, about = "Of the bars; 80 pixels across the field show up to 1 cpd" },
  { name = "target_height", unit = "deg", min = 1, max = 12, default = 5, about = "Height of the patches" },
  { name = "target_intensity", unit = "%", min = 0, max = 100, default = 40, about = "Luminance of the patches" },
]
preset = [
  { name = "White 1979: broad bars", values = { spatial_frequency = 0.2, target_height = 4 } },
  { name = "White 1981: fine bars", values = { spatial_frequency = 0.6, target_height = 3 } },
  { name = "Dark patches", values = { target_intensity = 20 } },
]
measure = { of = "brightness" }
control = { contrast = 0 }
control_note = "Without bars both patches lie on the same grey and look alike."
---*/
// 1 on light bars and 0 on dark ones of width `wide`; a light one begins at 0.
fn bars(x: f32, wide: f32) -> f32 {
    let u = fract(0.5 * x / wide);
    let to_edge = 2.0 * wide * min(min(u, 1.0 - u), abs(u - 0.5));
    let soft = min(to_edge / view.pixel_deg, 0.5);
    return select(0.5 - soft, 0.5 + soft, u < 0.5);
}

// The patch on the dark bar (x) and the one on the light bar (y), as far left and right of the middle.
fn patches(at: vec2f) -> vec2f {
    let wide = 0.5 / p.spatial_frequency;
    let size = vec2f(wide, p.target_height);
    return vec2f(box(at + vec2f(2.5 * wide, 0.0), size), box(at - vec2f(2.5 * wide, 0.0), size));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let wide = 0.5 / p.spatial_frequency;
    let light = 0.5 + 0.5 * p.contrast * (2.0 * bars(at.x, wide) - 1.0);
    let covered = patches(at);
    return vec3f(mix(light, 0.01 * p.target_intensity, covered.x + covered.y));
}

fn region(at: vec2f, t: f32) -> vec2f {
    return patches(at);
}
