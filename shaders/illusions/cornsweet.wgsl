/*---
name    = "Cornsweet edge"
family  = "brightness and contrast"
percept = "The left half looks lighter than the right. Both are the same grey; only at the edge between them the light rises and falls."
look    = "Cover the edge with a pencil: the halves become alike."
papers  = ["O'Brien 1958", "Craik 1966", "Cornsweet 1970", "Anderson, Dakin & Rees 2009"]
readout = "brightness"
human   = "Gone when the light and the dark ramp are shown to different eyes (Anderson, Dakin & Rees 2009)."
flash   = "none"

param = [
  { name = "contrast", min = -1, max = 1, default = 0.6, about = "Michelson contrast at the edge; negative exchanges the sides" },
  { name = "ramp_width", unit = "deg", min = 0.5, max = 8, default = 3, about = "How far the ramps reach" },
  { name = "exponent", min = 1, max = 6, default = 2, about = "How steeply they fall: 1 straight, 2 as in Cornsweet's figure" },
  { name = "intensity", unit = "%", min = 10, max = 60, default = 40, about = "Luminance far from the edge" },
]
preset = [
  { name = "Cornsweet 1970", values = { exponent = 2, ramp_width = 3 } },
  { name = "Straight ramps", values = { exponent = 1 } },
  { name = "Weak and wide", values = { contrast = 0.2, ramp_width = 6 } },
]
measure = { of = "brightness" }
control = { contrast = 0 }
control_note = "Without the ramps the two halves are seen as what they are: one."
---*/
const HEIGHT = 9.0;
const WIDTH = 17.0;

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let near = pow(clamp(1.0 - abs(at.x) / p.ramp_width, 0.0, 1.0), p.exponent);
    let side = 1.0 - 2.0 * smooth_edge(at.x);
    let light = 0.01 * p.intensity * (1.0 + p.contrast * near * side);
    return mix(grey(), vec3f(light), box(at, vec2f(WIDTH, HEIGHT)));
}

// The flat parts of the halves, seen lighter and darker.
fn region(at: vec2f, t: f32) -> vec2f {
    let middle = 0.5 * (p.ramp_width + 0.5 * WIDTH - 0.3);
    let size = vec2f(max(0.5 * WIDTH - 0.3 - p.ramp_width, 0.4), HEIGHT - 1.0);
    let left = box(at + vec2f(middle, 0.0), size);
    let right = box(at - vec2f(middle, 0.0), size);
    return select(vec2f(left, right), vec2f(right, left), p.contrast < 0.0);
}
