/*---
name    = "Surprising patch"
family  = "surprise"
percept = "A textured patch glides steadily, then does what it should not: it jumps, turns back, or is gone for a while."
look    = "Follow the patch."
papers  = ["Rao & Ballard 1999", "Benjamin & Kording 2020"]
readout = "timecourse"
flash   = "none"

param = [
  { name = "jump", unit = "deg", min = 0, max = 8, default = 4, about = "How far it jumps, up and down in turn" },
  { name = "kind", min = 0, max = 3, default = 1, step = 1, choices = ["nothing", "jumps", "turns back", "vanishes"], about = "What happens; a vanished patch comes back on its way after half the time to the next event" },
  { name = "speed", unit = "deg/s", min = -20, max = 20, default = 4, about = "Speed to the right" },
  { name = "size", unit = "deg", min = 1, max = 10, default = 5, about = "Diameter of the patch" },
  { name = "event_s", unit = "s", min = 0.1, max = 5, default = 1.5, about = "Time of the first event" },
  { name = "period_s", unit = "s", min = 0.4, max = 10, default = 2, about = "Time from event to event" },
]
preset = [
  { name = "Jump", values = { kind = 1 } },
  { name = "Reversal", values = { kind = 2 } },
  { name = "Omission", values = { kind = 3 } },
  { name = "Small jump", values = { kind = 1, jump = 1 } },
]
measure = { of = "surprise", from_s = 1.4, to_s = 7.4 }
control = { kind = 0 }
control_note = "The patch keeps on its way: nothing happens at the times of the marks."
event = [{ label = "event", at = "event_s", every = "period_s", when = "kind" }]
---*/

// Seconds of travel to the right that lead to where the patch is, `events` turns later.
fn travel(events: f32, since: f32, t: f32) -> f32 {
    if p.kind < 1.5 || p.kind > 2.5 || events < 1.0 {
        return t;
    }
    let is_odd = fract(0.5 * events) > 0.25;
    return select(p.event_s - p.period_s + since, p.event_s - since, is_odd);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let events = max(step_number(t - p.event_s, p.period_s) + 1.0, 0.0);
    let since = step_time(t - p.event_s, p.period_s);

    // It leaves on one side and enters on the other, out of sight in between.
    let lap = view.field_deg.x + p.size + 1.0;
    let x = p.speed * (travel(events, since, t) - p.event_s);
    let is_up = p.kind > 0.5 && p.kind < 1.5 && fract(0.5 * events) > 0.25;
    let y = 0.5 * p.jump * select(-1.0, 1.0, is_up);
    let place = at - vec2f(x - lap * floor(x / lap + 0.5), y);

    // The texture is the patch's own and moves with it.
    let texture = 0.6 * noise(place * 0.8 + 40.0) + 0.4 * noise(place * 1.7 + 90.0);
    let contrasted = clamp(0.5 + 2.0 * (texture - 0.5), 0.0, 1.0);
    let gone = p.kind > 2.5 && events >= 1.0 && since < 0.5 * p.period_s - 1e-3;
    let covered = select(window(place, 0.5 * p.size, 0.2 * p.size), 0.0, gone);
    return mix(grey(), srgb_to_linear(vec3f(contrasted)), covered);
}
