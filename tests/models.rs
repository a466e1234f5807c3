//! What every model promises: state, reset, lesions, extrapolation, numbers, and the command line.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests: what fails, fails the test")]

mod model_support;

use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData};
use clap::Parser as _;
use model_support::{frame, gpu, npz, npz_texts, part, shared, values};
use npyz::WriterBuilder as _;
use percept::cli::models::eval::evaluate;
use percept::cli::models::{EvalArgs, ModelsArgs, run};
use percept::error::Kind;
use percept::gpu::{Compute, DeviceChoice};
use percept::model::prednet::PredNet;
use percept::model::prednet::config::Config;
use percept::model::prednet::cpu::CpuPredNet;
use percept::model::prednet::init::{SplitMix64, untrained};
use percept::model::weights::{HostTensor, NamedTensors, safetensors, sha256_hex};
use percept::model::{Model, ModelCard, Response, Role, shipped};
use percept::readout::stats::summarize;
use percept::readout::{ProbeStats, Unit};
use percept::stimulus::fit::Fit;
use percept::units::PixelSize;

fn random_frames(count: usize, size: PixelSize, seed: u64) -> HostTensor {
    let mut random = SplitMix64::new(seed);
    let shape = vec![count, 3, size.height as usize, size.width as usize];
    let values = (0..shape.iter().product()).map(|_| random.next_unit()).collect();
    HostTensor { shape, values }
}

fn random_weights(config: &Config) -> NamedTensors {
    let mut weights = untrained(config, 11);
    // Random biases too: with zero ones a dead network would pass.
    let mut random = SplitMix64::new(12);
    for tensor in weights.values_mut().filter(|tensor| tensor.shape.len() == 1) {
        tensor.values.iter_mut().for_each(|value| *value = random.next_unit());
    }
    weights
}

fn random_net(widths: &[usize], size: PixelSize, device: &Device) -> PredNet {
    let config = Config::new(widths.to_vec()).unwrap();
    let weights = random_weights(&config);
    PredNet::new(ModelCard::default(), config, &weights, size, device).unwrap()
}

/// The same network by burn's operations and by the CPU engine.
fn both(widths: &[usize], size: PixelSize, device: &Device) -> [Box<dyn Model>; 2] {
    let config = Config::new(widths.to_vec()).unwrap();
    let weights = random_weights(&config);
    let engine = CpuPredNet::new(ModelCard::default(), config, &weights, size, 2).unwrap();
    [Box::new(random_net(widths, size, device)), Box::new(engine)]
}

fn all(response: &Response) -> Vec<Vec<f32>> {
    response.activities.iter().map(part).collect()
}

/// The control whose prediction is read off `R_0` by a convolution of its own.
#[test]
fn a_readout_predicts_in_place_of_a_hat() {
    let size = PixelSize::new(16, 8);
    let bare = Config::new(vec![3, 4]).unwrap();
    let config = Config { readout: true, ..bare.clone() };
    assert_eq!(Config::from_shapes(&config.shapes()).unwrap(), config);
    let weights = random_weights(&config);
    let device = Device::flex();
    let mut net = shipped::network(ModelCard::default(), config, &weights, size, &device).unwrap();
    let mut alone = shipped::network(ModelCard::default(), bare, &weights, size, &device).unwrap();
    let place = |name: &str| net.probes().iter().position(|probe| probe.name == name).unwrap();
    let (p, r, a, e) = (place("p0"), place("r0"), place("a0"), place("e0"));
    let first = net.probes().iter().position(|probe| probe.role == Role::Prediction && probe.layer == 0);
    assert_eq!(first, Some(p), "the expected picture is the readout's");
    let frames = random_frames(4, size, 5);
    for step in 0..3 {
        let (ours, theirs) = (
            net.step(Some(frame(&frames, step, &device))).unwrap(),
            alone.step(Some(frame(&frames, step, &device))).unwrap(),
        );
        let mut ours = all(&ours);
        // The convolution in plain loops.
        let (kernel, bias) = (&weights["layer_p_0.weight"].values, &weights["layer_p_0.bias"].values);
        for (at, value) in ours[p].iter().enumerate() {
            let (to, y, x) = (at / 128, at / 16 % 8, at % 16);
            let mut sum = bias[to];
            for tap in 0..27 {
                let (from, dy, dx) = (tap / 9, tap / 3 % 3, tap % 3);
                if (1..=8).contains(&(y + dy)) && (1..=16).contains(&(x + dx)) {
                    sum += kernel[to * 27 + tap] * ours[r][from * 128 + (y + dy - 1) * 16 + x + dx - 1];
                }
            }
            assert!((sum.clamp(0.0, 1.0) - value).abs() < 1e-5, "{sum} {value}");
        }
        ours.remove(p);
        assert_eq!(ours, all(&theirs), "the rest is the network without it");
    }
    // On its own it is given what the readout predicts, and not Ahat.
    let before = net.save_state();
    let dreamt = all(&net.step(None).unwrap());
    assert_eq!(dreamt[p], dreamt[a]);
    net.restore_state(&before).unwrap();
    let seen = all(&net.step(Some(frame(&frames, 3, &device))).unwrap());
    assert_eq!(seen[p], dreamt[p], "what is predicted does not depend on what comes");
    assert!(seen[e] != dreamt[e]);
}

#[test]
fn a_restored_state_goes_on_exactly_as_it_did() {
    let (device, size) = (Device::flex(), PixelSize::new(16, 8));
    let frames = random_frames(6, size, 1);
    let [burn, engine] = both(&[3, 4, 5], size, &device);
    let models: Vec<Box<dyn Model>> = vec![
        burn,
        engine,
        shipped::load("copy-last-frame", Some(size), &device).unwrap(),
        shipped::load("linear-extrapolation", Some(size), &device).unwrap(),
    ];
    for mut model in models {
        let name = model.card().architecture.clone();
        for index in 0..3 {
            model.step(Some(frame(&frames, index, &device))).unwrap();
        }
        let saved = model.save_state();
        let mut go_on = || -> Vec<_> {
            let seen = [Some(3), Some(4), None, None];
            seen.map(|index| all(&model.step(index.map(|i| frame(&frames, i, &device))).unwrap())).to_vec()
        };
        let first = go_on();
        let without = go_on();
        assert_ne!(first, without, "{name}: the state makes no difference");
        model.restore_state(&saved).unwrap();
        let again: Vec<_> = [Some(3), Some(4), None, None]
            .map(|index| all(&model.step(index.map(|i| frame(&frames, i, &device))).unwrap()))
            .to_vec();
        assert_eq!(first, again, "{name}");
        let other = shipped::load("first-light", None, &device).unwrap().save_state();
        assert_eq!(model.restore_state(&other).unwrap_err().kind, Kind::Mismatch, "{name}");
    }
}

#[test]
fn a_reset_network_is_a_new_one() {
    let (device, size) = (Device::flex(), PixelSize::new(16, 8));
    let frames = random_frames(3, size, 2);
    for mut net in both(&[3, 4], size, &device) {
        let fresh = all(&net.step(Some(frame(&frames, 0, &device))).unwrap());
        net.step(Some(frame(&frames, 1, &device))).unwrap();
        net.prepare().unwrap();
        net.reset();
        assert_eq!(fresh, all(&net.step(Some(frame(&frames, 0, &device))).unwrap()));
    }
}

#[test]
fn any_depth_has_all_its_probes_in_order_and_shape() {
    let device = Device::flex();
    for (widths, size) in [
        (vec![3], PixelSize::new(9, 11)),
        (vec![3, 5], PixelSize::new(8, 10)),
        (vec![1, 2, 3], PixelSize::new(12, 8)),
        (vec![3, 2, 2, 2, 2, 2], PixelSize::new(64, 32)),
    ] {
        for mut net in both(&widths, size, &device) {
            let frames = random_frames(2, size, 3);
            net.step(Some(frame(&frames, 0, &device))).unwrap();
            let response = net.step(Some(frame(&frames, 1, &device))).unwrap();
            assert_eq!(response.activities.len(), 5 * widths.len());
            for (probe, activity) in net.probes().iter().zip(&response.activities) {
                let size = [probe.size.height as usize, probe.size.width as usize];
                assert_eq!(activity.dims(), [1, probe.channels, size[0], size[1]], "{}", probe.name);
                let values = part(activity);
                assert!(values.iter().all(|value| value.is_finite()));
                assert!(probe.signed || values.iter().all(|value| *value >= 0.0), "{}", probe.name);
            }
            let names: Vec<_> = net.probes().iter().take(5).map(|probe| probe.name.as_str()).collect();
            assert_eq!(names, ["a0", "a_hat0", "e0", "r0", "c0"]);
        }
    }
}

#[test]
fn its_own_prediction_fed_back_is_no_surprise() {
    let (device, size) = (Device::flex(), PixelSize::new(16, 8));
    for mut net in both(&[3, 4, 5], size, &device) {
        net.step(Some(frame(&random_frames(1, size, 4), 0, &device))).unwrap();
        let [a, a_hat, e, ..] = &all(&net.step(None).unwrap())[..] else { panic!("too few probes") };
        assert_eq!(a, a_hat);
        assert!(a.iter().any(|value| *value > 0.0));
        assert!(e.iter().all(|value| *value == 0.0));
    }
}

#[test]
fn lesions_are_told_and_can_be_healed() {
    let (device, size) = (Device::flex(), PixelSize::new(16, 8));
    let frames = random_frames(4, size, 5);
    let run = |lesion: Option<&str>| {
        let mut net = random_net(&[3, 4, 5], size, &device);
        if let Some(name) = lesion {
            net.set_lesion(name, true).unwrap();
            assert!(net.lesions().iter().all(|lesion| lesion.on == (lesion.name == name)));
        }
        (0..3).for_each(|index| drop(net.step(Some(frame(&frames, index, &device))).unwrap()));
        let lesioned = all(&net.step(Some(frame(&frames, 3, &device))).unwrap());
        if let Some(name) = lesion {
            net.set_lesion(name, false).unwrap();
            assert!(net.lesions().iter().all(|lesion| !lesion.on));
        }
        lesioned
    };
    let intact = run(None);
    for lesion in ["feedback", "lateral", "error", "layer0", "layer2"] {
        assert_ne!(run(Some(lesion)), intact, "{lesion} changes nothing");
    }
    let silent = run(Some("layer1"));
    assert!(silent[5 + 2].iter().chain(&silent[5 + 3]).all(|value| *value == 0.0), "E and R of layer 1");
    let mut net = random_net(&[3, 4], size, &device);
    for wrong in ["layer2", "layer", "layer-1", "feedbac", ""] {
        let error = net.set_lesion(wrong, true).unwrap_err();
        assert!(error.to_string().contains("feedback, lateral, error, layer0, layer1"), "{error}");
    }
}

#[test]
fn frames_of_another_shape_are_refused_and_change_nothing() {
    let (device, size) = (Device::flex(), PixelSize::new(16, 8));
    let frames = random_frames(1, size, 6);
    let mut models: Vec<Box<dyn Model>> = vec![
        Box::new(random_net(&[3, 4], size, &device)),
        shipped::load("copy-last-frame", Some(size), &device).unwrap(),
    ];
    for model in &mut models {
        let before = model.save_state().activities.iter().map(part).collect::<Vec<_>>();
        for wrong in [[1, 1, 8, 16], [2, 3, 8, 16], [1, 3, 16, 8]] {
            assert_eq!(model.step(Some(Tensor::zeros(wrong, &device))).unwrap_err().kind, Kind::Mismatch);
        }
        assert_eq!(before, model.save_state().activities.iter().map(part).collect::<Vec<_>>());
        model.step(Some(frame(&frames, 0, &device))).unwrap();
    }
    let error = shipped::load("first-light", Some(PixelSize::new(81, 64)), &device).err().unwrap();
    assert!(error.to_string().contains("80x64 or 88x64"), "{error}");
}

#[test]
fn untrained_weights_are_the_same_everywhere() {
    let config = Config::new(vec![3, 4, 5]).unwrap();
    let hash = |seed| {
        let all: Vec<u8> = untrained(&config, seed)
            .values()
            .flat_map(|tensor| tensor.values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>())
            .collect();
        sha256_hex(&all)
    };
    assert_eq!(hash(1), "3be8185e145b350d4e0a8ebdbd1bc066eaca58fc2baff4b2b986b81e4d5d12d8");
    assert_ne!(hash(1), hash(2));
}

/// Numbers as anyone would compute them from the values.
fn naive(response: &Response) -> Vec<(ProbeStats, f32)> {
    let reduce = |tensor: &Tensor<4>| {
        let [_, channels, rows, columns] = tensor.dims();
        let all = values(tensor);
        let mean = all.iter().sum::<f32>() / all.len() as f32;
        let square = all.iter().map(|value| value * value).sum::<f32>() / all.len() as f32;
        let area = rows * columns;
        let map: Vec<f32> = (0..area)
            .map(|place| (0..channels).map(|c| all[c * area + place]).sum::<f32>() / channels as f32)
            .collect();
        let min = map.iter().copied().fold(f32::INFINITY, f32::min);
        let max = map.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        (ProbeStats { mean, min, max }, square)
    };
    response.activities.iter().map(|activity| reduce(&activity.tensor())).collect()
}

const NUMBERS_SIZE: PixelSize = PixelSize::new(64, 40);

fn numbers_are_right(net: &mut dyn Model, device: &Device) {
    let size = NUMBERS_SIZE;
    let frames = random_frames(2, size, 7);
    net.step(Some(frame(&frames, 0, device))).unwrap();
    let response = net.step(Some(frame(&frames, 1, device))).unwrap();
    let unit = |channel, x, y| Unit { probe: String::new(), channel, x, y };
    let wanted = [
        (2, unit(Some(5), 63, 39)),
        (2, unit(Some(6), 0, 0)),
        (8, unit(None, 31, 19)),
        (8, unit(Some(0), 32, 0)),
        (99, unit(Some(0), 0, 0)),
        (0, unit(Some(1), 10, 20)),
    ];
    let summary = summarize(&response, &wanted, Some((2, Some(1)))).unwrap();
    for ((stats, square), (probe, (wanted, wanted_square))) in
        summary.stats.iter().zip(&summary.mean_square).zip(net.probes().iter().zip(naive(&response)))
    {
        for (got, want) in [
            (stats.mean, wanted.mean),
            (stats.min, wanted.min),
            (stats.max, wanted.max),
            (*square, wanted_square),
        ] {
            assert!((got - want).abs() < 1e-5, "{}: {got} for {want}", probe.name);
        }
    }
    let [a, a_hat, e] = [0, 1, 2].map(|index| part(&response.activities[index]));
    let area = size.area();
    let r1 = part(&response.activities[8]);
    let mean = (0..4).map(|channel| r1[channel * area / 4 + 19 * 32 + 31]).sum::<f32>() / 4.0;
    let units = &summary.units;
    assert_eq!(units[0], e[6 * area - 1]);
    assert!((units[2] - mean).abs() < 1e-6);
    assert!([1, 3, 4].iter().all(|&none| units[none].is_nan()), "{units:?}");
    assert_eq!(units[5], a[area + 20 * 64 + 10]);
    let mse = a.iter().zip(&a_hat).map(|(a, b)| (a - b) * (a - b)).sum::<f32>() / a.len() as f32;
    assert!((summary.squared_error(net.probes()).unwrap() - mse).abs() < 1e-6);
    let mut map = e[area..2 * area].to_vec();
    map.sort_by(f32::total_cmp);
    let range = summary.inspected.unwrap();
    assert_eq!((range.min, range.max), (map[0], map[area - 1]));
    let rank = |value: f32| map.partition_point(|other| *other < value) as f32 / area as f32;
    assert!((0.97..=1.0).contains(&rank(range.p99)), "{}", rank(range.p99));
    assert!(rank(range.p01) <= 0.03);
    assert_eq!(summary.not_finite, None);
    assert!(summary.check_finite(net.probes()).is_ok());
    assert_eq!(summarize(&response, &[], Some((2, Some(6)))).unwrap().inspected, None);
}

#[test]
fn the_numbers_of_a_step_on_the_cpu() {
    let device = Device::flex();
    for mut net in both(&[3, 4, 5], NUMBERS_SIZE, &device) {
        numbers_are_right(&mut *net, &device);
    }
}

#[test]
fn the_numbers_of_a_step_on_the_gpu() {
    if let Some((_, device)) = gpu() {
        numbers_are_right(&mut random_net(&[3, 4, 5], NUMBERS_SIZE, device), device);
    }
}

#[test]
fn a_probe_that_is_not_finite_is_named() {
    let device = Device::flex();
    let net = random_net(&[3, 4], PixelSize::new(8, 8), &device);
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut one = vec![0.5_f32; 6 * 64];
        one[100] = bad;
        let mut tensors = vec![Tensor::<4>::zeros([1, 3, 8, 8], &device); 2];
        tensors.push(Tensor::from_data(TensorData::new(one, [1, 6, 8, 8]), &device));
        let summary = summarize(&Response::of_tensors(tensors), &[], None).unwrap();
        assert_eq!(summary.not_finite, Some(2), "{bad}");
        let error = summary.check_finite(net.probes()).unwrap_err();
        assert!(error.kind == Kind::NotFinite && error.to_string().contains("e0"), "{error}");
    }
}

#[derive(clap::Parser)]
struct Line {
    #[command(flatten)]
    args: ModelsArgs,
}

fn command(words: &[&str]) -> percept::error::Result<()> {
    run(&Line::try_parse_from([&["models"], words].concat()).unwrap().args)
}

fn forward(weights: &Path, frames: &Path, device: &str, out: &Path) -> percept::error::Result<()> {
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let (weights, frames, out) = (text(weights), text(frames), text(out));
    command(&["forward", &weights, "--frames", &frames, "-o", &out, "--device", device])
}

#[test]
fn forward_writes_every_probe_of_every_step() {
    let Some(folder) = shared("reference/prednet_golden") else { return };
    let expected = npz(&folder.join("expected.npz"));
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("out.npz");
    let devices: &[&str] = if gpu().is_some() { &["cpu", "gpu", "auto"] } else { &["cpu", "auto"] };
    for device in devices {
        forward(&folder.join("weights.safetensors"), &folder.join("frames.npy"), device, &out).unwrap();
        let got = npz(&out);
        assert!(got.keys().eq(expected.keys()), "{device}");
        for (name, wanted) in &expected {
            assert_eq!(got[name].shape, wanted.shape, "{name}");
            let difference =
                got[name].values.iter().zip(&wanted.values).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(difference <= 1e-4, "{device} {name}: {difference}");
        }
    }
}

#[test]
fn forward_says_how_the_file_was_made() {
    let scratch = tempfile::tempdir().unwrap();
    let path = |name: &str| scratch.path().join(name);
    let weights = safetensors::to_bytes(&untrained(&Config::new(vec![3, 4]).unwrap(), 1), &[]).unwrap();
    std::fs::write(path("net.safetensors"), &weights).unwrap();
    let frames = npyz::WriteOptions::<f32>::new().default_dtype().shape(&[1, 3, 8, 16]);
    let mut file = frames.writer(std::fs::File::create(path("frames.npy")).unwrap()).begin_nd().unwrap();
    file.extend(vec![0.5_f32; 3 * 8 * 16]).unwrap();
    file.finish().unwrap();
    forward(&path("net.safetensors"), &path("frames.npy"), "cpu", &path("out.npz")).unwrap();
    let said = npz_texts(&path("out.npz"));
    assert_eq!(said["percept"], env!("CARGO_PKG_VERSION"));
    assert_eq!(said["model_sha256"], sha256_hex(&weights));
    assert!(said["stimulus"].ends_with("frames.npy") && said["size"] == "16x8", "{said:?}");
    assert!(said["device"].contains("CPU") && said["command"].starts_with("percept"), "{said:?}");
    assert_eq!(npz(&path("out.npz")).len(), 10, "five probes of two layers");
}

#[test]
fn forward_tells_what_is_wrong_and_leaves_no_file() {
    let scratch = tempfile::tempdir().unwrap();
    let path = |name: &str| scratch.path().join(name);
    let config = Config::new(vec![3, 4, 4]).unwrap();
    std::fs::write(path("net.safetensors"), safetensors::to_bytes(&untrained(&config, 1), &[]).unwrap())
        .unwrap();
    std::fs::write(path("empty.npy"), b"").unwrap();
    std::fs::write(path("text.npy"), b"hello, this is no array").unwrap();
    std::fs::create_dir(path("folder.npy")).unwrap();
    let out = path("out.npz");
    for (frames, kind) in [
        ("none.npy", Kind::Missing),
        ("empty.npy", Kind::Empty),
        ("text.npy", Kind::Damaged),
        ("folder.npy", Kind::Unreadable),
    ] {
        let error = forward(&path("net.safetensors"), &path(frames), "cpu", &out).unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
        assert!(error.to_string().contains(frames) && !error.advice.is_empty(), "{error}");
    }
    assert!(!out.exists());
    assert!(command(&["show", "no-such-net"]).is_err());
    for fine in
        [&["list"][..], &["list", "--json"], &["show", "first-light"], &["show", "untrained", "--json"]]
    {
        command(fine).unwrap();
    }
}

/// What the cards say of held-out clips and panoramas is what their weights give, in half precision where they are kept so.
#[test]
fn the_scores_on_the_cards_can_be_had_again() {
    let clips = ["walk_hero7.mp4", "highway_3.mp4"].map(|name| shared(&format!("data/video/{name}")));
    let views =
        ["pm_venice", "forest_slope_1k", "blender_city", "dancing_hall_1k", "noon_grass_1k", "pm_workshop"];
    let views = views.map(|name| shared(&format!("data/panoramas/{name}.jpg")));
    let all = |files: &[Option<PathBuf>]| files.iter().cloned().collect::<Option<Vec<_>>>();
    let (Some(clips), Some(panorama)) = (all(&clips), all(&views)) else { return };
    let compute = Compute::choose(DeviceChoice::Cpu, None).unwrap();
    let mut checked = 0;
    for card in shipped::cards().into_iter().filter(|card| !card.widths.is_empty()) {
        let args = EvalArgs {
            model: card.name.clone(),
            clips: clips.clone(),
            panorama: panorama.clone(),
            fps: Some(10.0),
            size: None,
            fit: Fit::Crop,
            frames: None,
            device: DeviceChoice::Cpu,
            json: false,
        };
        let rows = evaluate(&args, &compute).unwrap();
        assert_eq!((card.scores.len(), rows.len()), (3, 3), "{}", card.name);
        for (said, row) in card.scores.iter().zip(&rows) {
            let (got, copy, linear) =
                (&row.scores.prediction, &row.scores.copy_last_frame, &row.scores.linear_extrapolation);
            for (said, got) in [
                (Some(said.mse), Some(got.mse)),
                (Some(said.copy_mse), Some(copy.mse)),
                (said.linear_mse, Some(linear.mse)),
                (said.ssim, got.ssim),
                (said.copy_ssim, copy.ssim),
                (said.linear_ssim, linear.ssim),
            ] {
                let (name, clip) = (&card.name, &said_clip(card.scores.as_slice(), row));
                let (Some(said), Some(got)) = (said, got) else {
                    panic!("{name}, {clip}: a score is missing")
                };
                assert!((said / got - 1.0).abs() < 0.01, "{name}, {clip}: {said} on the card, {got} here");
            }
            checked += 1;
        }
    }
    assert!(checked >= 30, "{checked} scores");
}

/// The clip as the card names it, which must be the one that was scored.
fn said_clip(scores: &[percept::model::Score], row: &percept::cli::models::eval::Row) -> String {
    let name = Path::new(&row.clip).file_name().unwrap().to_string_lossy().into_owned();
    let found = scores.iter().find(|score| score.clip.starts_with(&name));
    found.unwrap_or_else(|| panic!("no score of {name}")).clip.clone()
}

#[test]
fn first_light_beats_copying_on_a_clip_it_never_saw() {
    let Some(clip) = shared("data/video/walk_hero7.mp4") else { return };
    let compute = Compute::choose(DeviceChoice::Cpu, None).unwrap();
    let args = |model: &str| EvalArgs {
        model: model.to_owned(),
        clips: vec![clip.clone()],
        panorama: Vec::new(),
        fps: None,
        size: None,
        fit: Fit::Crop,
        frames: Some(40),
        device: DeviceChoice::Cpu,
        json: false,
    };
    let [light] = &evaluate(&args("first-light"), &compute).unwrap()[..] else { panic!("one row") };
    assert_eq!((light.scores.frames, light.fps), (37, Some(10.0)));
    assert!(light.ratio_to_copy.unwrap() < 1.0, "{light:?}");
    let [twin] = &evaluate(&args("untrained"), &compute).unwrap()[..] else { panic!("one row") };
    assert!(twin.ratio_to_copy.unwrap() > 2.0, "{twin:?}");
    // the baseline as a model, and as it is added up beside every model, is the same
    let mut copy = args("copy-last-frame");
    copy.fps = Some(10.0);
    let [copy] = &evaluate(&copy, &compute).unwrap()[..] else { panic!("one row") };
    assert!((copy.ratio_to_copy.unwrap() - 1.0).abs() < 1e-9, "{copy:?}");
    println!("{light:?}");
}
