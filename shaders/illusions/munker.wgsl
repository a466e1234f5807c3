/*---
name    = "Munker's illusion"
family  = "colour"
percept = "Both discs have the same colour. Behind yellow stripes it looks pale and orange, behind blue ones purple and darker: it takes on the colour of the stripes that cross it."
look    = "Compare the discs from arm's length, then go close and look at the parts between the stripes."
papers  = ["Munker 1970", "White 1979", "Novick & Kitaoka 2021"]
readout = "brightness"
human   = "The colour shifts towards that of the stripes in front (Munker 1970)."
flash   = "none"
stripes = true

param = [
  { name = "strength", min = 0, max = 1, default = 1, about = "From one even grey (0) to the full colours of the stripes" },
  { name = "stripe_width", unit = "deg", min = 0.4, max = 1.6, default = 0.75, about = "Width of a stripe" },
  { name = "target_diameter", unit = "deg", min = 2, max = 8, default = 7, about = "Diameter of the discs" },
  { name = "target_hue", min = 0, max = 2, default = 0, step = 1, choices = ["red", "green", "grey"], about = "Colour of both discs" },
]
preset = [
  { name = "After Munker 1970: red", values = { target_hue = 0 } },
  { name = "Green", values = { target_hue = 1 } },
  { name = "After White 1979: grey, but behind colours", values = { target_hue = 2 } },
  { name = "Fine stripes", values = { stripe_width = 0.45 } },
]
measure = { of = "brightness" }
control = { strength = 0 }
control_note = "Behind stripes of one grey both discs show the same colour."
---*/
const YELLOW = vec3f(0.9, 0.68, 0.06);
const BLUE = vec3f(0.03, 0.07, 0.5);
const CENTRE = 4.75;

// 1 on yellow stripes and 0 on blue ones.
fn yellow(y: f32) -> f32 {
    let u = fract(0.5 * y / p.stripe_width + 0.25);
    return smooth_edge(2.0 * p.stripe_width * (0.25 - abs(u - 0.5)));
}

// What shows of the disc behind yellow stripes (x: it lies on the blue ones) and of the other (y).
fn shown(at: vec2f) -> vec2f {
    let centre = vec2f(CENTRE, 0.0);
    let radius = 0.5 * p.target_diameter;
    let front = yellow(at.y);
    return vec2f(disc(at + centre, radius) * (1.0 - front), disc(at - centre, radius) * front);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let plain = vec3f(0.5 * (luminance(YELLOW) + luminance(BLUE)));
    let stripes = mix(plain, mix(BLUE, YELLOW, yellow(at.y)), p.strength);
    let hues = array<vec3f, 3>(vec3f(0.72, 0.1, 0.09), vec3f(0.08, 0.45, 0.22), vec3f(0.3));
    let both = shown(at);
    return mix(stripes, hues[u32(clamp(round(p.target_hue), 0.0, 2.0))], both.x + both.y);
}

fn region(at: vec2f, t: f32) -> vec2f {
    return shown(at);
}
