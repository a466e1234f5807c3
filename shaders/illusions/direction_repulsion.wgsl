/*---
name    = "Direction repulsion"
family  = "motion"
percept = "Two sheets of dots slide through each other, and their directions look farther apart than they are."
look    = "Look at the middle and judge in which direction the light dots go."
papers  = ["Marshak & Sekuler 1979", "Mather & Moulden 1980", "Gaudio & Huang 2012"]
readout = "flow"
human   = "Each direction is seen turned away from the other by up to 20 deg (Marshak & Sekuler 1979), most for directions near 25 deg apart; noise turns it to attraction (Gaudio & Huang 2012)."
flash   = "none"

param = [
  { name = "second_contrast", min = 0, max = 1, default = 1, about = "Contrast of the second sheet, which is dark; 0 takes it away" },
  { name = "angle", unit = "deg", min = 0, max = 180, default = 25, about = "Direction of the second sheet, counter-clockwise from the first" },
  { name = "speed", unit = "deg/s", min = 0, max = 10, default = 3, about = "Speed of both; the first goes right" },
  { name = "diameter", unit = "deg", min = 0.3, max = 1.2, default = 0.85, about = "Diameter of a dot" },
  { name = "density", min = 0.1, max = 1, default = 0.75, about = "Part of the places, 2.2 deg apart, that have a dot" },
]
preset = [
  { name = "Near the strongest: 25 deg", values = { angle = 25 } },
  { name = "Right angle", values = { angle = 90 } },
  { name = "Opposite", values = { angle = 180 } },
]
measure = { of = "translation", direction_deg = -90 }
control = { second_contrast = 0 }
control_note = "One sheet alone is seen in its own direction, to the right."
---*/
const SPACING = 2.2;
// The sheets repeat after so many places, far outside the picture.
const REPEAT = 64.0;

// Dots of one sheet, larger by a margin: each place of a moving lattice has one somewhere, away from its sides.
fn dots(at: vec2f, direction_deg: f32, sheet: i32, t: f32, margin: f32) -> f32 {
    let ahead = rotate(vec2f(1.0, 0.0), radians(direction_deg));
    let gone = REPEAT * fract(ahead * (p.speed * t / (REPEAT * SPACING)));
    let place = at / SPACING - gone + 0.37 * f32(sheet);
    let number = floor(place);
    let cell = vec2i(number - REPEAT * floor(number / REPEAT));
    let key = cell + vec2i(100 * sheet, 0);
    let room = max(SPACING - p.diameter - 0.3, 0.0);
    let off = room * (vec2f(hash(key), hash(key + vec2i(0, 1000))) - 0.5);
    let shown = hash(key + vec2i(0, 2000)) <= p.density;
    return select(0.0, disc((place - number - 0.5) * SPACING - off, 0.5 * p.diameter + margin), shown);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let round = window(at, 7.6, 0.5);
    let second = dots(at, p.angle, 1, t, 0.0) * p.second_contrast;
    var light = mix(grey(), vec3f(0.02), round * second);
    light = mix(light, vec3f(0.92), round * dots(at, 0.0, 0, t, 0.0));
    return light;
}

// The dots of the first sheet, where no dot of the second is.
fn region(at: vec2f, t: f32) -> vec2f {
    let second = dots(at, p.angle, 1, t, 0.0) * select(0.0, 1.0, p.second_contrast > 0.0);
    return vec2f(window(at, 7.6, 0.5) * dots(at, 0.0, 0, t, 0.15) * (1.0 - second), 0.0);
}
