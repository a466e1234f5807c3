/*---
name    = "Stereokinetic cone"
family  = "motion"
percept = "Flat circles, each off-centre in the one around it, turn slowly on a disc. A solid cone is seen that points towards you or away, and nods round without turning itself."
look    = "Look at the middle with one eye for some seconds."
papers  = ["Musatti 1924", "Wallach, Weisz & Adams 1956", "Wilson, Robinson & Piggins 1983", "Proffitt, Rock, Hecht & Schubert 1992"]
readout = "flow"
human   = "Comes within some seconds, as a cone or as a tunnel, and one may turn into the other (Wilson, Robinson & Piggins 1983)."
flash   = "none"

param = [
  { name = "eccentricity", min = 0, max = 1, default = 0.7, about = "How far the circles are off-centre: 1 lets them touch on one side" },
  { name = "speed", unit = "deg/s", min = -180, max = 180, default = 90, about = "Rotation of the disc, counter-clockwise" },
  { name = "circles", min = 2, max = 7, default = 6, step = 1, about = "Number of circles" },
  { name = "apex", min = 0, max = 1, default = 0, step = 1, choices = ["cone", "to and fro"], about = "To and fro: each circle off-centre to the other side, as in Duchamp's rotoreliefs" },
  { name = "contrast", min = 0, max = 1, default = 0.75, about = "Michelson contrast of the bands" },
]
preset = [
  { name = "After Musatti 1924: cone", values = { apex = 0 } },
  { name = "After Duchamp 1935: rotorelief", values = { apex = 1, circles = 5 } },
  { name = "Few circles", values = { circles = 3 } },
]
measure = { of = "rotation" }
control = { eccentricity = 0 }
control_note = "Concentric circles show no motion and no depth: a flat target."
---*/
const RADIUS = 5.8;

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let turned = rotate(at, -TAU * fract(p.speed * t / 360.0 + 0.15));
    // Dark slate and pale sand; at full contrast black and white nearly.
    let dark = vec3f(0.27, 0.31, 0.36) * (1.0 - p.contrast);
    let pale = vec3f(0.31, 0.29, 0.25) * (1.0 + 1.9 * p.contrast);
    let step = RADIUS / (p.circles + 0.3);
    var light = grey();
    var centre = 0.0;
    for (var circle = 0.0; circle < p.circles; circle += 1.0) {
        let is_odd = fract(0.5 * circle) > 0.25;
        let colour = select(dark, pale, is_odd);
        light = mix(light, colour, disc(turned - vec2f(centre, 0.0), RADIUS - step * circle));
        let to_other_side = p.apex > 0.5 && is_odd;
        centre += p.eccentricity * 0.9 * step * select(1.0, -1.0, to_other_side);
    }
    return light;
}

fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(disc(at, RADIUS + 0.3), 0.0);
}
