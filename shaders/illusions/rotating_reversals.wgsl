/*---
name    = "Rotating reversals"
family  = "motion"
percept = "The spots circle counter-clockwise when you look at them, but clockwise when you look aside."
look    = "Look at one spot, then at the edge of the picture, and watch the ring turn back."
papers  = ["Shapiro, Knight & Lu 2011"]
readout = "flow"
human   = "Beside the gaze the motion inside the spots is seen as the motion of the ring; where one looks the two are told apart (Shapiro, Knight & Lu 2011)."
flash   = "none"

param = [
  { name = "internal_speed", unit = "deg/s", min = 0, max = 8, default = 3, about = "Speed of the stripes inside the spots, clockwise" },
  { name = "orbit", unit = "deg/s", min = -30, max = 30, default = 8, about = "Rotation of the spots, counter-clockwise" },
  { name = "spots", min = 3, max = 9, default = 6, step = 1, about = "Number of spots" },
  { name = "spatial_frequency", unit = "cpd", min = 0.1, max = 1, default = 0.45, about = "Stripes per degree inside; fades where the pixels cannot show it" },
  { name = "contrast", min = 0, max = 1, default = 0.9, about = "Contrast of the stripes" },
]
preset = [
  { name = "After Shapiro & Knight: against each other", values = { internal_speed = 3, orbit = 8 } },
  { name = "Spots that stay: position shifts", values = { orbit = 0 } },
  { name = "Both the same way", values = { orbit = -8 } },
]
measure = { of = "rotation", sign = -1, from_s = 0.5, to_s = 5.5 }
control = { internal_speed = 0 }
control_note = "Stripes that rest in their spots: the ring turns as it does wherever you look, and the number is a little negative."
---*/
const ORBIT_RADIUS = 5.3;

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let turned = fract(p.orbit * t / 360.0);
    let number = round((turn_of(at) - turned) * p.spots);
    let angle = TAU * (number / p.spots + turned);
    // From the middle of the spot, x outward and y counter-clockwise.
    let place = rotate(at, -angle) - vec2f(ORBIT_RADIUS, 0.0);
    let shown = clamp(1.0 / (p.spatial_frequency * view.pixel_deg) - 2.0, 0.0, 1.0);
    let phase = p.spatial_frequency * place.y + fract(p.spatial_frequency * p.internal_speed * t);
    let largest = min(2.0, 0.92 * ORBIT_RADIUS * sin(PI / p.spots));
    let envelope = window(place, largest, 0.6 * largest);
    let light = grey() * (1.0 + shown * p.contrast * envelope * sin(TAU * phase));
    return mix(light, vec3f(0.02), disc(at, 0.18));
}

// The way of the spots.
fn region(at: vec2f, t: f32) -> vec2f {
    return vec2f(ring(at, ORBIT_RADIUS - 1.8, ORBIT_RADIUS + 1.8), 0.0);
}
