/*---
name    = "Contrast response"
family  = "physiology"
percept = "A grating appears again and again, each time with more contrast. The answer of a cell rises, then saturates."
look    = "Look at the middle; watch the answer of a unit from step to step."
papers  = ["Albrecht & Hamilton 1982", "Heeger 1992", "Carandini & Heeger 2012"]
readout = "timecourse"
human   = "Cells of cat and macaque V1 follow a hyperbolic ratio: steep at low contrast, flat at high contrast (Albrecht & Hamilton 1982)."
flash   = "mild"

param = [
  { name = "highest", unit = "%", min = 0, max = 100, default = 100, about = "Michelson contrast of the last step" },
  { name = "steps", min = 2, max = 8, default = 5, step = 1, about = "Number of contrasts; each is twice the one before" },
  { name = "order", min = 0, max = 1, default = 0, step = 1, choices = ["rising", "falling"], about = "From low to high or from high to low" },
  { name = "step_s", unit = "s", min = 0.4, max = 4, default = 1, about = "Time from step to step; the last 3 tenths of it are blank" },
  { name = "sf", unit = "cpd", min = 0.05, max = 2, default = 0.4, about = "Spatial frequency" },
  { name = "temporal_frequency", unit = "Hz", min = -2.5, max = 2.5, default = 1, about = "Drift of the bars" },
]
preset = [
  { name = "After Albrecht & Hamilton 1982: rising", values = { order = 0 } },
  { name = "Falling", values = { order = 1 } },
  { name = "Still bars", values = { temporal_frequency = 0 } },
  { name = "Low contrasts", values = { highest = 25 } },
]
measure = { of = "surprise", from_s = 0, to_s = 5 }
control = { highest = 0 }
control_note = "Even grey: what is still answered is the unit's own."
event = [{ label = "step", at = 0, every = "step_s", when = "highest" }]
---*/
// Small enough to be less than a quarter of the field.
const RADIUS = 4.4;

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let number = step_number(t, p.step_s);
    let since = step_time(t, p.step_s);
    let rank = number - p.steps * floor((number + 0.5) / p.steps);
    let below = select(p.steps - 1.0 - rank, rank, p.order > 0.5);
    let contrast = select(0.0, 0.01 * p.highest * exp2(-below), since < 0.7 * p.step_s - 1e-3);

    let cycles = p.sf * at.x - p.temporal_frequency * since;
    let shown = clamp(1.0 / (p.sf * view.pixel_deg) - 2.0, 0.0, 1.0);
    return grey() * (1.0 + window(at, RADIUS, 0.5) * shown * contrast * cos(TAU * cycles));
}

fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(window(at, RADIUS, 0.5), 0.0);
}
