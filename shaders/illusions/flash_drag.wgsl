/*---
name    = "Flash-drag"
family  = "motion and position"
percept = "The two bars flash exactly one above the other, but they seem to be displaced: each is dragged along by the stripes that drift beside it."
look    = "Fixate the dot and judge whether the bars are in line."
papers  = ["Whitney & Cavanagh 2000", "Whitney 2002", "Eagleman & Sejnowski 2007"]
readout = "position"
human   = "Displaced with the nearest motion, even at some distance from it (Whitney & Cavanagh 2000)."
flash   = "none"
field_deg = 16

param = [
  { name = "speed", unit = "deg/s", min = -20, max = 20, default = 6, about = "Drift of the upper stripes to the right and of the lower ones to the left" },
  { name = "flash_s", unit = "s", min = 0.016, max = 0.5, default = 0.1, about = "How long the bars are there" },
  { name = "every_s", unit = "s", min = 0.3, max = 3, default = 0.8, about = "Time from flash to flash" },
  { name = "gap", unit = "deg", min = 0, max = 0.8, default = 0.4, about = "Gap between bars and stripes" },
  { name = "spatial_frequency", unit = "cpd", min = 0.05, max = 1.5, default = 0.3, about = "Stripes per degree; they fade out where the picture has fewer than two pixels a stripe" },
  { name = "contrast", min = 0, max = 1, default = 0.9, about = "Michelson contrast of the stripes" },
]
preset = [
  { name = "After Whitney & Cavanagh 2000: brief flash", values = { flash_s = 0.016, speed = 8 } },
  { name = "Far from the stripes", values = { gap = 0.8 } },
  { name = "Slow", values = { speed = 2 } },
]
measure = { of = "translation", direction_deg = 0, to_s = 6.5 }
control = { speed = 0 }
control_note = "The stripes stand still: the bars are seen in line, as they are."
event = [{ label = "flash", at = "every_s", every = "every_s" }]
---*/
const INNER = 0.6;
const OUTER = 2.7;
const BAR = vec2f(0.7, 1.4);

fn is_there(t: f32) -> bool {
    return step_number(t, p.every_s) >= 1.0 && step_time(t, p.every_s) < p.flash_s - 0.001;
}

fn from_bar(at: vec2f) -> vec2f {
    return vec2f(at.x, abs(at.y) - OUTER - p.gap - 0.5 * BAR.y);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let side = select(-1.0, 1.0, at.y >= 0.0);
    let cycles = fract(p.spatial_frequency * p.speed * t);
    let resolved = clamp(1.0 / (p.spatial_frequency * view.pixel_deg) - 2.0, 0.0, 1.0);
    // A cosine: about the bars' place the stripes are symmetric when the bars first flash.
    let wave = cos(TAU * fract(p.spatial_frequency * at.x - side * cycles));
    let band = smooth_edge(abs(at.y) - INNER) * smooth_edge(OUTER - abs(at.y)) * smooth_edge(7.0 - abs(at.x));
    var light = grey() * (1.0 + band * resolved * p.contrast * wave);
    light = mix(light, vec3f(1.0, 0.72, 0.08), select(0.0, box(from_bar(at), BAR), is_there(t)));
    return mix(light, vec3f(0.02), disc(at, 0.22));
}

// The upper and the lower bar, in frames that follow one with the bars (frames are 0.03 to 0.1 s apart): where do
// the bars go that were just there?
fn region(at: vec2f, t: f32) -> vec2f {
    let since = step_time(t, p.every_s);
    let follows = step_number(t, p.every_s) >= 1.0 && since > 0.03 && since < p.flash_s + 0.02;
    let near = select(0.0, box(from_bar(at), BAR + vec2f(0.8, 0.0)), follows);
    return select(vec2f(0.0, near), vec2f(near, 0.0), at.y >= 0.0);
}
