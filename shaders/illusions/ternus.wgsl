/*---
name    = "Ternus display"
family  = "motion"
percept = "Three discs step to the right by one place. After a short blank all three seem to move together; without the blank the middle two rest and the outer one jumps over them."
look    = "Look at the middle and ask: did three discs move, or one? Then shorten the blank."
papers  = ["Pikler 1917", "Ternus 1926", "Pantle & Picciano 1976", "Petersik & Pantle 1979"]
readout = "flow"
human   = "Element motion with blanks below some 25 ms, group motion above some 60 ms (Pantle & Picciano 1976)."
flash   = "none"

param = [
  { name = "isi_s", unit = "s", min = 0, max = 0.5, default = 0.1, about = "Blank between the two views (inter-stimulus interval)" },
  { name = "frame_s", unit = "s", min = 0.05, max = 0.8, default = 0.2, about = "How long each view is shown" },
  { name = "spacing", unit = "deg", min = 2, max = 4.5, default = 3.2, about = "From disc to disc, and the step of the row" },
  { name = "diameter", unit = "deg", min = 0.8, max = 2, default = 1.9, about = "Size of the discs" },
  { name = "contrast", min = 0, max = 1, default = 0.85, about = "Michelson contrast of the discs to the ground" },
  { name = "cycle", min = 0, max = 1, default = 0, step = 1, choices = ["to the right, then a pause", "to and fro"] },
]
preset = [
  { name = "After Pantle & Picciano 1976: group motion", values = { cycle = 1 } },
  { name = "After Pantle & Picciano 1976: element motion", values = { isi_s = 0, cycle = 1 } },
  { name = "At the border, 50 ms", values = { isi_s = 0.05, cycle = 1 } },
]
measure = { of = "translation", direction_deg = 0, from_s = 0.1, to_s = 6.0 }
control = { isi_s = 0 }
control_note = "Without the blank the two middle discs never go away: they rest, and only the outer one jumps."
---*/
const PAUSE_S = 0.6;
// Times a hair before a change count as the change.
const HAIR_S = 0.004;

// Which view is shown: 0 none, 1 the left one, 2 the right one; and the seconds since the right one was due.
fn view_shown(t: f32) -> vec2f {
    let rest = select(PAUSE_S, p.isi_s, p.cycle > 0.5);
    let since = step_time(t, 2.0 * p.frame_s + p.isi_s + rest) + HAIR_S;
    let second = p.frame_s + p.isi_s;
    let in_second = since >= second && since < second + p.frame_s;
    let shown = select(select(0.0, 2.0, in_second), 1.0, since < p.frame_s);
    return vec2f(shown, since - second);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let shown = view_shown(t).x;
    // The places are at -1.5, -0.5, 0.5 and 1.5 spacings; the left view leaves out the last, the right one the first.
    let middle = select(-0.5, 0.5, shown > 1.5) * p.spacing;
    let x = at.x - middle;
    let nearest = clamp(floor(x / p.spacing + 0.5), -1.0, 1.0);
    let covered = select(0.0, disc(vec2f(x - nearest * p.spacing, at.y), 0.5 * p.diameter), shown > 0.5);
    // Dark discs: on mid-grey they may have any contrast.
    return grey() * mix(1.0, (1.0 - p.contrast) / (1.0 + p.contrast), covered);
}

// The two places that both views share, in the first tenth of a second of the right view: do their discs come
// from the left (group) or were they there all the time (element)?
fn region(at: vec2f, t: f32) -> vec2f {
    let now = view_shown(t);
    let due = now.x > 1.5 && now.y < 0.1;
    return vec2f(select(0.0, box(at, vec2f(2.0 * p.spacing, 1.6 * p.diameter)), due), 0.0);
}
