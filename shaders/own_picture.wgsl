/*---
name    = "PICTURE"
family  = "your pictures"
percept = "Your own picture. Does it seem to move, and does the network expect it to?"
look    = "Let your eyes wander over it. Choose below whether it stands, trembles as the eye does, drifts or is flashed."
papers  = ["Kobayashi, Kitaoka, Kosaka, Tanaka & Watanabe 2022", "Martinez-Conde, Macknik & Hubel 2004"]
readout = "flow"
flash   = "none"

param = [
  { name = "tones", min = 0, max = 1, default = 0, step = 1, choices = ["all", "two"], about = "Two: only dark and light remain, without the steps between them" },
  { name = "course", min = 0, max = 3, default = 0, step = 1, choices = ["stands", "trembles", "drifts", "is flashed"], about = "What it does" },
  { name = "amplitude", unit = "deg", min = 0, max = 2, default = 0.4, about = "How far it trembles: a smooth random walk, as of the fixating eye" },
  { name = "speed", unit = "deg/s", min = 0, max = 20, default = 4, about = "How fast it drifts" },
  { name = "direction", unit = "deg", min = 0, max = 360, default = 0, about = "Where it drifts to: 0 right, 90 up" },
  { name = "every_s", unit = "s", min = 0.7, max = 10, default = 1.4, about = "Time from flash to flash; it is there for half of it" },
]
preset = [
  { name = "As the fixating eye sees it", values = { course = 1 } },
  { name = "Drifting", values = { course = 2 } },
  { name = "Flashed", values = { course = 3 } },
]
measure = { of = "rotation" }
control = { tones = 1 }
control_note = "The same picture in two tones: the order of light and dark that makes still pictures move is gone, the shapes remain."
---*/
fn stimulus(at: vec2f, t: f32) -> vec3f {
    var shift = vec2f(0.0);
    if p.course > 0.5 && p.course < 1.5 {
        shift = p.amplitude * (vec2f(noise(vec2f(6.0 * t, 0.5)), noise(vec2f(6.0 * t, 70.5))) - 0.5);
    } else if p.course > 1.5 && p.course < 2.5 {
        shift = p.speed * t * vec2f(cos(radians(p.direction)), sin(radians(p.direction)));
    }
    let light = picture(at - shift);
    // Half of the light of mid-grey parts the tones of most photographs into about as many dark as light ones.
    let two = mix(vec3f(0.02), vec3f(0.8), smoothstep(0.12, 0.2, luminance(light)));
    let shown = select(light, two, p.tones > 0.5);
    let gone = p.course > 2.5 && step_time(t, p.every_s) > 0.5 * p.every_s - 1e-3;
    return select(shown, grey(), gone);
}
