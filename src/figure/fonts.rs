//! The two faces of every figure and of the window: Inter, subset and embedded.

/// Family name of both faces.
pub const FAMILY: &str = "Inter";
/// Inter Regular, an OpenType file.
pub const REGULAR: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");
/// Inter Semi Bold, an OpenType file.
pub const SEMIBOLD: &[u8] = include_bytes!("../../assets/fonts/Inter-SemiBold.otf");
