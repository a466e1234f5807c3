/*---
name    = "Plaid"
family  = "motion"
percept = "Two gratings cross. When they are alike they lock into one pattern that slides to the right; when one is weak they slip over each other, each in its own direction."
look    = "Look at the centre and wait: the percept may switch."
papers  = ["Adelson & Movshon 1982", "Ferrera & Wilson 1991", "Storrs et al. 2022"]
readout = "flow"
human   = "A coherent plaid goes the way that both gratings allow, to the right (Adelson & Movshon 1982), but looks slower than the speed / cos(angle / 2) that they allow (Ferrera & Wilson 1991)."
flash   = "none"

param = [
  { name = "contrast_second", min = 0, max = 0.5, default = 0.45, about = "Contrast of the grating that goes down and right" },
  { name = "contrast_first", min = 0, max = 0.5, default = 0.45, about = "Contrast of the grating that goes up and right" },
  { name = "angle", unit = "deg", min = 0, max = 170, default = 90, about = "Angle between the two directions" },
  { name = "speed", unit = "deg/s", min = -10, max = 10, default = 3, about = "Speed of each grating along its own direction" },
  { name = "spatial_frequency", unit = "cpd", min = 0.05, max = 2, default = 0.3, about = "Bars per degree of each grating" },
  { name = "radius", unit = "deg", min = 0, max = 10, default = 7, about = "Radius of a soft round window; 0 fills the field" },
]
preset = [
  { name = "After Adelson & Movshon 1982: coherent", values = { angle = 90 } },
  { name = "After Adelson & Movshon 1982: sliding", values = { angle = 135, contrast_first = 0.48, contrast_second = 0.12 } },
  { name = "Nearly parallel", values = { angle = 30 } },
]
measure = { of = "translation", direction_deg = 90, sign = -1 }
control = { contrast_second = 0 }
control_note = "One grating alone: its own direction, half the angle upwards, is seen, and nothing to the right."
---*/
fn grating(at: vec2f, direction_deg: f32, t: f32) -> f32 {
    let along = rotate(at, -radians(direction_deg)).x;
    return sin(TAU * p.spatial_frequency * (along - p.speed * t));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let both = p.contrast_first * grating(at, 0.5 * p.angle, t)
        + p.contrast_second * grating(at, -0.5 * p.angle, t);
    let envelope = select(window(at, p.radius, 0.25 * p.radius), 1.0, p.radius == 0.0);
    return vec3f(0.5 + 0.5 * envelope * both);
}

// Where the gratings are; the number is how much less than one grating alone it goes up.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(select(window(at, p.radius, 0.25 * p.radius), 1.0, p.radius == 0.0), 0.0);
}
