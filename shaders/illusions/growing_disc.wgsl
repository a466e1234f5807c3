/*---
name    = "Growing disc"
family  = "physiology"
percept = "A disc of drifting bars appears again and again, each time larger. Many cells in the visual cortex answer most to a middle size and less to larger ones."
look    = "Look at the middle; watch a unit there while the disc outgrows its receptive field."
papers  = ["Sceniak, Ringach, Hawken & Shapley 1999", "Cavanaugh, Bair & Movshon 2002", "Angelucci et al. 2017", "Lotter, Kreiman & Cox 2020"]
readout = "timecourse"
human   = "Cells of macaque V1: the answer falls beyond a middle diameter; at low contrast they sum light 2.3 times as far out (Sceniak et al. 1999)."
flash   = "mild"

param = [
  { name = "largest", unit = "deg", min = 1, max = 8.8, default = 8.8, about = "Diameter of the last and largest disc; the first has 1 deg" },
  { name = "contrast", min = 0, max = 1, default = 0.9, about = "Michelson contrast of the bars" },
  { name = "sizes", min = 2, max = 12, default = 8, step = 1, about = "Number of diameters before it starts again; each is as many times the one before" },
  { name = "step_s", unit = "s", min = 0.4, max = 4, default = 1, about = "Time from disc to disc; the last 3 tenths of it are blank" },
  { name = "sf", unit = "cpd", min = 0.05, max = 2, default = 0.5, about = "Spatial frequency of the bars" },
  { name = "temporal_frequency", unit = "Hz", min = -2.5, max = 2.5, default = 1, about = "Drift of the bars" },
]
preset = [
  { name = "After Sceniak et al. 1999: high contrast", values = { contrast = 0.9 } },
  { name = "After Sceniak et al. 1999: low contrast", values = { contrast = 0.15 } },
  { name = "Small and large only", values = { sizes = 2, largest = 8 } },
  { name = "Still bars", values = { temporal_frequency = 0 } },
]
measure = { of = "surprise", from_s = 0, to_s = 8 }
control = { largest = 1 }
control_note = "The disc keeps its smallest size: the middle gets the same light, but nothing surrounds it."
event = [{ label = "disc", at = 0, every = "step_s" }]
---*/
const SMALLEST = 1.0;

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let number = step_number(t, p.step_s);
    let since = step_time(t, p.step_s);
    let rank = number - p.sizes * floor((number + 0.5) / p.sizes);
    let diameter = SMALLEST * pow(p.largest / SMALLEST, rank / (p.sizes - 1.0));
    let covered = select(0.0, disc(at, 0.5 * diameter), since < 0.7 * p.step_s - 1e-3);

    // Every disc starts in the same phase, a light bar in the middle.
    let cycles = p.sf * at.x - p.temporal_frequency * since;
    let shown = clamp(1.0 / (p.sf * view.pixel_deg) - 2.0, 0.0, 1.0);
    return grey() * (1.0 + covered * shown * p.contrast * cos(TAU * cycles));
}

// The middle, which every disc covers.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(disc(at, 0.5 * SMALLEST), 0.0);
}
