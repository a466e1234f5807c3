/*---
name    = "Fraser-Wilcox wheel"
family  = "motion"
percept = "The wheel seems to creep round at the edge of sight although nothing moves. In which direction differs between people."
look    = "Look beside the wheel and blink, or read a few words there."
papers  = ["Fraser & Wilcox 1979", "Faubert & Herbert 1999", "Kobayashi et al. 2022", "Kirubeswaran & Storrs 2023"]
readout = "flow"
human   = "From dark to light along the ramp, at blinks and eye movements (Faubert & Herbert 1999); in the spirals the direction varies from person to person (Kobayashi et al. 2022)."
flash   = "none"

param = [
  { name = "asymmetry", min = -1, max = 1, default = 1, about = "1 a ramp that rises slowly and falls at once, 0 a symmetric one, -1 the reverse" },
  { name = "contrast", min = 0, max = 1, default = 1, about = "Michelson contrast of the ramp" },
  { name = "cycles", min = 4, max = 40, default = 14, step = 1, about = "Ramps once round" },
  { name = "twist", unit = "cycle", min = 0, max = 0.5, default = 0.25, about = "Shift from ring to ring: the pitch of the spirals" },
  { name = "gamma", min = 0.5, max = 3, default = 1, about = "Exponent of the ramp: 1 is linear in light" },
  { name = "rotation", unit = "deg/s", min = -30, max = 30, default = 0, about = "Real rotation; positive is counter-clockwise" },
]
preset = [
  { name = "Fraser & Wilcox 1979: spirals", values = { twist = 0.25 } },
  { name = "Faubert & Herbert 1999: straight sectors", values = { twist = 0 } },
  { name = "Ramp linear on the display", values = { gamma = 2.2 } },
]
measure = { of = "rotation" }
control = { asymmetry = 0 }
control_note = "The ramp rises and falls alike and has no direction: the wheel rests."
---*/
const RINGS = 5.0;

// Luminance 0 to 1 at `u` of a cycle that is `period` degrees long. The steep side is never shorter than
// a pixel.
fn ramp(u: f32, period: f32) -> f32 {
    let edge = min(0.5, view.pixel_deg / max(period, 1e-4));
    let rise = clamp(0.5 + 0.5 * p.asymmetry, edge, 1.0 - edge);
    return pow(select((1.0 - u) / (1.0 - rise), u / rise, u < rise), p.gamma);
}

fn ring_light(ring: f32, turn: f32, radius: f32) -> f32 {
    return ramp(fract(p.cycles * turn + p.twist * ring), TAU * radius / p.cycles);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let outermost = 0.48 * min(view.field_deg.x, view.field_deg.y);
    let hub = 0.22 * outermost;
    let radius = length(at);
    let turn = fract(turn_of(at) - p.rotation * t / 360.0);
    let depth = (radius - hub) / (outermost - hub) * RINGS;
    let ring = floor(depth);
    let width = (outermost - hub) / RINGS;
    var light = ring_light(ring, turn, radius);
    light = mix(ring_light(ring - 1.0, turn, radius), light, smooth_edge((depth - ring) * width));
    light = mix(ring_light(ring + 1.0, turn, radius), light, smooth_edge((ring + 1.0 - depth) * width));
    let covered = smooth_edge(radius - hub) * smooth_edge(outermost - radius);
    return mix(vec3f(0.5), vec3f(0.5 + p.contrast * (light - 0.5)), covered);
}
