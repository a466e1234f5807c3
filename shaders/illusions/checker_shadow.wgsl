/*---
name    = "Checker shadow"
family  = "brightness and contrast"
percept = "The two marked squares have exactly the same grey. The one that lies in the shadow looks much lighter than the one in the light."
look    = "Compare the squares beside the two dots, then cover everything else with your hands."
papers  = ["Adelson 1995", "Adelson 2000"]
readout = "brightness"
human   = "The light square in the shadow looks lighter than the dark square in the light although both send the same light (Adelson 1995)."
flash   = "none"

param = [
  { name = "shadow", min = 0, max = 1, default = 1, about = "Depth of the shadow; at 1 a light square in it is as dark as a dark one outside" },
  { name = "softness", unit = "deg", min = 0.05, max = 3, default = 1.2, about = "Width of the shadow's edge" },
  { name = "board", min = 0, max = 1, default = 1, about = "Contrast of all squares but the two" },
  { name = "check_width", unit = "deg", min = 1.5, max = 2.5, default = 2, about = "Side of a square" },
]
preset = [
  { name = "After Adelson 1995", values = { shadow = 1 } },
  { name = "Shadow with a sharp edge", values = { softness = 0.05 } },
  { name = "Two squares alone", values = { board = 0, shadow = 0 } },
]
measure = { of = "brightness" }
control = { shadow = 0, board = 0 }
control_note = "With everything else one grey, the two squares look the same."
---*/
const PALE = 0.62;
const DARK = 0.2;

fn column_of(at: vec2f) -> vec2f {
    return floor(at / p.check_width + 0.5);
}

// The square in the shadow (x) and the one in the light (y).
fn targets(at: vec2f) -> vec2f {
    let cell = column_of(at);
    let place = at - cell * p.check_width;
    let inside = box(place, vec2f(p.check_width));
    return inside * vec2f(
        select(0.0, 1.0, cell.x == 2.0 && cell.y == 0.0),
        select(0.0, 1.0, cell.x == -3.0 && cell.y == 0.0),
    );
}

// 1 on light squares.
fn checks(at: vec2f) -> f32 {
    let u = fract(0.5 * (at / p.check_width + 0.5));
    let edge = smooth_edge_of(u.x) * smooth_edge_of(u.y);
    return 0.5 + 0.5 * edge;
}

// 1 in one half of a pair of squares and -1 in the other.
fn smooth_edge_of(u: f32) -> f32 {
    let away = min(min(u, 1.0 - u), abs(u - 0.5)) * 2.0 * p.check_width;
    let side = select(-1.0, 1.0, u < 0.5);
    return side * (2.0 * smooth_edge(away) - 1.0);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let light = mix(0.5 * (PALE + DARK), mix(DARK, PALE, checks(at)), p.board);
    // An oblique band of shadow over the right half.
    let away = dot(at - vec2f(2.0 * p.check_width, 0.0), normalize(vec2f(1.0, 0.45)));
    let depth = 1.0 - smoothstep(-0.5, 0.5, (abs(away) - 1.55 * p.check_width) / p.softness);
    let lit = light * mix(1.0, DARK / PALE, p.shadow * depth);
    let both = targets(at);
    let shade = mix(lit, DARK, both.x + both.y);
    // Dots beside the two squares say which they are.
    let below = vec2f(0.0, -0.8 * p.check_width);
    let dots = disc(at - below - vec2f(2.0 * p.check_width, 0.0), 0.22)
        + disc(at - below + vec2f(3.0 * p.check_width, 0.0), 0.22);
    return mix(vec3f(shade), vec3f(0.75, 0.05, 0.03), dots);
}

fn region(at: vec2f, t: f32) -> vec2f {
    return targets(at);
}
