/*---
name    = "Drifting grating"
family  = "calibration"
percept = "Bars drift steadily to the right. Nothing is illusory: what the network believes of this motion is the scale on which the illusions are read."
look    = "Look anywhere."
papers  = ["Campbell & Robson 1968", "Thompson 1982", "Storrs et al. 2022"]
readout = "flow"
human   = "Seen as it is; at low contrast slow gratings look slower than they are (Thompson 1982)."
flash   = "none"

param = [
  { name = "contrast", min = 0, max = 1, default = 0.9, about = "Michelson contrast of the bars" },
  { name = "speed", unit = "deg/s", min = -20, max = 20, default = 4, about = "Drift; negative goes the other way" },
  { name = "spatial_frequency", unit = "cpd", min = 0.05, max = 2, default = 0.25, about = "Bars per degree" },
  { name = "direction", unit = "deg", min = 0, max = 360, default = 0, about = "Where the bars drift to: 0 right, 90 up" },
  { name = "radius", unit = "deg", min = 0, max = 10, default = 0, about = "Radius of a soft round window; 0 fills the field" },
]
preset = [
  { name = "After Thompson 1982: low contrast", values = { contrast = 0.1, speed = 2 } },
  { name = "Windowed, oblique", values = { direction = 45, radius = 6, spatial_frequency = 0.5, speed = 2 } },
  { name = "Upwards", values = { direction = 90 } },
]
measure = { of = "phase", frequency = "spatial_frequency" }
control = { speed = 0 }
control_note = "The bars stand still: any motion that is still read out is a fault of the read-out."
---*/
fn stimulus(at: vec2f, t: f32) -> vec3f {
    let along = rotate(at, -radians(p.direction)).x;
    let phase = TAU * p.spatial_frequency * (along - p.speed * t);
    let envelope = select(window(at, p.radius, 0.3 * p.radius), 1.0, p.radius == 0.0);
    return vec3f(0.5 + 0.5 * p.contrast * envelope * sin(phase));
}
