/*---
name    = "Random dots"
family  = "calibration"
percept = "Among dots that go anywhere some go right together, and the whole field seems to drift to the right."
look    = "Look at the middle, follow no single dot."
papers  = ["Scase, Braddick & Raymond 1996", "Newsome & Paré 1988"]
readout = "flow"
flash   = "none"

param = [
  { name = "coherence", unit = "%", min = 0, max = 100, default = 50, about = "Part of the dots that carry the signal" },
  { name = "speed", unit = "deg/s", min = -6, max = 6, default = 3, about = "Speed of each dot; the signal goes right" },
  { name = "density", min = 0.1, max = 1, default = 0.95, about = "Part of the places, 2.4 deg apart, that have a dot" },
  { name = "life", min = 2, max = 6, default = 5, step = 1, about = "Steps that a dot lives; at most 1.2 deg of travel" },
  { name = "signal_dots", min = 0, max = 1, default = 0, step = 1, choices = ["same", "different"], about = "Whether a dot is signal all its life, or chance decides anew at each step" },
  { name = "noise_dots", min = 0, max = 2, default = 1, step = 1, choices = ["position", "direction", "walk"], about = "Noise dots: new place each step, own straight path, or new direction each step" },
]
preset = [
  { name = "Scase et al. 1996: same, position", values = { signal_dots = 0, noise_dots = 0 } },
  { name = "Scase et al. 1996: same, walk", values = { signal_dots = 0, noise_dots = 2 } },
  { name = "Scase et al. 1996: different, position", values = { signal_dots = 1, noise_dots = 0 } },
  { name = "Scase et al. 1996: different, direction", values = { signal_dots = 1, noise_dots = 1 } },
  { name = "Scase et al. 1996: different, walk", values = { signal_dots = 1, noise_dots = 2 } },
  { name = "All together", values = { coherence = 100 } },
]
measure = { of = "translation", from_s = 0.5, to_s = 4.5 }
control = { coherence = 0 }
control_note = "Without signal dots there is motion everywhere, and none on the whole."
---*/
const SPACING = 2.4;
// Where a dot is born: so near its place that it never comes farther from it than to the next place.
const ROOM = 1.66;
const STEP_S = 0.1;
const RADIUS = 0.36;

// Chance number `kind` of the dot of `cell`, in step or life number `when`.
fn chance(cell: vec2i, when: i32, kind: i32) -> f32 {
    return hash(vec2i(cell.x + 1024 * kind, cell.y + 1024 * when));
}

// Where a dot is, seen from the middle of its place, `now` steps from the start.
fn dot_place(cell: vec2i, now: i32) -> vec2f {
    let stride = p.speed * STEP_S;
    // A dot must not leave the neighbourhood of its place, or it would not be found.
    let farthest = i32(1.2 / max(abs(stride), 0.01));
    let life = max(min(i32(p.life), farthest), 1);
    let offset = i32(chance(cell, 0, 7) * 97.0);
    // Whole numbers divide slowly on a processor; half a step keeps the quotient exact.
    let generation = i32((f32(now + offset) + 0.5) / f32(life));
    let age = now + offset - generation * life;
    let born = now - age;
    var place = ROOM * (vec2f(chance(cell, generation, 1), chance(cell, generation, 2)) - 0.5);

    let same_signal = chance(cell, generation, 3) < 0.01 * p.coherence;
    let own = TAU * chance(cell, generation, 4);
    if p.signal_dots < 0.5 && (same_signal || (p.noise_dots > 0.5 && p.noise_dots < 1.5)) {
        // A straight path needs no counting of steps.
        return place + f32(age) * stride * select(vec2f(cos(own), sin(own)), vec2f(1.0, 0.0), same_signal);
    }
    for (var step = 1; step <= age; step++) {
        let when = born + step;
        let signal = select(same_signal, chance(cell, when, 5) < 0.01 * p.coherence, p.signal_dots > 0.5);
        if signal {
            place.x += stride;
        } else if p.noise_dots < 0.5 {
            place = ROOM * (vec2f(chance(cell, when, 8), chance(cell, when, 9)) - 0.5);
        } else {
            let angle = select(own, TAU * chance(cell, when, 6), p.noise_dots > 1.5);
            place += stride * vec2f(cos(angle), sin(angle));
        }
    }
    return place;
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    // Chance repeats after a hundred thousand steps, that is nearly three hours.
    let steps = step_number(t, STEP_S);
    let now = i32(steps - 100000.0 * floor(steps / 100000.0));
    let home = vec2i(floor(at / SPACING - 0.5));
    var covered = 0.0;
    if length(at) > 7.6 {
        return grey();
    }
    for (var row = 0; row <= 1; row++) {
        for (var column = 0; column <= 1; column++) {
            let cell = home + vec2i(column, row);
            let from_middle = at - SPACING * (vec2f(cell) + 0.5);
            // Birth, 1.2 deg of travel and the dot itself: none comes farther.
            let is_near = all(abs(from_middle) < vec2f(0.5 * ROOM + 1.25 + RADIUS + view.pixel_deg));
            if is_near && chance(cell, 0, 10) <= p.density {
                covered = max(covered, disc(from_middle - dot_place(cell, now), RADIUS));
            }
        }
    }
    return mix(grey(), vec3f(0.92), covered * window(at, 7.6, 0.4));
}

fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(window(at, 7.6, 0.4), 0.0);
}
