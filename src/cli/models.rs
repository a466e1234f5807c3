//! `percept models`: what networks there are, what they say of themselves, what they compute, how well
//! they predict, and how they come in and go out.

use burn::tensor::{Tensor, TensorData};
use clap::Subcommand;

use crate::error::{Context as _, Kind, Result};
use crate::frame::NetworkFrame;
use crate::gpu::{Compute, DeviceChoice, Gpu};
use crate::model::{ModelCard, Score, shipped};

mod clips;
pub mod eval;
mod export;
mod forward;
mod import;
mod npy;
mod written;

pub use eval::EvalArgs;
pub use export::ExportArgs;
pub use forward::ForwardArgs;
pub use import::ImportArgs;

/// Arguments of `percept models`.
#[derive(Debug, clap::Args)]
pub struct ModelsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ModelsCommand,
}

/// What can be done with networks.
#[derive(Debug, Subcommand)]
pub enum ModelsCommand {
    /// List the networks that come with percept.
    List {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Show what a network says of itself.
    Show {
        /// A shipped network's name or a weights file.
        model: String,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Run a network on frames and write every probe of every step.
    Forward(ForwardArgs),
    /// Measure how well networks predict clips, beside copying and extrapolating.
    Eval(EvalArgs),
    /// Turn a Keras, `PyTorch` or burn file into weights that percept opens at once.
    Import(ImportArgs),
    /// Write a network's weights for `PyTorch`, burn or anything that reads safetensors.
    Export(ExportArgs),
}

/// Does it and prints the result.
///
/// # Errors
/// When a model, a file or the device cannot be had.
pub fn run(args: &ModelsArgs) -> Result<()> {
    match &args.command {
        ModelsCommand::List { json } => list(*json),
        ModelsCommand::Show { model, json } => show(model, *json),
        ModelsCommand::Forward(args) => forward::run(args),
        ModelsCommand::Eval(args) => eval::run(args),
        ModelsCommand::Import(args) => import::run(args),
        ModelsCommand::Export(args) => export::run(args),
    }
}

fn list(json: bool) -> Result<()> {
    let cards = shipped::cards();
    if json {
        return print_json(&serde_json::json!({ "default": shipped::DEFAULT, "models": cards }));
    }
    for card in cards {
        let widths = if card.widths.is_empty() { String::new() } else { format!(" {:?}", card.widths) };
        let first = card.about.split(". ").next().unwrap_or_default().trim_end_matches('.').to_owned();
        println!("{:<22}{}{widths}\n{:22}{first}", card.name, card.architecture, "");
        let scores = scores_in_short(&card);
        if !scores.is_empty() {
            println!("{:22}{scores}", "");
        }
    }
    Ok(())
}

/// How a network does on clips that it has never seen, beside copying the last frame; empty where nobody has looked.
fn scores_in_short(card: &ModelCard) -> String {
    let moving = card.scores.iter().filter(|score| score.copy_mse > 0.0);
    let each = moving.map(|score| {
        let name = score.clip.split(',').next().unwrap_or_default();
        format!("{name} {:.2}", score.mse / score.copy_mse)
    });
    let all: Vec<_> = each.collect();
    if all.is_empty() { String::new() } else { format!("Error beside copying: {}", all.join(", ")) }
}

fn show(model: &str, json: bool) -> Result<()> {
    let card = shipped::card(model)?;
    if json {
        return print_json(&card);
    }
    print_card(&card);
    Ok(())
}

fn print_card(card: &ModelCard) {
    println!("{} ({})", card.title, card.name);
    let line = |name: &str, value: &str| {
        if !value.is_empty() {
            println!("{name:<14}{}", value.trim());
        }
    };
    line("architecture", &card.architecture);
    let widths: Vec<_> = card.widths.iter().map(usize::to_string).collect();
    line("channels", &widths.join(", "));
    line("trained at", &card.trained_size.map_or_else(String::new, |size| size.to_string()));
    line("frame rate", &card.frame_rate_hz.map_or_else(String::new, |rate| format!("{rate} Hz")));
    line("about", &card.about);
    line("data", &card.data);
    line("never shown", &card.never_shown);
    line("recipe", &card.recipe);
    for score in &card.scores {
        let ratio = score.mse / score.copy_mse;
        let Score { clip, mse, copy_mse, linear_mse, ssim, copy_ssim, .. } = score;
        let linear = linear_mse.map_or_else(String::new, |mse| format!(", extrapolating {mse:.5}"));
        let alike = ssim
            .zip(*copy_ssim)
            .map_or_else(String::new, |(ssim, copy)| format!("; SSIM {ssim:.3}, copying {copy:.3}"));
        line(
            "score",
            &format!("{clip}: mse {mse:.5}, copying {copy_mse:.5} (ratio {ratio:.2}){linear}{alike}"),
        );
    }
    line("sha256", &card.sha256);
}

fn print_json(value: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value).context(Kind::Internal, "the result is no JSON")?;
    println!("{text}");
    Ok(())
}

/// Where the networks run, with what there is to say about it logged.
fn compute(choice: DeviceChoice) -> Result<Compute> {
    let gpu = if choice == DeviceChoice::Cpu { None } else { Gpu::headless().ok() };
    let compute = Compute::choose(choice, gpu.as_ref())?;
    if let Some(banner) = &compute.banner {
        tracing::warn!("{banner}");
    }
    Ok(compute)
}

/// A frame as the network takes it.
fn tensor(frame: NetworkFrame, compute: &Compute) -> Tensor<4> {
    let (height, width) = (frame.size.height as usize, frame.size.width as usize);
    Tensor::from_data(TensorData::new(frame.planes, [1, 3, height, width]), &compute.burn)
}

/// A tensor's values, row-major.
fn values(tensor: Tensor<4>) -> Result<Vec<f32>> {
    let data = tensor.try_into_data().context(Kind::Gpu, "the network's values cannot be read")?;
    data.try_to_vec::<f32>().context(Kind::Internal, "the network's values are not f32")
}
