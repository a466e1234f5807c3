// A 3x3 convolution, stride 1, zeros around, as one tiled sum of products. Every file of this folder that has
// an entry point stands after this one, says where its inputs are (`input_at`) and what becomes of the sums.
//
// A workgroup computes a rectangle of pixels times a run of columns, a thread eight pixels (4 wide, 2 high)
// times two columns. A column is four outputs that stay together: four channels, or the four gates of one.
// Per round the workgroup brings four input channels of its rectangle, with a border of one, and their
// weights into shared memory, once for all nine taps.
//
// The loops are few and the sums have names on purpose: software drivers take minutes over arrays in
// registers and over loops written out.

struct Shape {
    size: vec2u,          // columns and rows of the maps
    inputs: vec3u,        // channels of the inputs, one after the other
    outputs: u32,         // channels of the result
    silent: vec3u,        // 1: this input counts as zero
    muted: u32,           // 1: the result that goes on is zero (a layer that is switched off)
    stride: u32,          // columns in a row of weights, a multiple of what a workgroup takes
    column_shift: u32,    // log2 of the threads along the columns
    across_shift: u32,    // log2 of the threads along x
    rounds: u32,          // input channels / 4, rounded up
    ceiling: f32,         // the result is at most this
    layer0: u32,          // 1: the result is compared with the frame
    pad0: u32,
    pad1: u32,
}

const THREADS = 64u;
const CHANNELS = 4u;      // input channels per round
const ROWS = 36u;         // rows of weights per round: four channels of nine taps
const MOST_PATCH = 1360u; // four channels of (16 + 2) x (16 + 2) values, or of (32 + 2) x (8 + 2)
const MOST_WEIGHTS = 576u;// 36 rows of 16 columns

@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> weights: array<vec4f>;

var<workgroup> patch_values: array<f32, MOST_PATCH>;
var<workgroup> patch_weights: array<vec4f, MOST_WEIGHTS>;

// Where a thread's results belong.
struct Place {
    pixel: vec2u,         // its first pixel
    columns: vec2u,       // its two columns
}

// The thread's sixteen sums: eight pixels (upper row from the left, lower row) of the first column, then of
// the second.
struct Sums {
    place: Place,
    values: array<vec4f, 16>,
}

fn is_nan(value: f32) -> bool {
    return (bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u;
}

// Comparisons let what is no number through, so that it is noticed; max() may swallow it.
fn rectified(value: f32) -> f32 {
    return select(value, 0.0, value < 0.0);
}

fn convolved(group: vec3u, thread: u32) -> Sums {
    let column_threads = 1u << shape.column_shift;
    let own_column = thread & (column_threads - 1u);
    let cell = thread >> shape.column_shift;
    let across = 1u << shape.across_shift;
    let down = (THREADS >> shape.column_shift) >> shape.across_shift;
    let at = vec2u(cell & (across - 1u), cell >> shape.across_shift) * vec2u(4u, 2u);
    let tile = vec2u(across * 4u, down * 2u);
    let origin = group.xy * tile;
    let patch_width = tile.x + 2u;
    let patch_size = patch_width * (tile.y + 2u);
    let columns = 2u * column_threads;
    let first_column = group.z * columns;
    let own_patch = at.y * patch_width + at.x;

    let bias = shape.rounds * ROWS * shape.stride + first_column + own_column;
    let bias0 = weights[bias];
    let bias1 = weights[bias + column_threads];
    var a0 = bias0; var a1 = bias0; var a2 = bias0; var a3 = bias0;
    var a4 = bias0; var a5 = bias0; var a6 = bias0; var a7 = bias0;
    var b0 = bias1; var b1 = bias1; var b2 = bias1; var b3 = bias1;
    var b4 = bias1; var b5 = bias1; var b6 = bias1; var b7 = bias1;

    for (var round = 0u; round < shape.rounds; round++) {
        for (var index = thread; index < patch_size * CHANNELS; index += THREADS) {
            let channel = index / patch_size;
            let within = index - channel * patch_size;
            let row = within / patch_width;
            // One before the first column or row wraps around to a very large number: outside, too.
            let place = origin + vec2u(within - row * patch_width, row) - 1u;
            var value = 0.0;
            if all(place < shape.size) { value = input_at(round * CHANNELS + channel, place); }
            patch_values[index] = value;
        }
        let first_row = round * ROWS;
        for (var index = thread; index < ROWS * columns; index += THREADS) {
            let row = index >> (shape.column_shift + 1u);
            patch_weights[index] =
                weights[(first_row + row) * shape.stride + first_column + (index & (columns - 1u))];
        }
        workgroupBarrier();
        for (var line = 0u; line < 12u; line++) {
            let channel = line / 3u;
            let p = own_patch + channel * patch_size + (line - channel * 3u) * patch_width;
            let u0 = patch_values[p]; let u1 = patch_values[p + 1u]; let u2 = patch_values[p + 2u];
            let u3 = patch_values[p + 3u]; let u4 = patch_values[p + 4u]; let u5 = patch_values[p + 5u];
            let l = p + patch_width;
            let v0 = patch_values[l]; let v1 = patch_values[l + 1u]; let v2 = patch_values[l + 2u];
            let v3 = patch_values[l + 3u]; let v4 = patch_values[l + 4u]; let v5 = patch_values[l + 5u];
            var w = line * 3u * columns + own_column;
            var f = patch_weights[w];
            var g = patch_weights[w + column_threads];
            a0 += u0 * f; a1 += u1 * f; a2 += u2 * f; a3 += u3 * f;
            a4 += v0 * f; a5 += v1 * f; a6 += v2 * f; a7 += v3 * f;
            b0 += u0 * g; b1 += u1 * g; b2 += u2 * g; b3 += u3 * g;
            b4 += v0 * g; b5 += v1 * g; b6 += v2 * g; b7 += v3 * g;
            w += columns;
            f = patch_weights[w];
            g = patch_weights[w + column_threads];
            a0 += u1 * f; a1 += u2 * f; a2 += u3 * f; a3 += u4 * f;
            a4 += v1 * f; a5 += v2 * f; a6 += v3 * f; a7 += v4 * f;
            b0 += u1 * g; b1 += u2 * g; b2 += u3 * g; b3 += u4 * g;
            b4 += v1 * g; b5 += v2 * g; b6 += v3 * g; b7 += v4 * g;
            w += columns;
            f = patch_weights[w];
            g = patch_weights[w + column_threads];
            a0 += u2 * f; a1 += u3 * f; a2 += u4 * f; a3 += u5 * f;
            a4 += v2 * f; a5 += v3 * f; a6 += v4 * f; a7 += v5 * f;
            b0 += u2 * g; b1 += u3 * g; b2 += u4 * g; b3 += u5 * g;
            b4 += v2 * g; b5 += v3 * g; b6 += v4 * g; b7 += v5 * g;
        }
        workgroupBarrier();
    }
    let column = first_column + own_column;
    return Sums(
        Place(origin + at, vec2u(column, column + column_threads)),
        array(a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7),
    );
}
