/*---
name    = "Growing bar"
family  = "physiology"
percept = "A bar appears again and again, each time longer. Many cells in the visual cortex answer best to a middle length and less to a longer one."
look    = "Look at the centre."
papers  = ["Hubel & Wiesel 1965", "Nassi, Lomber & Born 2013", "Lotter, Kreiman & Cox 2020"]
readout = "timecourse"
human   = "Cells of macaque V1: the answer falls as the pattern grows into the surround, and falls less while V2 and V3 are cooled (Nassi, Lomber & Born 2013)."
flash   = "none"

param = [
  { name = "longest", unit = "deg", min = 1, max = 20, default = 15, about = "Length of the last and longest bar" },
  { name = "lengths", min = 2, max = 30, default = 10, step = 1, about = "Number of lengths before it starts again" },
  { name = "step_s", unit = "s", min = 0.1, max = 5, default = 1, about = "Time from bar to bar; the last 3 tenths of it are blank" },
  { name = "width", unit = "deg", min = 0.1, max = 4, default = 0.5, about = "Width of the bar" },
  { name = "orientation", unit = "deg", min = 0, max = 180, default = 90, about = "0 lies, 90 stands" },
  { name = "axis", min = 0, max = 1, default = 0, step = 1, choices = ["along", "across"], about = "Whether it grows along its orientation or at right angles to it" },
]
preset = [
  { name = "After Lotter, Kreiman & Cox 2020: thin", values = { width = 0.25, lengths = 10, step_s = 1 } },
  { name = "After Hubel & Wiesel 1965: short and long", values = { lengths = 2, longest = 10 } },
  { name = "Horizontal", values = { orientation = 0 } },
]
measure = { of = "surprise", from_s = 0, to_s = 10 }
control = { axis = 1 }
control_note = "The same lengths at right angles: at the centre there is the same light, but not the orientation that the unit prefers."
event = [{ label = "bar", at = 0, every = "step_s" }]
---*/
fn stimulus(at: vec2f, t: f32) -> vec3f {
    let number = step_number(t, p.step_s);
    let since = step_time(t, p.step_s);
    let rank = number - p.lengths * floor((number + 0.5) / p.lengths) + 1.0;
    let extent = p.longest * rank / p.lengths;
    let angle = radians(p.orientation + 90.0 * p.axis);
    let shown = since < 0.7 * p.step_s - 1e-3;
    return mix(grey(), vec3f(1.0), select(0.0, bar(at, extent, p.width, angle), shown));
}

// Where the receptive field of a unit of the middle would be.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(disc(at, 1.0), 0.0);
}
