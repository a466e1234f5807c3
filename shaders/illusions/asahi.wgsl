/*---
name    = "Asahi"
family  = "brightness and contrast"
percept = "The middle of the flower seems to glow, brighter than the paper. It is the very same white."
look    = "Just look at the middle. Your pupils may narrow, as before a real light."
papers  = ["Zavagno 1999", "Kitaoka 2005", "Laeng & Endestad 2012", "Suzuki et al. 2019"]
readout = "brightness"
human   = "Pupils narrow, the more so the brighter the middle looks (Laeng & Endestad 2012); with blue petals it looks brightest (Suzuki et al. 2019)."
flash   = "none"

param = [
  { name = "strength", min = -1, max = 1, default = 1, about = "Gradient of the petals: 1 grows lighter to the middle, 0 is even, -1 grows darker" },
  { name = "petals", min = 5, max = 12, default = 9, step = 1, about = "Number of petals" },
  { name = "paper", unit = "%", min = 30, max = 95, default = 75, about = "Luminance of the ground and of the middle" },
  { name = "middle", unit = "deg", min = 1, max = 2.4, default = 1.7, about = "Radius of the middle" },
  { name = "hue", min = 0, max = 2, default = 0, step = 1, choices = ["amber", "blue", "grey"] },
]
preset = [
  { name = "After Kitaoka 2005: amber", values = { hue = 0 } },
  { name = "After Suzuki et al. 2019: blue", values = { hue = 1 } },
  { name = "After Zavagno 1999: grey", values = { hue = 2 } },
  { name = "Even petals", values = { strength = 0 } },
]
measure = { of = "brightness" }
control = { strength = -1 }
control_note = "The gradients turn round, dark towards the middle: the glow goes."
---*/
const TIP_DEG = 5.9;

// A petal between the middle and the tip: how much it covers (x) and how near its place is to the tip, 0 to 1 (y).
fn petal(at: vec2f) -> vec2f {
    let step = (fract(turn_of(rotate(at, -0.25 * TAU)) * p.petals + 0.5) - 0.5) / p.petals;
    let radius = length(at);
    let place = radius * vec2f(cos(TAU * step), sin(TAU * step));
    let half = 0.5 * (TIP_DEG - p.middle);
    let way = (place.x - p.middle) / (2.0 * half);
    // Slender at the inner end and round at the outer one.
    let share = clamp(way, 0.0, 1.0);
    let width = 0.94 * radius * sin(PI / p.petals) * sqrt(max(1.0 - pow(share, 6.0), 0.0));
    let within = min(place.x - p.middle, TIP_DEG - place.x);
    return vec2f(smooth_edge(within) * smooth_edge(width - abs(place.y)), share);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let paper = vec3f(0.01 * p.paper);
    var deep = vec3f(0.92, 0.33, 0.012);
    if p.hue > 1.5 {
        deep = vec3f(0.17);
    } else if p.hue > 0.5 {
        deep = vec3f(0.03, 0.16, 0.75);
    }
    let here = petal(at);
    let shade = 0.5 + p.strength * (here.y - 0.5);
    // Filtered more and more, as through stained glass: by way of yellow to amber.
    let colour = paper * pow(deep, vec3f(smoothstep(0.0, 1.0, shade)));
    return mix(paper, colour, here.x);
}

// The middle against the paper round the flower.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(disc(at, 0.85 * p.middle), 1.0 - disc(at, TIP_DEG + 0.5));
}
