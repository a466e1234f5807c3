/*---
name    = "Dungeon illusion"
family  = "brightness and contrast"
percept = "The grey discs in the middle of both sides are equal. Among black discs, on white, they look lighter; among white discs, on black, darker: against what touches them."
look    = "Compare the grey discs of the left side with those of the right."
papers  = ["Bressan 2001", "Bressan & Kramer 2008", "Robinson, Hammon & de Sa 2007"]
readout = "brightness"
human   = "Targets contrast with the discs around and not with the ground they lie on; the effect turns round where they are lighter, or darker, than both (Bressan & Kramer 2008)."
flash   = "none"
stripes = true

param = [
  { name = "context", min = 0, max = 1, default = 1, about = "Contrast of the black and white discs around against their ground; 0 leaves the grounds alone" },
  { name = "ground", min = 0, max = 1, default = 1, about = "How far the grounds are from grey, to white on the left and black on the right" },
  { name = "target_intensity", unit = "%", min = 0, max = 100, default = 40, about = "Luminance of the targets" },
  { name = "spacing", unit = "deg", min = 1.2, max = 1.9, default = 1.6, about = "From disc to disc" },
]
preset = [
  { name = "Bressan 2001", values = { context = 1 } },
  { name = "Lighter than both: it turns round", values = { target_intensity = 100, ground = 0.8, context = 0.8 } },
  { name = "Without the discs around: simultaneous contrast", values = { context = 0 } },
]
measure = { of = "brightness" }
control = { context = 0, ground = 0 }
control_note = "On one even grey, without discs around, all targets look alike."
---*/
const MIDDLE = 0.5;

// Place in the nearest cell of a side, and its column and row from the side's middle.
fn cell_at(at: vec2f) -> vec4f {
    let place = vec2f(abs(at.x) - 5.0, at.y);
    let cell = round(place / p.spacing);
    return vec4f(place - cell * p.spacing, cell);
}

fn is_target(cell: vec2f) -> bool {
    return abs(cell.x) < 1.5 && abs(cell.y) < 1.5;
}

fn round_spot(place: vec2f) -> f32 {
    return disc(place, 0.36 * p.spacing);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let found = cell_at(at);
    let side = 1.0 - 2.0 * smooth_edge(at.x);
    // Light on the left, dark on the right, and the discs the other way round.
    let ground = MIDDLE + 0.48 * p.ground * side;
    let far = MIDDLE - 0.48 * side;
    let around = mix(ground, far, p.context);
    let reach = abs(found.zw) * p.spacing + 0.36 * p.spacing;
    let fits = reach.x < 4.6 && reach.y < 7.6;
    let shade = select(around, 0.01 * p.target_intensity, is_target(found.zw));
    return vec3f(mix(ground, shade, select(0.0, round_spot(found.xy), fits)));
}

// The targets among black discs, and those among white ones.
fn region(at: vec2f, t: f32) -> vec2f {
    let found = cell_at(at);
    let inside = select(0.0, round_spot(found.xy), is_target(found.zw));
    return select(vec2f(0.0, inside), vec2f(inside, 0.0), at.x < 0.0);
}
