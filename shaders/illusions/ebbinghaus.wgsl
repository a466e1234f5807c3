/*---
name    = "Ebbinghaus circles"
family  = "geometry"
percept = "Two equal discs: the one among small circles looks larger than the one among large circles."
look    = "Compare the two discs in the middle of their circles."
papers  = ["Titchener 1901", "Massaro & Anderson 1971", "Mruczek, Blair, Strother & Caplovitz 2015", "Knol, Huys, Sarrazin & Jirsa 2015"]
readout = "position"
human   = "From nothing to 10 % of the diameter (Knol et al. 2015). Circles that grow and shrink do less than still ones if the gaze rests, and much more if the figure moves (Mruczek et al. 2015)."
flash   = "none"

param = [
  { name = "strength", min = 0, max = 1, default = 1, about = "How unlike the two kinds of circles are" },
  { name = "difference", unit = "%", min = -40, max = 40, default = 0, about = "By how much the left disc really is larger" },
  { name = "size", unit = "deg", min = 1, max = 3.2, default = 2.4, about = "Diameter of the discs" },
  { name = "change", unit = "Hz", min = 0, max = 1, default = 0, about = "How often the circles grow and shrink (dynamic Ebbinghaus)" },
]
preset = [
  { name = "Titchener 1901: still", values = { change = 0 } },
  { name = "After Mruczek et al. 2015: dynamic", values = { change = 0.4 } },
  { name = "Really 10 % larger", values = { difference = 10 } },
]
measure = { of = "position" }
control = { strength = 0, change = 0 }
control_note = "Among alike circles the discs look alike."
---*/
const SIDE = 5.0;

// Diameter of the surrounding circles of the left (-1) and the right (1) group.
fn around(side: f32, t: f32) -> f32 {
    let swing = select(1.0, cos(TAU * fract(p.change * t)), p.change > 0.0);
    return 1.7 + 0.95 * side * p.strength * swing;
}

fn group(place: vec2f, count: f32, diameter: f32, ring_radius: f32) -> f32 {
    let sector = TAU / count;
    let turn = TAU * turn_of(place);
    let near = (floor(turn / sector) + 0.5) * sector;
    return disc(place - ring_radius * vec2f(cos(near), sin(near)), 0.5 * diameter);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let side = select(-1.0, 1.0, at.x > 0.0);
    let place = at - vec2f(SIDE * side, 0.0);
    let diameter = around(side, t);
    let inner = 0.5 * p.size * (1.0 + select(0.0, 0.01 * p.difference, side < 0.0));
    // Small circles stand close, large ones as far as they fit.
    let ring_radius = inner + 0.75 * diameter;
    let count = clamp(floor(TAU * ring_radius / (1.25 * diameter)), 5.0, 9.0);
    let circles = group(place, count, diameter, ring_radius);
    let light = mix(grey(), vec3f(0.05, 0.12, 0.32), circles);
    return mix(light, vec3f(0.9, 0.42, 0.06), disc(place, inner));
}

// Right and left rim of the disc among the small circles: apart when it is expected to be larger.
fn region(at: vec2f, t: f32) -> vec2f {
    let inner = 0.5 * p.size * (1.0 + 0.01 * p.difference);
    let place = at + vec2f(SIDE, 0.0);
    let rim = ring(place, 0.5 * inner, inner + 0.4);
    return rim * vec2f(smooth_edge(place.x - 0.3), smooth_edge(-place.x - 0.3));
}
