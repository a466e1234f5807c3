/*---
name    = "Sparse noise"
family  = "physiology"
percept = "Single light and dark squares appear one after the other in random places. Averaging what came before a unit's answers draws its receptive field."
look    = "Look at the cross; pick a unit and let the map build up."
papers  = ["Jones & Palmer 1987", "DeAngelis, Ohzawa & Freeman 1993"]
readout = "timecourse"
flash   = "none"

param = [
  { name = "contrast", min = 0, max = 1, default = 1, about = "1 goes from black to white, 0 shows nothing" },
  { name = "square_size", unit = "deg", min = 0.8, max = 3, default = 1.5, about = "Side of the squares and of the grid" },
  { name = "squares", min = 1, max = 4, default = 1, step = 1, about = "Squares at a time" },
  { name = "polarity", min = 0, max = 2, default = 0, step = 1, choices = ["both", "light", "dark"], about = "Light squares map ON, dark ones OFF" },
  { name = "step_s", unit = "s", min = 0.05, max = 2, default = 0.2, about = "How long each square stays" },
  { name = "extent", unit = "deg", min = 3, max = 12, default = 11.2, about = "Height of the mapped area; it is a quarter wider" },
]
preset = [
  { name = "After Jones & Palmer 1987: light and dark", values = { polarity = 0 } },
  { name = "Fast, 50 ms", values = { step_s = 0.05 } },
  { name = "Fine map of the middle", values = { square_size = 0.8, extent = 4.8 } },
  { name = "Four at a time", values = { squares = 4 } },
]
measure = { of = "surprise", from_s = 0.5, to_s = 8.5 }
control = { contrast = 0 }
control_note = "The same grey without squares."
event = [{ label = "square", at = 0, every = "step_s", when = "contrast" }]
---*/
// Coded sRGB from mid-grey down and up: the same distance for a network.
const DARK = 0.0;
const LIGHT = 1.0;

// Shuffles the whole numbers up to `mask` (one less than a power of two), differently for every key.
fn shuffle(number: u32, mask: u32, key: u32) -> u32 {
    var x = (number + key) & mask;
    x = ((x ^ (x >> 2u)) * 45u + (key >> 8u)) & mask;
    x = ((x ^ (x >> 3u)) * 53u + (key >> 16u)) & mask;
    x = ((x ^ (x >> 2u)) * 37u) & mask;
    return x ^ (x >> 4u);
}

// Whole part of a / b; whole numbers divide slowly on a processor, and half a unit keeps the quotient exact.
fn whole_part(a: u32, b: u32) -> u32 {
    return u32((f32(a) + 0.5) / f32(b));
}

// Number `turn` of a sequence that visits each of `count` cases once a round.
fn drawn(turn: u32, count: u32) -> u32 {
    let round_number = whole_part(turn, count);
    let mask = (2u << firstLeadingBit(max(count - 1u, 1u))) - 1u;
    let key = hash_bits(round_number + hash_bits(view.seed));
    var x = shuffle(turn - count * round_number, mask, key);
    // What lies beyond is shuffled on: it comes back within.
    for (var tries = 0u; tries < 64u && x >= count; tries++) {
        x = shuffle(x, mask, key);
    }
    return min(x, count - 1u);
}

fn grid() -> vec2u {
    return max(vec2u(vec2f(1.25, 1.0) * p.extent / p.square_size + 0.001), vec2u(1u));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let size = grid();
    if any(abs(at) > 0.5 * p.square_size * vec2f(size) + view.pixel_deg) {
        return grey();
    }
    let both = p.polarity < 0.5;
    let places = size.x * size.y;
    let count = places * select(1u, 2u, both);
    let shown_before = u32(max(step_number(t, p.step_s), 0.0)) * u32(p.squares);
    var coded = 0.5;
    for (var number = 0u; number < u32(p.squares); number++) {
        let which = drawn(shown_before + number, count);
        let cell = select(which, which - places, which >= places);
        let row = whole_part(cell, size.x);
        let place = vec2f(vec2u(cell - row * size.x, row)) - 0.5 * vec2f(size) + 0.5;
        let in_second_half = which >= places;
        let is_light = select((p.polarity < 1.5), in_second_half, both);
        let covered = box(at - place * p.square_size, vec2f(p.square_size));
        coded = mix(coded, 0.5 + p.contrast * (select(DARK, LIGHT, is_light) - 0.5), covered);
    }
    let cross_shape = max(box(at, vec2f(0.5, 0.1)), box(at, vec2f(0.1, 0.5)));
    return mix(srgb_to_linear(vec3f(coded)), vec3f(0.12), 0.7 * cross_shape);
}

// All places where a square may be.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(box(at, p.square_size * vec2f(grid())), 0.0);
}
