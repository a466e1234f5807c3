/*---
name    = "Perpetual diamond"
family  = "motion"
percept = "The diamond glides on and on in one direction and never gets anywhere: nothing in the picture moves."
look    = "Look at the diamond's middle."
papers  = ["Flynn & Shapiro 2018"]
readout = "flow"
human   = "Drift without doubt in its direction, set by the phase of the edges to the ground; it works with strips of seconds of arc (Flynn & Shapiro 2018)."
flash   = "mild"

param = [
  { name = "phase", unit = "deg", min = -90, max = 90, default = 90, about = "By how much leading edges go before the ground and trailing ones behind; negative reverses" },
  { name = "contrast", min = 0, max = 0.9, default = 0.6, about = "Modulation of ground and edges" },
  { name = "temporal_frequency", unit = "Hz", min = 0.1, max = 3, default = 1, about = "Cycles of light a second" },
  { name = "strip_width", unit = "deg", min = 0.1, max = 1.5, default = 0.8, about = "Width of the edges; a network needs two of its pixels" },
  { name = "size", unit = "deg", min = 4, max = 12, default = 9, about = "Diagonal of the diamond" },
  { name = "motion", min = 0, max = 4, default = 0, step = 1, choices = ["right", "up", "left", "down", "grows"], about = "Where it seems to go; the number counts rightward" },
]
preset = [
  { name = "Flynn & Shapiro 2018: thin edges", values = { strip_width = 0.2, temporal_frequency = 2 } },
  { name = "To the left", values = { phase = -90 } },
  { name = "Growing for ever", values = { motion = 4 } },
]
measure = { of = "translation" }
control = { phase = 0 }
control_note = "Edges in step with the ground: the light pulses, and the diamond rests."
---*/
const MEAN_LIGHT = 0.3;

// Distance to the diamond's edge, positive inside, in degrees.
fn inside(at: vec2f) -> f32 {
    return (0.5 * p.size - abs(at.x) - abs(at.y)) * 0.70710678;
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    // Lead of the edge that this place belongs to: 1 before the ground, -1 behind it.
    let ahead = rotate(vec2f(1.0, 0.0), 0.5 * PI * p.motion);
    let side = dot(at, ahead);
    let softened = 2.0 * smooth_edge(side) - 1.0;
    let lead = select(softened, 1.0, p.motion > 3.5);
    let cycle = fract(p.temporal_frequency * t);
    let ground = sin(TAU * cycle);
    // Mixed from the two edges' light, so that the corner between them is sharp.
    let shift = p.phase / 360.0;
    let edge = mix(sin(TAU * (cycle - shift)), sin(TAU * (cycle + shift)), 0.5 + 0.5 * lead);

    let depth = inside(at);
    var wave = mix(ground, edge, smooth_edge(depth + p.strip_width));
    wave = mix(wave, 0.0, smooth_edge(depth));
    return vec3f(MEAN_LIGHT * (1.0 + p.contrast * wave));
}

// The diamond with its edges and a little of the ground.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(smooth_edge(inside(at) + p.strip_width + 0.5), 0.0);
}
