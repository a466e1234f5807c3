/*---
name    = "Tilt aftereffect"
family  = "geometry"
percept = "After some seconds of tilted bars, upright bars seem to lean the other way for a moment."
look    = "Keep your eyes on the dot all the time, and watch the bars when they become upright."
papers  = ["Gibson & Radner 1937", "Magnussen & Greenlee 1985"]
readout = "position"
human   = "Repulsion of 1 to 3 degrees, most after bars tilted by 10 to 20 degrees, and a weaker attraction beyond some 50 (Gibson & Radner 1937)."
flash   = "none"

param = [
  { name = "tilt", unit = "deg", min = -90, max = 90, default = 15, about = "Of the bars before the test, clockwise from upright" },
  { name = "adapt_s", unit = "s", min = 0.2, max = 30, default = 3, about = "How long they are there" },
  { name = "cycle_s", unit = "s", min = 0.4, max = 40, default = 4.5, about = "Time for tilted and upright bars" },
  { name = "spatial_frequency", unit = "cpd", min = 0.1, max = 1, default = 0.25, about = "Bars per degree" },
  { name = "contrast", min = 0, max = 1, default = 0.8, about = "Michelson contrast of all bars" },
]
preset = [
  { name = "Gibson & Radner 1937", values = { tilt = 15 } },
  { name = "Far tilt: attraction", values = { tilt = 70 } },
  { name = "Long", values = { adapt_s = 30, cycle_s = 33 } },
]
# A third of a second and more after the bars became upright.
measure = { of = "position", direction_deg = 0, sign = -1, from_s = 3.3, to_s = 4.4 }
control = { tilt = 0 }
control_note = "Upright bars change nothing: upright bars look upright afterwards."
event = [{ label = "test", at = "adapt_s", every = "cycle_s" }]
---*/
const RADIUS = 6.5;

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let since = step_time(t, p.cycle_s);
    let angle = select(radians(p.tilt), 0.0, since > p.adapt_s - 0.001);
    let wave = sin(TAU * p.spatial_frequency * rotate(at, angle).x);
    let light = grey() * 1.4 * (1.0 + p.contrast * window(at, RADIUS, 1.5) * wave);
    return mix(light, vec3f(0.75, 0.05, 0.03), disc(at, 0.3));
}

// The upper part, and the lower one: apart to the right where the bars seem to lean clockwise.
fn region(at: vec2f, t: f32) -> vec2f {
    let inside = window(at, RADIUS, 1.5);
    return inside * vec2f(smooth_edge(at.y - 1.5), smooth_edge(-1.5 - at.y));
}
