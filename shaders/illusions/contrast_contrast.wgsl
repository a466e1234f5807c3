/*---
name    = "Contrast contrast"
family  = "brightness and contrast"
percept = "The textured disc in the middle looks paler while the texture around it is strong than when it lies on plain grey."
look    = "Switch the control on and off and watch the contrast of the disc."
papers  = ["Chubb, Sperling & Solomon 1989", "Cannon & Fullenkamp 1991"]
readout = "brightness"
human   = "In a strong surround the light parts of the disc look darker and its dark parts lighter at once (Chubb, Sperling & Solomon 1989)."
flash   = "none"

param = [
  { name = "surround_contrast", min = 0, max = 1, default = 1, about = "Contrast of the texture around the disc" },
  { name = "contrast", min = 0, max = 1, default = 0.4, about = "Contrast of the texture of the disc" },
  { name = "radius", unit = "deg", min = 1, max = 6, default = 4, about = "Radius of the disc" },
  { name = "size", unit = "deg", min = 0.5, max = 3, default = 1.2, about = "Size of the texture's blobs" },
]
preset = [
  { name = "Chubb, Sperling & Solomon 1989", values = { surround_contrast = 1, contrast = 0.4 } },
  { name = "Same contrast everywhere", values = { surround_contrast = 0.4 } },
]
measure = { of = "brightness", sign = -1 }
control = { surround_contrast = 0 }
control_note = "On plain grey the disc has its own contrast."
---*/
fn texture(at: vec2f) -> f32 {
    return clamp(3.2 * (noise(at / p.size + 31.0) - 0.5), -1.0, 1.0);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let contrast = mix(p.surround_contrast, p.contrast, disc(at, p.radius));
    return vec3f(0.5 + 0.5 * contrast * texture(at));
}

// The light and the dark blobs of the disc: what is lost of their difference is what the disc loses of its contrast.
fn region(at: vec2f, t: f32) -> vec2f {
    let inside = disc(at, p.radius - 0.3);
    let value = texture(at);
    return inside * vec2f(smooth_edge((value - 0.4) * p.size), smooth_edge((-value - 0.4) * p.size));
}
