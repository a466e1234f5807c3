/*---
name    = "Gabor patch"
family  = "physiology"
percept = "A patch of grating, softened by a Gaussian, drifts behind its window: what simple cells of the visual cortex answer to best."
look    = "Look at the middle."
papers  = ["Gabor 1946", "Marčelja 1980", "Daugman 1985", "Jones & Palmer 1987"]
readout = "phase"
human   = "Receptive fields of simple cells in the cat are close to Gabor functions (Jones & Palmer 1987)."
flash   = "none"

param = [
  { name = "contrast", min = 0, max = 1, default = 0.95, about = "Michelson contrast in the middle" },
  { name = "ori", unit = "deg", min = 0, max = 180, default = 0, about = "Orientation, clockwise from upright as in PsychoPy; the number below is for 0" },
  { name = "sf", unit = "cpd", min = 0.05, max = 2, default = 0.3, about = "Spatial frequency; 80 pixels across the field show up to 2 cpd" },
  { name = "phase", min = 0, max = 1, default = 0, about = "Cycles: 0 has a light bar in the middle, 0.5 a dark one, 0.25 an edge" },
  { name = "sigma", unit = "deg", min = 0.5, max = 4, default = 2.2, about = "Standard deviation of the Gaussian" },
  { name = "temporal_frequency", unit = "Hz", min = -3, max = 3, default = 1, about = "Drift, to the right at orientation 0" },
]
preset = [
  { name = "Still, even", values = { temporal_frequency = 0 } },
  { name = "Still, odd", values = { temporal_frequency = 0, phase = 0.25 } },
  { name = "Oblique, fine", values = { ori = 45, sf = 0.7 } },
  { name = "After Jones & Palmer 1987: about one cycle wide", values = { sf = 0.15, temporal_frequency = 0 } },
]
measure = { of = "phase", frequency = "sf" }
control = { temporal_frequency = 0 }
control_note = "The patch stands still, and no step is to be expected."
---*/
fn stimulus(at: vec2f, t: f32) -> vec3f {
    let along = rotate(at, radians(p.ori)).x;
    let cycles = p.sf * along - fract(p.temporal_frequency * t) + p.phase;
    let shown = clamp(1.0 / (p.sf * view.pixel_deg) - 2.0, 0.0, 1.0);
    let envelope = exp(-0.5 * dot(at, at) / (p.sigma * p.sigma));
    return grey() * (1.0 + shown * p.contrast * envelope * cos(TAU * cycles));
}

// The window in which the grating is seen.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(exp(-0.5 * dot(at, at) / (p.sigma * p.sigma)), 0.0);
}
