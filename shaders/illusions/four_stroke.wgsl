/*---
name    = "Four-stroke motion"
family  = "motion"
percept = "The picture seems to slide to the right without end, though it only steps to and fro between two places: each return is also an exchange of dark and light."
look    = "Look a little beside the middle and ask where it is going. It never arrives."
papers  = ["Anstis & Rogers 1986", "Mather & Murdoch 1999"]
readout = "flow"
human   = "Motion without end in the direction of the first step (Anstis & Rogers 1986)."
flash   = "mild"

param = [
  { name = "inversion", min = 0, max = 1, default = 1, about = "How much of the contrast is exchanged at each return: 0 none, 1 all" },
  { name = "step", unit = "deg", min = -2, max = 2, default = 0.5, about = "Displacement to the right at each step out; the step back is as long" },
  { name = "step_s", unit = "s", min = 0.016, max = 1, default = 0.1, about = "Time from step to step; below 0.08 s dark and light are exchanged more than three times a second" },
  { name = "contrast", min = 0, max = 1, default = 0.8, about = "Contrast of the picture to its mid-grey" },
  { name = "scene", min = 0, max = 4, default = 1, step = 1, choices = ["coffee", "cat", "camera", "gravel", "random blobs"] },
]
preset = [
  { name = "After Mather: a photograph", values = { scene = 1 } },
  { name = "Random blobs", values = { scene = 4 } },
  { name = "To the left", values = { step = -0.5 } },
  { name = "Slow", values = { step_s = 0.3 } },
]
measure = { of = "translation", direction_deg = 0, to_s = 4.5 }
control = { inversion = 0 }
control_note = "Without the exchange it is seen as it is: the picture trembles between two places."
event = [{ label = "step", at = "step_s", every = "step_s" }]
---*/
const SIDE = 12.0;
// The picture is larger than its frame, so that no edge of it ever shows.
const PICTURE = 17.0;

// The scene in sRGB code, about -0.5 to 0.5 round mid-grey.
fn scene(at: vec2f) -> vec3f {
    if p.scene > 3.5 {
        return vec3f(clamp(2.2 * (noise(at * 0.7 + 50.0) - 0.5), -0.5, 0.5));
    }
    return linear_to_srgb(photo(p.scene, at / PICTURE + 0.5)) - 0.5;
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    // Strokes 0 to 3: here, there, here negative, there negative.
    let stroke = fract(0.25 * step_number(t, p.step_s)) * 4.0;
    let is_there = fract(0.5 * floor(stroke + 0.5)) > 0.25;
    let polarity = select(1.0, 1.0 - 2.0 * p.inversion, stroke > 1.5);
    let shift = p.step * select(-0.5, 0.5, is_there);
    let coded = vec3f(0.5) + polarity * p.contrast * scene(at - vec2f(shift, 0.0));
    return mix(grey(), srgb_to_linear(coded), box(at, vec2f(SIDE)));
}

// Inside the frame, off its edge, which stands still.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(box(at, vec2f(SIDE - 1.0)), 0.0);
}
