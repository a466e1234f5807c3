/*---
name    = "Hermann grid"
family  = "brightness and contrast"
percept = "Grey smudges lie at the crossings of the white streets, except at the one you look at."
look    = "Look at one crossing and attend to the others. Then make the streets wavy."
papers  = ["Brewster 1844", "Hermann 1870", "Spillmann 1994", "Schiller & Carvey 2005", "Geier et al. 2008"]
readout = "brightness"
human   = "Gone when the streets are slightly wavy, which receptive fields with a centre and a surround do not explain (Geier et al. 2008)."
flash   = "none"

param = [
  { name = "contrast", min = -1, max = 1, default = 1, about = "Of light streets to dark blocks; negative: dark streets, light smudges" },
  { name = "wave", unit = "deg", min = 0, max = 0.6, default = 0, about = "Amplitude of a wave in the streets" },
  { name = "spacing", unit = "deg", min = 2, max = 5, default = 3, about = "From street to street" },
  { name = "width", unit = "deg", min = 0.4, max = 1.5, default = 0.8, about = "Width of the streets" },
  { name = "orientation", unit = "deg", min = 0, max = 45, default = 0, about = "Of the whole grid; weaker when oblique" },
]
preset = [
  { name = "Hermann 1870: black blocks", values = { contrast = 1 } },
  { name = "Hering 1872: white blocks", values = { contrast = -1 } },
  { name = "Geier et al. 2008: slightly wavy", values = { wave = 0.2 } },
  { name = "Oblique", values = { orientation = 45 } },
]
measure = { of = "brightness" }
control = { wave = 0.35 }
control_note = "With wavy streets of the same width and the same crossings the smudges go."
---*/

// Place within the cell whose crossing is nearest; crossings lie half a spacing off the centre.
fn in_cell(place: vec2f) -> vec2f {
    return (fract(place / p.spacing) - 0.5) * p.spacing;
}

// Distance from the middle line of the street that runs across (x: the upright one, y: the lying one). The waves have
// twice the period of the grid and are in opposite phase at neighbours: crossings stay square, only turned a little.
fn from_street(place: vec2f) -> vec2f {
    let number = floor(place / p.spacing);
    let sense = select(1.0, -1.0, fract(0.5 * (number.x + number.y)) > 0.25);
    let cell = in_cell(place);
    let turn = PI * cell.yx / p.spacing;
    let amplitude = sense * p.wave * vec2f(-1.0, 1.0);
    let slope = PI * p.wave / p.spacing * cos(turn);
    return (cell - amplitude * sin(turn)) / sqrt(1.0 + slope * slope);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let away = abs(from_street(rotate(at, -radians(p.orientation))));
    let street = max(smooth_edge(0.5 * p.width - away.x), smooth_edge(0.5 * p.width - away.y));
    // Not quite to the ends of the range, so that a prediction can go beyond.
    return vec3f(0.46 + 0.44 * p.contrast * (2.0 * street - 1.0));
}

// The streets half-way between crossings against the crossings: of light streets people see the latter darker.
fn region(at: vec2f, t: f32) -> vec2f {
    let place = rotate(at, -radians(p.orientation));
    let cell = in_cell(place);
    let away = from_street(place);
    let half = 0.5 * p.spacing;
    let middle = min(length(vec2f(abs(cell.x) - half, away.y)), length(vec2f(away.x, abs(cell.y) - half)));
    let streets = smooth_edge(0.4 * p.width - middle);
    let crossings = disc(cell, 0.4 * p.width);
    return select(vec2f(crossings, streets), vec2f(streets, crossings), p.contrast >= 0.0);
}
