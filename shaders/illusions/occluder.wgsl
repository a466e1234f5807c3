/*---
name    = "Behind the occluder"
family  = "surprise"
percept = "A disc glides behind a screen and is felt to be still there while it is hidden. When it does not come out, or comes out changed, one is taken aback."
look    = "Follow the disc, also where it cannot be seen."
papers  = ["Burke 1952", "Michotte, Thinès & Crabbé 1964", "Assad & Maunsell 1995", "Rao & Ballard 1999"]
readout = "timecourse"
human   = "One object is seen to pass through the tunnel, best if it comes out somewhat sooner than its speed demands (Burke 1952); cells of parietal cortex stay active while it is hidden (Assad & Maunsell 1995)."
flash   = "none"

param = [
  { name = "outcome", min = 0, max = 4, default = 1, step = 1, choices = ["comes out", "does not come out", "other colour", "turns back", "comes out at once"], about = "What happens once the disc is hidden" },
  { name = "occluder_width", unit = "deg", min = 1, max = 10, default = 5, about = "Width of the screen; the disc must be smaller to be hidden wholly" },
  { name = "diameter", unit = "deg", min = 1, max = 4, default = 2.4, about = "Diameter of the disc" },
  { name = "event_s", unit = "s", min = 0.2, max = 5, default = 1.2, about = "When the disc is behind the middle of the screen for the first time" },
  { name = "period_s", unit = "s", min = 1.5, max = 10, default = 4, about = "Time from pass to pass" },
]
preset = [
  { name = "Burke 1952: tunnel effect", values = { outcome = 0 } },
  { name = "It never comes out", values = { outcome = 1 } },
  { name = "It comes out in another colour", values = { outcome = 2 } },
  { name = "It turns back behind the screen", values = { outcome = 3 } },
  { name = "It comes out too early", values = { outcome = 4 } },
]
measure = { of = "surprise", from_s = 0.5, to_s = 8.5 }
control = { outcome = 0 }
control_note = "The disc comes out on the other side, in time and unchanged."
event = [{ label = "middle", at = "event_s", every = "period_s" }]
---*/
const HEIGHT = 9.0;
const COLOUR = vec3f(0.9, 0.5, 0.06);
const OTHER_COLOUR = vec3f(0.06, 0.42, 0.75);
const SCREEN = vec3f(0.045, 0.05, 0.062);

// Where the disc would be if nothing happened (x), and 1 once it has passed the middle (y).
fn passing(t: f32) -> vec2f {
    let laps = (t - p.event_s) / p.period_s + 0.5;
    let lap = view.field_deg.x + p.diameter + 1.0;
    let x = lap * (fract(laps) - 0.5);
    return vec2f(x, select(0.0, 1.0, x >= -1e-3));
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let now = passing(t);
    let half_hidden = 0.5 * (p.occluder_width - p.diameter);
    var x = now.x;
    var there = 1.0;
    var colour = COLOUR;
    if p.outcome > 0.5 && p.outcome < 1.5 {
        there = 1.0 - now.y;
    } else if p.outcome > 1.5 && p.outcome < 2.5 {
        colour = mix(COLOUR, OTHER_COLOUR, now.y);
    } else if p.outcome > 2.5 && p.outcome < 3.5 {
        x = -abs(x);
    } else if p.outcome > 3.5 && x > -half_hidden {
        // Just hidden, it is already at the other side.
        x += 2.0 * max(half_hidden, 0.0);
    }
    let light = mix(grey(), colour, there * disc(at - vec2f(x, 0.0), 0.5 * p.diameter));
    return mix(light, SCREEN, box(at, vec2f(p.occluder_width, HEIGHT)));
}

// The way of the disc on both sides of the screen.
fn region(at: vec2f, t: f32) -> vec2f {
    let way = smooth_edge(0.7 * p.diameter - abs(at.y));
    return vec2f(way * smooth_edge(abs(at.x) - 0.5 * p.occluder_width), 0.0);
}
