//! `percept check FILE|ILLUSION`: whether it is safe to look at.

use std::path::PathBuf;

use crate::error::{Error, Kind, Result};
use crate::gpu::Gpu;
use crate::gpu::raster::Program;
use crate::safety::{Class, Verdict};
use crate::stimulus::examine::{self, Look};
use crate::stimulus::illusion::{Illusion, Showing, catalogue, compose};
use crate::stimulus::{StimulusSpec, open};

/// Seconds of an illusion: a little more than an extended failure takes.
const ILLUSION_S: f64 = 6.0;

/// More than an illusion and its control are summed up at the end.
const FEW: usize = 2;

/// Arguments of `percept check`.
#[derive(Clone, Debug, clap::Args)]
pub struct CheckArgs {
    /// A video, a picture, a folder of pictures, an illusion's name, or "all" for all illusions
    pub input: PathBuf,
    /// Prints one JSON object
    #[arg(long)]
    pub json: bool,
    /// Looks at so many seconds [default: all of a file, 6 s of an illusion]
    #[arg(long, value_name = "N")]
    pub seconds: Option<f64>,
}

/// What was found.
#[derive(Debug, serde::Serialize)]
struct Report {
    /// The worst class of all that was looked at.
    class: Class,
    checked: Vec<Checked>,
}

/// One thing that was looked at.
#[derive(Debug, serde::Serialize)]
struct Checked {
    /// Its name; of an illusion with "control" where that was looked at.
    name: String,
    /// The flash class on an illusion's card; absent for its control and for files.
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<String>,
    #[serde(flatten)]
    verdict: Verdict,
    /// The findings in words.
    findings: Vec<String>,
}

impl Checked {
    fn new(name: String, card: Option<String>, verdict: Verdict) -> Self {
        Self { name, card, findings: verdict.findings(), verdict }
    }
}

/// Runs `percept check`.
///
/// # Errors
/// [`Kind::Flashes`] when anything flashes beyond the limits, or whatever else went wrong.
pub fn run(args: &CheckArgs) -> Result<()> {
    if args.seconds.is_some_and(|seconds| !(seconds > 0.0 && seconds <= 1e5)) {
        return Err(Error::new(Kind::Usage, "the seconds must be above 0 and up to 100000"));
    }
    let checked = match super::stimulus(&args.input) {
        StimulusSpec::Illusion(name) => check_illusions(&name, args.seconds.unwrap_or(ILLUSION_S))?,
        StimulusSpec::Camera(_) => {
            return Err(Error::new(Kind::Unsupported, "a camera cannot be looked through beforehand")
                .advise("Open it in the window, which looks at it as it comes"));
        }
        spec @ StimulusSpec::File(_) => {
            let mut source = open::open(&spec)?;
            let verdict = examine::source(source.as_mut(), args.seconds, &mut |_| true)?;
            vec![Checked::new(args.input.display().to_string(), None, verdict)]
        }
    };
    let class = checked.iter().map(|one| one.verdict.class).max().unwrap_or_default();
    let report = Report { class, checked };
    super::report::print(&report, args.json, text)?;
    let failing: Vec<_> =
        report.checked.iter().filter(|one| one.verdict.class == Class::Fails).map(|one| &*one.name).collect();
    if failing.is_empty() {
        return Ok(());
    }
    Err(Error::new(Kind::Flashes, format!("not safe for everyone to look at: {}", failing.join(", ")))
        .advise("Warn people before you show it"))
}

fn check_illusions(name: &str, seconds: f64) -> Result<Vec<Checked>> {
    let all = catalogue::load().0;
    let gpu = Gpu::headless()?;
    if name == "all" {
        let mut checked = Vec::new();
        for (number, illusion) in all.iter().enumerate() {
            checked.extend(check_illusion(&gpu, illusion, seconds)?);
            eprintln!("{}/{} {}", number + 1, all.len(), illusion.slug);
        }
        return Ok(checked);
    }
    Ok(check_illusion(&gpu, catalogue::find(&all, name)?, seconds)?.into())
}

/// An illusion and its control.
fn check_illusion(gpu: &Gpu, illusion: &Illusion, seconds: f64) -> Result<[Checked; 2]> {
    compose::validate(illusion)?;
    let program = Program::new(gpu, &compose::compose(illusion))?;
    let look = Look { seconds, speed: 1.0, stripes: true };
    let verdict = |control| {
        let showing = Showing { control, ..Showing::default() };
        let verdict = examine::illusion(&program, illusion, &showing, look, &mut || true)?;
        Ok::<_, Error>(verdict.unwrap_or_default())
    };
    let card = if illusion.card.flash.is_empty() { "none" } else { &illusion.card.flash };
    Ok([
        Checked::new(illusion.slug.clone(), Some(card.to_owned()), verdict(false)?),
        Checked::new(format!("{}, control", illusion.slug), None, verdict(true)?),
    ])
}

fn text(report: &Report) -> String {
    let mut lines = Vec::new();
    for one in &report.checked {
        let verdict = &one.verdict;
        lines.push(format!("{}: {}", one.name, verdict.words()));
        let measured = verdict.flash.name();
        let looked = format!("{:.1} s, {} pictures", verdict.length_s, verdict.frames);
        lines.push(match &one.card {
            Some(card) if card == measured => format!("  flash class {measured}, as on its card ({looked})"),
            Some(card) => format!("  flash class {measured}, but its card says {card} ({looked})"),
            None => format!("  flash class {measured} ({looked})"),
        });
    }
    if report.checked.len() > FEW {
        lines.push(summary(report));
    }
    lines.join("\n")
}

/// How many are of which class, and which are not safe for everyone.
fn summary(report: &Report) -> String {
    let of = |class: Class| {
        let those = report.checked.iter().filter(move |one| one.verdict.class == class);
        those.map(|one| one.name.as_str()).collect::<Vec<_>>()
    };
    let told = |class: Class| {
        let names = of(class);
        let which = if names.is_empty() { String::new() } else { format!(" ({})", names.join("; ")) };
        format!("{} {}{which}", names.len(), class.name())
    };
    let passing = of(Class::Passes).len();
    format!("{passing} of {} pass; {}; {}", report.checked.len(), told(Class::Warning), told(Class::Fails))
}
