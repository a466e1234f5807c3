/*---
name    = "Missing fundamental"
family  = "motion"
percept = "The fluted stripes jump to the right a quarter of their period at a time, and yet they are seen to go left."
look    = "Fixate the dot and attend to the whole, not to one edge."
papers  = ["Adelson 1982", "Adelson & Bergen 1985", "Georgeson & Harris 1990"]
readout = "flow"
human   = "Seen opposite to the jumps: the lowest frequency that is left, the third, goes back a quarter of its own cycle (Adelson & Bergen 1985)."
flash   = "mild"

param = [
  { name = "fundamental", min = 0, max = 1, default = 0, about = "How much of the square wave's fundamental is left: 0 none, 1 all" },
  { name = "jump", unit = "cycle", min = -0.5, max = 0.5, default = 0.25, about = "Displacement to the right at each jump, in periods of the whole wave" },
  { name = "step_s", unit = "s", min = 0.016, max = 1, default = 0.2, about = "Time from jump to jump" },
  { name = "spatial_frequency", unit = "cpd", min = 0.03, max = 1, default = 0.125, about = "Of the square wave; fluting and edges fade out where the picture cannot show the third harmonic" },
  { name = "contrast", min = 0, max = 1, default = 0.6, about = "Michelson contrast of the square wave" },
]
preset = [
  { name = "Adelson & Bergen 1985: quarter jumps", values = { jump = 0.25 } },
  { name = "Fast", values = { step_s = 0.067 } },
  { name = "Small jumps: the edges win", values = { jump = 0.08, step_s = 0.1 } },
]
measure = { of = "translation", direction_deg = 180, to_s = 4.5 }
control = { fundamental = 1 }
control_note = "The full square wave makes the same jumps and is seen to go where it goes, to the right."
event = [{ label = "jump", at = "step_s", every = "step_s" }]
---*/

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let jumps = step_number(t, p.step_s);
    let u = fract(p.spatial_frequency * at.x - fract(p.jump * jumps));
    let period = 1.0 / p.spatial_frequency;
    // Edges at 0 (up), half (down) and 1 (up).
    let first_half = smooth_edge(u * period) - smooth_edge((u - 0.5) * period) + smooth_edge((u - 1.0) * period);
    let square = 2.0 * first_half - 1.0;
    let fundamental = 4.0 / PI * sin(TAU * u);
    let wave = square - (1.0 - p.fundamental) * fundamental;
    let resolved = clamp(period / (3.0 * view.pixel_deg) - 2.0, 0.0, 1.0);
    let light = 0.4 * (1.0 + resolved * p.contrast * wave);
    return mix(vec3f(light), vec3f(0.6, 0.05, 0.03), disc(at, 0.3));
}
