/*---
name    = "Todorović's illusion"
family  = "brightness and contrast"
percept = "Two equal grey crosses show between four squares. The one on the dark ground looks lighter, although it borders mostly on light squares."
look    = "Compare the two crosses."
papers  = ["Todorović 1997", "Blakeslee & McCourt 1999", "Lerer, Supèr & Keil 2020"]
readout = "brightness"
human   = "The partly hidden target on the dark ground looks lighter; hardly so when the targets lie in front of the squares (Lerer, Supèr & Keil 2020)."
flash   = "none"

param = [
  { name = "contrast", min = 0, max = 1, default = 0.9, about = "Michelson contrast of grounds and squares" },
  { name = "target_size", unit = "deg", min = 2, max = 8, default = 6, about = "Side of the grey square that the four squares leave a cross of" },
  { name = "cover", unit = "deg", min = 0.5, max = 3, default = 1.8, about = "Side of the part of it that each square hides" },
  { name = "target_intensity", unit = "%", min = 0, max = 100, default = 45, about = "Luminance of the crosses" },
]
preset = [
  { name = "Todorović 1997", values = { cover = 1.8 } },
  { name = "Squares hide little", values = { cover = 0.8 } },
]
measure = { of = "brightness" }
control = { contrast = 0 }
control_note = "On one grey, without squares, the two targets look alike."
---*/
fn hidden(place: vec2f) -> f32 {
    // The four squares reach as far out of the target as into it.
    let corner = abs(place) - 0.5 * p.target_size;
    return box(corner, vec2f(2.0 * p.cover));
}

fn cross(at: vec2f, side: f32) -> f32 {
    let place = at - vec2f(5.0 * side, 0.0);
    return box(place, vec2f(p.target_size)) * (1.0 - hidden(place));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let ground_sign = 2.0 * smooth_edge(at.x) - 1.0;
    let side = select(-1.0, 1.0, at.x > 0.0);
    let place = at - vec2f(5.0 * side, 0.0);
    let ground = 0.5 * (1.0 + p.contrast * ground_sign);
    let square = 0.5 * (1.0 - p.contrast * side);
    let light = mix(ground, 0.01 * p.target_intensity, box(place, vec2f(p.target_size)));
    return vec3f(mix(light, square, hidden(place)));
}

fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(cross(at, -1.0), cross(at, 1.0));
}
