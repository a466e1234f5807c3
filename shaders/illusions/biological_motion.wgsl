/*---
name    = "Point-light walker"
family  = "motion"
percept = "Thirteen moving dots, and at once a person who walks to the right. Upside down it is hard to see; with the dots out of place it is only a swarm."
look    = "Just look; then try the inverted and the scrambled dots."
papers  = ["Johansson 1973", "Cutting 1978", "Troje & Westhoff 2006"]
readout = "flow"
human   = "Seen within a fifth of a second (Johansson 1973)."
flash   = "none"

param = [
  { name = "arrangement", min = 0, max = 2, default = 0, step = 1, choices = ["upright", "inverted", "scrambled"], about = "Scrambled: every dot keeps its own motion but not its place" },
  { name = "frequency", unit = "Hz", min = 0, max = 2, default = 0.9, about = "Double steps a second; 0 is a still" },
  { name = "height", unit = "deg", min = 5, max = 12, default = 11, about = "Height of the walker" },
  { name = "diameter", unit = "deg", min = 0.2, max = 1, default = 0.7, about = "Size of the dots" },
  { name = "noise_dots", min = 0, max = 39, default = 0, step = 1, about = "Dots that move as the walker's but lie anywhere" },
]
preset = [
  { name = "Johansson 1973: upright", values = { arrangement = 0 } },
  { name = "Upside down", values = { arrangement = 1 } },
  { name = "After Cutting 1978: in noise", values = { noise_dots = 26 } },
  { name = "A still: a heap of dots", values = { frequency = 0 } },
]
measure = { of = "translation", direction_deg = 0 }
control = { arrangement = 2 }
control_note = "The same motions at other places: no person, and no direction of walk."
---*/
const JOINTS = 13.0;

// A limb of length `reach` from a joint, hanging down and swung forward by `angle` degrees.
fn limb(reach: f32, angle: f32) -> vec2f {
    return reach * vec2f(sin(radians(angle)), -cos(radians(angle)));
}

// Joint number `which` in heights of the walker above the floor, at `phase` (0 to 1; at 0 the right heel strikes):
// 0 head; then of the right (odd) and left (even) side shoulder, elbow, wrist, hip, knee, ankle. The angles are sums
// of one or two sinusoids that follow textbook curves of gait.
fn joint(which: f32, phase: f32) -> vec2f {
    let is_left = which > 0.5 && fract(0.5 * which) < 0.25;
    let turn = TAU * fract(phase + select(0.0, 0.5, is_left));
    // The body is lowest at the heel strikes.
    let bob = -0.012 * cos(2.0 * turn);
    if which < 0.5 {
        return vec2f(0.02, 0.93 + bob);
    }
    let part = floor(0.5 * (which - 1.0) + 0.01);
    if part < 2.5 {
        // The arm swings against the leg of its side.
        var place = vec2f(-0.035 * cos(turn), 0.81 + bob);
        let swing = 4.0 - 22.0 * cos(turn);
        if part > 0.5 {
            place += limb(0.175, swing);
        }
        if part > 1.5 {
            place += limb(0.155, swing + 24.0 - 14.0 * cos(turn));
        }
        return place;
    }
    var place = vec2f(0.025 * cos(turn), 0.515 + bob);
    let thigh = 9.0 + 21.0 * cos(turn + 0.2);
    if part > 3.5 {
        place += limb(0.245, thigh);
    }
    if part > 4.5 {
        // The knee bends a little in stance and much in swing, most at 72 % of the cycle.
        let bent = turn - 0.72 * TAU;
        place += limb(0.24, thigh - (24.0 + 22.0 * cos(bent) + 15.0 * cos(2.0 * bent)));
    }
    return place;
}

// Mean height of joint number `which`.
fn rest_height(which: f32) -> f32 {
    let part = floor(0.5 * (which - 1.0) + 0.01);
    let trunk = select(select(select(0.5, 0.65, part < 1.5), 0.81, part < 0.5), 0.93, which < 0.5);
    let leg = select(select(0.07, 0.28, part < 4.5), 0.515, part < 3.5);
    return select(leg, trunk, part < 2.5);
}

// Number `which` of places spread evenly over the unit square, anew for every seed.
fn spread(which: f32, series: i32) -> vec2f {
    let start = vec2f(hash(vec2i(1, series)), hash(vec2i(2, series)));
    return fract(start + which * vec2f(0.75487767, 0.56984029));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let phase = fract(p.frequency * t);
    let is_scrambled = p.arrangement > 1.5;
    let place = at * vec2f(1.0, select(1.0, -1.0, p.arrangement > 0.5 && !is_scrambled)) / p.height;
    var covered = 0.0;
    for (var which = 0.0; which < JOINTS + p.noise_dots; which += 1.0) {
        let own = which - JOINTS * floor(which / JOINTS + 0.001);
        var dot_at = joint(own, phase) - vec2f(0.0, 0.5);
        if which > JOINTS - 0.5 {
            let anywhere = (spread(which, 5) - 0.5) * vec2f(1.5, 1.0);
            dot_at += anywhere - vec2f(0.0, rest_height(own) - 0.5);
        } else if is_scrambled {
            // Another dot's turn in the series, so that neighbours do not stay neighbours.
            let anywhere = (spread(5.0 * own, 4) - 0.5) * vec2f(0.7, 0.9);
            dot_at += anywhere - vec2f(0.0, rest_height(own) - 0.5);
        }
        covered = max(covered, disc((place - dot_at) * p.height, 0.5 * p.diameter));
    }
    return mix(vec3f(0.012, 0.014, 0.02), vec3f(1.0, 0.93, 0.78), covered);
}
