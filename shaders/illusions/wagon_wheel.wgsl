/*---
name    = "Wagon wheel"
family  = "calibration"
percept = "The wheel turns counter-clockwise by three quarters of its spokes' distance at each step, and is seen to turn slowly clockwise."
look    = "Look at the hub."
papers  = ["Finlay, Dodwell & Caelli 1984", "Purves, Paydarfar & Andrews 1996"]
readout = "flow"
human   = "Each spoke is seen to go to the nearest place: steps beyond half the distance of the spokes are seen as the shorter way back (Finlay, Dodwell & Caelli 1984)."
flash   = "mild"

param = [
  { name = "step", min = 0, max = 1, default = 0.75, about = "Turn at each step in distances from spoke to spoke; 0.5 is ambiguous, 1 stands still" },
  { name = "step_s", unit = "s", min = 0.05, max = 0.5, default = 0.1, about = "Time from step to step" },
  { name = "spokes", min = 2, max = 12, default = 8, step = 1, about = "Number of spokes" },
  { name = "mark", min = 0, max = 1, default = 0, about = "How far one spoke is told by its colour, which shows the true way" },
]
preset = [
  { name = "Just short of a whole distance", values = { step = 0.9 } },
  { name = "Half: either way", values = { step = 0.5 } },
  { name = "One marked spoke", values = { mark = 1 } },
  { name = "True way", values = { step = 0.25 } },
]
measure = { of = "rotation", sign = -1, from_s = 0.5, to_s = 4.5 }
control = { step = 0 }
control_note = "Without steps it rests. At a quarter of the distance it is seen to turn as it does, and the number is negative."
event = [{ label = "step", at = "step_s", every = "step_s", when = "step" }]
---*/
const RIM = 6.6;

fn stimulus(at: vec2f, t: f32) -> vec3f {
    // In distances of spokes; after a whole round it is the same wheel.
    let turned = p.spokes * fract(step_number(t, p.step_s) * p.step / p.spokes);
    let u = turn_of(at) * p.spokes - turned + p.spokes;
    let number = round(u);
    let radius = length(at);
    let place = rotate(at, -TAU * (number + turned) / p.spokes);
    // Spokes grow a little towards the rim.
    let half_width = 0.28 + 0.03 * radius;
    let spoke = smooth_edge(half_width - abs(place.y)) * smooth_edge(place.x);
    let lap = number - p.spokes * floor(number / p.spokes + 0.01);
    let wood = vec3f(0.75, 0.5, 0.2);
    let colour = mix(wood, vec3f(0.7, 0.04, 0.03), select(0.0, p.mark, abs(lap) < 0.5));

    var light = mix(vec3f(0.05), colour, spoke);
    light = mix(light, wood, disc(at, 1.1));
    light = mix(light, vec3f(0.05), disc(at, 0.4));
    light = mix(light, wood, smooth_edge(radius - RIM));
    return mix(light, grey(), smooth_edge(radius - RIM - 0.9));
}

// The spokes, without hub and rim.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(ring(at, 1.3, RIM), 0.0);
}
