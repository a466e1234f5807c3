/*---
name    = "Reverse phi"
family  = "motion"
percept = "The pattern steps to the right, yet it is seen to go left: each step also exchanges dark and light."
look    = "Look a little beside the centre."
papers  = ["Anstis 1970", "Anstis & Rogers 1975", "Wehrhahn 2006"]
readout = "phase"
human   = "Two flashed lines of opposite sign seem to go back for steps up to 12 arcmin and of 8 to 33 ms, and forward beyond; beside the fovea too (Wehrhahn 2006)."
flash   = "mild"

param = [
  { name = "inversion", min = 0, max = 1, default = 1, about = "How much of the contrast is exchanged at each step: 0 none, 1 all" },
  { name = "step", unit = "deg", min = -4, max = 4, default = 1, about = "Displacement to the right at each step" },
  { name = "step_s", unit = "s", min = 0.008, max = 1, default = 0.1, about = "Time from step to step" },
  { name = "size", unit = "deg", min = 0.5, max = 16, default = 4, about = "Period of the grating, or four checks" },
  { name = "contrast", min = 0, max = 1, default = 0.7, about = "Michelson contrast" },
  { name = "pattern", min = 0, max = 1, default = 0, step = 1, choices = ["grating", "random checks"] },
]
preset = [
  { name = "Anstis 1970: random checks", values = { pattern = 1, size = 4, step = 0.5 } },
  { name = "After Wehrhahn 2006: small fast steps", values = { pattern = 1, step = 0.1, step_s = 0.033, size = 1 } },
  { name = "Half a period: ambiguous", values = { step = 2 } },
]
measure = { of = "phase", direction_deg = 180, frequency = 0.25 }
control = { inversion = 0 }
control_note = "Without the exchange the same steps are seen as they are, to the right."
event = [{ label = "step", at = "step_s", every = "step_s" }]
---*/

// Checks of -1 and 1, `side` degrees wide, with edges softened over a pixel.
fn checks(at: vec2f, side: f32) -> f32 {
    let q = at / side - 0.5;
    let cell = vec2i(floor(q));
    let s = clamp((fract(q) - 0.5) * side / view.pixel_deg + 0.5, vec2f(0.0), vec2f(1.0));
    let below = mix(sign(hash(cell) - 0.5), sign(hash(cell + vec2i(1, 0)) - 0.5), s.x);
    let above = mix(sign(hash(cell + vec2i(0, 1)) - 0.5), sign(hash(cell + vec2i(1, 1)) - 0.5), s.x);
    return mix(below, above, s.y);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let steps = step_number(t, p.step_s);
    let place = at - vec2f(steps * p.step, 0.0);
    let pattern = select(sin(TAU * place.x / p.size), checks(place, 0.25 * p.size), p.pattern > 0.5);
    let is_odd = fract(0.5 * steps) > 0.25;
    let polarity = select(1.0, 1.0 - 2.0 * p.inversion, is_odd);
    return vec3f(0.5 + 0.5 * p.contrast * polarity * pattern);
}
