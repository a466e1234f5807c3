/*---
name    = "Streaming or bouncing"
family  = "motion"
percept = "Two discs meet in the middle and part again. They may pass through each other or bounce back; a short stop where they meet makes them bounce."
look    = "Look at the cross below the meeting point, and let it happen."
papers  = ["Metzger 1934", "Bertenthal, Banton & Bradbury 1993", "Sekuler & Sekuler 1999", "Sekuler, Sekuler & Lau 1997"]
readout = "timecourse"
human   = "Mostly seen to stream; a pause at the meeting, or a click, makes bouncing the more frequent (Sekuler & Sekuler 1999; Sekuler, Sekuler & Lau 1997)."
flash   = "none"

param = [
  { name = "pause_s", unit = "s", min = 0, max = 1, default = 0.2, about = "How long the discs rest upon each other" },
  { name = "offset", unit = "deg", min = 0, max = 4, default = 0, about = "Height of one path above the other: when the discs do not touch, they only pass" },
  { name = "speed", unit = "deg/s", min = 1, max = 16, default = 8, about = "Speed of each disc" },
  { name = "diameter", unit = "deg", min = 0.8, max = 3, default = 1.8, about = "Size of the discs" },
  { name = "difference", min = 0, max = 1, default = 0, about = "Of the luminances of the two discs: tells them apart, so that they stream" },
  { name = "flash", min = 0, max = 1, default = 0, step = 1, choices = ["none", "at the meeting"], about = "A ring for a tenth of a second round the meeting point, as the click does" },
]
preset = [
  { name = "No pause: they stream", values = { pause_s = 0 } },
  { name = "After Sekuler & Sekuler 1999: a pause, they bounce", values = { pause_s = 0.2 } },
  { name = "With a flash", values = { pause_s = 0, flash = 1 } },
  { name = "Told apart by luminance", values = { difference = 1 } },
]
measure = { of = "surprise", from_s = 0.5, to_s = 6.0 }
control = { offset = 4, pause_s = 0, flash = 0 }
control_note = "The discs pass well above and below each other, without a stop: nobody sees them bounce."
---*/
const REACH = 6.5;
const REST_S = 0.4;

// Position of the one disc (the other mirrors it) and (y) the seconds since the meeting.
fn way(t: f32) -> vec2f {
    let travel = REACH / p.speed;
    let since = step_time(t, 2.0 * (travel + REST_S) + p.pause_s) - REST_S - travel;
    let moved = min(since, 0.0) + max(since - p.pause_s, 0.0);
    return vec2f(clamp(p.speed * moved, -REACH, REACH), since);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let now = way(t);
    let place = vec2f(now.x, 0.5 * p.offset);
    let one = disc(at - place, 0.5 * p.diameter);
    let other = disc(at + place, 0.5 * p.diameter);
    var light = mix(grey(), vec3f(0.85), one);
    light = mix(light, vec3f(mix(0.85, 0.02, p.difference)), other * (1.0 - 0.5 * p.difference * one));
    let since_flash = now.y + 0.004;
    let flashing = p.flash > 0.5 && since_flash >= 0.0 && since_flash < 0.1;
    let flashed = ring(at, 0.9 * p.diameter, 1.2 * p.diameter);
    light = mix(light, vec3f(1.0, 0.78, 0.25), select(0.0, flashed, flashing));
    let mark = at + vec2f(0.0, 3.8);
    return mix(light, vec3f(0.03), max(box(mark, vec2f(0.8, 0.2)), box(mark, vec2f(0.2, 0.8))));
}

// Where the discs meet, from their meeting until they have parted.
fn region(at: vec2f, t: f32) -> vec2f {
    let since = way(t).y;
    let due = since >= -0.004 && since < p.pause_s + 0.3;
    return vec2f(select(0.0, disc(at, 3.0), due), 0.0);
}
