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

// Value, and whether it is no number.
struct Reading {
    value: f32,
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

// The number at a place: over channels `first` to `end`, those before `split` counting negative, blended
// over one unit or four. One loop body and no repeated calls on purpose: software drivers inline every call
// and compile what comes of it at run time, which took longer than a minute with the loops written out.
fn look_up(place: vec2f, first: u32, end: u32, split: u32, count: u32) -> Reading {
    let extent = vec2f(drawing.extent.xy);
    let blended = drawing.smooth_values == 1u;
    let at = select(floor(place * extent + BORDER), place * extent - 0.5, vec2<bool>(blended, blended));
    let inside = clamp(at, vec2f(0.0), extent - 1.0);
    let low = vec2u(inside);
    let t = inside - vec2f(low);
    var sum = 0.0;
    var nan = false;
    for (var corner = 0u; corner < 4u; corner++) {
        let step = vec2u(corner & 1u, corner >> 1u);
        let share = select(1.0 - t, t, step == vec2u(1u));
        let weight = share.x * share.y;
        if weight > 0.0 {
            let unit = min(low + step, drawing.extent.xy - 1u);
            let start = drawing.base + unit.x * drawing.strides.x + unit.y * drawing.strides.y;
            for (var c = first; c < end; c++) {
                let value = values[start + c * drawing.strides.z];
                nan = nan || is_nan(value);
                sum += weight * select(value, -value, c < split);
            }
        }
    }
    return Reading(sum / f32(max(count, 1u)), nan);
}

fn position(value: f32) -> f32 {
    if drawing.scale > 0.0 {
        return clamp((value - drawing.low) * drawing.scale, 0.0, 1.0);
    }
    if value == drawing.low { return drawing.flat_position; }
    return select(0.0, 1.0, value > drawing.low);
}

fn false_color(value: f32) -> vec4f {
    return colors[u32(position(value) * 255.0 + 0.5)];
}

fn linear_light(coded: vec3f) -> vec3f {
    return select(pow((coded + 0.055) / 1.055, vec3f(2.4)), coded / 12.92, coded <= vec3f(0.04045));
}

@fragment
fn draw(corner: Corner) -> @location(0) vec4f {
    let place = mix(drawing.window.xy, drawing.window.zw, corner.at);
    let inside = all(place >= vec2f(0.0)) && all(place <= vec2f(1.0));
    if !inside { return vec4f(0.0); }
    // A picture is three numbers of one channel each, anything else is one number.
    let channels = drawing.extent.z;
    let is_picture = drawing.look == 0u;
    let is_one = drawing.look == 1u;
    let is_signed = drawing.look == 3u;
    var readings = vec3f(0.0);
    var nan = false;
    for (var k = 0u; k < select(1u, 3u, is_picture); k++) {
        let chosen = min(select(drawing.channel, k, is_picture), channels - 1u);
        let single = is_picture || is_one;
        let first = select(0u, chosen, single);
        let end = select(channels, chosen + 1u, single);
        let split = select(0u, channels / 2u, is_signed);
        let count = select(end - first, channels / 2u, is_signed);
        let reading = look_up(place, first, end, split, count);
        readings[k] = reading.value;
        nan = nan || reading.nan;
    }
    var color = vec4f(clamp(readings, vec3f(0.0), vec3f(1.0)), 1.0);
    if !is_picture { color = false_color(readings.x); }
    if nan || is_nan(readings.x) { color = vec4f(NOT_A_NUMBER, 1.0); }
    if drawing.linear_target == 1u { color = vec4f(linear_light(color.rgb), color.a); }
    return vec4f(color.rgb * color.a, color.a);
}
