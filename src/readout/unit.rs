//! How a unit is written: `e1[c3,x10,y4]`, or `e1[x10,y4]` for the mean over channels.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Kind};
use crate::readout::Unit;

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[", self.probe)?;
        if let Some(channel) = self.channel {
            write!(f, "c{channel},")?;
        }
        write!(f, "x{},y{}]", self.x, self.y)
    }
}

impl FromStr for Unit {
    type Err = Error;

    /// Reads `probe[cC,xX,yY]` or `probe[xX,yY]`; spaces around the numbers are let through.
    fn from_str(text: &str) -> Result<Self, Error> {
        read(text).ok_or_else(|| {
            Error::new(Kind::Usage, format!("\"{text}\" is not a unit"))
                .advise("Write it as PROBE[cCHANNEL,xCOLUMN,yROW], for example e1[c3,x10,y4]")
        })
    }
}

fn read(text: &str) -> Option<Unit> {
    let (probe, rest) = text.trim().split_once('[')?;
    let parts: Vec<&str> = rest.strip_suffix(']')?.split(',').map(str::trim).collect();
    let (channel, x, y) = match parts[..] {
        [channel, x, y] => (Some(number(channel, 'c')?), x, y),
        [x, y] => (None, x, y),
        _ => return None,
    };
    let named = !probe.is_empty() && probe.chars().all(|c| c.is_alphanumeric() || c == '_');
    named.then_some(())?;
    Some(Unit { probe: probe.to_owned(), channel, x: number(x, 'x')?, y: number(y, 'y')? })
}

fn number(text: &str, letter: char) -> Option<u32> {
    let digits = text.strip_prefix(letter)?.trim();
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_read_as_it_is_written() {
        for text in ["e1[c3,x10,y4]", "a_hat0[x0,y159]"] {
            assert_eq!(text.parse::<Unit>().unwrap().to_string(), text);
        }
        let unit: Unit = "r2[c0, x1, y2]".parse().unwrap();
        assert_eq!(unit, Unit { probe: "r2".into(), channel: Some(0), x: 1, y: 2 });
    }

    #[test]
    fn what_is_not_a_unit_is_refused_with_an_example() {
        for text in [
            "",
            "e1",
            "[x1,y1]",
            "e1[x1]",
            "e1[c1,x1,y1",
            "e1[x-1,y2]",
            "e1[x+1,y2]",
            "e1[y1,x1]",
            "e 1[x1,y1]",
        ] {
            let error = text.parse::<Unit>().unwrap_err();
            assert!(error.to_string().contains("e1[c3,x10,y4]"), "{text}");
        }
        assert!("e1[x99999999999,y1]".parse::<Unit>().is_err());
    }
}
