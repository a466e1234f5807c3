//! `percept illusions measure NAME...|all`: who sees which illusion, as a table.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use crate::atomic;
use crate::error::{Context as _, Error, Kind, Result};
use crate::experiment::gallery::{self, Row};
use crate::experiment::observer::{DETECTORS, Observer};
use crate::experiment::table::{Earlier, shown_and_mirrored, to_csv};
use crate::experiment::verdict::Verdict;
use crate::gpu::{Compute, DeviceChoice, Gpu};
use crate::model::shipped;
use crate::readout::flow::Method;
use crate::stimulus::illusion::measure::Measured;
use crate::stimulus::illusion::{Illusion, catalogue};

/// What is measured of whom.
#[derive(Debug, clap::Args)]
pub(super) struct MeasureArgs {
    /// The illusions, or "all" for those whose cards say what is measured
    #[arg(required = true)]
    names: Vec<String>,
    /// Networks by name or file, or the detectors of motion "correlator" and "motion-energy"; "all" for all that
    /// come with the program
    #[arg(long, value_delimiter = ',', default_value = "all")]
    models: Vec<String>,
    /// Where the table goes: .md for people, .csv and .json for programs [default: to the terminal]
    #[arg(short, long, value_name = "FILE")]
    output: Vec<PathBuf>,
    /// How motion is found
    #[arg(long, value_enum, default_value_t)]
    flow: Method,
    /// A table of earlier (.csv): what it says of the same weights, picture and measure is not measured again
    #[arg(long, value_name = "TABLE.csv")]
    earlier: Option<PathBuf>,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
    /// Where the networks run
    #[arg(long, value_enum, default_value_t)]
    device: DeviceChoice,
}

pub(super) fn run(all: &[Illusion], args: &MeasureArgs) -> Result<()> {
    for path in &args.output {
        ending(path)?;
    }
    if args.earlier.is_some() && args.flow != Method::Dense {
        return Err(Error::new(Kind::Usage, "a table of earlier holds motion that was found everywhere")
            .advise("Leave --earlier or --flow away"));
    }
    let chosen = chosen(all, &args.names)?;
    let gpu = Gpu::headless()?;
    let compute = Compute::choose(args.device, (args.device != DeviceChoice::Cpu).then_some(&gpu))?;
    let names: Vec<String> = if args.models == ["all"] {
        shipped::names().into_iter().chain(DETECTORS).map(str::to_owned).collect()
    } else {
        args.models.clone()
    };
    let earlier = args.earlier.as_deref().map(Earlier::read).transpose()?.unwrap_or_default();
    let next = AtomicUsize::new(0);
    let found: Mutex<Vec<(usize, Vec<Row>)>> = Mutex::default();
    let work = || -> Result<()> {
        let mut observers =
            names.iter().map(|name| Observer::new(name, &compute)).collect::<Result<Vec<_>>>()?;
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(illusion) = chosen.get(number) else { return Ok(()) };
            let rows = earlier.complete(illusion, &mut observers, |observers| {
                gallery::show(illusion, observers, args.flow, &gpu, &compute)
            })?;
            if !args.json {
                eprintln!("{}/{} {}", number + 1, chosen.len(), illusion.slug);
            }
            found.lock().push((number, rows));
        }
    };
    // Most of the time goes into the read-outs, which use one thread each.
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(chosen.len());
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let own = work();
        let ended = others.into_iter().map(|other| {
            other
                .join()
                .unwrap_or_else(|_| Err(Error::new(Kind::Internal, "a thread that measures ended early")))
        });
        std::iter::once(own).chain(ended).collect::<Result<()>>()
    })?;
    let mut found = found.into_inner();
    found.sort_by_key(|(number, _)| *number);
    let rows: Vec<Row> = found.into_iter().flat_map(|(_, rows)| rows).collect();
    let report = Report { all: &chosen, rows: &rows, device: &compute.name, flow: args.flow };
    for path in &args.output {
        let text = match ending(path)? {
            Ending::Markdown => report.markdown(),
            Ending::Csv => to_csv(&rows, &report.how()),
            Ending::Json => report.json()?,
        };
        atomic::write(path, text.as_bytes())?;
    }
    if args.json {
        println!("{}", report.json()?);
    } else if args.output.is_empty() {
        print!("{}", report.markdown());
    }
    Ok(())
}

fn chosen<'a>(all: &'a [Illusion], names: &[String]) -> Result<Vec<&'a Illusion>> {
    if names == ["all"] {
        return Ok(all.iter().filter(|illusion| illusion.card.measure.is_some()).collect());
    }
    names.iter().map(|name| catalogue::find(all, name)).collect()
}

enum Ending {
    Markdown,
    Csv,
    Json,
}

fn ending(path: &Path) -> Result<Ending> {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("md") => Ok(Ending::Markdown),
        Some("csv") => Ok(Ending::Csv),
        Some("json") => Ok(Ending::Json),
        _ => Err(Error::new(Kind::Unsupported, "the table cannot be written as this kind of file")
            .at(path)
            .advise("Use .md, .csv or .json")),
    }
}

struct Report<'a> {
    all: &'a [&'a Illusion],
    rows: &'a [Row],
    device: &'a str,
    flow: Method,
}

fn told(value: f64) -> String {
    // No minus before a zero.
    let text = format!("{value:+.3}");
    if text.trim_start_matches(['+', '-']).chars().all(|one| matches!(one, '0' | '.')) {
        return "0.000".to_owned();
    }
    text
}

impl Report<'_> {
    /// Where and how it was measured.
    fn how(&self) -> String {
        match self.flow {
            Method::Dense => self.device.to_owned(),
            Method::Corners => format!("{}, motion at corners", self.device),
        }
    }

    fn json(&self) -> Result<String> {
        let value = serde_json::json!({
            "version": env!("CARGO_PKG_VERSION"), "device": self.device, "flow": self.flow, "rows": self.rows,
        });
        serde_json::to_string_pretty(&value).context(Kind::Internal, "the result is no JSON")
    }

    /// A summary, one line per illusion, and below it all numbers.
    fn markdown(&self) -> String {
        let mut models: Vec<&str> = Vec::new();
        let mut by_slug: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
        for row in self.rows {
            if !models.contains(&row.model.as_str()) {
                models.push(&row.model);
            }
            by_slug.entry(&row.slug).or_default().push(row);
        }
        let mut text = format!("| illusion | measured | {} |\n", models.join(" | "));
        writeln!(text, "|---|---|{}", "---|".repeat(models.len())).ok();
        for illusion in self.all {
            let Some(rows) = by_slug.get(illusion.slug.as_str()) else { continue };
            let unit = rows.first().map_or("", |row| row.unit);
            write!(text, "| {} | {unit} |", illusion.card.name).ok();
            for row in rows {
                match &row.finding {
                    Some(found) if found.verdict == Verdict::Seen && row.of != Measured::Surprise => {
                        write!(text, " **seen** {} |", told(found.effect)).ok()
                    }
                    Some(found) => {
                        write!(text, " {} {} |", found.verdict.words(row.of), told(found.effect)).ok()
                    }
                    None => write!(text, " - |").ok(),
                };
            }
            text.push('\n');
        }
        text.push_str("\n| illusion | network | number | control | mirror | effect ± 95 % | verdict |\n|---|---|---|---|---|---|---|\n");
        for illusion in self.all {
            for row in by_slug.get(illusion.slug.as_str()).into_iter().flatten() {
                let Some(finding) = row.finding else { continue };
                let (shown, mirrored) = shown_and_mirrored(row, &finding);
                writeln!(
                    text,
                    "| {} | {} | {} {} | {} | {} | {} ± {:.3} | {} |",
                    row.slug,
                    row.model,
                    told(shown),
                    row.unit,
                    told(finding.mean.control),
                    told(mirrored),
                    told(finding.effect),
                    finding.interval,
                    finding.verdict.words(row.of),
                )
                .ok();
            }
        }
        text
    }
}
