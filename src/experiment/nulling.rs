//! Nulling: how much of a real change cancels the effect. A parameter that adds real motion (or length, or light) is set to
//! several values, and where the number passes through zero the network sees nothing: a value in physical units, to be
//! held beside that at which people see nothing (Atala-Gérard & Bach 2017 did it with rotating snakes).

use super::film::Lens;
use super::gallery::places;
use super::observer::Observer;
use crate::error::{Error, Kind, Result};
use crate::gpu::{Compute, Gpu};
use crate::readout::flow::Method;
use crate::stimulus::illusion::Illusion;

/// What one network answered to all values of the parameter.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Nulled {
    /// The network's name.
    pub model: String,
    /// The number at each value; `None` where there was none.
    pub numbers: Vec<Option<f64>>,
    /// The value at which the number passes through zero, in the parameter's unit; `None` where it does not, or where it
    /// does so more than once.
    pub zero: Option<f64>,
}

/// Shows an illusion with `param` at all `values` (in order) to all observers.
///
/// # Errors
/// [`Kind::Usage`] for a parameter that the illusion has not; those of the shader and the networks.
pub fn null(
    illusion: &Illusion,
    param: &str,
    values: &[f64],
    observers: &mut [&mut Observer],
    (gpu, compute): (&Gpu, &Compute),
) -> Result<Vec<Nulled>> {
    let param = illusion.card.params.iter().find(|known| known.name == param).ok_or_else(|| {
        let known: Vec<&str> = illusion.card.params.iter().map(|known| known.name.as_str()).collect();
        Error::new(Kind::Usage, format!("{} has no parameter {param}", illusion.slug))
            .advise(format!("It has {}", known.join(", ")))
    })?;
    let mut found: Vec<Nulled> = observers
        .iter()
        .map(|observer| Nulled { model: observer.name.clone(), numbers: Vec::new(), zero: None })
        .collect();
    let mut lens = Lens::new(gpu, illusion, Method::Dense)?;
    for &value in values {
        lens.values.0.insert(param.name.clone(), param.clamp(value));
        for (nulled, observer) in found.iter_mut().zip(observers.iter_mut()) {
            nulled.numbers.push(mean(&lens, observer, compute)?);
        }
    }
    for nulled in &mut found {
        let points = values.iter().zip(&nulled.numbers);
        let points: Vec<[f64; 2]> = points.filter_map(|(&value, number)| Some([value, (*number)?])).collect();
        nulled.zero = zero(&points);
    }
    Ok(found)
}

/// The number at all places, without control and mirror: those are not needed to find where it is zero.
fn mean(lens: &Lens<'_>, observer: &mut Observer, compute: &Compute) -> Result<Option<f64>> {
    let (mut sum, mut count) = (0.0, 0.0);
    for condition in places(lens) {
        let film = lens.film(condition, observer.size, observer.rate_hz)?;
        sum += observer.watch(&film, &lens.measure, compute)?.value;
        count += 1.0;
    }
    Ok(Some(sum / count).filter(|mean: &f64| mean.is_finite()))
}

/// Where a line through the points passes through zero, if it does so once.
fn zero(points: &[[f64; 2]]) -> Option<f64> {
    let mut crossings = points.windows(2).filter_map(|pair| {
        let [[x0, y0], [x1, y1]] = [pair[0], pair[1]];
        (y0 != y1 && y0 * y1 <= 0.0).then(|| x0 - y0 * (x1 - x0) / (y1 - y0))
    });
    let first = crossings.next()?;
    // A point that lies on zero is the end of one stretch and the beginning of the next.
    crossings.all(|other| (other - first).abs() < 1e-9).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_one_zero_and_what_turns_back_has_none() {
        assert_eq!(zero(&[[-1.0, -3.0], [0.0, -1.0], [1.0, 1.0]]), Some(0.5));
        assert_eq!(zero(&[[-1.0, -1.0], [0.0, 0.0], [1.0, 1.0]]), Some(0.0));
        assert_eq!(zero(&[[-1.0, 1.0], [0.0, -1.0], [1.0, 1.0]]), None);
        assert_eq!(zero(&[[0.0, 0.1], [1.0, 0.2]]), None);
        assert_eq!(zero(&[[0.0, 0.0], [1.0, 0.0]]), None);
        assert_eq!(zero(&[]), None);
    }
}
