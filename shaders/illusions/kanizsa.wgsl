/*---
name    = "Kanizsa figure"
family  = "contour"
percept = "A bright shape with sharp edges lies on the discs, though between them no edge is drawn."
look    = "Look at the middle; trace the edge where there is none."
papers  = ["Kanizsa 1955", "Shipley & Kellman 1992", "Lee & Nguyen 2001", "Lotter, Kreiman & Cox 2020", "Pang et al. 2021"]
readout = "timecourse"
human   = "Clearer the more of the edge is drawn (Shipley & Kellman 1992); V1 answers later than to a real edge (Lee & Nguyen 2001)."
flash   = "none"
field_deg = 16

param = [
  { name = "support_ratio", min = 0.15, max = 0.9, default = 0.6, about = "Drawn part of each edge of the figure" },
  { name = "turning", unit = "deg/s", min = -90, max = 90, default = 0, about = "Rotation of the whole figure; 0 is static" },
  { name = "mouths", min = 0, max = 1, default = 0, step = 1, choices = ["inward", "outward"], about = "Where the cut-outs of the discs open to" },
  { name = "corners", min = 3, max = 6, default = 4, step = 1, about = "3 makes a triangle, 4 a square" },
  { name = "contrast", min = -1, max = 1, default = -0.63, about = "Michelson contrast of discs to ground; negative is dark on light" },
  { name = "discs_s", unit = "s", min = 0, max = 5, default = 0, about = "How long whole discs are shown before the mouths open" },
]
preset = [
  { name = "After Kanizsa 1955: triangle", values = { corners = 3, contrast = -0.9, support_ratio = 0.5 } },
  { name = "After Lee & Nguyen 2001: discs first", values = { discs_s = 0.5 } },
  { name = "Light on dark", values = { contrast = 0.63 } },
  { name = "Turning square", values = { turning = 30 } },
]
measure = { of = "brightness" }
control = { mouths = 1 }
control_note = "The same discs with their mouths turned outward make no figure."
event = [{ label = "mouths open", at = "discs_s", when = "discs_s" }]
---*/
const SIDE_DEG = 6.0;
// Mean of the luminances of sRGB 85 and 170, the greys of published network tests.
const MEAN_LIGHT = 0.2465;

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let half_corner = PI / p.corners;
    // A figure of fewer corners gets the longer sides, so that all are about as large.
    let side = SIDE_DEG * sin(half_corner) / sin(PI / 4.0);
    let far = side / (2.0 * sin(half_corner));
    let radius = 0.5 * p.support_ratio * side;
    let has_mouths = t >= p.discs_s - 1e-3;
    let outward = select(1.0, -1.0, p.mouths > 0.5);
    let is_even = fract(0.5 * p.corners) < 0.25;
    let first = radians(90.0 + p.turning * t) + select(0.0, half_corner, is_even);
    // Half the angle at each corner of the figure.
    let half_mouth = 0.5 * PI - half_corner;

    var covered = 0.0;
    for (var corner = 0.0; corner < p.corners; corner += 1.0) {
        // From the corner, x towards the middle of the figure.
        let direction = first + 2.0 * half_corner * corner;
        let place = vec2f(far, 0.0) - rotate(at, -direction);
        let inside_mouth = outward * place.x * sin(half_mouth) - abs(place.y) * cos(half_mouth);
        let mouth = select(0.0, smooth_edge(inside_mouth), has_mouths);
        covered = max(covered, disc(place, radius) * (1.0 - mouth));
    }
    return vec3f(MEAN_LIGHT * (1.0 + p.contrast * (2.0 * covered - 1.0)));
}

// Inside the figure, off the discs and its edges, and as far outside it, in the same directions.
fn region(at: vec2f, t: f32) -> vec2f {
    let side = SIDE_DEG * sin(PI / p.corners) / sin(PI / 4.0);
    let apothem = 0.5 * side / tan(PI / p.corners);
    let inside = disc(at, 0.6 * apothem);
    let beyond = ring(at, 1.9 * apothem, 2.3 * apothem);
    return vec2f(inside, beyond);
}
