// The window's own triangles: text, lines, icons and small pictures. Each pixel costs one look at a texture and
// one multiplication, no more: where the processor draws, this is what a frame of the window is made of.

// Whether the target codes sRGB itself and wants linear light.
override linear_target: bool = false;

@group(0) @binding(0) var<uniform> screen: vec4f; // width and height in points
@group(1) @binding(0) var picture: texture_2d<f32>;
@group(1) @binding(1) var blend: sampler;

struct Corner {
    @builtin(position) position: vec4f,
    @location(0) place: vec2f,
    @location(1) color: vec4f,
}

fn on_screen(at: vec2f) -> vec4f {
    return vec4f(2.0 * at.x / screen.x - 1.0, 1.0 - 2.0 * at.y / screen.y, 0.0, 1.0);
}

// Places in texels: letters lie on whole pixels.
@vertex
fn corner_of_letter(@location(0) at: vec2f, @location(1) place: vec2f, @location(2) color: vec4f) -> Corner {
    return Corner(on_screen(at), place * vec2f(textureDimensions(picture)), color);
}

// Places in 0..1.
@vertex
fn corner_of_picture(@location(0) at: vec2f, @location(1) place: vec2f, @location(2) color: vec4f) -> Corner {
    return Corner(on_screen(at), place, color);
}

@fragment
fn draw_letter(corner: Corner) -> @location(0) vec4f {
    return for_target(corner.color * textureLoad(picture, vec2i(corner.place), 0));
}

@fragment
fn draw_picture(corner: Corner) -> @location(0) vec4f {
    return for_target(corner.color * textureSampleLevel(picture, blend, corner.place, 0.0));
}

fn linear_light(coded: vec3f) -> vec3f {
    return select(pow((coded + 0.055) / 1.055, vec3f(2.4)), coded / 12.92, coded <= vec3f(0.04045));
}

fn for_target(color: vec4f) -> vec4f {
    if linear_target { return vec4f(linear_light(color.rgb), color.a); }
    return color;
}
