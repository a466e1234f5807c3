/*---
name    = "Photo on grey"
family  = "physiology"
percept = "A photograph appears on grey, stays a while, and goes."
look    = "Look at the centre."
papers  = ["Lotter, Kreiman & Cox 2020", "Brands et al. 2024"]
readout = "timecourse"
human   = "Human visual cortex answers strongly to the onset and less while the picture stays, or when it comes again soon (Brands et al. 2024)."
flash   = "mild"

param = [
  { name = "contrast", min = 0, max = 1, default = 1, about = "How much of the photograph is mixed into the grey" },
  { name = "onset_s", unit = "s", min = 0, max = 5, default = 0.6, about = "When it appears, in each cycle" },
  { name = "offset_s", unit = "s", min = 0.1, max = 10, default = 1.3, about = "When it goes, in each cycle" },
  { name = "period_s", unit = "s", min = 0.2, max = 10, default = 2, about = "Length of a cycle" },
  { name = "picture", min = 0, max = 4, default = 4, step = 1, choices = ["coffee", "cat", "camera", "gravel", "each in turn"] },
  { name = "course", min = 0, max = 1, default = 1, step = 1, choices = ["stays", "comes and goes"] },
]
preset = [
  { name = "After Lotter, Kreiman & Cox 2020", values = { onset_s = 0.6, offset_s = 1.3, period_s = 2 } },
  { name = "Brands et al. 2024: brief", values = { onset_s = 0.4, offset_s = 0.6, period_s = 4.5, picture = 0 } },
  { name = "Long", values = { onset_s = 0.5, offset_s = 4, period_s = 6 } },
]
measure = { of = "surprise", from_s = 0.5, to_s = 6.5 }
control = { course = 0 }
control_note = "The photograph is there all the time: no onset, no offset, and the network should settle."
event = [
  { label = "on", at = "onset_s", every = "period_s", when = "course" },
  { label = "off", at = "offset_s", every = "period_s", when = "course" },
]
---*/
const SIDE_DEG = 14.0;
const SOFT_DEG = 1.0;

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let comes_and_goes = p.course > 0.5;
    let cycle = select(0.0, step_number(t, p.period_s), comes_and_goes);
    let since = step_time(t, p.period_s);
    let on = !comes_and_goes || (since >= p.onset_s - 1e-3 && since < p.offset_s - 1e-3);
    let picture = select(p.picture, cycle - 4.0 * floor((cycle + 0.5) / 4.0), p.picture > 3.5);

    let to_edge = 0.5 * SIDE_DEG - max(abs(at.x), abs(at.y));
    let rise = 0.5 - 0.5 * cos(PI * clamp(to_edge / SOFT_DEG, 0.0, 1.0));
    let amount = select(0.0, p.contrast * rise, on);
    return mix(grey(), photo(picture, at / SIDE_DEG + 0.5), amount);
}
