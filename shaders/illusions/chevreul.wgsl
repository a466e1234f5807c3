/*---
name    = "Chevreul staircase and Mach bands"
family  = "brightness and contrast"
percept = "Each step is evenly grey, but looks lighter beside its darker neighbour and darker beside its lighter one, as if it were fluted. On a ramp, a light and a dark band stand at its two ends."
look    = "Look along one step from its left to its right border."
papers  = ["Mach 1865", "Chevreul 1839", "Ratliff 1965", "Geier & Hudak 2011"]
readout = "brightness"
human   = "Of 23 people 14 saw the fluting on an even ground; all saw it on a ramp that goes the way of the stairs, none on one that goes against them (Geier & Hudak 2011)."
flash   = "none"

param = [
  { name = "contrast", min = 0, max = 1, default = 0.8, about = "Michelson contrast between the first and the last step" },
  { name = "steps", min = 2, max = 10, default = 5, step = 1, about = "Number of steps" },
  { name = "shape", min = 0, max = 1, default = 0, step = 1, choices = ["staircase", "one ramp"], about = "Steps, or two plateaus with a ramp between them" },
  { name = "ramp_width", unit = "deg", min = 0.5, max = 12, default = 5, about = "Width of the ramp" },
]
preset = [
  { name = "Chevreul 1839: staircase", values = { shape = 0 } },
  { name = "Mach 1865: bands at a ramp", values = { shape = 1 } },
]
measure = { of = "brightness" }
control = { contrast = 0 }
control_note = "Without steps there is no fluting."
---*/
const WIDTH = 18.0;
const HEIGHT = 11.0;

// Places from 0 at the left to 1 at the right.
fn along(x: f32) -> f32 {
    return clamp(x / WIDTH + 0.5, 0.0, 0.99999);
}

fn level(x: f32) -> f32 {
    if p.shape > 0.5 {
        return clamp(x / p.ramp_width + 0.5, 0.0, 1.0);
    }
    let place = along(x) * p.steps;
    let step_width = WIDTH / p.steps;
    let inside = (fract(place) - 0.5) * step_width;
    let to_next = smooth_edge(inside - 0.5 * step_width + 0.5 * view.pixel_deg);
    return min(floor(place) + to_next, p.steps - 1.0) / (p.steps - 1.0);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let light = 0.5 * (1.0 + p.contrast * (2.0 * level(at.x) - 1.0));
    return mix(grey(), vec3f(light), box(at, vec2f(WIDTH, HEIGHT)));
}

// Beside the darker neighbour of each step but the first, and beside the lighter neighbour of each but the last; of
// a ramp, its upper and its lower end.
fn region(at: vec2f, t: f32) -> vec2f {
    let high = smooth_edge(0.5 * HEIGHT - 0.5 - abs(at.y));
    if p.shape > 0.5 {
        let ends = abs(at.x + vec2f(-0.5, 0.5) * (p.ramp_width + 0.8));
        return high * vec2f(smooth_edge(0.4 - ends.x), smooth_edge(0.4 - ends.y));
    }
    let place = along(at.x) * p.steps;
    let u = fract(place);
    let inner = smooth_edge((1.0 - abs(place / p.steps - 0.5) * 2.0 * p.steps / (p.steps - 2.0 + 1e-3)) * 10.0);
    let band = vec2f(ring_part(u, 0.05, 0.35), ring_part(u, 0.65, 0.95));
    return high * inner * band;
}

// 1 where `u`, a part of a step, lies between two others.
fn ring_part(u: f32, from_u: f32, to_u: f32) -> f32 {
    let wide = WIDTH / p.steps;
    return smooth_edge((u - from_u) * wide) * smooth_edge((to_u - u) * wide);
}
