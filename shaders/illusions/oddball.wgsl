/*---
name    = "Oddball"
family  = "surprise"
percept = "The same patch appears over and over; now and then comes another one, and it strikes the eye."
look    = "Look at the middle and count the odd ones."
papers  = ["Squires, Squires & Hillyard 1975", "Näätänen, Gaillard & Mäntysalo 1978", "Bekinschtein et al. 2009", "Kimura et al. 2009", "Homann et al. 2022"]
readout = "timecourse"
human   = "A bar of a rare orientation evokes a mismatch response after 200 to 250 ms (Kimura et al. 2009); in mouse V1 a new picture evokes excess activity (Homann et al. 2022)."
flash   = "mild"

param = [
  { name = "deviance", unit = "deg", min = 0, max = 90, default = 90, about = "By how much the odd patch (B) is turned against the others (A)" },
  { name = "sequence_s", unit = "s", min = 2, max = 10, default = 2.5, about = "Time for five patches, of which one is odd: the first five are all A, then B comes at every mark" },
  { name = "blank", min = 0, max = 0.8, default = 0.4, about = "Part of the time from patch to patch that is blank" },
  { name = "ori", unit = "deg", min = 0, max = 180, default = 45, about = "Orientation of A, clockwise from upright" },
  { name = "sf", unit = "cpd", min = 0.1, max = 1.5, default = 0.4, about = "Spatial frequency" },
]
preset = [
  { name = "A A A A B: quarter turn", values = { deviance = 90 } },
  { name = "Small deviance", values = { deviance = 15 } },
  { name = "Without blanks", values = { blank = 0 } },
  { name = "Slow", values = { sequence_s = 5 } },
]
measure = { of = "surprise", from_s = 2.5, to_s = 3 }
control = { deviance = 0 }
control_note = "A A A A A: the fifth is like the others, and at the marks nothing is odd."
event = [{ label = "odd", at = "sequence_s", every = "sequence_s", when = "deviance" }]
---*/
const ITEMS = 5.0;
// Small enough to be less than a quarter of the field.
const RADIUS = 4.4;

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let item_s = p.sequence_s / ITEMS;
    let number = step_number(t, item_s);
    let since = step_time(t, item_s);
    let is_odd = number >= ITEMS && number - ITEMS * floor((number + 0.5) / ITEMS) < 0.5;
    let ori = p.ori + select(0.0, p.deviance, is_odd);

    let along = rotate(at, radians(ori)).x;
    let shown = clamp(1.0 / (p.sf * view.pixel_deg) - 2.0, 0.0, 1.0);
    let there = select(0.0, 0.95 * shown, since < (1.0 - p.blank) * item_s - 1e-3);
    return grey() * (1.0 + window(at, RADIUS, 0.6) * there * cos(TAU * p.sf * along));
}

fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(window(at, RADIUS, 0.6), 0.0);
}
