/*---
name    = "Orientation tuning"
family  = "physiology"
percept = "A grating turns by steps. A cell of the visual cortex answers to one orientation and is silent at right angles to it."
look    = "Look at the middle; watch the answer of a unit from step to step."
papers  = ["Hubel & Wiesel 1962", "De Valois, Yund & Hepler 1982", "Ringach, Hawken & Shapley 1997"]
readout = "timecourse"
human   = "Cells of macaque V1: tuning is about 40 deg wide at half height in the median (De Valois, Yund & Hepler 1982)."
flash   = "none"

param = [
  { name = "contrast", min = 0, max = 1, default = 0.9, about = "Michelson contrast" },
  { name = "orientations", min = 1, max = 24, default = 8, step = 1, about = "Number of orientations in half a turn; 1 does not turn" },
  { name = "order", min = 0, max = 1, default = 0, step = 1, choices = ["in turn", "random"], about = "Clockwise from upright, or drawn by chance at each step" },
  { name = "step_s", unit = "s", min = 0.4, max = 4, default = 0.6, about = "How long each orientation stays" },
  { name = "sf", unit = "cpd", min = 0.05, max = 2, default = 0.4, about = "Spatial frequency" },
  { name = "temporal_frequency", unit = "Hz", min = -2.5, max = 2.5, default = 0, about = "Drift across the bars" },
]
preset = [
  { name = "After Hubel & Wiesel 1962: in turn", values = { orientations = 8 } },
  { name = "After Ringach et al. 1997: random order, slowed down", values = { order = 1, orientations = 18, step_s = 0.4 } },
  { name = "Drifting", values = { temporal_frequency = 1, step_s = 1 } },
]
measure = { of = "surprise", from_s = 0.5, to_s = 5.3 }
control = { orientations = 1 }
control_note = "The grating does not turn."
event = [{ label = "turn", at = "step_s", every = "step_s" }]
---*/
// Small enough to be less than a quarter of the field.
const RADIUS = 4.4;

// Number of the orientation that is shown.
fn shown_at(number: f32) -> f32 {
    if p.order < 0.5 {
        return number - p.orientations * floor((number + 0.5) / p.orientations);
    }
    return min(floor(hash(vec2i(i32(number), 0)) * p.orientations), p.orientations - 1.0);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let number = step_number(t, p.step_s);
    let ori = 180.0 * shown_at(number) / p.orientations;

    let along = rotate(at, radians(ori)).x;
    let cycles = p.sf * along - fract(p.temporal_frequency * t);
    let shown = clamp(1.0 / (p.sf * view.pixel_deg) - 2.0, 0.0, 1.0);
    return grey() * (1.0 + window(at, RADIUS, 0.6) * shown * p.contrast * cos(TAU * cycles));
}

fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(window(at, RADIUS, 0.6), 0.0);
}
