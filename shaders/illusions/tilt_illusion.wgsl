/*---
name    = "Tilt illusion"
family  = "geometry"
percept = "The bars in the disc are upright, but among leaning bars they seem to lean the other way."
look    = "Judge the bars of the disc; switch the control on and off."
papers  = ["Gibson 1937", "O'Toole & Wenderoth 1977", "Schwartz, Sejnowski & Dayan 2009"]
readout = "flow"
human   = "Away from the surround by up to some 3 deg at 15 to 20 deg, towards it by about half a degree near 70 to 75 deg; with oblique bars too (O'Toole & Wenderoth 1977)."
flash   = "none"
stripes = true

param = [
  { name = "surround_tilt", unit = "deg", min = -90, max = 90, default = 15, about = "Tilt of the bars around the disc, counter-clockwise" },
  { name = "centre_tilt", unit = "deg", min = -20, max = 20, default = 0, about = "Real tilt of the bars in the disc" },
  { name = "spatial_frequency", unit = "cpd", min = 0.15, max = 1.5, default = 0.4, about = "Of both gratings; 80 pixels across the field show up to 1.5 cpd" },
  { name = "radius", unit = "deg", min = 2, max = 6, default = 3.5, about = "Radius of the disc" },
  { name = "contrast", min = 0, max = 1, default = 0.9, about = "Michelson contrast" },
]
preset = [
  { name = "Gibson 1937: repulsion", values = { surround_tilt = 15 } },
  { name = "O'Toole & Wenderoth 1977: attraction", values = { surround_tilt = 75 } },
]
measure = { of = "rotation", sign = -1 }
control = { surround_tilt = 0 }
control_note = "Among upright bars the disc's bars look upright."
---*/
fn grating(at: vec2f, tilt_deg: f32) -> f32 {
    return sin(TAU * p.spatial_frequency * rotate(at, -radians(tilt_deg)).x);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let inside = disc(at, p.radius);
    let gap = ring(at, p.radius, p.radius + 0.4);
    let value = mix(grating(at, p.surround_tilt), grating(at, p.centre_tilt), inside) * (1.0 - gap);
    return vec3f(0.5 + 0.5 * p.contrast * value);
}

fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(disc(at, p.radius - 0.3), 0.0);
}
