/*---
name    = "Lilac chaser"
family  = "colour"
percept = "A gap runs round a ring of lilac discs. Fixate, and a green disc flies round in its place; soon the lilac discs are gone and only the green one is left."
look    = "Keep your eyes on the cross in the middle for ten seconds or more."
papers  = ["Hinton 2005", "Bertamini 2017"]
readout = "flow"
human   = "Within some seconds of steady fixation: apparent motion of the gap, a green after-image in it, and fading of the lilac discs (Hinton 2005)."
flash   = "none"

param = [
  { name = "gap", min = 0, max = 1, default = 1, about = "How much the disc whose turn it is goes away" },
  { name = "step_s", unit = "s", min = 0.05, max = 1, default = 0.1, about = "Time from disc to disc, clockwise" },
  { name = "discs", min = 6, max = 16, default = 12, step = 1, about = "Number of discs" },
  { name = "blur", min = 0, max = 1, default = 1, about = "Softness of the discs' edges: sharp ones do not fade" },
  { name = "saturation", min = 0, max = 1, default = 1, about = "Of the lilac: at 0 the discs are grey and the gap is not green" },
  { name = "radius", unit = "deg", min = 2.5, max = 5, default = 4.4, about = "Radius of the ring" },
]
preset = [
  { name = "After Hinton 2005", values = { step_s = 0.1 } },
  { name = "Sharp discs: no fading", values = { blur = 0 } },
  { name = "Grey discs: no green", values = { saturation = 0 } },
  { name = "Slow: afterimages one by one", values = { step_s = 0.8 } },
]
measure = { of = "rotation", sign = -1 }
control = { gap = 0 }
control_note = "No disc goes away: nothing runs, and no green is seen."
event = [{ label = "step", at = "step_s", every = "step_s", when = "gap" }]
---*/
const SIZE_DEG = 0.85;

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let steps = step_number(t, p.step_s);
    let missing = steps - p.discs * floor((steps + 0.5) / p.discs);
    // Clockwise from the top, in discs.
    let here = floor(fract(0.25 - turn_of(at) + 1.0) * p.discs + 0.5);
    var shown = 0.0;
    for (var near = -1.0; near < 1.5; near += 1.0) {
        let number = here + near;
        let angle = TAU * (0.25 - number / p.discs);
        let away = at - p.radius * vec2f(cos(angle), sin(angle));
        let is_missing = abs(fract((number - missing) / p.discs + 0.5) - 0.5) * p.discs < 0.5;
        let soft = exp(-0.5 * dot(away, away) / (0.62 * 0.62 * SIZE_DEG * SIZE_DEG));
        let shape = mix(disc(away, 0.8 * SIZE_DEG), soft, p.blur);
        shown += shape * select(1.0, 1.0 - p.gap, is_missing);
    }
    // Lighter than the ground by a third: the network's view is measured in luminance.
    let lilac = mix(vec3f(0.29), vec3f(0.6, 0.17, 0.56), p.saturation);
    let light = mix(grey(), lilac, min(shown, 1.0));
    let mark = max(box(at, vec2f(0.7, 0.16)), box(at, vec2f(0.16, 0.7)));
    return mix(light, vec3f(0.02), mark);
}

// The ring.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(ring(at, p.radius - 1.4, p.radius + 1.4), 0.0);
}
