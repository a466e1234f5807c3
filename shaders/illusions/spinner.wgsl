/*---
name    = "Spinner"
family  = "motion"
percept = "Two rings of dots turn together, but the ring with more dots seems to turn faster."
look    = "Look at the middle and compare the rings."
papers  = ["Ho & Anstis 2013", "Ashida et al. 2017"]
readout = "flow"
human   = "More dots look faster (Ho & Anstis 2013); with gratings the effect grows with the number of cycles, but soon no further (Ashida et al. 2017)."
flash   = "none"

param = [
  { name = "dots_outer", min = 1, max = 22, default = 20, step = 1, about = "Dots of the outer ring" },
  { name = "dots_inner", min = 1, max = 10, default = 5, step = 1, about = "Dots of the inner ring" },
  { name = "speed", unit = "deg/s", min = -120, max = 120, default = 40, about = "Rotation of both, counter-clockwise" },
  { name = "diameter", unit = "deg", min = 0.4, max = 1.4, default = 1.1, about = "Diameter of a dot" },
]
preset = [
  { name = "After Ho & Anstis 2013: five and twenty", values = { dots_inner = 5, dots_outer = 20 } },
  { name = "One and eight", values = { dots_inner = 1, dots_outer = 8 } },
  { name = "Exchanged", values = { dots_inner = 10, dots_outer = 5 } },
]
measure = { of = "rotation" }
control = { dots_inner = 8, dots_outer = 8 }
control_note = "With as many dots on both rings the speeds are seen as equal."
---*/
const INNER = 3.0;
const OUTER = 6.2;

fn dots(at: vec2f, radius: f32, count: f32, t: f32) -> f32 {
    let turned = fract(p.speed * t / 360.0);
    let number = round((turn_of(at) - turned) * count);
    let angle = TAU * (number / count + turned);
    return disc(at - radius * vec2f(cos(angle), sin(angle)), 0.5 * p.diameter);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    var light = mix(grey(), vec3f(0.95), dots(at, OUTER, p.dots_outer, t));
    light = mix(light, vec3f(0.95), dots(at, INNER, p.dots_inner, t));
    return mix(light, vec3f(0.02), disc(at, 0.2));
}

// The outer ring against the inner one.
fn region(at: vec2f, t: f32) -> vec2f {
    let half_width = 0.5 * p.diameter + 0.3;
    return vec2f(ring(at, OUTER - half_width, OUTER + half_width), ring(at, INNER - half_width, INNER + half_width));
}
