/*---
name    = "Swimmers"
family  = "motion and position"
percept = "The shaded eggs rest, and yet they seem to swim up and down while the stripes pass behind them: up, towards their light end, on a light stripe, and down on a dark one."
look    = "Look at one egg while the stripes go by."
papers  = ["Knight & Shapiro 2007", "Shapiro 2008"]
readout = "position"
human   = "Eggs go up where the ground is light and down where it is dark, so neighbours do not move together (Shapiro 2008, demonstration)."
flash   = "none"

param = [
  { name = "stripe_contrast", min = 0, max = 1, default = 0.9, about = "Contrast of the stripes behind; 0 is an even ground" },
  { name = "shading", min = -1, max = 1, default = 0.85, about = "From the light end above to the dark one below; below zero the other way round" },
  { name = "spatial_frequency", unit = "cpd", min = 0.03, max = 0.3, default = 0.08, about = "Stripes per degree" },
  { name = "speed", unit = "deg/s", min = -12, max = 12, default = 5, about = "Stripes to the right" },
  { name = "tilt", unit = "deg", min = -90, max = 90, default = 0, about = "Turn of the eggs, counter-clockwise" },
]
preset = [
  { name = "Shapiro 2008", values = { tilt = 0 } },
  { name = "Turned by an eighth", values = { tilt = 45 } },
  { name = "Light end below", values = { shading = -0.85 } },
]
measure = { of = "position", direction_deg = 90 }
control = { stripe_contrast = 0 }
control_note = "On an even ground the eggs rest."
---*/
const LIGHT = 0.45;
const COLUMNS = 4.4;
const ROWS = 5.0;
const EGG = vec2f(1.15, 1.7);

fn stripes(x: f32, t: f32) -> f32 {
    return cos(TAU * fract(p.spatial_frequency * (x - p.speed * t)));
}

// The nearest egg's middle, and the place from there.
fn egg_at(at: vec2f) -> vec4f {
    let column = clamp(floor(at.x / COLUMNS), -2.0, 1.0) + 0.5;
    let row = clamp(round(at.y / ROWS), -1.0, 1.0);
    let middle = vec2f(column * COLUMNS, row * ROWS);
    return vec4f(middle, rotate(at - middle, -radians(p.tilt)));
}

// An ellipse with an edge of one pixel.
fn egg(place: vec2f) -> f32 {
    let scaled = length(place / EGG);
    let slope = length(place / (EGG * EGG)) / max(scaled, 1e-4);
    return smooth_edge((1.0 - scaled) / max(slope, 1e-3));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let ground = LIGHT * (1.0 + p.stripe_contrast * stripes(at.x, t));
    let place = egg_at(at).zw;
    let shade = LIGHT * (1.0 + p.shading * clamp(place.y / EGG.y, -1.0, 1.0));
    return vec3f(mix(ground, shade, egg(place)));
}

// Eggs on the light stripes, and on the dark ones, with what is just round them.
fn region(at: vec2f, t: f32) -> vec2f {
    let found = egg_at(at);
    let side = stripes(found.x, t);
    let near = smooth_edge(1.25 - length(found.zw / EGG));
    return near * vec2f(smoothstep(0.3, 0.4, side), smoothstep(0.3, 0.4, -side));
}
