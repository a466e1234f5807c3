/*---
name    = "Benary cross"
family  = "brightness and contrast"
percept = "Two equal grey triangles: the one that lies on the arm of the black cross looks lighter than the one that leans into its corner, although both border on the same amounts of black and white."
look    = "Compare the triangle on the arm with the one in the corner."
papers  = ["Benary 1924", "Blakeslee & McCourt 2001"]
readout = "brightness"
flash   = "none"

param = [
  { name = "contrast", min = 0, max = 1, default = 1, about = "Michelson contrast of cross and ground" },
  { name = "arm", unit = "deg", min = 2, max = 6, default = 4, about = "Width of the arms" },
  { name = "target_size", unit = "deg", min = 1, max = 4, default = 2.8, about = "Longest side of the triangles" },
  { name = "target_intensity", unit = "%", min = 0, max = 100, default = 40, about = "Luminance of the triangles" },
]
preset = [
  { name = "Benary 1924", values = { arm = 4 } },
  { name = "Small triangles", values = { target_size = 1.6 } },
]
measure = { of = "brightness" }
control = { contrast = 0 }
control_note = "Without the cross the triangles look alike."
---*/
const REACH = 7.2;

// A right-angled triangle whose longest side lies at the bottom, its middle at (0, 0), the right angle above.
fn triangle(place: vec2f) -> f32 {
    let half = 0.5 * p.target_size;
    return smooth_edge(place.y) * smooth_edge((half - abs(place.x) - place.y) / sqrt(2.0));
}

// On the lower arm, its longest side along the arm's right edge, pointing into the black.
fn on_arm(at: vec2f) -> f32 {
    let place = at - vec2f(0.5 * p.arm, -0.5 * (0.5 * p.arm + REACH));
    return triangle(vec2f(place.y, -place.x));
}

// In the upper left corner, its right angle in the nook, pointing to the middle.
fn in_corner(at: vec2f) -> f32 {
    let place = at - vec2f(-0.5 * p.arm, 0.5 * p.arm);
    let legs = p.target_size / sqrt(2.0);
    let outward = vec2f(-place.x, place.y);
    return smooth_edge(outward.x) * smooth_edge(outward.y) * smooth_edge((legs - outward.x - outward.y) / sqrt(2.0));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let cross = max(box(at, vec2f(2.0 * REACH, p.arm)), box(at, vec2f(p.arm, 2.0 * REACH)));
    let light = 0.5 * (1.0 + p.contrast * (1.0 - 2.0 * cross));
    return vec3f(mix(light, 0.01 * p.target_intensity, on_arm(at) + in_corner(at)));
}

fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(on_arm(at), in_corner(at));
}
