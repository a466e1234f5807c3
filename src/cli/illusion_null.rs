//! `percept illusions null`: at which value of a parameter a network sees nothing.

use crate::error::{Error, Kind, Result};
use crate::experiment::nulling::{Nulled, null};
use crate::experiment::observer::Observer;
use crate::gpu::{Compute, DeviceChoice, Gpu};
use crate::model::shipped;
use crate::stimulus::illusion::{Illusion, catalogue};

/// What is nulled by what.
#[derive(Debug, clap::Args)]
pub(super) struct NullArgs {
    /// The illusion
    name: String,
    /// The parameter that is to cancel the effect, for example rotation
    #[arg(long)]
    param: String,
    /// Its smallest and largest value [default: a tenth of its range on either side of its default]
    #[arg(long, value_delimiter = ',', num_args = 1, allow_negative_numbers = true, value_name = "FROM,TO")]
    between: Option<Vec<f64>>,
    /// How many values, from one end to the other
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u16).range(2..=101))]
    values: u16,
    /// Networks by name or file, or "correlator" and "motion-energy"
    #[arg(long, value_delimiter = ',', default_value = shipped::DEFAULT)]
    models: Vec<String>,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
    /// Where the networks run
    #[arg(long, value_enum, default_value_t)]
    device: DeviceChoice,
}

/// Measures and prints.
pub(super) fn run(all: &[Illusion], args: &NullArgs) -> Result<()> {
    let illusion = catalogue::find(all, &args.name)?;
    let values = values(illusion, args)?;
    let gpu = Gpu::headless()?;
    let compute = Compute::choose(args.device, (args.device != DeviceChoice::Cpu).then_some(&gpu))?;
    let mut observers =
        args.models.iter().map(|name| Observer::new(name, &compute)).collect::<Result<Vec<_>>>()?;
    let mut observers: Vec<&mut Observer> = observers.iter_mut().collect();
    let found = null(illusion, &args.param, &values, &mut observers, (&gpu, &compute))?;
    if args.json {
        let report = serde_json::json!({
            "illusion": illusion.slug, "param": args.param, "values": values, "device": compute.name,
            "networks": found,
        });
        println!("{report:#}");
    } else {
        print!("{}", table(illusion, args, &values, &found));
    }
    Ok(())
}

fn values(illusion: &Illusion, args: &NullArgs) -> Result<Vec<f64>> {
    let param = illusion.card.params.iter().find(|param| param.name == args.param);
    let usual = param.map_or([0.0, 0.0], |param| {
        let reach = 0.1 * (param.max - param.min);
        [param.clamp(param.default - reach), param.clamp(param.default + reach)]
    });
    let [from, to] = match args.between.as_deref() {
        Some(&[from, to]) => [from, to],
        Some(_) => return Err(Error::new(Kind::Usage, "--between takes two values: FROM,TO")),
        None => usual,
    };
    let fits = param.is_none_or(|param| param.min <= from && from < to && to <= param.max);
    if !fits {
        let range = param.map_or_else(String::new, |param| format!("{} to {}", param.min, param.max));
        return Err(Error::new(Kind::Usage, format!("{from} to {to} is no stretch of {}", args.param))
            .advise(format!("Name two values in order within {range}")));
    }
    let steps = f64::from(args.values - 1);
    Ok((0..args.values).map(|at| from + (to - from) * f64::from(at) / steps).collect())
}

fn table(illusion: &Illusion, args: &NullArgs, values: &[f64], found: &[Nulled]) -> String {
    let unit =
        illusion.card.params.iter().find(|param| param.name == args.param).map_or("", |param| &param.unit);
    let measured = illusion.card.measure.as_ref().map_or("", |measure| measure.of.unit());
    let mut lines = vec![format!("{}: {measured} against {} in {unit}", illusion.card.name, args.param)];
    for nulled in found {
        lines.extend(values.iter().zip(&nulled.numbers).map(|(value, number)| {
            let number = number.map_or_else(|| "-".to_owned(), |number| format!("{number:+.4}"));
            format!("{:<22}{value:>10.3}{number:>12}", nulled.model)
        }));
        let zero = nulled.zero.map(|zero| format!("zero at {zero:+.3} {unit}"));
        lines.push(format!("{:<22}{}", nulled.model, zero.as_deref().unwrap_or("no single zero")));
    }
    if !illusion.card.human.is_empty() {
        lines.push(format!("In people: {}", illusion.card.human));
    }
    lines.join("\n") + "\n"
}
