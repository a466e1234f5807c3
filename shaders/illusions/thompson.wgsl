/*---
name    = "Thompson effect"
family  = "motion"
percept = "Two gratings drift at one speed. The faint one below seems slower than the strong one above."
look    = "Keep your eyes on the dot and compare the speeds."
papers  = ["Thompson 1982", "Stone & Thompson 1992", "Weiss, Simoncelli & Adelson 2002", "Thompson, Brooks & Hammett 2006"]
readout = "flow"
human   = "The lower the contrast the slower it looks: at 2 deg/s a grating of 70 % must be slowed by 35 % to match one of 10 % (Stone & Thompson 1992); above 8 Hz it may look faster (Thompson, Brooks & Hammett 2006)."
flash   = "none"

param = [
  { name = "contrast_low", min = 0.02, max = 0.9, default = 0.12, about = "Michelson contrast of the lower grating" },
  { name = "contrast_high", min = 0.02, max = 0.9, default = 0.8, about = "Michelson contrast of the upper grating" },
  { name = "speed", unit = "deg/s", min = -20, max = 20, default = 3, about = "Speed of both, to the right" },
  { name = "spatial_frequency", unit = "cpd", min = 0.05, max = 2, default = 0.3, about = "Bars per degree; fades where the pixels cannot show it (0.8 cpd at 64 pixels)" },
]
preset = [
  { name = "Thompson 1982: slow", values = { speed = 3 } },
  { name = "Fast: 12 Hz, too fast for a network's steps", values = { speed = 20, spatial_frequency = 0.6 } },
  { name = "Exchanged", values = { contrast_low = 0.8, contrast_high = 0.12 } },
]
measure = { of = "translation" }
control = { contrast_low = 0.8, contrast_high = 0.8 }
control_note = "With equal contrasts the speeds are seen as equal."
---*/
const MIDDLE = 3.9;
const HEIGHT = 5.6;

// A soft-edged strip round `y`, in which each grating is shown.
fn strip(at: vec2f, y: f32) -> f32 {
    let soft = 0.9;
    let down = clamp((0.5 * HEIGHT - abs(at.y - y)) / soft, 0.0, 1.0);
    let across = clamp((8.8 - abs(at.x)) / soft, 0.0, 1.0);
    return (0.5 - 0.5 * cos(PI * down)) * (0.5 - 0.5 * cos(PI * across));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let shown = clamp(1.0 / (p.spatial_frequency * view.pixel_deg) - 2.0, 0.0, 1.0);
    let phase = p.spatial_frequency * at.x - fract(p.spatial_frequency * p.speed * t);
    let envelope = p.contrast_high * strip(at, MIDDLE) + p.contrast_low * strip(at, -MIDDLE);
    let light = vec3f(0.4 * (1.0 + shown * envelope * sin(TAU * phase)));
    return mix(light, vec3f(0.02), disc(at, 0.18));
}

// The strong grating, and the faint one.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(strip(at, MIDDLE), strip(at, -MIDDLE));
}
