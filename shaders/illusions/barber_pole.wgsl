/*---
name    = "Barber pole"
family  = "motion"
percept = "Slanted stripes drift, and seem to climb along the pole although only their slanted motion is certain."
look    = "Follow the stripes with your attention, not with your eyes."
papers  = ["Guilford 1929", "Wallach 1935", "Wuerger, Shapley & Rubin 1996"]
readout = "flow"
human   = "In a long window stripes are seen to move along its long side (Wallach 1935)."
flash   = "none"

param = [
  { name = "aspect", min = 0.25, max = 4, default = 4, about = "Height of the window to its width, at the same area" },
  { name = "speed", unit = "deg/s", min = -10, max = 10, default = 2, about = "Speed across the stripes, up and right" },
  { name = "spatial_frequency", unit = "cpd", min = 0.1, max = 1, default = 0.35, about = "Stripes per degree; fades where the pixels cannot show it" },
  { name = "tilt", unit = "deg", min = 10, max = 80, default = 45, about = "Direction across the stripes, from rightward" },
  { name = "shape", min = 0, max = 1, default = 0, step = 1, choices = ["rectangle", "disc"], about = "Window" },
  { name = "colour", min = 0, max = 1, default = 1, step = 1, choices = ["grey", "red and cream"], about = "Colour of the stripes" },
]
preset = [
  { name = "Wallach 1935: upright", values = { aspect = 4 } },
  { name = "Wallach 1935: lying, goes right", values = { aspect = 0.25 } },
  { name = "Square", values = { aspect = 1 } },
]
measure = { of = "translation", direction_deg = 135 }
control = { shape = 1 }
control_note = "In a round window no side is longer: the stripes go straight across, up and right."
---*/
const AREA = 46.0;

fn pane(at: vec2f) -> f32 {
    let size = sqrt(AREA * vec2f(1.0 / p.aspect, p.aspect));
    return select(box(at, size), disc(at, sqrt(AREA / PI)), p.shape > 0.5);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let along = rotate(at, -radians(p.tilt)).x;
    let u = fract(p.spatial_frequency * along - fract(p.spatial_frequency * p.speed * t));
    // Distance to the nearest edge of a stripe, positive on the light ones.
    let stripe = smooth_edge((0.25 - abs(u - 0.5)) / p.spatial_frequency);
    let shown = clamp(1.0 / (p.spatial_frequency * view.pixel_deg) - 2.0, 0.0, 1.0);
    let is_grey = p.colour < 0.5;
    let light = select(vec3f(0.88, 0.8, 0.66), vec3f(0.8), is_grey);
    let dark = select(vec3f(0.36, 0.02, 0.03), vec3f(0.09), is_grey);
    let colour = mix(dark, light, mix(0.5, stripe, shown));
    return mix(grey(), colour, pane(at));
}

fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(pane(at), 0.0);
}
