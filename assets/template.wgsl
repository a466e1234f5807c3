/*---
# The card, in TOML. Lines that begin with # say nothing. Required: name, family, percept, readout.
name    = "New illusion"
family  = "motion"            # or motion and position, brightness and contrast, colour, geometry, contour,
                              # stillness and fading, surprise, physiology, calibration; or one of your own
percept = "What a person sees, in one or two plain sentences."
look    = "How to look: fixate the dot, look beside it, wait."
papers  = ["Author & Author 2003"]
readout = "flow"              # or position, phase, brightness, timecourse
human   = "What people report, as a number with its source."
flash   = "none"              # or mild (flickers), strong (above three flashes a second over a quarter of it)
stripes = false               # true: many regular stripes, which some people cannot bear; then it is asked for first
field_deg = 20                # width of the picture in degrees of visual angle
# duration_s = 4              # length of one cycle; without it the illusion runs on

# Sliders, the strength first. The function below finds them as p.contrast, p.speed, p.dot_s.
param = [
  { name = "contrast", min = 0, max = 1, default = 0.8, about = "Of the grating" },
  { name = "speed", unit = "deg/s", min = -8, max = 8, default = 2 },
  { name = "dot_s", unit = "s", min = 0.2, max = 2, default = 1, step = 0.1, about = "From one dot to the next" },
]
preset = [{ name = "Faint and fast", values = { contrast = 0.1, speed = 6 } }]

# Key C: the values under which the illusion vanishes.
control      = { speed = 0 }
control_note = "The grating stands still."

# Marks on the time axis; at and every are seconds, or names of parameters that hold them.
event = [{ label = "dot", at = 0, every = "dot_s" }]

# How the network's view becomes a number, positive where it errs as people do. of = rotation, expansion,
# translation, position, phase, brightness or surprise; frequency is for phase alone.
measure = { of = "translation", direction_deg = 0, sign = 1, from_s = 0.5, to_s = 2.5 }
---*/

// The picture: linear light (red, green, blue in 0..1) at a place and time. The centre is (0, 0), x grows to the
// right and y upward, both in degrees; t is in seconds. It must look the same whenever it is asked for the same t.
// shaders/prelude.wgsl says what else there is: rotate, disc, ring, box, bar, window, noise, hash, photo, grey().
fn stimulus(at: vec2f, t: f32) -> vec3f {
    let wave = sin(TAU * fract(0.25 * (at.x - p.speed * t)));
    let grating = 0.2 * (1.0 + p.contrast * wave * window(at, 7.0, 2.0));
    let spot = disc(at, 0.4) * (1.0 - step_number(2.0 * step_time(t, p.dot_s), p.dot_s));
    return mix(vec3f(grating), vec3f(0.9, 0.1, 0.1), spot);
}

// The region that is measured (x, 0 to 1) and the one that it is compared with (y). Without it the whole picture is.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(window(at, 7.0, 2.0), 0.0);
}
