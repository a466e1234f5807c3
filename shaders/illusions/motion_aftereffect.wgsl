/*---
name    = "Motion aftereffect"
family  = "motion"
percept = "After some seconds of bars that drift to the right, the bars stop, and seem to drift to the left although they stand still."
look    = "Keep your eyes on the dot all the time; the effect comes when the bars stop."
papers  = ["Mather, Verstraten & Anstis 1998", "Verstraten et al. 1996", "Pavan & Skujevskis 2013", "Anstis, Verstraten & Mather 1998"]
readout = "phase"
human   = "Opposite drift; still and flickering tests show two mechanisms (Verstraten et al. 1996); after less than a second of drift only on flickering tests (Pavan & Skujevskis 2013)."
flash   = "none"

param = [
  { name = "speed", unit = "deg/s", min = -12, max = 12, default = 4, about = "Drift of the bars to the right before the test" },
  { name = "adapt_s", unit = "s", min = 0.2, max = 30, default = 6, about = "How long the bars drift" },
  { name = "cycle_s", unit = "s", min = 1, max = 40, default = 9, about = "Time for drift and test" },
  { name = "adapter", min = 0, max = 1, default = 0, step = 1, choices = ["drifts", "flickers in place"], about = "Flickering bars exchange dark and light as often as drifting ones pass" },
  { name = "test", min = 0, max = 1, default = 0, step = 1, choices = ["still", "flickers"], about = "What is seen after the drift; a flickering test has no direction of its own" },
  { name = "spatial_frequency", unit = "cpd", min = 0.05, max = 2, default = 0.25, about = "Bars per degree; they fade out where the picture has fewer than two pixels a bar" },
]
preset = [
  { name = "Verstraten et al. 1996: flickering test", values = { test = 1 } },
  { name = "After Pavan & Skujevskis 2013: short drift", values = { adapt_s = 0.6, cycle_s = 1.2, test = 1 } },
  { name = "Long", values = { adapt_s = 30, cycle_s = 40 } },
]
measure = { of = "phase", direction_deg = 180, frequency = "spatial_frequency", from_s = 6.2, to_s = 7.2 }
control = { adapter = 1 }
control_note = "The bars flicker without drifting: afterwards the still bars rest."
event = [{ label = "test", at = "adapt_s", every = "cycle_s" }]
---*/
const RADIUS = 6.2;
const TEST_HZ = 2.0;

// The bars, -1 to 1: drifted by `cycles`, or, flickering, at that part of their cycle.
fn bars(x: f32, cycles: f32, flickers: bool) -> f32 {
    let drifting = sin(TAU * fract(p.spatial_frequency * x - cycles));
    let flickering = sin(TAU * fract(p.spatial_frequency * x)) * cos(TAU * fract(cycles));
    return select(drifting, flickering, flickers);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let since = step_time(t, p.cycle_s);
    let adapting = bars(at.x, p.spatial_frequency * p.speed * since, p.adapter > 0.5);
    let testing = bars(at.x, select(0.0, TEST_HZ * (since - p.adapt_s), p.test > 0.5), p.test > 0.5);
    let wave = select(adapting, testing, since > p.adapt_s - 0.001);
    let resolved = clamp(1.0 / (p.spatial_frequency * view.pixel_deg) - 2.0, 0.0, 1.0);
    let light = grey() * 1.4 * (1.0 + 0.9 * resolved * window(at, RADIUS, 1.5) * wave);
    return mix(light, vec3f(0.75, 0.05, 0.03), disc(at, 0.3));
}

fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(window(at, RADIUS, 1.5), 0.0);
}
