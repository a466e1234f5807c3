/*---
name    = "Fraser-Wilcox rows"
family  = "motion"
percept = "Rows of shaded pieces seem to drift, one row to the right and the next to the left. All is still."
look    = "Let your eyes wander over the rows, or blink; the rows beside your gaze drift most."
papers  = ["Fraser & Wilcox 1979", "Kitaoka & Ashida 2003", "Murakami, Kitaoka & Ashida 2006"]
readout = "flow"
human   = "Motion goes in the order black, dark, white, light (Kitaoka & Ashida 2003); stronger in people whose eyes are less steady (Murakami, Kitaoka & Ashida 2006)."
flash   = "none"
stripes = true

param = [
  { name = "strength", min = -1, max = 1, default = 1, about = "Difference of the two intermediate parts: 0 makes the order symmetric, -1 reverses it" },
  { name = "dark", unit = "%", min = 0, max = 100, default = 10, about = "Luminance beside the black part" },
  { name = "light", unit = "%", min = 0, max = 100, default = 55, about = "Luminance beside the white part" },
  { name = "width", unit = "deg", min = 1.5, max = 4, default = 2.5, about = "From one piece to the next" },
  { name = "height", unit = "deg", min = 2, max = 6, default = 3.4, about = "Of the rows" },
  { name = "rows", min = 0, max = 1, default = 0, step = 1, choices = ["in turn", "all to the right"] },
]
preset = [
  { name = "Rows in turn", values = { rows = 0 } },
  { name = "All to the right", values = { rows = 1 } },
  { name = "All to the left", values = { rows = 1, strength = -1 } },
]
measure = { of = "translation", direction_deg = 0 }
control = { strength = 0 }
control_note = "Both intermediate parts become alike: black, grey, white, grey has no direction, and the rows rest."
---*/

// 1 for rows that seem to drift to the right, -1 for the others.
fn row_sense(at: vec2f) -> f32 {
    let is_odd = fract(0.5 * floor(at.y / p.height + 0.5)) > 0.25;
    return select(1.0, -1.0, is_odd && p.rows < 0.5);
}

// The colours after black and after white; a `strength` of 0 mixes them.
fn between(is_dark: bool) -> vec3f {
    let swapped = is_dark == (p.strength < 0.0);
    // Plum and straw, scaled to the luminance that is asked for.
    let hue = select(vec3f(0.3, 0.06, 0.42), vec3f(0.72, 0.55, 0.2), swapped);
    let y = 0.01 * select(p.dark, p.light, swapped);
    let full = hue * y / luminance(hue);
    let brightest = max(full.r, max(full.g, full.b));
    // Paled as far as the display needs, at the same luminance.
    let pale = clamp((1.0 - y) / max(brightest - y, 1e-4), 0.0, 1.0);
    let plain = vec3f(0.005 * (p.dark + p.light));
    return mix(plain, mix(vec3f(y), full, pale), abs(p.strength));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let row = floor(at.y / p.height + 0.5);
    let shift = select(0.0, 0.5, fract(0.5 * row) > 0.25);
    let x = (fract(at.x / p.width + shift) - 0.5) * p.width;
    let y = 2.0 * (at.y / p.height - row);
    // A lens that swells in the middle; its tips leave a little gap between the rows.
    let half = 0.48 * p.width * max(1.0 - y * y / 0.9, 0.0);
    let along = x * row_sense(at);
    // Black, dark, white, light: people see motion in this order.
    var light = mix(vec3f(0.0), between(true), smooth_edge(along + 0.5 * half));
    light = mix(light, vec3f(1.0), smooth_edge(along));
    light = mix(light, between(false), smooth_edge(along - 0.5 * half));
    return mix(grey(), light, smooth_edge(half - abs(x)) * smooth_edge(half - 0.5 * view.pixel_deg));
}

// The rows that go right against those that go left.
fn region(at: vec2f, t: f32) -> vec2f {
    return select(vec2f(0.0, 1.0), vec2f(1.0, 0.0), row_sense(at) > 0.0);
}
