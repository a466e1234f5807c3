//! Every size, count and time limit in one table, each with its reason.

/// Longest side of a picture or video frame in pixels: above 8K there is no stimulus, only a bomb.
pub const MAX_SIDE_PX: u32 = 16_384;
/// Most pixels of a picture or video frame (8K UHD twice over).
pub const MAX_PIXELS: u64 = 66_400_000;
/// Most memory that decoding one still picture may take, in bytes.
pub const MAX_PICTURE_BYTES: u64 = 512 * 1024 * 1024;
/// Most pictures taken from one folder.
pub const MAX_FOLDER_PICTURES: usize = 100_000;
/// Largest weights file in bytes.
pub const MAX_WEIGHTS_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// Largest safetensors header in bytes.
pub const MAX_HEADER_BYTES: u64 = 16 * 1024 * 1024;
/// Largest weights file of a kind that has to be held in memory as it is (HDF5, `PyTorch`, burnpack), in bytes:
/// fifteen times the published network with its optimiser's memory.
pub const MAX_HELD_WEIGHTS_BYTES: u64 = 1024 * 1024 * 1024;
/// Most numbers taken from one weights file (the published network has 7 million).
pub const MAX_NETWORK_VALUES: usize = 128 * 1024 * 1024;
/// Most bytes unpacked from one weights file, and from one compressed part of it.
pub const MAX_UNPACKED_BYTES: usize = 4 * MAX_NETWORK_VALUES;
/// Largest compressed part of an HDF5 array, unpacked, in bytes (h5py makes parts of 1 MiB at most).
pub const MAX_CHUNK_BYTES: usize = 64 * 1024 * 1024;
/// Most axes of an array in a weights file.
pub const MAX_AXES: usize = 32;
/// Most members of a `PyTorch` archive.
pub const MAX_ARCHIVE_MEMBERS: usize = 16_384;
/// Largest pickle in a `PyTorch` archive, and largest index of a burnpack, in bytes.
pub const MAX_INDEX_BYTES: usize = 2 * 1024 * 1024;
/// Most values in a pickle: some hundred thousand, for a checkpoint that brings its log along.
pub const MAX_PICKLE_VALUES: usize = 300_000;
/// Most groups, arrays and entries of indices looked at in one HDF5 file (the published network has some 300).
pub const MAX_HDF5_NODES: u32 = 20_000;
/// Most groups inside one another in an HDF5 file.
pub const MAX_HDF5_DEPTH: usize = 16;
/// Largest illusion file in bytes.
pub const MAX_ILLUSION_BYTES: u64 = 256 * 1024;
/// Most illusions taken from the user's folder.
pub const MAX_ILLUSIONS: usize = 1000;
/// Most parameters, presets or events of one illusion: a panel of more could not be used, and the
/// parameters have to fit the smallest uniform buffer.
pub const MAX_CARD_ENTRIES: usize = 64;
/// Most event marks made for one stretch of time.
pub const MAX_MARKS: usize = 10_000;
/// Largest file of compiled pipelines that is kept, in bytes: ours make some hundred kilobytes.
pub const MAX_PIPELINES_BYTES: u64 = 64 * 1024 * 1024;
/// Largest session file in bytes.
pub const MAX_SESSION_BYTES: u64 = 1024 * 1024;
/// Largest array file (`.npy`, `.npz` member) that is read, in bytes.
pub const MAX_ARRAY_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// Longest time that a decoder may take for one frame, in seconds.
pub const MAX_DECODE_S: f64 = 10.0;
/// Longest recording kept in memory, in rows; older rows go first.
pub const MAX_RECORDED_ROWS: usize = 200_000;
/// Narrowest and widest network input, in pixels.
pub const NETWORK_SIDE_PX: std::ops::RangeInclusive<u32> = 8..=2048;
/// Largest card of a model in bytes.
pub const MAX_CARD_BYTES: u64 = 256 * 1024;
/// Largest training recipe in bytes.
pub const MAX_RECIPE_BYTES: u64 = 256 * 1024;
/// Largest log of a training in bytes: that of a thousand times the longest so far.
pub const MAX_LOG_BYTES: u64 = 256 * 1024 * 1024;
/// Largest table of who sees which illusion, in bytes: a hundred times what all of them by all networks need.
pub const MAX_TABLE_BYTES: u64 = 16 * 1024 * 1024;
