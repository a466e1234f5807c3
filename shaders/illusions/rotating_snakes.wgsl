/*---
name    = "Rotating snakes"
family  = "motion"
percept = "The discs seem to turn although nothing moves: from black over dark to white over light and back to black."
look    = "Let your eyes wander over the picture; the discs beside your gaze turn most. Staring at one stops it."
papers  = ["Kitaoka & Ashida 2003", "Hisakata & Murakami 2008", "Atala-Gérard & Bach 2017", "Watanabe et al. 2018", "Kirubeswaran & Storrs 2023"]
readout = "flow"
human   = "Nulled by real rotation of about 1 deg/s for dark 0 to 25 % and light 20 to 75 %; weaker and reversed near dark 70 %, light 95 % (Atala-Gérard & Bach 2017)."
flash   = "none"

param = [
  { name = "strength", min = -1, max = 1, default = 1, about = "Difference of the two intermediate sectors: 0 makes the order symmetric, -1 reverses it" },
  { name = "dark", unit = "%", min = 0, max = 100, default = 15, about = "Luminance between black and white (g1)" },
  { name = "light", unit = "%", min = 0, max = 100, default = 55, about = "Luminance between white and black (g2)" },
  { name = "rotation", unit = "deg/s", min = -30, max = 30, default = 0, about = "Real rotation, to null the illusory one; positive is counter-clockwise" },
  { name = "discs", min = 0, max = 2, default = 0, step = 1, choices = ["one", "four", "twelve"], about = "Neighbours turn in opposite directions" },
  { name = "colour", min = 0, max = 1, default = 1, step = 1, choices = ["grey", "blue and yellow"], about = "Hue of the intermediate sectors, at the same luminance" },
]
preset = [
  { name = "Kitaoka 2003: a field of discs", values = { discs = 2 } },
  { name = "Atala-Gérard & Bach 2017: grey", values = { colour = 0 } },
  { name = "Atala-Gérard & Bach 2017: reversed island", values = { colour = 0, dark = 70, light = 95 } },
  { name = "Clockwise", values = { strength = -1 } },
]
measure = { of = "rotation" }
control = { strength = 0 }
control_note = "Both intermediate sectors become alike: black, grey, white, grey has no direction, and the discs rest."
---*/
const REPEATS = 14.0;
const GROWTH = 1.32;
const HUB = 0.14;

// `hue` at luminance `y`, paled as far as the display needs.
fn tint(hue: vec3f, y: f32) -> vec3f {
    let full = hue * y / luminance(hue);
    let brightest = max(full.r, max(full.g, full.b));
    let pale = select(1.0, (1.0 - y) / (brightest - y), brightest > 1.0);
    return mix(vec3f(y), full, pale);
}

// The sectors after black (x) and after white (y): 0 and 1 of the mix are the symmetric and the full order.
fn sector(is_dark: bool) -> vec3f {
    let swapped = is_dark != (p.strength >= 0.0);
    let y = 0.01 * select(p.dark, p.light, swapped);
    let hue = select(vec3f(0.06, 0.2, 1.0), vec3f(1.0, 0.8, 0.05), swapped);
    let plain = vec3f(0.005 * (p.dark + p.light));
    return mix(plain, select(vec3f(y), tint(hue, y), p.colour > 0.5), abs(p.strength));
}

// Colour of ring number `ring` at `turn` (0 to 1 round the disc) and `radius` degrees.
fn ring_colour(ring: f32, turn: f32, radius: f32) -> vec3f {
    let u = fract(REPEATS * turn + 0.5 * ring);
    let period = TAU * radius / REPEATS;
    let dark = sector(true);
    let light = sector(false);
    var colour = mix(light, vec3f(0.0), smooth_edge(u * period));
    colour = mix(colour, dark, smooth_edge((u - 0.2) * period));
    colour = mix(colour, vec3f(1.0), smooth_edge((u - 0.5) * period));
    colour = mix(colour, light, smooth_edge((u - 0.7) * period));
    return mix(colour, vec3f(0.0), smooth_edge((u - 1.0) * period));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let grid = select(select(vec2f(4.0, 3.0), vec2f(2.0), p.discs < 1.5), vec2f(1.0), p.discs < 0.5);
    let cell = view.field_deg / grid;
    let number = floor(at / cell + 0.5 * grid);
    let place = at - (number + 0.5 - 0.5 * grid) * cell;
    let disc_radius = 0.485 * min(cell.x, cell.y);
    let radius = length(place);
    // Neighbours are mirror images, and so turn in opposite directions.
    let opposite = (i32(number.x + number.y) & 1) == 1;
    let turn = fract(turn_of(select(place, place * vec2f(-1.0, 1.0), opposite)) - p.rotation * t / 360.0);

    let rings = floor(-log(HUB) / log(GROWTH));
    let ring = floor(-log(max(radius / disc_radius, 1e-3)) / log(GROWTH));
    let outer = disc_radius * pow(GROWTH, -ring);
    let inner = outer / GROWTH;
    var colour = ring_colour(ring, turn, radius);
    colour = mix(ring_colour(ring + 1.0, turn, radius), colour, smooth_edge(radius - inner));
    colour = mix(ring_colour(ring - 1.0, turn, radius), colour, smooth_edge(outer - radius));
    let covered = ring_window(radius, disc_radius * pow(GROWTH, -rings), disc_radius);
    return mix(grey(), colour, covered);
}

fn ring_window(radius: f32, inner: f32, outer: f32) -> f32 {
    return smooth_edge(radius - inner) * smooth_edge(outer - radius);
}
