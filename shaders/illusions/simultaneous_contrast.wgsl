/*---
name    = "Simultaneous contrast"
family  = "brightness and contrast"
percept = "Two equal grey squares: the one on the dark ground looks lighter."
look    = "Compare the squares."
papers  = ["Chevreul 1839", "Heinemann 1955", "Shi, Cui, Troncoso, Macknik & Martinez-Conde 2013"]
readout = "brightness"
human   = "Stronger for narrow targets; it goes with the logarithm of their width (Shi et al. 2013)."
flash   = "none"

param = [
  { name = "strength", unit = "%", min = 0, max = 100, default = 80, about = "Difference of the two grounds in luminance" },
  { name = "size", unit = "deg", min = 1, max = 9, default = 4, about = "Side of the squares" },
  { name = "target_intensity", unit = "%", min = 0, max = 100, default = 40, about = "Luminance of the squares" },
  { name = "ramp", min = 0, max = 1, default = 0, step = 1, choices = ["edge", "ramp"], about = "Whether one ground goes over into the other at once or slowly" },
]
preset = [
  { name = "Chevreul 1839: two grounds", values = { ramp = 0 } },
  { name = "Ground as a ramp", values = { ramp = 1 } },
  { name = "Shi et al. 2013: small target", values = { size = 1.5 } },
]
measure = { of = "brightness" }
control = { strength = 0 }
control_note = "On equal grounds the squares look alike."
---*/
fn squares(at: vec2f) -> vec2f {
    let size = vec2f(p.size);
    return vec2f(box(at + vec2f(5.0, 0.0), size), box(at - vec2f(5.0, 0.0), size));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let edge = 2.0 * smooth_edge(at.x) - 1.0;
    let side = select(edge, clamp(at.x / 10.0, -1.0, 1.0), p.ramp > 0.5);
    let ground = 0.5 + 0.005 * p.strength * side;
    let covered = squares(at);
    return vec3f(mix(ground, 0.01 * p.target_intensity, covered.x + covered.y));
}

fn region(at: vec2f, t: f32) -> vec2f {
    return squares(at);
}
