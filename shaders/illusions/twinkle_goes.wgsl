/*---
name    = "Twinkle-goes"
family  = "motion and position"
percept = "Two bars fly towards each other and vanish exactly when they are in line. On a twinkling ground they seem to have gone on past that point before they vanished."
look    = "Fixate the dot and judge whether the bars were in line when they vanished."
papers  = ["Nakayama & Holcombe 2021"]
readout = "position"
human   = "On a twinkling ground the bars are last seen ahead of where they vanish, by some 50 ms of their motion; on a still one hardly (Nakayama & Holcombe 2021)."
flash   = "none"
field_deg = 16

param = [
  { name = "ground", min = 0, max = 2, default = 2, step = 1, choices = ["plain", "still noise", "twinkling noise"], about = "What takes the bars' place" },
  { name = "speed", unit = "deg/s", min = -16, max = 16, default = 8, about = "Speed of the upper bar to the right and of the lower bar to the left" },
  { name = "moving_s", unit = "s", min = 0.2, max = 2, default = 0.8, about = "How long the bars move before they vanish" },
  { name = "every_s", unit = "s", min = 0.6, max = 5, default = 1.8, about = "Time from appearance to appearance" },
  { name = "twinkle_s", unit = "s", min = 0.016, max = 1, default = 0.1, about = "How long a picture of the noise lasts" },
  { name = "noise_contrast", min = 0, max = 1, default = 0.23, about = "Of the noise to its mean; above 0.23 its twinkling counts as flashes" },
]
preset = [
  { name = "After Nakayama & Holcombe 2021: twinkling", values = { ground = 2, twinkle_s = 0.016 } },
  { name = "After Nakayama & Holcombe 2021: still", values = { ground = 1 } },
  { name = "Plain ground", values = { ground = 0 } },
]
measure = { of = "brightness", from_s = 0.5, to_s = 8.5 }
control = { ground = 1 }
control_note = "The noise stands still: the bars are seen to vanish in line, where they do."
event = [{ label = "vanish", at = "moving_s", every = "every_s" }]
---*/
const BAR = vec2f(0.7, 2.6);
const BAR_Y = 2.4;
const CHECK = 0.8;
// Less than a frame: the bars are drawn a last time in line, whatever the frame rate, and then gone.
const LAST_S = 0.012;

// Checks of -1 to 1 with edges softened over a pixel, new in every `lap`.
fn checks(at: vec2f, lap: i32) -> f32 {
    let q = at / CHECK - 0.5;
    let cell = vec2i(floor(q)) + vec2i(0, 1024 * lap);
    let s = clamp((fract(q) - 0.5) * CHECK / view.pixel_deg + 0.5, vec2f(0.0), vec2f(1.0));
    let below = mix(hash(cell), hash(cell + vec2i(1, 0)), s.x);
    let above = mix(hash(cell + vec2i(0, 1)), hash(cell + vec2i(1, 1)), s.x);
    return 2.0 * mix(below, above, s.y) - 1.0;
}

// Place seen from the nearer bar's end point, x along its way.
fn from_end(at: vec2f) -> vec2f {
    let way = select(-1.0, 1.0, (at.y >= 0.0) == (p.speed >= 0.0));
    return vec2f(way * at.x, abs(at.y) - BAR_Y);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let lap = select(0, i32(step_number(t, p.twinkle_s)), p.ground > 1.5);
    let noise_light = select(0.0, p.noise_contrast * checks(at, lap), p.ground > 0.5);
    var light = grey() * (1.0 + noise_light);
    let left_s = p.moving_s - step_time(t, p.every_s);
    let place = from_end(at) + vec2f(abs(p.speed) * max(left_s, 0.0), 0.0);
    light = mix(light, vec3f(0.95), select(0.0, box(place, BAR), left_s > -LAST_S));
    return mix(light, vec3f(0.02), disc(at, 0.22));
}

// In the first tenth of a second without the bars: the place just ahead of where they vanished, and just behind it.
fn region(at: vec2f, t: f32) -> vec2f {
    let gone_s = step_time(t, p.every_s) - p.moving_s - LAST_S;
    let place = from_end(at);
    let ahead = box(place - vec2f(0.8, 0.0), vec2f(1.6, BAR.y));
    let behind = box(place + vec2f(0.8, 0.0), vec2f(1.6, BAR.y));
    return select(vec2f(0.0), vec2f(ahead, behind), gone_s >= 0.0 && gone_s < 0.1);
}
