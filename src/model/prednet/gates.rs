//! The gates of the convolutional LSTM, as all implementations of the network stack them.

/// Name, slope and offset of each gate in the order of its outputs. The hard sigmoid is `clip(0.2 x + 0.5, 0, 1)`; slope
/// and offset go into weights and biases, so that only the clipping is left to do. The new content `c` has neither.
pub(crate) const GATES: [(&str, f32, f32); 4] =
    [("i", 0.2, 0.5), ("f", 0.2, 0.5), ("o", 0.2, 0.5), ("c", 1.0, 0.0)];
