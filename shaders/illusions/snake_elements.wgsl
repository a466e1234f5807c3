/*---
name    = "Snake elements"
family  = "motion"
percept = "Wheels built of only three of the four sectors of the rotating snakes still seem to turn, but less. The order of the sectors, not any real motion, sets the direction."
look    = "Look a little beside the figure and move your eyes; then compare the three parts."
papers  = ["Kitaoka & Ashida 2003", "Conway et al. 2005", "Watanabe et al. 2018", "Kobayashi & Watanabe 2021"]
readout = "flow"
human   = "Each three-colour part is weaker than all four; the effect of four is made of the two together (Kobayashi & Watanabe 2021)."
flash   = "none"

param = [
  { name = "strength", min = -1, max = 1, default = 1, about = "1 puts the intermediate sectors all on one side of black and white, 0 half on each side, -1 on the other side" },
  { name = "part", min = 0, max = 2, default = 0, step = 1, choices = ["black, dark, white", "white, light, black", "all four"], about = "Which sectors there are" },
  { name = "dark", unit = "%", min = 0, max = 100, default = 15, about = "Luminance between black and white" },
  { name = "light", unit = "%", min = 0, max = 100, default = 55, about = "Luminance between white and black" },
  { name = "arrangement", min = 0, max = 1, default = 0, step = 1, choices = ["wheel", "rows"], about = "Rows glide to the left above the middle and to the right below it" },
  { name = "colour", min = 0, max = 1, default = 1, step = 1, choices = ["grey", "blue and yellow"], about = "Hue of the intermediate sectors, at the same luminance" },
]
preset = [
  { name = "Kobayashi & Watanabe 2021: white, light, black", values = { part = 1 } },
  { name = "All four: the whole snake", values = { part = 2 } },
  { name = "Grey rows", values = { arrangement = 1, colour = 0 } },
]
measure = { of = "rotation" }
control = { strength = 0 }
control_note = "The same sectors, but each intermediate one is split and lies on both sides: the order has no direction."
---*/
const REPEATS = 12.0;
const RADII = vec4f(2.3, 3.5, 5.1, 7.4);
const ROW_PERIOD = 4.0;
const ROW_PITCH = 2.4;

// `hue` at luminance `y`, paled as far as the display needs.
fn tint(hue: vec3f, y: f32) -> vec3f {
    let full = hue * y / luminance(hue);
    let brightest = max(full.r, max(full.g, full.b));
    let pale = select(1.0, (1.0 - y) / max(brightest - y, 1e-6), brightest > 1.0);
    return select(vec3f(y), mix(vec3f(y), full, pale), p.colour > 0.5);
}

// How much of a pixel round `u` of the cycle lies from `start` to `end`.
fn share(u: f32, start: f32, end: f32, period: f32) -> f32 {
    var sum = 0.0;
    for (var lap = -1.0; lap < 1.5; lap += 1.0) {
        sum += smooth_edge((u - start + lap) * period) - smooth_edge((u - end + lap) * period);
    }
    return sum;
}

// The cycle, `period` degrees long, at `u` of 0 to 1. It drifts towards larger `u` where strength is 1.
fn cycle(u: f32, period: f32) -> vec3f {
    let has_dark = select(0.0, 1.0, p.part < 0.5 || p.part > 1.5);
    let has_light = select(0.0, 1.0, p.part > 0.5);
    let full = select(1.0 / 3.0, 0.2, p.part > 1.5);
    let between = select(1.0 / 3.0, 0.3, p.part > 1.5);
    let ahead = 0.5 + 0.5 * p.strength;
    // Ends of: black, dark, light, white, light, dark. What does not belong has no width.
    let dark_1 = full + has_dark * between * ahead;
    let light_1 = dark_1 + has_light * between * (1.0 - ahead);
    let white = light_1 + full;
    let light_2 = white + has_light * between * ahead;
    let dark_share = share(u, full, dark_1, period) + share(u, light_2, 1.0, period);
    let light_share = share(u, dark_1, light_1, period) + share(u, white, light_2, period);
    return dark_share * tint(vec3f(0.06, 0.2, 1.0), 0.01 * p.dark)
        + light_share * tint(vec3f(1.0, 0.8, 0.05), 0.01 * p.light)
        + vec3f(share(u, light_1, white, period));
}

fn wheel(at: vec2f) -> vec3f {
    let radius = length(at);
    let period = TAU * max(radius, 1.0) / REPEATS;
    let u = fract(REPEATS * turn_of(at));
    let odd = cycle(fract(u + 0.5), period);
    let rings = mix(odd, cycle(u, period), smooth_edge(radius - RADII.y) * smooth_edge(RADII.z - radius));
    return mix(grey(), rings, ring(at, RADII.x, RADII.w));
}

fn rows(at: vec2f) -> vec3f {
    let row = floor(at.y / ROW_PITCH);
    let from_middle = at.y - (row + 0.5) * ROW_PITCH;
    let along = select(at.x, -at.x, row >= 0.0) / ROW_PERIOD + 0.5 * row;
    let strip = box(vec2f(at.x, from_middle), vec2f(16.0, 0.78 * ROW_PITCH));
    let covered = strip * smooth_edge(3.0 * ROW_PITCH - abs(at.y));
    return mix(grey(), cycle(fract(along), ROW_PERIOD), covered);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    // Smaller where the picture is lower than 16 degrees.
    let place = at / min(1.0, view.field_deg.y / 16.0);
    if p.arrangement > 0.5 {
        return rows(place);
    }
    return wheel(place);
}
