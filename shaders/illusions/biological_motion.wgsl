/*---
name    = "Point-light walker"
family  = "motion"
percept = "Thirteen moving dots, and at once a person who walks to the right. Upside down it is hard to see; with the dots out of place it is only a swarm."
look    = "Just look; then try the inverted and the scrambled dots."
papers  = ["Johansson 1973", "Johansson 1976", "Cutting 1978", "Cutting, Moore & Morrison 1988", "Troje & Westhoff 2006"]
readout = "flow"
human   = "Ten dots and some two tenths of a second are enough to see a person walk (Johansson 1973, 1976)."
flash   = "none"

param = [
  { name = "arrangement", min = 0, max = 2, default = 0, step = 1, choices = ["upright", "inverted", "scrambled"], about = "Scrambled: every dot keeps its own motion but not its place" },
  { name = "frequency", unit = "Hz", min = 0, max = 2, default = 0.9, about = "Double steps a second; 0 is a still" },
  { name = "height", unit = "deg", min = 5, max = 12, default = 11, about = "Height of the walker" },
  { name = "diameter", unit = "deg", min = 0.2, max = 1, default = 0.7, about = "Size of the dots" },
  { name = "noise_dots", min = 0, max = 39, default = 0, step = 13, about = "Dots that move as the walker's but lie anywhere" },
]
preset = [
  { name = "Johansson 1973: upright", values = { arrangement = 0 } },
  { name = "Upside down", values = { arrangement = 1 } },
  { name = "After Cutting, Moore & Morrison 1988: in noise", values = { noise_dots = 26 } },
  { name = "A still: a heap of dots", values = { frequency = 0 } },
]
measure = { of = "translation", direction_deg = 0 }
control = { arrangement = 2 }
control_note = "The same motions at other places: no person is seen, though with real walkers the motion of the feet alone can still betray the direction (Troje & Westhoff 2006)."
---*/
const DOTS = 13;

// A limb of length `reach` from a joint, hanging down and swung forward by `angle` degrees.
fn limb(reach: f32, angle: f32) -> vec2f {
    return reach * vec2f(sin(radians(angle)), -cos(radians(angle)));
}

// Where the swarm number `group` has its dots: 0 the walker's own, the others noise.
struct Swarm {
    group: i32,
    is_loose: bool,
    start: vec2f,
    extent: vec2f,
}

// Square of the distance to the dot of a joint. In a loose swarm the mean of its motion, `rest` high, lies elsewhere:
// at one of a series of places spread evenly; scrambled at every fifth, so that neighbours do not stay neighbours.
fn away(place: vec2f, joint: vec2f, rest: f32, dot_number: i32, swarm: Swarm) -> f32 {
    let number = f32(select(5 * dot_number, dot_number + DOTS * swarm.group, swarm.group > 0));
    let anywhere = (fract(swarm.start + number * vec2f(0.75487767, 0.56984029)) - 0.5) * swarm.extent;
    let moved = select(vec2f(0.0), anywhere + vec2f(0.0, 0.5 - rest), swarm.is_loose);
    let between = place - joint - moved;
    return dot(between, between);
}

// Square of the distance to the nearest dot, in heights of the walker above the floor, at `phase` (0 to 1; at 0 the
// right heel strikes). The angles are sums of one or two sinusoids that follow textbook curves of gait.
fn from_swarm(place: vec2f, phase: f32, swarm: Swarm) -> f32 {
    var nearest = away(place, vec2f(0.02, 0.93 - 0.012 * cos(2.0 * TAU * phase)), 0.93, 0, swarm);
    for (var side = 0; side < 2; side++) {
        let turn = TAU * fract(phase + 0.5 * f32(side));
        let first = 1 + 6 * side;
        // The body is lowest at the heel strikes.
        let bob = -0.012 * cos(2.0 * turn);
        // The arm swings against the leg of its side.
        let swing = 4.0 - 22.0 * cos(turn);
        let shoulder = vec2f(-0.035 * cos(turn), 0.81 + bob);
        let elbow = shoulder + limb(0.175, swing);
        let wrist = elbow + limb(0.155, swing + 24.0 - 14.0 * cos(turn));
        // The knee bends a little in stance and much in swing, most at 72 % of the cycle.
        let thigh = 9.0 + 21.0 * cos(turn + 0.2);
        let bent = turn - 0.72 * TAU;
        let hip = vec2f(0.025 * cos(turn), 0.515 + bob);
        let knee = hip + limb(0.245, thigh);
        let ankle = knee + limb(0.24, thigh - (24.0 + 22.0 * cos(bent) + 15.0 * cos(2.0 * bent)));
        nearest = min(nearest, away(place, shoulder, 0.81, first, swarm));
        nearest = min(nearest, away(place, elbow, 0.65, first + 1, swarm));
        nearest = min(nearest, away(place, wrist, 0.5, first + 2, swarm));
        nearest = min(nearest, away(place, hip, 0.515, first + 3, swarm));
        nearest = min(nearest, away(place, knee, 0.28, first + 4, swarm));
        nearest = min(nearest, away(place, ankle, 0.07, first + 5, swarm));
    }
    return nearest;
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let is_scrambled = p.arrangement > 1.5;
    let upright = select(1.0, -1.0, p.arrangement > 0.5 && !is_scrambled);
    let place = at * vec2f(1.0, upright) / p.height + vec2f(0.0, 0.5);
    let start = vec2f(hash(vec2i(1, 4)), hash(vec2i(2, 4)));
    var nearest = 100.0;
    for (var group = 0; group <= i32(p.noise_dots + 0.5) / DOTS; group++) {
        let is_noise = group > 0;
        let extent = select(vec2f(0.7, 0.9), vec2f(1.5, 1.0), is_noise);
        let swarm = Swarm(group, is_noise || is_scrambled, start, extent);
        nearest = min(nearest, from_swarm(place, fract(p.frequency * t), swarm));
    }
    let covered = smooth_edge(0.5 * p.diameter - sqrt(nearest) * p.height);
    return mix(vec3f(0.012, 0.014, 0.02), vec3f(1.0, 0.93, 0.78), covered);
}
