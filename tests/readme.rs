//! What the README promises: its command lines parse, its targets, pictures and links are there, its
//! illusion compiles.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its own project should stop")]

use std::path::Path;

use clap::Parser as _;
use percept::cli::Cli;
use percept::stimulus::illusion::{Origin, compose, parse};

const MOST_LINES: usize = 200;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

/// The text of every fenced block of this language.
fn blocks(language: &str) -> Vec<String> {
    let text = readme();
    let fence = format!("\n```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned()).collect()
}

/// Command lines of the shell blocks, continued lines joined, comments taken off.
fn command_lines() -> Vec<String> {
    let joined = blocks("sh").join("\n").replace("\\\n", " ");
    let bare = |line: &str| line.split(" #").next().unwrap_or_default().trim().to_owned();
    joined.lines().map(bare).filter(|line| !line.is_empty()).collect()
}

/// Words as a shell would give them to the program: blanks part, double quotes hold together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn every_command_line_is_understood() {
    let lines: Vec<_> = command_lines().into_iter().filter(|line| words(line)[0] == "percept").collect();
    assert!(lines.len() > 10, "the README shows hardly any command: {lines:?}");
    for line in lines {
        if let Err(error) = Cli::try_parse_from(words(&line)) {
            panic!("`{line}` is not understood:\n{error}");
        }
    }
}

#[test]
fn every_make_target_is_there() {
    let makefile = std::fs::read_to_string(root().join("Makefile")).unwrap();
    let targets: Vec<_> =
        command_lines().iter().filter_map(|line| Some(line.strip_prefix("make ")?.to_owned())).collect();
    assert!(targets.contains(&"run".to_owned()) && targets.contains(&"test".to_owned()), "{targets:?}");
    for target in targets {
        assert!(makefile.contains(&format!("\n{target}:")), "there is no target {target}");
    }
}

#[test]
fn every_illusion_that_is_named_is_there() {
    for line in command_lines() {
        let words = words(&line);
        let name = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["percept", "run", input, ..] if !input.contains('.') => input.to_owned(),
            ["percept", "illusions", "show" | "render", name, ..] => name.to_owned(),
            _ => continue,
        };
        let file = root().join("shaders/illusions").join(format!("{name}.wgsl"));
        assert!(file.exists(), "`{line}`: there is no illusion {name}");
    }
}

#[test]
fn the_illusion_that_is_shown_compiles() {
    let blocks = blocks("wgsl");
    assert_eq!(blocks.len(), 1);
    let illusion = parse::parse("pulsing_disc", &blocks[0], Origin::BuiltIn).unwrap();
    compose::validate(&illusion).unwrap();
    assert_eq!(illusion.card.params.len(), 2);
}

#[test]
fn every_picture_and_link_leads_somewhere() {
    let text = readme();
    let targets = text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
    for target in targets.filter(|target| !target.starts_with("https://")) {
        assert!(root().join(target).exists(), "{target} is not there");
    }
}

#[test]
fn it_can_be_read_in_ten_minutes() {
    let lines = readme().lines().count();
    assert!(lines <= MOST_LINES, "{lines} lines, at most {MOST_LINES} are allowed");
}
