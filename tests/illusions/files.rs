//! The user's folder, and files made on the command line.

use std::collections::BTreeMap;
use std::fs;
use std::io::BufReader;
use std::path::Path;
use std::time::Duration;

use clap::Parser;
use percept::cli::illusions::{IllusionsArgs, run};
use percept::error::{Error, Kind};
use percept::stimulus::illusion::watch::Watcher;
use percept::stimulus::illusion::{Origin, catalogue};

const MINE: &str = "/*---\nname = \"Mine\"\nfamily = \"x\"\npercept = \"x\"\nreadout = \"flow\"\n---*/
fn stimulus(at: vec2f, t: f32) -> vec3f { return vec3f(0.25); }\n";

#[test]
fn a_file_in_the_users_folder_joins_replaces_or_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| fs::write(folder.path().join(name), text).unwrap();
    write("mine.wgsl", MINE.as_bytes());
    write("plaid.wgsl", MINE.as_bytes());
    write("bad_code.wgsl", MINE.replace("0.25", "zero").as_bytes());
    write("bad_card.wgsl", MINE.replace("flow", "flaw").as_bytes());
    write("empty.wgsl", b"");
    write("not_text.wgsl", &[0xff, 0xfe, 0x00]);
    write("two words.wgsl", MINE.as_bytes());
    write("huge.wgsl", &vec![b' '; 10_000_000]);
    write("notes.txt", b"not mine to read");
    fs::create_dir(folder.path().join("folder.wgsl")).unwrap();

    let (user, errors) = catalogue::load_folder(folder.path());
    let slugs: Vec<_> = user.iter().map(|one| one.slug.as_str()).collect();
    assert_eq!(slugs, ["mine", "plaid"]);
    let told: Vec<_> = errors
        .iter()
        .map(|error| error.path.as_ref().unwrap().file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    let bad = ["bad_card", "bad_code", "empty", "folder", "huge", "not_text", "two words"];
    assert_eq!(told, bad.map(|name| format!("{name}.wgsl")));
    assert!(errors[1].what.starts_with("line 7, column"), "{}", errors[1]);

    let all = catalogue::overlaid(catalogue::built_in(), user);
    assert_eq!(all.len(), catalogue::built_in().len() + 1);
    let plaid = catalogue::find(&all, "plaid").unwrap();
    assert_eq!(
        (plaid.card.name.as_str(), &plaid.origin),
        ("Mine", &Origin::User(folder.path().join("plaid.wgsl")))
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for_and_a_link_to_nothing_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.wgsl");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("endless.wgsl")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("lost.wgsl")).unwrap();
    let (none, errors) = catalogue::load_folder(folder.path());
    assert!(none.is_empty());
    assert!(errors.len() == 3 && errors.iter().all(|error| error.kind == Kind::Unreadable), "{errors:?}");
    let (none, errors) = catalogue::load_folder(&folder.path().join("missing"));
    assert!(none.is_empty() && errors.len() == 1);
}

#[test]
fn a_wrong_name_is_answered_with_the_nearest() {
    let all = catalogue::built_in();
    for (wrong, right) in
        [("flashlag", "flash_lag"), ("Rotating-Snakes", "rotating_snakes"), ("kaniza", "kanizsa")]
    {
        let error = catalogue::find(&all, wrong).unwrap_err();
        assert_eq!((error.kind, error.advice.contains(right)), (Kind::Missing, true), "{error}");
    }
    assert!(!catalogue::find(&all, "qqqqqqqqqqqqqqqq").unwrap_err().advice.contains("mean"));
}

#[test]
fn a_change_of_the_folder_is_told_even_if_the_folder_is_made_later() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("illusions");
    let (sender, changes) = crossbeam_channel::bounded(16);
    let watcher = Watcher::new(folder.clone(), move || sender.try_send(()).unwrap_or(())).unwrap();
    let told = || changes.recv_timeout(Duration::from_secs(20)).is_ok();
    fs::create_dir(&folder).unwrap();
    assert!(told(), "the folder came");
    fs::write(folder.join("mine.wgsl"), MINE).unwrap();
    assert!(told(), "a file came");
    fs::remove_file(folder.join("mine.wgsl")).unwrap();
    assert!(told(), "a file went");
    fs::remove_dir(&folder).unwrap();
    assert!(told(), "the folder went");
    drop(watcher);
    assert!(changes.recv_timeout(Duration::from_secs(20)).is_err(), "its thread ends with it");
}

#[derive(Parser)]
struct CommandLine {
    #[command(flatten)]
    illusions: IllusionsArgs,
}

fn percept(arguments: &[&str]) -> Result<(), Error> {
    let line = std::iter::once("percept").chain(arguments.iter().copied());
    run(&CommandLine::try_parse_from(line).unwrap().illusions)
}

fn render(name: &str, file: &Path, more: &[&str]) -> Result<(), Error> {
    percept(&[&["render", name, "-o", file.to_str().unwrap()], more].concat())
}

#[test]
fn frames_are_written_as_an_array_of_time_channel_row_column() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("g.npy");
    let more =
        ["--size", "40x32", "--frames", "3", "--fps", "10", "--set", "speed=10", "--set", "contrast=1"];
    render("drifting_grating", &file, &more).unwrap();
    let array = npyz::NpyFile::new(fs::File::open(&file).unwrap()).unwrap();
    assert_eq!(array.shape(), [3, 3, 32, 40]);
    let values = array.into_vec::<f32>().unwrap();
    let (first, rest) = values.split_at(3 * 32 * 40);
    // 10 deg/s for 0.1 s is 1 deg, or 2 pixels of 40 over 20 deg.
    for column in 0..38 {
        assert!((first[column] - rest[column + 2]).abs() < 1e-4, "column {column}");
    }
    let beside = fs::read(folder.path().join("g.npy.json")).unwrap();
    let made: serde_json::Value = serde_json::from_slice(&beside).unwrap();
    assert_eq!((&made["stimulus"], &made["size"]), (&"drifting_grating".into(), &"40x32".into()));
    assert!(made["settings"].as_str().unwrap().contains("speed=10"), "{made}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left");
}

#[test]
fn pictures_have_the_size_asked_for_and_the_mirror_and_control_shown() {
    let folder = tempfile::tempdir().unwrap();
    let draw = |name: &str, time_s: &str, more: &[&str]| {
        let file = folder.path().join(format!("{name}.png"));
        render("surprise_patch", &file, &[&["--size", "80x64", "--time", time_s], more].concat()).unwrap();
        image::open(&file).unwrap().to_rgb8()
    };
    let plain = draw("plain", "0.5", &[]);
    assert_eq!(plain.dimensions(), (80, 64));
    assert_eq!(image::imageops::flip_horizontal(&draw("mirror", "0.5", &["--mirror"])), plain);
    assert_ne!(draw("seed", "0.5", &["--seed", "3"]), plain);
    assert_eq!(draw("control", "0.5", &["--control"]), plain, "before the event they are alike");
    assert_ne!(draw("control after", "1.6", &["--control"]), draw("after", "1.6", &[]));
    assert_ne!(draw("preset", "0.5", &["--preset", "small jump"]), plain);
}

/// The text chunks of a PNG file.
fn texts(file: &Path) -> BTreeMap<String, String> {
    let reader = png::Decoder::new(BufReader::new(fs::File::open(file).unwrap())).read_info().unwrap();
    let chunks = reader.info().utf8_text.iter();
    chunks.map(|chunk| (chunk.keyword.clone(), chunk.get_text().unwrap())).collect()
}

#[test]
fn a_picture_says_how_it_was_made() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.png");
    let more = ["--size", "40x32", "--time", "0.5", "--control", "--mirror", "--seed", "7"];
    render("drifting_grating", &file, &[&more[..], &["--set", "speed=10"]].concat()).unwrap();
    let said = texts(&file);
    assert_eq!(said["percept:percept"], env!("CARGO_PKG_VERSION"));
    assert_eq!(said["percept:stimulus"], "drifting_grating");
    assert_eq!((said["percept:seed"].as_str(), said["percept:size"].as_str()), ("7", "40x32"));
    for part in ["contrast=", "control", "mirror", "from 0.5 s"] {
        assert!(said["percept:settings"].contains(part), "{part}: {said:?}");
    }
    assert!(!said["percept:device"].is_empty() && said["percept:command"].starts_with("percept"));
    render("all", &file, &["--size", "40x32", "--seed", "3"]).unwrap();
    let said = texts(&file);
    assert!(said["percept:stimulus"].contains("kanizsa") && said["percept:seed"] == "3", "{said:?}");
}

#[test]
fn all_illusions_make_a_contact_sheet() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.png");
    render("all", &file, &["--size", "40x32"]).unwrap();
    let sheet = image::open(&file).unwrap().to_rgb8();
    let rows = catalogue::built_in().len().div_ceil(4) as u32;
    assert_eq!(sheet.dimensions(), (4 * 52 + 12, rows * 44 + 12));
}

#[test]
fn what_cannot_be_written_is_told_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let told = |name: &str, file: &str, more: &[&str]| render(name, &at(file), more).unwrap_err();
    assert_eq!(told("plaid", "a.bmp", &[]).kind, Kind::Unsupported);
    assert_eq!(told("plaid", "a", &[]).kind, Kind::Unsupported);
    assert_eq!(told("plaid", "a.png", &["--frames", "2"]).kind, Kind::Usage);
    assert_eq!(told("plaid", "a.png", &["--set", "speed"]).kind, Kind::Usage);
    assert_eq!(told("plaid", "a.png", &["--set", "speed=nan"]).kind, Kind::Usage);
    assert!(told("plaid", "a.png", &["--set", "sped=1"]).advice.contains("speed"));
    assert!(told("plaid", "a.png", &["--preset", "none"]).advice.contains("coherent"));
    assert_eq!(told("plad", "a.png", &[]).kind, Kind::Missing);
    assert_eq!(told("plaid", "a.npy", &["--size", "60000x60000"]).kind, Kind::TooLarge);
    assert_eq!(told("all", "a.npy", &[]).kind, Kind::Unsupported);
    fs::write(at("file"), "x").unwrap();
    assert_eq!(told("plaid", "file/a.png", &[]).kind, Kind::Write);
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn cards_are_listed_and_shown() {
    percept(&["list"]).unwrap();
    percept(&["list", "--json"]).unwrap();
    percept(&["show", "kanizsa"]).unwrap();
    percept(&["show", "kanizsa", "--json"]).unwrap();
    assert_eq!(percept(&["show", "kaniza"]).unwrap_err().kind, Kind::Missing);
}
