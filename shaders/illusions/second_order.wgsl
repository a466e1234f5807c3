/*---
name    = "Second-order drift"
family  = "motion"
percept = "Waves of contrast sweep to the right over still specks. No speck moves, and light is on average the same everywhere."
look    = "Look at the middle: what moves is where the specks are clear and where they fade."
papers  = ["Chubb & Sperling 1988", "Cavanagh & Mather 1989", "Derrington, Badcock & Henning 1993", "Ledgeway & Smith 1994", "Sun et al. 2025"]
readout = "flow"
human   = "Motion is seen, but more slowly than that of light: its direction takes some 0.2 s (Derrington, Badcock & Henning 1993); models of motion energy alone miss it (Sun et al. 2025)."
flash   = "none"

param = [
  { name = "depth", min = 0, max = 1, default = 1, about = "Modulation of the contrast: 0 leaves it the same everywhere" },
  { name = "spatial_frequency", unit = "cpd", min = 0.03, max = 0.5, default = 0.125, about = "Waves of contrast per degree" },
  { name = "speed", unit = "deg/s", min = -12, max = 12, default = 4, about = "Drift of the waves to the right" },
  { name = "carrier", min = 0, max = 1, default = 0, step = 1, choices = ["still specks", "twinkling specks"], about = "Twinkling specks are new ten times a second" },
  { name = "size", unit = "deg", min = 0.2, max = 3, default = 0.8, about = "Side of a speck; the sampling of a small network's picture needs 0.5 or more" },
  { name = "balance", min = 0, max = 1, default = 0, step = 1, choices = ["in light", "in sRGB code"], about = "What is the same on average where specks are clear and where they fade: light, as for people, or the numbers that the network gets" },
]
preset = [
  { name = "Chubb & Sperling 1988: twinkling", values = { carrier = 1 } },
  { name = "Balanced for the network", values = { balance = 1 } },
  { name = "Slow", values = { speed = 1.5 } },
]
measure = { of = "translation", direction_deg = 0, to_s = 4.5 }
control = { depth = 0 }
control_note = "The specks have the same contrast everywhere: nothing moves."
---*/
const CONTRAST = 0.9;

// Specks of -1 and 1, `side` degrees wide, with edges softened over a pixel.
fn specks(at: vec2f, side: f32, lap: i32) -> f32 {
    let q = at / side - 0.5;
    let cell = vec2i(floor(q)) + vec2i(0, 4096 * lap);
    let s = clamp((fract(q) - 0.5) * side / view.pixel_deg + 0.5, vec2f(0.0), vec2f(1.0));
    let below = mix(sign(hash(cell) - 0.5), sign(hash(cell + vec2i(1, 0)) - 0.5), s.x);
    let above = mix(sign(hash(cell + vec2i(0, 1)) - 0.5), sign(hash(cell + vec2i(1, 1)) - 0.5), s.x);
    return mix(below, above, s.y);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let lap = select(0, i32(step_number(t, 0.1)), p.carrier > 0.5);
    let wave = sin(TAU * fract(p.spatial_frequency * at.x - fract(p.spatial_frequency * p.speed * t)));
    let contrast = 0.5 * CONTRAST * (1.0 + p.depth * wave);
    let speck = contrast * specks(at, p.size, lap);
    let coded = srgb_to_linear(vec3f(0.5 + 0.5 * speck));
    return select(vec3f(0.35 * (1.0 + speck)), coded, p.balance > 0.5);
}
