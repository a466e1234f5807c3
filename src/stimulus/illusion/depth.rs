//! Whether a text is nested so deeply that a shader compiler would run out of stack, which nothing can
//! catch. Compilers walk expressions and `else` chains by calling themselves.

// At all three limits together, compilers without optimisation fit the 2 MiB stack of a worker thread.

/// Most operators and accesses of an expression, each of which holds the one before.
const MAX_CHAIN: u32 = 150;
/// Most brackets and calls inside one another.
const MAX_BRACKETS: usize = 24;
/// Most blocks inside one another, where each `else` of a function counts as one more.
const MAX_BLOCKS: u32 = 16;

/// Where the text is too deep, and in what; `None` where it is not. `wgsl` has no card.
pub(super) fn too_deep(wgsl: &str) -> Option<(usize, &'static str)> {
    let bytes = without_comments(wgsl);
    let mut chains = vec![0_u32];
    let (mut blocks, mut elses) = (0_u32, 0);
    for (at, &byte) in bytes.iter().enumerate() {
        let beside_digit =
            at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(u8::is_ascii_digit);
        match byte {
            b';' => chains = vec![0],
            b'{' => {
                chains = vec![0];
                blocks += 1;
            }
            b'}' => {
                chains = vec![0];
                blocks = blocks.saturating_sub(1);
                // Outside all blocks another function begins.
                elses = if blocks == 0 { 0 } else { elses };
            }
            b'(' | b'[' => {
                grow(&mut chains);
                chains.push(0);
            }
            b')' | b']' => {
                chains.pop();
                if chains.is_empty() {
                    chains.push(0);
                }
            }
            // Items of a list stand beside one another, not inside.
            b',' => {
                if let Some(top) = chains.last_mut() {
                    *top = 0;
                }
            }
            b'.' if beside_digit => {}
            b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^' | b'!' | b'~' | b'<' | b'>' | b'.' => {
                grow(&mut chains);
            }
            b'e' if bytes.get(at..at + 4) == Some(b"else") => elses += 1,
            _ => {}
        }
        if chains.len() > MAX_BRACKETS + 1 || chains.iter().sum::<u32>() > MAX_CHAIN {
            return Some((at, "this expression is too long; divide it with let"));
        }
        if blocks + elses > MAX_BLOCKS {
            return Some((at, "there are too many blocks and else here; use switch, an array or a function"));
        }
    }
    None
}

fn grow(chains: &mut [u32]) {
    if let Some(top) = chains.last_mut() {
        *top += 1;
    }
}

/// The text's bytes with those of comments made blank.
fn without_comments(wgsl: &str) -> Vec<u8> {
    let mut bytes = wgsl.as_bytes().to_vec();
    let mut nested = 0_u32;
    let mut in_line = false;
    let mut at = 0;
    while at < bytes.len() {
        let two = bytes.get(at..at + 2);
        let opens = !in_line && two == Some(b"/*");
        let closes = nested > 0 && two == Some(b"*/");
        if nested == 0 && two == Some(b"//") {
            in_line = true;
        } else if bytes.get(at) == Some(&b'\n') {
            in_line = false;
        }
        nested += u32::from(opens);
        let width = if opens || closes { 2 } else { 1 };
        if in_line || nested > 0 {
            bytes.iter_mut().skip(at).take(width).for_each(|byte| *byte = b' ');
        }
        nested -= u32::from(closes);
        at += width;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_lists_and_statements_do_not_add_up() {
        for harmless in [
            format!("// {}\nlet a = 1.0;", "-".repeat(1000)),
            format!("/* {} /* + */ {} */ let a = 1.0;", "-".repeat(1000), "*".repeat(1000)),
            format!("const a = array({}1.0);", "-1.5, ".repeat(1000)),
            "let a = t + t * t;\n".repeat(1000),
        ] {
            assert_eq!(too_deep(&harmless), None);
        }
    }

    #[test]
    fn chains_are_counted_through_calls() {
        for deep in ["+ t", "+ max(t, t)", ".xy", "[0]", "+ (", "- max(t, "] {
            assert!(too_deep(&format!("let a = t{};", deep.repeat(1000))).is_some(), "{deep}");
        }
        assert!(too_deep(&format!("fn a() {{ {} }}", "if a {} else ".repeat(1000))).is_some());
        assert!(too_deep(&"{".repeat(1000)).is_some());
        assert_eq!(too_deep(&"fn a() { if a {} else {} }\n".repeat(1000)), None);
    }
}
