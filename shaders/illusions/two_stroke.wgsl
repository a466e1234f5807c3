/*---
name    = "Two-stroke motion"
family  = "motion"
percept = "Bars seem to move on and on to the right. In truth they step once to the right, vanish for a moment, and are back where they were: the blank hides the return."
look    = "Fixate the dot."
papers  = ["Mather 2006", "Mather & Challinor 2009"]
readout = "phase"
human   = "Best with short blanks; seen along the shorter way of the step, either way at half a cycle; collapses at low luminance (Mather & Challinor 2009)."
flash   = "mild"

param = [
  { name = "blank_s", unit = "s", min = 0, max = 0.4, default = 0.1, about = "How long the bars are gone before they return; 0 shows the bare return" },
  { name = "step", unit = "cycle", min = -0.5, max = 0.5, default = 0.25, about = "Displacement to the right between the two pictures" },
  { name = "cycle_s", unit = "s", min = 0.1, max = 2, default = 0.5, about = "Time for blank and both pictures; below 0.34 s it flickers more than three times a second" },
  { name = "spatial_frequency", unit = "cpd", min = 0.05, max = 2, default = 0.25, about = "Bars per degree; they fade out where the picture has fewer than two pixels a bar" },
  { name = "contrast", min = 0, max = 1, default = 0.9, about = "Michelson contrast of the bars" },
  { name = "luminance", unit = "%", min = 1, max = 50, default = 35, about = "Mean luminance of bars and ground" },
]
preset = [
  { name = "After Mather 2006: fast", values = { cycle_s = 0.17, blank_s = 0.05 } },
  { name = "After Mather & Challinor 2009: half a cycle, ambiguous", values = { step = 0.5 } },
  { name = "After Mather & Challinor 2009: dim", values = { luminance = 1 } },
]
measure = { of = "phase", frequency = "spatial_frequency", to_s = 4.5 }
control = { blank_s = 0 }
control_note = "Without the blank the return is seen as well: the bars rock to and fro."
event = [{ label = "return", at = "cycle_s", every = "cycle_s" }]
---*/
const RADIUS = 6.2;

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let since = step_time(t, p.cycle_s);
    let shown = max(p.cycle_s - p.blank_s, 0.1 * p.cycle_s);
    // A hair before the end counts as the end, as in step_number.
    let is_second = since > 0.5 * shown - 0.001;
    let is_blank = p.blank_s > 0.0 && since > shown - 0.001;
    let place = p.spatial_frequency * at.x - select(-0.5, 0.5, is_second) * p.step;
    let resolved = clamp(1.0 / (p.spatial_frequency * view.pixel_deg) - 2.0, 0.0, 1.0);
    let envelope = select(window(at, RADIUS, 1.5), 0.0, is_blank);
    let wave = resolved * p.contrast * envelope * sin(TAU * fract(place));
    let mean = 0.01 * p.luminance;
    return mix(vec3f(mean * (1.0 + wave)), vec3f(0.0), 0.8 * disc(at, 0.25));
}

fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(window(at, RADIUS, 1.5), 0.0);
}
