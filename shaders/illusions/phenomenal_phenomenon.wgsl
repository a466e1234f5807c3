/*---
name    = "Phenomenal phenomenon"
family  = "motion"
percept = "The grey bar jumps to and fro as the light of the ground goes up and down, though it stays where it is."
look    = "Look at the bar's middle."
papers  = ["Gregory & Heard 1983", "Rogers, Anstis, Ashida & Kitaoka 2019"]
readout = "flow"
human   = "The whole bar shifts as the ground grows lighter, and back as it grows darker (Gregory & Heard 1983): towards its light edge and back, as spatial smoothing predicts (Rogers et al. 2019)."
flash   = "none"

param = [
  { name = "opposition", min = -1, max = 1, default = 1, about = "1: the left edge is as dark as the right one is light; -1: both are light" },
  { name = "edge_contrast", min = 0, max = 0.9, default = 0.85, about = "Contrast of the edges to the bar" },
  { name = "ground_contrast", min = 0, max = 0.9, default = 0.6, about = "Modulation of the ground" },
  { name = "temporal_frequency", unit = "Hz", min = 0.1, max = 3, default = 0.5, about = "Cycles of the ground a second" },
  { name = "edge_width", unit = "deg", min = 0.1, max = 2, default = 0.8, about = "Width of the edges" },
  { name = "width", unit = "deg", min = 2, max = 10, default = 5, about = "Width of the bar" },
]
preset = [
  { name = "After Gregory & Heard 1983: thin edges", values = { edge_width = 0.3 } },
  { name = "Livelier", values = { temporal_frequency = 1.5 } },
  { name = "Slow and strong", values = { temporal_frequency = 0.25, ground_contrast = 0.9 } },
]
# While the ground grows lighter: half a cycle from 2 s on.
measure = { of = "translation", from_s = 2.1, to_s = 2.9 }
control = { opposition = -1 }
control_note = "With two light edges the bar swells and shrinks but stays in place."
---*/
const MEAN_LIGHT = 0.3;
const HEIGHT = 8.0;

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let ground = -p.ground_contrast * cos(TAU * fract(p.temporal_frequency * t));
    let edge = select(-p.opposition, 1.0, at.x > 0.0) * p.edge_contrast;
    var wave = mix(ground, edge, box(at, vec2f(p.width + 2.0 * p.edge_width, HEIGHT)));
    wave = mix(wave, 0.0, box(at, vec2f(p.width, HEIGHT)));
    return vec3f(MEAN_LIGHT * (1.0 + wave));
}

// The bar with its edges.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(box(at, vec2f(p.width + 2.0 * p.edge_width + 1.0, HEIGHT + 0.5)), 0.0);
}
