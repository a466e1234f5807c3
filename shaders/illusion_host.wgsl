// What the host puts after an illusion's own text: from pixel to place, average over the pixel, sRGB code,
// and the two ways out: a fragment of the screen or a pixel of three planes.

@group(0) @binding(3) var<storage, read_write> host_planes: array<f32>;

// NaN becomes 0; told by its bits, because compilers may assume that there is none.
fn host_clean(light: vec3f) -> vec3f {
    let bits = bitcast<vec3u>(light) & vec3u(0x7fffffffu);
    return clamp(select(light, vec3f(0.0), bits > vec3u(0x7f800000u)), vec3f(0.0), vec3f(1.0));
}

// What is drawn; of the program that draws the measured regions, `region` instead.
fn host_light(at: vec2f) -> vec3f {
    return stimulus(at, view.time_s);
}

fn host_pixel(pixel: vec2u) -> vec3f {
    // Counted in halves of a sample from the middle, so that left and right are exact mirrors.
    let across = vec2i(view.size_px * view.samples);
    var light = vec3f(0.0);
    for (var row = 0u; row < view.samples; row++) {
        for (var column = 0u; column < view.samples; column++) {
            let sample = vec2i(pixel * view.samples + vec2u(column, row));
            let from_middle = vec2f(2 * sample + 1 - across) / vec2f(2 * across);
            var at = vec2f(from_middle.x, -from_middle.y) * view.field_deg - view.jitter_deg;
            if view.mirror != 0u {
                at.x = -at.x;
            }
            light += host_clean(host_light(at));
        }
    }
    light /= f32(view.samples * view.samples);
    if view.code_srgb != 0u {
        return linear_to_srgb(light);
    }
    return light;
}

struct HostVertex {
    @builtin(position) position: vec4f,
    @location(0) place: vec2f,
}

@vertex
fn host_vertex(@builtin(vertex_index) index: u32) -> HostVertex {
    let place = vec2f(f32((index << 1u) & 2u), f32(index & 2u));
    return HostVertex(vec4f(place.x * 2.0 - 1.0, 1.0 - place.y * 2.0, 0.0, 1.0), place);
}

@fragment
fn host_fragment(vertex: HostVertex) -> @location(0) vec4f {
    let pixel = clamp(vec2u(vertex.place * vec2f(view.size_px)), vec2u(0u), view.size_px - 1u);
    return vec4f(host_pixel(pixel), 1.0);
}

@compute @workgroup_size(8, 8)
fn host_compute(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= view.size_px.x || id.y >= view.size_px.y {
        return;
    }
    let light = host_pixel(id.xy);
    let place = view.first + id.x * view.strides.x + id.y * view.strides.y;
    host_planes[place] = light.r;
    host_planes[place + view.strides.z] = light.g;
    host_planes[place + 2u * view.strides.z] = light.b;
}
