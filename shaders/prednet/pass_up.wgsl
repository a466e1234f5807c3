// What the layer above gets: maxpool(relu(conv E)). A column is four channels.

@group(0) @binding(2) var<storage, read> e: array<f32>;
@group(0) @binding(3) var<storage, read_write> a: array<f32>;

fn input_at(channel: u32, place: vec2u) -> f32 {
    if channel >= shape.inputs.x { return 0.0; }
    return e[(channel * shape.size.y + place.y) * shape.size.x + place.x];
}

// The larger one, or what is no number.
fn larger(a: f32, b: f32) -> f32 {
    return select(a, b, b > a || is_nan(b));
}

@compute @workgroup_size(64)
fn pass_up(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
    var sums = convolved(group, thread);
    let size = shape.size >> vec2u(1u);
    for (var index = 0u; index < 16u; index++) {
        // Four of a quad's four sums: this column's left or right half.
        let quad = (index >> 3u) * 8u + ((index >> 2u) & 1u) * 2u;
        let part = index & 3u;
        let channel = sums.place.columns[index >> 3u] * 4u + part;
        let at = (sums.place.pixel >> vec2u(1u)) + vec2u((index >> 2u) & 1u, 0u);
        if channel < shape.outputs && all(at < size) {
            let upper = larger(sums.values[quad][part], sums.values[quad + 1u][part]);
            let lower = larger(sums.values[quad + 4u][part], sums.values[quad + 5u][part]);
            a[(channel * size.y + at.y) * size.x + at.x] = rectified(larger(upper, lower));
        }
    }
}
