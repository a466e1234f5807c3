/*---
name    = "Neon spreading"
family  = "colour"
percept = "Where the black lines turn blue, the colour seems to leak out of them: a bluish veil in the shape of a disc lies on the white."
look    = "Look at the middle of the grid from so far away that the disc is small."
papers  = ["Varin 1971", "van Tuijl 1975", "Redies & Spillmann 1981", "Bressan, Mingolla, Spillmann & Watanabe 1997"]
readout = "brightness"
human   = "A faintly glowing veil of the hue of the lines (Bressan et al. 1997); in central vision red pieces must be 4 to 35 minutes of arc long and go on from the black lines (Redies & Spillmann 1981)."
flash   = "none"
stripes = true

param = [
  { name = "strength", min = 0, max = 1, default = 1, about = "How blue the lines are inside the disc: at 0 they stay black" },
  { name = "radius", unit = "deg", min = 1, max = 6, default = 3, about = "Radius of the disc in which they change" },
  { name = "spacing", unit = "deg", min = 1.5, max = 5, default = 2.5, about = "From line to line" },
  { name = "line_width", unit = "deg", min = 0.15, max = 1, default = 0.5, about = "Width of the lines" },
  { name = "gap", min = 0, max = 1, default = 0, step = 1, choices = ["lines go on", "gap between"], about = "A gap between black and blue stops the spreading" },
]
preset = [
  { name = "van Tuijl 1975: grid", values = { gap = 0 } },
  { name = "Redies & Spillmann 1981: with gaps", values = { gap = 1 } },
]
measure = { of = "brightness" }
control = { strength = 0 }
control_note = "Black lines throughout: nothing spreads."
---*/
fn lines(at: vec2f) -> f32 {
    let place = abs((fract(at / p.spacing) - 0.5) * p.spacing);
    return 1.0 - (1.0 - smooth_edge(0.5 * p.line_width - place.x)) * (1.0 - smooth_edge(0.5 * p.line_width - place.y));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let inside = disc(at, p.radius);
    let ink = mix(vec3f(0.0), vec3f(0.1, 0.32, 0.95), p.strength);
    let gap = p.gap * ring(at, p.radius - 0.2, p.radius + 0.3) * p.strength;
    return mix(vec3f(0.92), mix(vec3f(0.0), ink, inside), lines(at) * (1.0 - gap));
}

// Between the lines, outside the disc (seen lighter) and inside it.
fn region(at: vec2f, t: f32) -> vec2f {
    let place = abs((fract(at / p.spacing) - 0.5) * p.spacing);
    let open = smooth_edge(min(place.x, place.y) - 0.5 * p.line_width - 0.25);
    return open * vec2f(ring(at, p.radius + 1.0, p.radius + 4.0), disc(at, p.radius - 0.5));
}
