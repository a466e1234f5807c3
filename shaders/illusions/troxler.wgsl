/*---
name    = "Troxler fading"
family  = "stillness and fading"
percept = "Soft pastel clouds fade away while you keep your eyes still, until all is grey. The first glance aside brings them back."
look    = "Fixate the dot in the middle for half a minute without moving your eyes."
papers  = ["Troxler 1804", "Clarke 1960", "Martinez-Conde et al. 2006"]
readout = "brightness"
human   = "The smallest jerks of the eyes (microsaccades) grow rarer before the clouds fade and more frequent before they return (Martinez-Conde et al. 2006)."
flash   = "none"

param = [
  { name = "blur", min = 0, max = 1, default = 1, about = "Softness of the clouds' edges: 0 is sharp" },
  { name = "contrast", min = 0, max = 1, default = 0.5, about = "Of the clouds to the ground" },
  { name = "saturation", min = 0, max = 1, default = 0.7, about = "Of the clouds' colours" },
  { name = "size", unit = "deg", min = 0.8, max = 1.6, default = 1.35, about = "Radius of the clouds at half height" },
  { name = "clouds", min = 5, max = 9, default = 8, step = 1, about = "Number of clouds round the middle" },
]
preset = [
  { name = "Pastel clouds", values = { contrast = 0.5 } },
  { name = "After Troxler 1804: one colour, weak", values = { saturation = 0, contrast = 0.25 } },
  { name = "Sharp edges", values = { blur = 0 } },
]
measure = { of = "brightness" }
control = { blur = 0 }
control_note = "With sharp edges every small movement of the eyes brings the discs back: they stay."
---*/
const RING_DEG = 4.3;

// How much of the nearest cloud is here (x), its number (y), and how far its centre is (z).
fn cloud(at: vec2f) -> vec3f {
    let number = floor(turn_of(at) * p.clouds + 0.5);
    let angle = TAU * number / p.clouds;
    let away = at - RING_DEG * vec2f(cos(angle), sin(angle));
    // The same half height for every softness, and no more of it than there is place for.
    let soft = 1.9 * p.blur * min(p.size, RING_DEG * sin(PI / p.clouds));
    let shape = select(window(away, p.size + 0.5 * soft, soft), disc(away, p.size), p.blur < 0.02);
    return vec3f(shape, number - p.clouds * floor((number + 0.5) / p.clouds), length(away));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let here = cloud(at);
    let ground = vec3f(0.4);
    let hue = 0.5 + 0.5 * cos(TAU * (here.y / p.clouds + vec3f(0.0, 0.33, 0.67)));
    // Lighter than the ground, all by the same luminance.
    let coloured = hue + (0.5 - luminance(hue));
    let pastel = ground + p.contrast * (0.16 + 0.42 * p.saturation * (coloured - 0.5));
    let light = mix(ground, pastel, here.x);
    return mix(light, vec3f(0.02), disc(at, 0.22));
}

// The ground inside the ring against the clouds: where they fade the ground gains on them.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(ring(at, 0.6, 1.6), smooth_edge(0.8 * p.size - cloud(at).z));
}
