// A tensor as a map in false colours, or three of its channels as a picture, read from its own buffer.
// Drawn as one triangle over the whole viewport. The host's `paint_host` does the same on the CPU.

struct Drawing {
    extent: vec3u,      // columns, rows, channels
    base: u32,          // elements before the first
    strides: vec3u,     // elements from one column, row, channel to the next
    look: u32,          // 0 picture, 1 one channel, 2 mean over channels, 3 signed error
    window: vec4f,      // part of the map that is drawn: left, top, right, bottom in 0..1
    low: f32,           // value at the lower end of the colour map
    scale: f32,         // 1 / (high - low); 0 where all values are to look alike
    flat_position: f32, // position in the colour map of the value `low` when scale is 0
    channel: u32,
    smooth_values: u32, // 1: neighbouring values are blended
    linear_target: u32, // 1: the target codes sRGB itself and wants linear light
    pad0: u32,
    pad1: u32,
}

// Sums of values, and whether one of them is no number.
struct Reading {
    sum: vec3f,
    nan: bool,
}

@group(0) @binding(0) var<uniform> drawing: Drawing;
@group(0) @binding(1) var<uniform> colors: array<vec4f, 256>;
@group(0) @binding(2) var<storage, read> values: array<f32>;

const NOT_A_NUMBER = vec3f(1.0, 0.0, 1.0);
// Places on the border of two units belong to the right or lower one, on every machine.
const BORDER = 1.0 / 4096.0;

struct Corner {
    @builtin(position) position: vec4f,
    @location(0) at: vec2f,
}

@vertex
fn corner(@builtin(vertex_index) index: u32) -> Corner {
    let at = vec2f(f32((index << 1u) & 2u), f32(index & 2u));
    return Corner(vec4f(at.x * 2.0 - 1.0, 1.0 - at.y * 2.0, 0.0, 1.0), at);
}

// Comparing a value with itself may be optimised away; its bits may not.
fn is_nan(value: f32) -> bool {
    return (bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u;
}

// Adds up what a place draws: lanes 0, 1, 2 are red, green, blue of a picture, lanes 0 and 1 the two halves
// of the error units, lane 0 anything else. One loop over units and channels and no calls: software drivers
// copy every call into its caller, and take minutes over the loops that result.
fn look_up(place: vec2f) -> Reading {
    let extent = vec2f(drawing.extent.xy);
    let channels = drawing.extent.z;
    let smooth_at = clamp(place * extent - 0.5, vec2f(0.0), extent - 1.0);
    let crisp_at = clamp(floor(place * extent + BORDER), vec2f(0.0), extent - 1.0);
    let at = select(crisp_at, smooth_at, drawing.smooth_values == 1u);
    let t = at - floor(at);
    var first = 0u;
    var count = channels;
    if drawing.look == 0u { count = 3u; }
    if drawing.look == 1u { first = min(drawing.channel, channels - 1u); count = 1u; }
    let taps = select(1u, 4u, drawing.smooth_values == 1u);
    var sum = vec3f(0.0);
    var nan = false;
    for (var tap = 0u; tap < taps; tap++) {
        let right = tap & 1u;
        let below = tap >> 1u;
        let weight = select(1.0 - t.x, t.x, right == 1u) * select(1.0 - t.y, t.y, below == 1u);
        let x = min(u32(at.x) + right, drawing.extent.x - 1u);
        let y = min(u32(at.y) + below, drawing.extent.y - 1u);
        let start = drawing.base + x * drawing.strides.x + y * drawing.strides.y;
        if weight > 0.0 {
            for (var index = 0u; index < count; index++) {
                let channel = min(first + index, channels - 1u);
                let value = values[start + channel * drawing.strides.z];
                nan = nan || is_nan(value);
                var lane = vec3f(1.0, 0.0, 0.0);
                if drawing.look == 0u { lane = vec3f(vec3u(index) == vec3u(0u, 1u, 2u)); }
                if drawing.look == 3u && index >= channels / 2u { lane = vec3f(0.0, 1.0, 0.0); }
                // not `lane * value`: an infinite value would make a NaN of the empty lanes
                sum += select(vec3f(0.0), vec3f(weight * value), lane > vec3f(0.0));
            }
        }
    }
    return Reading(sum, nan);
}

// The one number of a map.
fn number(sum: vec3f) -> f32 {
    let channels = drawing.extent.z;
    if drawing.look == 2u { return sum.x / f32(channels); }
    if drawing.look == 3u {
        let bright = channels / 2u;
        return sum.y / f32(channels - bright) - sum.x / f32(max(bright, 1u));
    }
    return sum.x;
}

fn position(value: f32) -> f32 {
    if drawing.scale > 0.0 {
        return clamp((value - drawing.low) * drawing.scale, 0.0, 1.0);
    }
    if value == drawing.low { return drawing.flat_position; }
    return select(0.0, 1.0, value > drawing.low);
}

fn color_of(reading: Reading) -> vec3f {
    if reading.nan { return NOT_A_NUMBER; }
    if drawing.look == 0u { return clamp(reading.sum, vec3f(0.0), vec3f(1.0)); }
    let value = number(reading.sum);
    if is_nan(value) { return NOT_A_NUMBER; }
    return colors[u32(position(value) * 255.0 + 0.5)].rgb;
}

fn linear_light(coded: vec3f) -> vec3f {
    return select(pow((coded + 0.055) / 1.055, vec3f(2.4)), coded / 12.92, coded <= vec3f(0.04045));
}

@fragment
fn draw(corner: Corner) -> @location(0) vec4f {
    let place = mix(drawing.window.xy, drawing.window.zw, corner.at);
    let inside = all(place >= vec2f(0.0)) && all(place <= vec2f(1.0));
    if !inside { return vec4f(0.0); }
    var color = color_of(look_up(place));
    if drawing.linear_target == 1u { color = linear_light(color); }
    return vec4f(color, 1.0);
}
