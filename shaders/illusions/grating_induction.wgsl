/*---
name    = "Grating induction"
family  = "brightness and contrast"
percept = "The strip in the middle is one even grey, yet it seems striped: light where the grating above and below is dark."
look    = "Cover the grating with your hands and the stripes in the strip are gone."
papers  = ["McCourt 1982", "Blakeslee & McCourt 1999", "Blakeslee & McCourt 2008"]
readout = "brightness"
human   = "The induced grating is in counterphase; its contrast falls as the strip gets higher (McCourt 1982). It lags by less than 1 ms (Blakeslee & McCourt 2008)."
flash   = "none"

param = [
  { name = "contrast", min = 0, max = 1, default = 0.9, about = "Michelson contrast of the inducing grating" },
  { name = "spatial_frequency", unit = "cpd", min = 0.05, max = 1, default = 0.15, about = "Of the inducing grating; 80 pixels across the field show up to 1 cpd" },
  { name = "strip_height", unit = "deg", min = 0.5, max = 8, default = 2, about = "Height of the even strip" },
  { name = "speed", unit = "deg/s", min = -10, max = 10, default = 0, about = "Drift of the inducing grating: the induced one drifts with it" },
]
preset = [
  { name = "McCourt 1982: low strip", values = { strip_height = 1 } },
  { name = "McCourt 1982: high strip, hardly any", values = { strip_height = 6 } },
  { name = "Drifting", values = { speed = 3 } },
]
measure = { of = "brightness" }
control = { contrast = 0 }
control_note = "Without the grating there is nothing to induce anything."
---*/
fn wave(at: vec2f, t: f32) -> f32 {
    return sin(TAU * fract(p.spatial_frequency * (at.x - p.speed * t)));
}

fn strip(at: vec2f) -> f32 {
    return smooth_edge(0.5 * p.strip_height - abs(at.y));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    return vec3f(0.5 + 0.5 * p.contrast * wave(at, t) * (1.0 - strip(at)));
}

// In the strip: where the grating beside it is dark, and where it is light.
fn region(at: vec2f, t: f32) -> vec2f {
    let inside = smooth_edge(0.5 * p.strip_height - abs(at.y) - 0.2);
    let phase = wave(at, t);
    return inside * vec2f(smooth_edge((-phase - 0.7) * 4.0), smooth_edge((phase - 0.7) * 4.0));
}
