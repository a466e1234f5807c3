/*---
name    = "Hering and Wundt"
family  = "geometry"
percept = "Two straight upright lines seem to bow outward in the middle, because of the lines that run out from the centre."
look    = "Look along one of the two lines."
papers  = ["Hering 1861", "Wundt 1898", "Changizi, Hsieh, Nijhawan, Kanai & Shimojo 2008", "Vaughn & Eagleman 2013"]
readout = "position"
human   = "Dots that stream out of the centre bow the lines as rays do, and so do dots that stream in (Vaughn & Eagleman 2013)."
flash   = "none"

param = [
  { name = "strength", min = 0, max = 1, default = 1, about = "Contrast of the lines behind" },
  { name = "rays", min = 8, max = 40, default = 22, step = 2, about = "Number of lines behind" },
  { name = "distance", unit = "deg", min = 2, max = 8, default = 5, about = "From one upright line to the other" },
  { name = "shape", min = 0, max = 1, default = 0, step = 1, choices = ["Hering", "Wundt"], about = "Rays from one centre, or from two at the sides, which bow the lines inward" },
]
preset = [
  { name = "Hering 1861", values = { shape = 0 } },
  { name = "Wundt 1898: bowed inward", values = { shape = 1 } },
]
measure = { of = "position" }
control = { strength = 0 }
control_note = "Without the rays the lines look straight."
---*/
fn rays(at: vec2f) -> f32 {
    let sector = PI / p.rays;
    let turn = TAU * turn_of(at);
    let off = (fract(turn / (2.0 * sector)) - 0.5) * 2.0 * sector;
    // Lines as wide everywhere; near the centre they run into one another, and are left out.
    let away = abs(length(at) * sin(off));
    return smooth_edge(0.17 - away) * smooth_edge(length(at) - 1.2);
}

fn behind(at: vec2f) -> f32 {
    if p.shape < 0.5 {
        return rays(at);
    }
    return rays(vec2f(abs(at.x) - 9.0, at.y)) * smooth_edge(abs(at.x) - 0.05);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let light = mix(vec3f(0.62), vec3f(0.62 * (1.0 - 0.85 * p.strength)), behind(at));
    let lines = box(vec2f(abs(at.x) - 0.5 * p.distance, at.y), vec2f(0.55, 15.0));
    return mix(light, vec3f(0.75, 0.05, 0.03), lines);
}

// The middle of the right and of the left line: apart when they bow outward (of Wundt's figure the other way round).
fn region(at: vec2f, t: f32) -> vec2f {
    let near = vec2f(0.5 * p.distance, 0.0);
    let parts = vec2f(disc((at - near) * vec2f(2.0, 0.6), 1.4), disc((at + near) * vec2f(2.0, 0.6), 1.4));
    return select(parts, parts.yx, p.shape > 0.5);
}
