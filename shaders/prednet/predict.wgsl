// Prediction and error units of one layer: Ahat = relu(conv R), at the pixels at most 1, and
// E = [relu(Ahat - A), relu(A - Ahat)]. A column is four channels. Layer 0 also keeps what it looked at.

struct Frame {
    strides: vec3u,  // elements from one column, row, channel to the next
    base: u32,       // elements before the first
    look: u32,       // 0: its own prediction, 1: channel by channel, 2: the luma of three channels
    pad0: u32,
    pad1: u32,
    pad2: u32,
}

@group(0) @binding(2) var<storage, read> r: array<f32>;
@group(0) @binding(3) var<storage, read_write> a_hat: array<f32>;
@group(0) @binding(4) var<storage, read_write> e: array<f32>;
@group(0) @binding(5) var<storage, read_write> a_kept: array<f32>;
@group(1) @binding(0) var<uniform> frame: Frame;
@group(1) @binding(1) var<storage, read> a: array<f32>;

fn input_at(channel: u32, place: vec2u) -> f32 {
    if channel >= shape.inputs.x { return 0.0; }
    return r[(channel * shape.size.y + place.y) * shape.size.x + place.x];
}

fn actual(channel: u32, at: vec2u, predicted: f32) -> f32 {
    if frame.look == 0u { return predicted; }
    let first = frame.base + at.x * frame.strides.x + at.y * frame.strides.y;
    if frame.look == 1u { return a[first + channel * frame.strides.z]; }
    // Luma of sRGB-coded values (ITU-R BT.601).
    return 0.299 * a[first] + 0.587 * a[first + frame.strides.z] + 0.114 * a[first + 2u * frame.strides.z];
}

@compute @workgroup_size(64)
fn predict(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
    var sums = convolved(group, thread);
    let plane = shape.size.x * shape.size.y;
    for (var index = 0u; index < 64u; index++) {
        let sum = index >> 2u;
        let part = index & 3u;
        let channel = sums.place.columns[sum >> 3u] * 4u + part;
        let at = sums.place.pixel + vec2u(sum & 3u, (sum >> 2u) & 1u);
        if channel < shape.outputs && all(at < shape.size) {
            let unit = channel * plane + at.y * shape.size.x + at.x;
            let value = rectified(sums.values[sum][part]);
            let predicted = select(value, shape.ceiling, value > shape.ceiling);
            let seen = actual(channel, at, predicted);
            let bright = rectified(predicted - seen);
            let dark = rectified(seen - predicted);
            a_hat[unit] = predicted;
            e[unit] = select(bright, 0.0, shape.muted == 1u);
            e[unit + shape.outputs * plane] = select(dark, 0.0, shape.muted == 1u);
            if shape.layer0 == 1u { a_kept[unit] = seen; }
        }
    }
}
