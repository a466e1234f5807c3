/*---
name    = "Scintillating grid"
family  = "brightness and contrast"
percept = "Dark spots flash in the white discs at the crossings, wherever you do not look. The discs are all plain white."
look    = "Let your eyes wander; try to catch a dark spot with your gaze."
papers  = ["Bergen 1985", "Schrauf, Lingelbach & Wist 1997", "Schrauf & Spillmann 2000", "Levine & McAnany 2008"]
readout = "brightness"
human   = "Depends on the size of the discs against the bars (Schrauf, Lingelbach & Wist 1997); stronger 6 to 12 deg beside the gaze than within 3 deg (Mori, Sushida & Kondo 2025)."
flash   = "none"

param = [
  { name = "discs", min = 0, max = 2, default = 1.4, about = "Diameter of the discs over the width of the bars; 0 leaves a Hermann grid" },
  { name = "wave", unit = "deg", min = 0, max = 0.6, default = 0, about = "Amplitude of a wave in the bars" },
  { name = "spacing", unit = "deg", min = 2, max = 5, default = 3, about = "From bar to bar" },
  { name = "width", unit = "deg", min = 0.4, max = 1.2, default = 0.85, about = "Width of the bars" },
  { name = "bars", unit = "%", min = 2, max = 100, default = 25, about = "Luminance of the bars" },
  { name = "ground", unit = "%", min = 0, max = 100, default = 1, about = "Luminance between the bars" },
]
preset = [
  { name = "After Schrauf et al. 1997", values = { discs = 1.4 } },
  { name = "Discs without bars: no spots", values = { bars = 2, ground = 2 } },
  { name = "Narrow grid", values = { spacing = 2, width = 0.55 } },
]
measure = { of = "brightness" }
control = { wave = 0.35 }
control_note = "With wavy bars the spots fade, the more the bars wave, though bars, crossings and discs are as before."
---*/

// Place within the cell whose crossing is nearest; crossings lie half a spacing off the centre.
fn in_cell(place: vec2f) -> vec2f {
    return (fract(place / p.spacing) - 0.5) * p.spacing;
}

// Distance from the middle line of the bar that runs across (x: the upright one, y: the lying one). The waves have
// twice the period of the grid and are in opposite phase at neighbours: crossings stay square, only turned a little.
fn from_bar(place: vec2f) -> vec2f {
    let number = floor(place / p.spacing);
    let sense = select(1.0, -1.0, fract(0.5 * (number.x + number.y)) > 0.25);
    let cell = in_cell(place);
    let turn = PI * cell.yx / p.spacing;
    let amplitude = sense * p.wave * vec2f(-1.0, 1.0);
    let slope = PI * p.wave / p.spacing * cos(turn);
    return (cell - amplitude * sin(turn)) / sqrt(1.0 + slope * slope);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let away = abs(from_bar(at));
    let bars = max(smooth_edge(0.5 * p.width - away.x), smooth_edge(0.5 * p.width - away.y));
    let light = 0.01 * mix(p.ground, p.bars, bars);
    return vec3f(mix(light, 0.97, disc(in_cell(at), 0.5 * p.discs * p.width)));
}

// The bars half-way between crossings against the discs, which people see darker than they are.
fn region(at: vec2f, t: f32) -> vec2f {
    let cell = in_cell(at);
    let away = from_bar(at);
    let half = 0.5 * p.spacing;
    let middle = min(length(vec2f(abs(cell.x) - half, away.y)), length(vec2f(away.x, abs(cell.y) - half)));
    return vec2f(smooth_edge(0.4 * p.width - middle), disc(cell, 0.4 * p.width));
}
