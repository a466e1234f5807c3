/*---
name    = "Structure from motion"
family  = "motion"
percept = "Dots slide to the left and to the right in one plane, but a turning drum of glass is seen. Which way it turns is open, and may change while you look."
look    = "Look at the middle for a while; the drum may turn back without any change in the picture."
papers  = ["Wallach & O'Connell 1953", "Ullman 1979", "Siegel & Andersen 1988", "Treue, Husain & Andersen 1991", "Anderson & Siegel 2005"]
readout = "flow"
human   = "Either direction is seen, with changes after some seconds; the drum itself takes about a second to be seen, and dots that live some 50 to 85 ms (Treue, Husain & Andersen 1991)."
flash   = "none"

param = [
  { name = "speed", unit = "deg/s", min = -180, max = 180, default = 50, about = "Rotation of the drum about its upright axis" },
  { name = "back", min = 0, max = 1, default = 1, about = "Visibility of the dots on the far side: 0 is an opaque drum, of one direction" },
  { name = "shape", min = 0, max = 1, default = 0, step = 1, choices = ["cylinder", "sphere"] },
  { name = "structure", min = 0, max = 1, default = 1, about = "At 0 all dots of a side go equally fast, as on two flat panes" },
  { name = "columns", min = 4, max = 18, default = 13, step = 1, about = "Dots round the drum in each row" },
  { name = "diameter", unit = "deg", min = 0.3, max = 1, default = 0.65, about = "Size of the dots" },
]
preset = [
  { name = "Cylinder of glass", values = { back = 1 } },
  { name = "Opaque cylinder", values = { back = 0 } },
  { name = "After Anderson & Siegel 2005: sphere", values = { shape = 1 } },
  { name = "Two flat panes that slide", values = { structure = 0 } },
]
measure = { of = "translation", direction_deg = 0 }
control = { speed = 0 }
control_note = "Standing still the dots lie flat: no drum."
---*/
const RADIUS = 5.6;
const ROW_DEG = 1.4;
const ROWS = 8.0;

// How far a dot at `turn` (0 to 1, 0 in the middle of the near side) is to the right, -1 to 1.
fn across(turn: f32) -> f32 {
    let on_pane = select(4.0 * turn, select(2.0 - 4.0 * turn, 4.0 * turn - 4.0, turn > 0.75), turn > 0.25);
    return mix(on_pane, sin(TAU * turn), p.structure);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let turned = fract(p.speed * t / 360.0);
    let row = floor(at.y / ROW_DEG);
    var near = 0.0;
    var far = 0.0;
    // Dots of this row and of those above and below may reach here.
    for (var step = -1.0; step < 1.5; step += 1.0) {
        let line = row + step;
        let reach = 0.35 * ROW_DEG + 0.5 * p.diameter + view.pixel_deg;
        let in_row = abs(line + 0.5) < 0.5 * ROWS && abs(at.y - (line + 0.5) * ROW_DEG) < reach;
        // A loop that ends at once, because software Vulkan takes both ways of an if.
        let count = select(0.0, p.columns, in_row && abs(at.x) < RADIUS + p.diameter);
        for (var column = 0.0; column < count; column += 1.0) {
            let cell = vec2i(i32(column), i32(line));
            let y = (line + 0.5 + 0.7 * (hash(cell + vec2i(0, 60)) - 0.5)) * ROW_DEG;
            let turn = fract((column + 0.9 * hash(cell)) / p.columns + turned);
            let round_here = sqrt(max(RADIUS * RADIUS - y * y, 0.0));
            let radius = select(RADIUS, round_here, p.shape > 0.5);
            let covered = disc(at - vec2f(radius * across(turn), y), 0.5 * p.diameter);
            let is_far = turn > 0.25 && turn < 0.75;
            near = max(near, select(covered, 0.0, is_far));
            far = max(far, select(0.0, covered, is_far));
        }
    }
    let lit = max(near, p.back * far);
    return mix(grey() * 0.12, vec3f(0.93, 0.96, 1.0), lit);
}

// The middle against both edges: with one side only, how much faster the middle goes; of the drum of glass the
// directions cancel, and a number above or below zero tells which side the network has put in front.
fn region(at: vec2f, t: f32) -> vec2f {
    let upright = box(vec2f(0.0, at.y), vec2f(1.0, ROWS * ROW_DEG));
    let middle = smooth_edge(0.4 * RADIUS - abs(at.x));
    let edges = smooth_edge(abs(at.x) - 0.75 * RADIUS) * smooth_edge(1.05 * RADIUS - abs(at.x));
    return upright * vec2f(middle, edges);
}
