/*---
name    = "Colour phi"
family  = "motion"
percept = "A red disc on the left and a green one on the right flash in turn. One disc is seen to glide across, and to change its colour half-way, before the second colour has been shown."
look    = "Look between the two discs. Where does the colour change?"
papers  = ["Wertheimer 1912", "Kolers & von Grünau 1976"]
readout = "flow"
human   = "Many of those who see motion see the colour change on the way, abruptly and about half-way (Kolers & von Grünau 1976)."
flash   = "none"

param = [
  { name = "isi_s", unit = "s", min = 0, max = 0.6, default = 0.1, about = "Blank between the discs (inter-stimulus interval)" },
  { name = "order", min = 0, max = 1, default = 0, step = 1, choices = ["one after the other", "both together"] },
  { name = "flash_s", unit = "s", min = 0.03, max = 0.6, default = 0.2, about = "How long each disc is shown" },
  { name = "distance", unit = "deg", min = 2.5, max = 12, default = 6, about = "From disc to disc" },
  { name = "colours", min = 0, max = 2, default = 0, step = 1, choices = ["red and green", "blue and yellow", "both white"] },
  { name = "cycle", min = 0, max = 1, default = 0, step = 1, choices = ["to the right, then a pause", "to and fro"] },
]
preset = [
  { name = "Kolers & von Grünau 1976: 150 ms, 50 ms", values = { flash_s = 0.15, isi_s = 0.05, distance = 4 } },
  { name = "Wertheimer 1912: plain beta motion", values = { colours = 2, cycle = 1 } },
  { name = "Too slow: two discs in succession", values = { isi_s = 0.6 } },
]
measure = { of = "translation", direction_deg = 0, from_s = 0.1, to_s = 6.0 }
control = { order = 1 }
control_note = "Both discs appear and vanish together: nothing moves and no colour changes."
---*/
const RADIUS = 1.2;
const PAUSE_S = 0.6;
// Times a hair before a change count as the change.
const HAIR_S = 0.004;

// How much the left (x) and the right (y) disc are there, and (z) the seconds since the right one was due.
fn shown(t: f32) -> vec3f {
    let rest = select(PAUSE_S, p.isi_s, p.cycle > 0.5);
    let since = step_time(t, 2.0 * p.flash_s + p.isi_s + rest) + HAIR_S;
    let second = p.flash_s + p.isi_s;
    let left = since < p.flash_s;
    let right = since >= second && since < second + p.flash_s;
    let both = p.order > 0.5 && left;
    return vec3f(select(0.0, 1.0, left), select(0.0, 1.0, both || (p.order < 0.5 && right)), since - second);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    // Pairs of about equal luminance, 40 % above the ground.
    var first = vec3f(0.9, 0.13, 0.1);
    var second = vec3f(0.04, 0.4, 0.12);
    if p.colours > 1.5 {
        first = vec3f(0.7);
        second = vec3f(0.7);
    } else if p.colours > 0.5 {
        first = vec3f(0.12, 0.3, 0.95);
        second = vec3f(0.5, 0.3, 0.02);
    }
    let now = shown(t);
    let half = vec2f(0.5 * p.distance, 0.0);
    var light = mix(grey() * 0.25, first, now.x * disc(at + half, RADIUS));
    light = mix(light, second, now.y * disc(at - half, RADIUS));
    return light;
}

// From the left to the right disc, while the disc would be on its way and just after its arrival.
fn region(at: vec2f, t: f32) -> vec2f {
    let since = shown(t).z;
    let due = since >= -p.isi_s && since < 0.1;
    return vec2f(select(0.0, box(at, vec2f(p.distance + 4.0 * RADIUS, 4.0 * RADIUS)), due), 0.0);
}
