/*---
name    = "Propeller"
family  = "calibration"
percept = "A propeller turns, and it is seen to turn as it does. Nothing is illusory: what the network expects of this rotation is the scale on which illusory rotations are read."
look    = "Look at the hub; then set the speed to zero."
papers  = ["Watanabe et al. 2018"]
readout = "flow"
human   = "Seen as it is."
flash   = "none"

param = [
  { name = "speed", unit = "deg/s", min = -180, max = 180, default = 45, about = "Rotation; positive is counter-clockwise" },
  { name = "blades", min = 2, max = 8, default = 3, step = 1, about = "With more blades fast rotation is ambiguous sooner" },
  { name = "contrast", min = 0, max = 1, default = 1, about = "Contrast of the blades to the ground" },
  { name = "twist", unit = "deg", min = -60, max = 60, default = 22, about = "How far the tips trail the roots; positive trails a counter-clockwise turn" },
  { name = "radius", unit = "deg", min = 2, max = 7.6, default = 6.1, about = "Length of a blade from the middle" },
]
preset = [
  { name = "After Watanabe et al. 2018: clockwise", values = { speed = -45 } },
  { name = "As slow as illusory rotation", values = { speed = 3 } },
  { name = "Faint", values = { contrast = 0.15 } },
]
measure = { of = "rotation" }
control = { speed = 0 }
control_note = "The propeller stands still: any rotation that is still read out is a fault of the network or of the read-out."
---*/
const HUB = 0.16;

// A blade of 1 unit length seen from its root's middle: coverage and shade (0 trailing to 1 leading side).
fn blade(radius: f32, angle: f32) -> vec2f {
    let along = clamp((radius / p.radius - 0.5 * HUB) / (1.0 - 0.5 * HUB), 0.0, 1.0);
    // A rounded tip and a slender root; never wider than the room that a blade has.
    let half = p.radius * min(0.62 / p.blades, 0.17) * sqrt(along * (1.0 - along * along * along)) * 1.5;
    let across = sin(angle) * radius;
    let ahead = smooth_edge(cos(angle) * radius);
    let covered = smooth_edge(half - abs(across)) * ahead * smooth_edge(p.radius - radius);
    return vec2f(covered, clamp(0.5 + 0.5 * across / max(half, 1e-3), 0.0, 1.0));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let radius = length(at);
    let swept = p.twist / 360.0 * radius / p.radius;
    let sector = fract((turn_of(at) - fract(p.speed * t / 360.0) - 0.25 + swept) * p.blades + 0.5) - 0.5;
    let one = blade(radius, clamp(sector * TAU / p.blades, -0.5 * PI, 0.5 * PI));
    let shade = smoothstep(0.15, 0.85, one.y);
    let paint = mix(vec3f(0.03, 0.12, 0.22), vec3f(0.92, 0.84, 0.66), shade);
    var light = mix(grey(), paint, one.x * p.contrast);
    light = mix(light, vec3f(0.02), disc(at, HUB * p.radius) * p.contrast);
    return mix(light, vec3f(0.75, 0.32, 0.06), disc(at, 0.55 * HUB * p.radius) * p.contrast);
}
