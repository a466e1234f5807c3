/*---
name    = "Poggendorff"
family  = "geometry"
percept = "A straight line runs behind a bar. Its right part seems to lie too high to be the same line."
look    = "Follow the line from the left behind the bar."
papers  = ["Zöllner 1860", "Hotopf & Hibberd 1989", "Morgan 1999"]
readout = "position"
human   = "The more obliquely the line meets the bar, the more it seems broken; blur makes it stronger (Morgan 1999)."
flash   = "none"

param = [
  { name = "strength", unit = "deg", min = 15, max = 90, default = 30, about = "Angle between line and bar: 90 deg crosses it straight" },
  { name = "difference", unit = "deg", min = -3, max = 3, default = 0, about = "By how much the right part really lies higher" },
  { name = "bar_width", unit = "deg", min = 1, max = 7, default = 4, about = "Width of the bar" },
  { name = "line_width", unit = "deg", min = 0.3, max = 1, default = 0.5, about = "Width of the line" },
]
preset = [
  { name = "Poggendorff", values = { strength = 30 } },
  { name = "Made to look straight", values = { difference = -0.6 } },
  { name = "Narrow bar", values = { bar_width = 1.5 } },
]
measure = { of = "position", direction_deg = 90 }
control = { strength = 90 }
control_note = "A line that crosses the bar at a right angle looks straight."
---*/
fn line(at: vec2f) -> f32 {
    let right = smooth_edge(at.x);
    let place = at - vec2f(0.0, right * p.difference);
    let along = rotate(place, -radians(90.0 - p.strength));
    return box(along, vec2f(17.0, p.line_width)) * smooth_edge(abs(at.x) - 0.5 * p.bar_width);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let occluder = box(at, vec2f(p.bar_width, 15.0));
    let light = mix(grey(), vec3f(0.55, 0.62, 0.7), occluder);
    return mix(light, vec3f(0.01), line(at) * (1.0 - occluder));
}

// The right part, seen too high, and the left part.
fn region(at: vec2f, t: f32) -> vec2f {
    let along = rotate(at - vec2f(0.0, smooth_edge(at.x) * p.difference), -radians(90.0 - p.strength));
    let near = smooth_edge(1.0 - abs(along.y)) * smooth_edge(8.0 - abs(along.x)) * smooth_edge(abs(at.x) - 0.5 * p.bar_width);
    return near * vec2f(smooth_edge(at.x), smooth_edge(-at.x));
}
