// The convolutional LSTM of one layer: gates over [R, E, R of the layer above at twice its size], and from
// them the new cell and the new representation. A column is the gates i, f, o and the new content g of one
// channel; the weights of the gates carry the 0.2 of the hard sigmoid, their bias also its 0.5.

@group(0) @binding(2) var<storage, read> r_before: array<f32>;
@group(0) @binding(3) var<storage, read> e_before: array<f32>;
@group(0) @binding(4) var<storage, read> r_above: array<f32>;
@group(0) @binding(5) var<storage, read> c_before: array<f32>;
@group(0) @binding(6) var<storage, read_write> r: array<f32>;
@group(0) @binding(7) var<storage, read_write> c: array<f32>;

fn input_at(channel: u32, place: vec2u) -> f32 {
    let index = (channel * shape.size.y + place.y) * shape.size.x + place.x;
    if channel < shape.inputs.x {
        if shape.silent.x == 1u { return 0.0; }
        return r_before[index];
    }
    let errors = channel - shape.inputs.x;
    if errors < shape.inputs.y {
        if shape.silent.y == 1u { return 0.0; }
        return e_before[index - shape.inputs.x * shape.size.x * shape.size.y];
    }
    let above = errors - shape.inputs.y;
    if above < shape.inputs.z && shape.silent.z == 0u {
        let half = shape.size >> vec2u(1u);
        return r_above[(above * half.y + (place.y >> 1u)) * half.x + (place.x >> 1u)];
    }
    return 0.0;
}

// The argument is bounded where tanh has long been 1 in single precision: some drivers overflow beyond.
fn safe_tanh(value: f32) -> f32 {
    return select(tanh(clamp(value, -15.0, 15.0)), value, is_nan(value));
}

fn opened(value: f32) -> f32 {
    return select(rectified(value), 1.0, value > 1.0);
}

@compute @workgroup_size(64)
fn represent(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
    var sums = convolved(group, thread);
    for (var index = 0u; index < 16u; index++) {
        let channel = sums.place.columns[index >> 3u];
        let at = sums.place.pixel + vec2u(index & 3u, (index >> 2u) & 1u);
        if channel < shape.outputs && all(at < shape.size) {
            let unit = (channel * shape.size.y + at.y) * shape.size.x + at.x;
            let gates = sums.values[index];
            let cell = opened(gates.y) * c_before[unit] + opened(gates.x) * safe_tanh(gates.w);
            c[unit] = cell;
            r[unit] = select(opened(gates.z) * safe_tanh(cell), 0.0, shape.muted == 1u);
        }
    }
}
