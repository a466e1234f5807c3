/*---
name    = "Omega effect and high phi"
family  = "motion"
percept = "A ring of random blocks turns slowly; when it is replaced by a few quite unrelated rings it seems to leap backwards."
look    = "Look at the middle of the ring."
papers  = ["Wexler et al. 2013", "Rose & Blake 1998"]
readout = "flow"
human   = "The random rings look like one fast jump against the slow rotation, or along with it if that took less than some 75 to 150 ms (Wexler et al. 2013); endless noise in a ring seems to turn (Rose & Blake 1998)."
flash   = "mild"

param = [
  { name = "random_frames", min = 0, max = 12, default = 4, step = 1, about = "How many unrelated rings follow each other" },
  { name = "frame_s", unit = "s", min = 0.05, max = 0.3, default = 0.1, about = "How long each is there" },
  { name = "turning_s", unit = "s", min = 0, max = 3, default = 1.2, about = "How long the ring turns before; 0 leaves noise alone" },
  { name = "speed", unit = "deg/s", min = -60, max = 60, default = 20, about = "Slow rotation, counter-clockwise" },
  { name = "inner", unit = "deg", min = 0, max = 5, default = 4, about = "Inner radius of the ring; 0 makes a disc" },
  { name = "contrast", min = 0, max = 1, default = 0.9, about = "Contrast of the blocks" },
]
preset = [
  { name = "Wexler et al. 2013: high phi", values = { turning_s = 1.2 } },
  { name = "Rose & Blake 1998: omega", values = { turning_s = 0, random_frames = 12, speed = 0 } },
  { name = "Omega without a ring: a disc of noise", values = { turning_s = 0, random_frames = 12, speed = 0, inner = 0 } },
  { name = "Other way round", values = { speed = -20 } },
]
# The first random rings.
measure = { of = "rotation", sign = -1, from_s = 1.2, to_s = 1.6 }
control = { random_frames = 0 }
control_note = "Nothing but the slow rotation: no leap."
event = [{ label = "random rings", at = "turning_s", when = "random_frames" }]
---*/
const OUTER = 6.8;
const RINGS = 4.0;
const SECTORS = 30.0;

// Block of a ring number `ring`, -1 to 1; `key` is the number of the texture.
fn block(sector: f32, ring: f32, key: f32) -> f32 {
    let wrapped = sector - SECTORS * floor(sector / SECTORS);
    let chance = 2.0 * hash(vec2i(i32(wrapped) + 64 * i32(ring), i32(key))) - 1.0;
    return clamp(2.0 * chance, -1.0, 1.0);
}

fn texture(turn: f32, radius: f32, ring: f32, key: f32) -> f32 {
    let u = turn * SECTORS - 0.5;
    let arc = TAU * radius / SECTORS;
    let s = smooth_edge((fract(u) - 0.5) * arc);
    return mix(block(floor(u), ring, key), block(floor(u) + 1.0, ring, key), s);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let burst_s = p.random_frames * p.frame_s;
    let cycle_s = max(p.turning_s + burst_s, 0.05);
    let cycle = step_number(t, cycle_s);
    let since = step_time(t, cycle_s);
    let frames = clamp(step_number(since - p.turning_s, p.frame_s) + 1.0, 0.0, p.random_frames);
    // Every thousandth cycle is the same again.
    let key = 16.0 * (cycle - 1000.0 * floor(cycle / 1000.0)) + frames;
    let no_burst = p.random_frames < 0.5;
    let turned = p.speed * select(min(since, p.turning_s), t, no_burst);

    let radius = length(at);
    let turn = fract(turn_of(at) - turned / 360.0);
    let depth = (OUTER - p.inner) / RINGS;
    let v = (radius - p.inner) / depth - 0.5;
    let number = select(key, 0.0, no_burst);
    let below = texture(turn, radius, clamp(floor(v), 0.0, RINGS - 1.0), number);
    let above = texture(turn, radius, clamp(floor(v) + 1.0, 0.0, RINGS - 1.0), number);
    let wave = mix(below, above, smooth_edge((fract(v) - 0.5) * depth));
    let covered = select(ring(at, p.inner, OUTER), disc(at, OUTER), p.inner < 0.01);
    let light = grey() * (1.0 + p.contrast * wave * covered);
    return mix(light, vec3f(0.02), disc(at, 0.18));
}

fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(select(ring(at, p.inner, OUTER), disc(at, OUTER), p.inner < 0.01), 0.0);
}
