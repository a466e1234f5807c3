/*---
name    = "Café wall"
family  = "geometry"
percept = "The grey lines of mortar between rows of shifted tiles are parallel, yet they seem to run together in wedges."
look    = "Compare the height of a row at the left and at the right."
papers  = ["Münsterberg 1897", "Pierce 1898", "Fraser 1908", "Gregory & Heard 1979", "Morgan & Moulden 1986", "Kitaoka, Pinna & Brelstaff 2004"]
readout = "position"
human   = "Mortar must not be lighter than the light tiles or darker than the dark ones; the wider it is, the nearer half-way between them it must be (Gregory & Heard 1979)."
flash   = "none"

param = [
  { name = "mortar_intensity", unit = "%", min = 0, max = 100, default = 25, about = "Luminance of the mortar; tiles have 2 and 95 %" },
  { name = "shift", unit = "cycle", min = -0.5, max = 0.5, default = 0.25, about = "By how much every second row is shifted, in parts of a pair of tiles" },
  { name = "mortar_width", unit = "deg", min = 0.1, max = 0.8, default = 0.35, about = "Width of the mortar" },
  { name = "tile", unit = "deg", min = 1.2, max = 4, default = 2, about = "Side of the tiles" },
]
preset = [
  { name = "Gregory & Heard 1979: grey mortar", values = { mortar_intensity = 25 } },
  { name = "Gregory & Heard 1979: light mortar", values = { mortar_intensity = 95 } },
  { name = "Rows in line", values = { shift = 0 } },
]
measure = { of = "position", direction_deg = 90 }
control = { shift = 0.5 }
control_note = "Shifted by a whole tile the pattern is a checkerboard, and the lines look parallel."
---*/
// Number of the row, and the height above the mortar line under it.
fn row_of(y: f32) -> vec2f {
    let pitch = p.tile + p.mortar_width;
    let row = floor(y / pitch + 0.5);
    return vec2f(row, y - (row - 0.5) * pitch);
}

fn stimulus(at: vec2f, t: f32) -> vec3f {
    let row = row_of(at.y);
    let is_odd = fract(0.5 * row.x) > 0.25;
    let u = fract(0.5 * at.x / p.tile + select(0.0, -p.shift, is_odd));
    let to_edge = 2.0 * p.tile * min(min(u, 1.0 - u), abs(u - 0.5));
    let soft = min(to_edge / view.pixel_deg, 0.5);
    let tile = mix(0.02, 0.95, select(0.5 - soft, 0.5 + soft, u < 0.5));
    let on_tile = smooth_edge(row.y - 0.5 * p.mortar_width) * smooth_edge(p.tile + 0.5 * p.mortar_width - row.y);
    return vec3f(mix(0.01 * p.mortar_intensity, tile, on_tile));
}

// Mortar between dark tiles is a light strand that meets the light tile above at one end and the light tile below at the
// other: under a row that is shifted to the right against the one below it, it seems to fall to the right, the next one to
// rise (Morgan & Moulden 1986). What is seen higher against what is seen lower.
fn region(at: vec2f, t: f32) -> vec2f {
    let row = row_of(at.y + 0.5 * p.tile);
    let near = smooth_edge(0.6 - abs(row.y - 0.5 * p.tile));
    let rises = select(1.0, -1.0, fract(0.5 * row.x) > 0.25) * sign(p.shift);
    let up = rises * at.x;
    return near * vec2f(smooth_edge(up - 4.0), smooth_edge(-up - 4.0)) * smooth_edge(9.0 - abs(at.x));
}
