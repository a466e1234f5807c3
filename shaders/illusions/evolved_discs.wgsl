/*---
name    = "Gradient rings"
family  = "motion"
percept = "Some of these still rings of shades seem to creep round, neighbouring rings in opposite directions. Each number gives another profile of light; which of them move, and which way, is for you and the network to find."
look    = "Let your eyes wander, and look beside the rings rather than at them. Try several profiles."
papers  = ["Fraser & Wilcox 1979", "Sinapayen & Watanabe 2021", "Sinapayen & Watanabe 2026"]
readout = "flow"
human   = "Discs that were evolved against a predictor were seen to move by people (Sinapayen & Watanabe 2026); these are of another family, drawn by chance, and not tested."
flash   = "none"

param = [
  { name = "asymmetry", min = -1, max = 1, default = 1, about = "How much of a period shows the profile forwards; the rest shows it backwards: 1 all forwards, 0 half and half, -1 all backwards" },
  { name = "profile", min = 1, max = 40, default = 8, step = 1, about = "Number of the profile" },
  { name = "roughness", min = 0, max = 1, default = 0.6, about = "Strength of the finer waves" },
  { name = "rings", min = 1, max = 6, default = 4, step = 1, about = "Neighbours are mirror images" },
  { name = "cycles", min = 4, max = 20, default = 9, step = 1, about = "Profiles once round" },
  { name = "colour", min = 0, max = 1, default = 1, step = 1, choices = ["grey", "blue to cream"] },
]
preset = [
  { name = "Grey", values = { colour = 0 } },
  { name = "Another profile", values = { profile = 32 } },
  { name = "One ring", values = { rings = 1, cycles = 12 } },
]
measure = { of = "rotation", known = false }
control = { asymmetry = 0 }
control_note = "Each profile is shown forth and back in the same room: the same shades, as much of each, but no direction."
---*/
const HUB = 1.4;
const OUTER = 7.2;

// A number in 0..1, the same for every seed: each number of a profile is one profile.
fn chance(number: u32, wave: u32) -> f32 {
    return f32(hash_bits(number + 1000u * hash_bits(wave)) >> 8u) / 16777215.0;
}

// Luminance 0 to 1 at `u` of a cycle: four waves, shifted by chance, squeezed softly into the range.
fn profile(u: f32) -> f32 {
    var sum = cos(TAU * u);
    for (var wave = 2; wave < 5; wave++) {
        let shift = chance(u32(round(p.profile)), u32(wave));
        sum += pow(p.roughness, f32(wave) - 1.0) * cos(TAU * (f32(wave) * u - shift));
    }
    let steep = 1.6 * sum;
    return 0.5 + 0.5 * steep / sqrt(1.0 + steep * steep);
}

// Part of the profile that is shown at `u` of a period. Every shade takes the same share of it, however it is split.
fn forth_and_back(u: f32) -> f32 {
    let turn = clamp(0.5 + 0.5 * p.asymmetry, 1e-3, 1.0 - 1e-3);
    return select((1.0 - u) / (1.0 - turn), u / turn, u < turn);
}

fn paint(y: f32) -> vec3f {
    let low = mix(vec3f(0.004, 0.012, 0.04), vec3f(0.03, 0.15, 0.33), smoothstep(0.0, 0.5, y));
    let full = mix(low, vec3f(0.96, 0.9, 0.74), smoothstep(0.35, 1.0, y));
    return select(vec3f(y * y), full, p.colour > 0.5);
}

// Number of the nearest ring from within, and how much of the place is covered by it.
fn ring_at(at: vec2f) -> vec2f {
    let width = (OUTER - HUB) / p.rings;
    let number = clamp(floor((length(at) - HUB) / width), 0.0, p.rings - 1.0);
    let inner = HUB + number * width;
    return vec2f(number, ring(at, inner + 0.1, inner + width - 0.1));
}

fn is_even(number: f32) -> bool {
    return fract(0.5 * number) < 0.25;
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let found = ring_at(at);
    let way = select(-1.0, 1.0, is_even(found.x));
    let light = paint(profile(forth_and_back(fract(way * p.cycles * turn_of(at) + 0.25))));
    return mix(grey(), light, found.y);
}

// The even rings, and the odd ones, which are their mirror images.
fn region(at: vec2f, t: f32) -> vec2f {
    let found = ring_at(at);
    return select(vec2f(0.0, found.y), vec2f(found.y, 0.0), is_even(found.x));
}
