/*---
name    = "Ponzo"
family  = "geometry"
percept = "Two equally long bars lie between lines that run together. The upper one looks longer."
look    = "Compare the bars; think of rails that run into the distance."
papers  = ["Ponzo 1912", "Fisher 1968"]
readout = "position"
human   = "The bar nearer to where the lines meet looks longer; how close its ends come to the lines seems to matter most."
flash   = "none"

param = [
  { name = "strength", min = -1, max = 1, default = 1, about = "How far the side lines run together; 0 is parallel, -1 upside down" },
  { name = "difference", unit = "%", min = -50, max = 50, default = 0, about = "By how much the upper bar really is longer" },
  { name = "size", unit = "deg", min = 2, max = 8, default = 5.5, about = "Length of the bars" },
  { name = "distance", unit = "deg", min = 3, max = 10, default = 7, about = "From bar to bar" },
]
preset = [
  { name = "Ponzo 1912", values = { strength = 1 } },
  { name = "Upside down", values = { strength = -1 } },
  { name = "Made to look equal", values = { difference = -8 } },
]
measure = { of = "position" }
control = { strength = 0 }
control_note = "Between parallel lines the bars look equally long."
---*/
const THICK = 0.8;

fn bars(at: vec2f) -> f32 {
    let upper = box(at - vec2f(0.0, 0.5 * p.distance), vec2f(p.size * (1.0 + 0.01 * p.difference), THICK));
    return max(upper, box(at + vec2f(0.0, 0.5 * p.distance), vec2f(p.size, THICK)));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let lean = radians(21.0) * p.strength;
    let place = vec2f(abs(at.x), at.y) - vec2f(5.4, 0.0);
    let side = bar(place, 15.0, 0.5, 0.5 * PI + lean);
    let light = mix(grey(), vec3f(0.02), side);
    return mix(light, vec3f(0.95, 0.75, 0.1), bars(at));
}

// The right and the left end of the upper bar: apart when it is expected to be longer.
fn region(at: vec2f, t: f32) -> vec2f {
    let end = vec2f(0.5 * p.size * (1.0 + 0.01 * p.difference), 0.5 * p.distance);
    return vec2f(disc(at - end, 1.1), disc(at - end * vec2f(-1.0, 1.0), 1.1));
}
