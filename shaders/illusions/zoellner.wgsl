/*---
name    = "Zöllner"
family  = "geometry"
percept = "Long parallel lines seem to lean towards and away from one another, because of the short strokes across them."
look    = "Compare the distance of two neighbouring lines at their left and at their right ends."
papers  = ["Zöllner 1860", "Oyama 1975"]
readout = "position"
human   = "Each line seems turned away from its strokes, most at angles of 10 to 30 deg (Oyama 1975)."
flash   = "none"

param = [
  { name = "strength", min = -1, max = 1, default = 1, about = "-1 exchanges the strokes of neighbouring lines; at 0 they stand upright" },
  { name = "angle", unit = "deg", min = 10, max = 80, default = 30, about = "Angle between strokes and lines at full strength" },
  { name = "difference", unit = "deg", min = -8, max = 8, default = 0, about = "By how much neighbouring lines really lean towards each other" },
  { name = "lines", min = 2, max = 6, default = 4, step = 1, about = "Number of long lines" },
]
preset = [
  { name = "Zöllner 1860", values = { angle = 30 } },
  { name = "Steep strokes, weaker", values = { angle = 65 } },
]
measure = { of = "position", direction_deg = 90 }
control = { strength = 0 }
control_note = "With upright strokes the lines look parallel."
---*/
const WIDTH = 0.4;
const HALF_LENGTH = 8.6;

// The place in the nearest line's own coordinates, and 1 or -1 by turns from line to line.
fn near(at: vec2f) -> vec3f {
    let spacing = 14.0 / p.lines;
    let row = clamp(floor(at.y / spacing + 0.5 * p.lines), 0.0, p.lines - 1.0);
    let middle = (row + 0.5 - 0.5 * p.lines) * spacing;
    let turn = select(1.0, -1.0, fract(0.5 * row) > 0.25);
    return vec3f(rotate(at - vec2f(0.0, middle), -radians(0.5 * p.difference * turn)), turn);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let place = near(at);
    let line = box(place.xy, vec2f(2.0 * HALF_LENGTH, WIDTH));
    // From upright to lying at the angle.
    let slant = 0.5 * PI - place.z * p.strength * (0.5 * PI - radians(p.angle));
    let pitch = 2.0;
    // A stroke that lies reaches over the middle to the next: the nearest two are looked at.
    let near_number = clamp(place.x / pitch, -4.0, 4.0);
    let one = bar(place.xy - vec2f(floor(near_number) * pitch, 0.0), 2.3, WIDTH, slant);
    let stroke = max(one, bar(place.xy - vec2f(ceil(near_number) * pitch, 0.0), 2.3, WIDTH, slant));
    return mix(grey(), vec3f(0.01), max(line, stroke));
}

// Lines are turned away from their strokes: where strokes rise to the right, the right end is seen lower. What is seen
// higher against what is seen lower.
fn region(at: vec2f, t: f32) -> vec2f {
    let place = near(at);
    let on = smooth_edge(0.5 - abs(place.y)) * smooth_edge(HALF_LENGTH - abs(place.x));
    let up = -place.z * place.x;
    return on * vec2f(smooth_edge(up - 3.0), smooth_edge(-up - 3.0));
}
