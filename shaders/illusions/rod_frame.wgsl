/*---
name    = "Rod and frame"
family  = "geometry"
percept = "An upright rod seems to lean the other way than the tilted frame around it."
look    = "Judge whether the rod stands upright."
papers  = ["Witkin & Asch 1948", "Wenderoth 1974"]
readout = "flow"
human   = "Away from the frame up to a tilt of about 25 deg, hardly at 25 to 30 deg, then towards it up to 45 deg (Wenderoth 1974); differs much between people (Witkin & Asch 1948)."
flash   = "none"

param = [
  { name = "strength", unit = "deg", min = -45, max = 45, default = 15, about = "Tilt of the frame, counter-clockwise" },
  { name = "difference", unit = "deg", min = -20, max = 20, default = 0, about = "Real tilt of the rod, counter-clockwise" },
  { name = "frame_size", unit = "deg", min = 6, max = 13, default = 11, about = "Side of the frame" },
  { name = "rod_length", unit = "deg", min = 3, max = 8, default = 6, about = "Length of the rod" },
]
preset = [
  { name = "Witkin & Asch 1948: 28 deg", values = { strength = 28 } },
  { name = "The other way", values = { strength = -15 } },
]
measure = { of = "rotation", sign = -1 }
control = { strength = 0 }
control_note = "In an upright frame the rod looks upright."
---*/
fn stimulus(at: vec2f, t: f32) -> vec3f {
    let place = rotate(at, -radians(p.strength));
    let frame = box(place, vec2f(p.frame_size + 0.7)) - box(place, vec2f(p.frame_size - 0.7));
    let rod = bar(at, p.rod_length, 0.6, radians(90.0 + p.difference));
    let light = mix(grey(), vec3f(0.85), max(frame, 0.0));
    return mix(light, vec3f(0.95, 0.55, 0.05), rod);
}

fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(bar(at, p.rod_length + 0.8, 1.8, radians(90.0 + p.difference)), 0.0);
}
