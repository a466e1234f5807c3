// What every illusion may use. An illusion is one function of place and time that returns linear light:
//
//     fn stimulus(at: vec2f, t: f32) -> vec3f
//
// `at` is in degrees of visual angle, (0, 0) the centre, x to the right and y up; `t` in seconds. Its own
// parameters are in `p`. Colours are linear light, 0 the darkest and 1 the brightest of an sRGB display;
// the host averages over each pixel, codes as sRGB, mirrors and shifts.

const PI = 3.14159265358979;
const TAU = 6.28318530717959;

struct View {
    // Extent of the picture in degrees.
    field_deg: vec2f,
    size_px: vec2u,
    jitter_deg: vec2f,
    // Width in degrees of the spot that one call of `stimulus` stands for: soften edges over it.
    pixel_deg: f32,
    time_s: f32,
    // Seed of everything random.
    seed: u32,
    mirror: u32,
    samples: u32,
    code_srgb: u32,
    // Where the planes lie: elements from one column, row, channel to the next, and the first element.
    strides: vec3u,
    first: u32,
}

// Storage, not uniform: Mesa's software driver compiles a shader anew, and keeps the old one for ever, whenever
// a uniform changes that a branch or loop may depend on.
@group(0) @binding(0) var<storage, read> view: View;
@group(0) @binding(2) var<storage, read> host_photographs: array<u32>;

// --- place ---

// `at` turned counter-clockwise by `angle` radians.
fn rotate(at: vec2f, angle: f32) -> vec2f {
    let c = cos(angle);
    let s = sin(angle);
    return vec2f(c * at.x - s * at.y, s * at.x + c * at.y);
}

// Direction of `at` seen from the centre in turns, 0 to 1, counter-clockwise from the right.
fn turn_of(at: vec2f) -> f32 {
    if all(at == vec2f(0.0)) {
        return 0.0;
    }
    return fract(atan2(at.y, at.x) / TAU + 1.0);
}

// --- shapes: 1 inside, 0 outside, edges softened over one pixel ---

// From a distance to an edge in degrees, positive inside.
fn smooth_edge(inside_deg: f32) -> f32 {
    return clamp(inside_deg / max(view.pixel_deg, 1e-6) + 0.5, 0.0, 1.0);
}

fn disc(at: vec2f, radius: f32) -> f32 {
    return smooth_edge(radius - length(at));
}

fn ring(at: vec2f, inner: f32, outer: f32) -> f32 {
    return smooth_edge(outer - length(at)) * smooth_edge(length(at) - inner);
}

// A rectangle of the given width and height round the centre.
fn box(at: vec2f, size: vec2f) -> f32 {
    return smooth_edge(0.5 * size.x - abs(at.x)) * smooth_edge(0.5 * size.y - abs(at.y));
}

// A rectangle `extent` long in the direction `angle` (radians) and `width` wide.
fn bar(at: vec2f, extent: f32, width: f32, angle: f32) -> f32 {
    return box(rotate(at, -angle), vec2f(extent, width));
}

// A round window that falls from 1 to 0 over `soft` degrees, as half a cosine, inside `radius`.
fn window(at: vec2f, radius: f32, soft: f32) -> f32 {
    let rise = clamp((radius - length(at)) / max(soft, 1e-6), 0.0, 1.0);
    return 0.5 - 0.5 * cos(PI * rise);
}

// --- time ---

// How many steps of `step_s` have begun. Times a hair before a step count as the step, so that a picture
// taken at the very moment of a change shows the change.
fn step_number(t: f32, step_s: f32) -> f32 {
    return floor(t / max(step_s, 1e-4) + 0.01);
}

// Seconds since the present step began.
fn step_time(t: f32, step_s: f32) -> f32 {
    return max(t - step_s * step_number(t, step_s), 0.0);
}

// --- chance: the same for the same seed on every machine ---

fn hash_bits(x: u32) -> u32 {
    var h = x;
    h = (h ^ (h >> 16u)) * 0x7feb352du;
    h = (h ^ (h >> 15u)) * 0x846ca68bu;
    return h ^ (h >> 16u);
}

// A number in 0..1 for every cell of a grid.
fn hash(cell: vec2i) -> f32 {
    let y = hash_bits(bitcast<u32>(cell.y) + hash_bits(view.seed + 0x9e3779b9u));
    return f32(hash_bits(bitcast<u32>(cell.x) + y) >> 8u) / 16777215.0;
}

// Smooth noise in 0..1 with one bump per unit of `at`.
fn noise(at: vec2f) -> f32 {
    let cell = vec2i(floor(at));
    let f = fract(at);
    let s = f * f * (3.0 - 2.0 * f);
    let below = mix(hash(cell), hash(cell + vec2i(1, 0)), s.x);
    let above = mix(hash(cell + vec2i(0, 1)), hash(cell + vec2i(1, 1)), s.x);
    return mix(below, above, s.y);
}

// --- light ---

fn srgb_to_linear(coded: vec3f) -> vec3f {
    let c = clamp(coded, vec3f(0.0), vec3f(1.0));
    return select(pow((c + 0.055) / 1.055, vec3f(2.4)), c / 12.92, c <= vec3f(0.04045));
}

fn linear_to_srgb(light: vec3f) -> vec3f {
    let c = clamp(light, vec3f(0.0), vec3f(1.0));
    return select(1.055 * pow(c, vec3f(1.0 / 2.4)) - 0.055, c * 12.92, c <= vec3f(0.0031308));
}

// Linear light of the sRGB value 0.5: the mid-grey of pictures.
fn grey() -> vec3f {
    return vec3f(0.21404114);
}

// Relative luminance (Rec. 709 primaries) of linear light.
fn luminance(light: vec3f) -> f32 {
    return dot(light, vec3f(0.2126, 0.7152, 0.0722));
}

// --- photographs: 0 coffee, 1 cat, 2 camera, 3 gravel ---

fn photo_texel(index: u32, place: vec2i) -> vec3f {
    let inside = vec2u(clamp(place, vec2i(0), vec2i(255)));
    let texel = host_photographs[index * 65536u + inside.y * 256u + inside.x];
    return srgb_to_linear(unpack4x8unorm(texel).rgb);
}

// The photograph at `uv`, (0, 0) its lower left and (1, 1) its upper right corner.
fn photo(index: f32, uv: vec2f) -> vec3f {
    let which = u32(clamp(round(index), 0.0, 3.0));
    let place = vec2f(uv.x, 1.0 - uv.y) * 256.0 - 0.5;
    let corner = vec2i(floor(place));
    let f = fract(place);
    let above = mix(photo_texel(which, corner), photo_texel(which, corner + vec2i(1, 0)), f.x);
    let below = mix(photo_texel(which, corner + vec2i(0, 1)), photo_texel(which, corner + vec2i(1, 1)), f.x);
    return mix(above, below, f.y);
}

// --- the user's own picture, where the illusion is made of one ---

// A texel of one level of the picture; each level has half the sides of the one before. Beyond its edges it is
// mirrored, so that a drifting picture never ends.
fn picture_texel(level: u32, place: vec2i) -> vec3f {
    var start = 3u;
    var size = vec2u(host_photographs[0], host_photographs[1]);
    for (var above = 0u; above < level; above++) {
        start += size.x * size.y;
        size = max(size / 2u, vec2u(1u));
    }
    let sides = vec2i(size);
    let lap = ((place % (2 * sides)) + 2 * sides) % (2 * sides);
    let inside = vec2u(select(lap, 2 * sides - 1 - lap, lap >= sides));
    let texel = host_photographs[start + inside.y * size.x + inside.x];
    return srgb_to_linear(unpack4x8unorm(texel).rgb);
}

// The picture at a place in degrees: it fills the field, its middle in the middle.
fn picture(at: vec2f) -> vec3f {
    let sides = vec2f(f32(host_photographs[0]), f32(host_photographs[1]));
    let texels_per_deg = min(sides.x / view.field_deg.x, sides.y / view.field_deg.y);
    let finest = log2(max(texels_per_deg * view.pixel_deg, 1.0));
    let level = min(u32(round(finest)), host_photographs[2] - 1u);
    let shrunk = exp2(-f32(level));
    let place = (0.5 * sides + vec2f(at.x, -at.y) * texels_per_deg) * shrunk - 0.5;
    let corner = vec2i(floor(place));
    let f = fract(place);
    let above = mix(picture_texel(level, corner), picture_texel(level, corner + vec2i(1, 0)), f.x);
    let below =
        mix(picture_texel(level, corner + vec2i(0, 1)), picture_texel(level, corner + vec2i(1, 1)), f.x);
    return mix(above, below, f.y);
}
