/*---
name    = "Motion binding"
family  = "motion"
percept = "A diamond moves on a circle behind four posts that hide its corners. With the posts in sight it is one solid thing; without them four bars slide about, each for itself."
look    = "Look at the centre. Then make the posts invisible."
papers  = ["Lorenceau & Shiffrar 1992", "Lorenceau & Alais 2001"]
readout = "flow"
human   = "The direction of the whole is told far better with visible posts than with invisible ones (Lorenceau & Shiffrar 1992)."
flash   = "none"

param = [
  { name = "posts", min = 0, max = 1, default = 1, about = "Visibility of the posts: at 0 they have the colour of the ground and hide the corners all the same" },
  { name = "speed", unit = "Hz", min = -2, max = 2, default = 0.6, about = "Circles a second of the diamond, counter-clockwise" },
  { name = "amplitude", unit = "deg", min = 0, max = 1, default = 0.8, about = "Radius of that circle" },
  { name = "post_size", unit = "deg", min = 2, max = 5, default = 3.8, about = "Width of the posts; small ones show the corners" },
  { name = "contrast", min = 0, max = 1, default = 0.9, about = "Contrast of the diamond to the ground" },
]
preset = [
  { name = "Lorenceau & Shiffrar 1992: visible posts", values = { posts = 1 } },
  { name = "Lorenceau & Shiffrar 1992: faint bars, invisible posts", values = { posts = 0, contrast = 0.3 } },
  { name = "Corners in sight", values = { post_size = 2 } },
]
measure = { of = "translation", direction_deg = 0, from_s = 0.5, to_s = 5.5 }
control = { posts = 0 }
control_note = "The posts take the colour of the ground: the same four bars come apart."
---*/
const REACH = 4.0;
const WIDTH = 0.7;

fn post(at: vec2f) -> f32 {
    // Left, right, upper and lower one; the corners stay beneath them.
    let side = vec2f(p.post_size);
    let level = box(vec2f(abs(at.x) - REACH - 0.2, at.y), side);
    return max(level, box(vec2f(at.x, abs(at.y) - REACH - 0.2), side));
}

// The outline of the diamond where it is at the time `t`.
fn outline(at: vec2f, t: f32) -> f32 {
    let turn = TAU * fract(p.speed * t);
    let place = abs(at - p.amplitude * vec2f(cos(turn), sin(turn)));
    let beyond = (place.x + place.y - REACH) * sqrt(0.5);
    return smooth_edge(0.5 * WIDTH - abs(beyond));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let ground = grey();
    var light = mix(ground, mix(ground, vec3f(0.02, 0.025, 0.05), p.contrast), outline(at, t));
    light = mix(light, ground, post(at));
    // Warm posts, a little lighter than the ground.
    return mix(light, vec3f(0.36, 0.25, 0.12), p.posts * post(at));
}

// The bars, while the diamond goes right. Bound together the bars go all the way across;
// each for itself only half of it, at right angles to its length.
fn region(at: vec2f, t: f32) -> vec2f {
    let rightward = -sin(TAU * fract(p.speed * t)) * sign(p.speed);
    let bars = disc(vec2f(abs(at.x) - 0.5 * REACH, abs(at.y) - 0.5 * REACH), 1.6) * (1.0 - post(at));
    return vec2f(select(0.0, bars, rightward > 0.7), 0.0);
}
