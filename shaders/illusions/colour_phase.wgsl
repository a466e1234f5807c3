/*---
name    = "Colour phase"
family  = "motion"
percept = "The rings stream along for ever while their colours change, yet none of them leaves its place."
look    = "Look at any ring, or between them; cover all but one edge to see that it rests."
papers  = ["Flynn & Shapiro 2018"]
readout = "flow"
human   = "Not measured for these rings; in a relative whose edges change in light, the phase between edges and ground alone sets the direction (Flynn & Shapiro 2018)."
flash   = "none"

param = [
  { name = "phase", unit = "deg", min = -120, max = 120, default = 90, about = "How far the hue of the edges lags or leads that of the shape; negative reverses" },
  { name = "temporal_frequency", unit = "Hz", min = 0.1, max = 2, default = 1, about = "Turns of the hue a second" },
  { name = "saturation", min = 0.1, max = 1, default = 0.8, about = "How far the colours are from grey" },
  { name = "edge_width", unit = "deg", min = 0.2, max = 1.2, default = 0.8, about = "Width of the edges" },
  { name = "motion", min = 0, max = 2, default = 0, step = 1, choices = ["right", "up", "grow"], about = "Where they seem to go; the number counts rightward" },
  { name = "wave", min = 0, max = 1, default = 0, step = 1, choices = ["all alike", "one after another"], about = "Whether the hue differs from shape to shape" },
]
preset = [
  { name = "In the manner of Jagarikin: stream", values = { motion = 0 } },
  { name = "In the manner of Jagarikin: growing", values = { motion = 2 } },
  { name = "To the left", values = { phase = -90 } },
]
measure = { of = "translation" }
control = { phase = 0 }
control_note = "Edges in step with the shapes: only the colours change."
---*/
const SPACING = 6.0;
const RADIUS = 2.3;

fn hue(turn: f32) -> vec3f {
    let wave = cos(TAU * (turn - vec3f(0.0, 1.0, 2.0) / 3.0));
    return srgb_to_linear(0.5 + 0.48 * p.saturation * wave);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    // Three columns and two rows.
    let column = clamp(round(at.x / SPACING), -1.0, 1.0);
    let row = select(-0.5, 0.5, at.y > 0.0);
    let place = at - SPACING * vec2f(column, row);
    let radius = length(place);
    let normal = place / max(radius, 1e-4);

    let own = select(0.0, (column + 2.0 * row) / 6.0, p.wave > 0.5);
    let turn = fract(p.temporal_frequency * t) + own + 0.05;
    var facing = select(normal.x, normal.y, p.motion > 0.5);
    facing = select(facing, 1.0, p.motion > 1.5);
    // An edge whose colour comes after the shape's seems to go outward, and the hole's edge is the other way round.
    let lag = facing * p.phase / 360.0;
    let outer = hue(turn - lag);
    let half_edge = 0.5 * p.edge_width;
    let hole = 0.38 * RADIUS;
    var light = mix(grey(), outer, disc(place, RADIUS + half_edge));
    light = mix(light, hue(turn), disc(place, RADIUS - half_edge));
    light = mix(light, hue(turn + select(lag, -lag, p.motion > 1.5)), disc(place, hole + min(half_edge, 0.5 * (RADIUS - hole))));
    return mix(light, grey(), disc(place, max(hole - half_edge, 0.2)));
}
