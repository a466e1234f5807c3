// Numbers of maps: per workgroup one block of 64 places of one map. Of every place the mean over some of its
// channels; of the block either these means themselves or, four numbers together, their sum, the sum of the
// squared values, the smallest and the largest mean.

struct Block {
    map: u32,             // which of the bound maps
    start: u32,           // its first value
    channels: u32,        // how many are averaged
    channel_stride: u32,  // values from one channel to the next
    columns: u32,         // places in a row
    steps: vec2u,         // values from one column, row to the next
    first: u32,           // number of the block's first place
    skip: u32,            // places from one that is looked at to the next
    count: u32,           // places that are looked at in this block
    target_at: u32,       // where its numbers go
    listed: u32,          // 1: the means themselves
}

@group(0) @binding(0) var<storage, read> blocks: array<Block>;
@group(0) @binding(1) var<storage, read_write> numbers: array<f32>;
@group(0) @binding(2) var<storage, read> map0: array<f32>;
@group(0) @binding(3) var<storage, read> map1: array<f32>;
@group(0) @binding(4) var<storage, read> map2: array<f32>;
@group(0) @binding(5) var<storage, read> map3: array<f32>;
@group(0) @binding(6) var<storage, read> map4: array<f32>;

var<workgroup> sums: array<vec4f, 64>;

fn value(map: u32, index: u32) -> f32 {
    switch map {
        case 0u: { return map0[index]; }
        case 1u: { return map1[index]; }
        case 2u: { return map2[index]; }
        case 3u: { return map3[index]; }
        default: { return map4[index]; }
    }
}

@compute @workgroup_size(64)
fn reduce(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
    let block = blocks[group.x];
    var own = vec4f(0.0, 0.0, 3.0e38, -3.0e38);
    if thread < block.count {
        let place = block.first + thread * block.skip;
        let row = place / block.columns;
        let at = block.start + (place - row * block.columns) * block.steps.x + row * block.steps.y;
        var sum = 0.0;
        var squares = 0.0;
        for (var channel = 0u; channel < block.channels; channel++) {
            let one = value(block.map, at + channel * block.channel_stride);
            sum += one;
            squares += one * one;
        }
        let mean = sum / f32(block.channels);
        own = vec4f(mean, squares, mean, mean);
        if block.listed == 1u { numbers[block.target_at + thread] = mean; }
    }
    sums[thread] = own;
    for (var half = 32u; half > 0u; half >>= 1u) {
        workgroupBarrier();
        if thread < half {
            let a = sums[thread];
            let b = sums[thread + half];
            sums[thread] = vec4f(a.xy + b.xy, min(a.z, b.z), max(a.w, b.w));
        }
    }
    if thread == 0u && block.listed == 0u {
        let whole = sums[0];
        numbers[block.target_at] = whole.x;
        numbers[block.target_at + 1u] = whole.y;
        numbers[block.target_at + 2u] = whole.z;
        numbers[block.target_at + 3u] = whole.w;
    }
}
