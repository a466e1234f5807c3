// A kept picture copied to the window: every pixel of the target takes the texel that it lies on, or, for
// pictures that are scaled, a blend of the four around it.
// Drawn as one triangle over the whole viewport.

struct Part {
    color: vec4f,  // of a plain rectangle
    window: vec4f, // part of the picture that fills the target, in texels: left, top, right, bottom
}

// Whether the target codes sRGB itself and wants linear light.
override linear_target: bool = false;

@group(0) @binding(0) var<uniform> part: Part;
@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var blend: sampler;

// Places on the border of two texels belong to the right or lower one, on every machine.
const BORDER = 1.0 / 4096.0;

struct Corner {
    @builtin(position) position: vec4f,
    @location(0) texel: vec2f,
}

@vertex
fn corner(@builtin(vertex_index) index: u32) -> Corner {
    let at = vec2f(f32((index << 1u) & 2u), f32(index & 2u));
    let texel = part.window.xy + at * (part.window.zw - part.window.xy) + BORDER;
    return Corner(vec4f(at.x * 2.0 - 1.0, 1.0 - at.y * 2.0, 0.0, 1.0), texel);
}

fn linear_light(coded: vec3f) -> vec3f {
    return select(pow((coded + 0.055) / 1.055, vec3f(2.4)), coded / 12.92, coded <= vec3f(0.04045));
}

@fragment
fn draw_plain() -> @location(0) vec4f {
    return for_target(part.color);
}

@fragment
fn draw_crisp(corner: Corner) -> @location(0) vec4f {
    let last = vec2i(textureDimensions(picture)) - 1;
    return for_target(textureLoad(picture, clamp(vec2i(corner.texel), vec2i(0), last), 0));
}

@fragment
fn draw_scaled(corner: Corner) -> @location(0) vec4f {
    let place = (corner.texel - BORDER) / vec2f(textureDimensions(picture));
    return for_target(textureSampleLevel(picture, blend, place, 0.0));
}

fn for_target(color: vec4f) -> vec4f {
    if !linear_target { return color; }
    // Colours are premultiplied; light is coded before it is covered.
    let cover = max(color.a, 1.0 / 255.0);
    return vec4f(linear_light(color.rgb / cover) * color.a, color.a);
}
