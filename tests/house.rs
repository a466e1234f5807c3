//! The house rules that a compiler does not know: which room may use which, one version of what is shared,
//! licences, lengths, headers, nothing left over. Each test lists every offender at once.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its own project should stop")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Rooms from the ground up. A room may use those on its own floor and below.
const FLOORS: &[&[&str]] = &[
    &["units", "frame", "param", "error", "provenance", "atomic", "threads"],
    &["cpu", "safety"],
    &["gpu"],
    &["stimulus", "model"],
    &["readout", "train"],
    &["experiment"],
    &["figure"],
    &["export"],
    &["session"],
    &["cli"],
    &["app"],
    &["main", "lib"],
];

/// Window, shaders and network share one device, so there must be one version of each of these.
const ONLY_ONCE: &[&str] = &["wgpu", "naga", "egui", "eframe", "burn", "image"];

const MOST_LINES: usize = 500;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below `folder` with this ending, sorted.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn short(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

/// The lines of a file that are no comment and no test, with their numbers from 1.
fn code_lines(path: &Path) -> Vec<(usize, String)> {
    if path.file_name().is_some_and(|name| name == "tests.rs") {
        return Vec::new();
    }
    let text = std::fs::read_to_string(path).unwrap();
    let tests = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
    let lines = text[..tests].lines().enumerate();
    lines.map(|(i, line)| (i + 1, line.split("//").next().unwrap_or("").to_owned())).collect()
}

/// `src/gpu/view.rs` and `src/gpu.rs` are in the room `gpu`.
fn room_of(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

fn floor_of(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// Rooms named after `crate::`, alone or in braces.
fn rooms_used(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, found) in code.match_indices("crate::") {
        let rest = &code[at + found.len()..];
        match rest.strip_prefix('{') {
            None => used.extend(first_word(rest)),
            Some(group) => used.extend(top_level_items(group).iter().filter_map(|item| first_word(item))),
        }
    }
    used
}

fn first_word(text: &str) -> Option<String> {
    let word: String = text.trim_start().chars().take_while(|c| is_word(*c)).collect();
    (!word.is_empty()).then_some(word)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// `a::{b, c}, d}; …` gives `a::{b, c}` and `d`.
fn top_level_items(group: &str) -> Vec<String> {
    let (mut depth, mut items) = (0, vec![String::new()]);
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(String::new());
                continue;
            }
            _ => {}
        }
        items.last_mut().unwrap().push(c);
    }
    items
}

fn assert_none(offenders: &[String], rule: &str) {
    assert!(offenders.is_empty(), "{rule}:\n  {}", offenders.join("\n  "));
}

#[test]
fn every_arrow_points_down() {
    let mut offenders = Vec::new();
    for path in files("src", "rs") {
        let room = room_of(&path);
        let Some(here) = floor_of(&room) else {
            offenders.push(format!("{}: the room {room} has no floor in tests/house.rs", short(&path)));
            continue;
        };
        let code: String = code_lines(&path).into_iter().map(|(_, line)| line + "\n").collect();
        for used in rooms_used(&code) {
            if floor_of(&used).is_some_and(|there| there > here) {
                offenders.push(format!("{}: {room} uses {used}", short(&path)));
            }
        }
    }
    assert_none(&offenders, "a room uses one above it");
}

#[test]
fn arrows_are_found_alone_and_in_braces() {
    let code =
        "use crate::app::x;\nuse crate::{\n    error::{Error, Kind},\n    session,\n};\npub(crate) fn f() {}";
    let found: Vec<_> = rooms_used(code).into_iter().collect();
    assert_eq!(found, ["app", "error", "session"]);
}

#[test]
fn only_the_app_knows_its_toolkit() {
    let mut offenders = Vec::new();
    for path in files("src", "rs").iter().filter(|path| room_of(path) != "app") {
        for (number, line) in code_lines(path) {
            let paths: Vec<_> = line.split("::").collect();
            let before = paths.iter().take(paths.len() - 1);
            let words = before.filter_map(|path| path.rsplit(|c: char| !is_word(c)).next());
            if words.into_iter().any(|word| word == "eframe" || word.starts_with("egui")) {
                offenders.push(format!("{}:{number}: {}", short(path), line.trim()));
            }
        }
    }
    assert_none(&offenders, "egui outside src/app");
}

#[test]
fn every_file_says_what_it_is_for_and_is_short() {
    let mut offenders = Vec::new();
    for path in [files("src", "rs"), files("tests", "rs")].concat() {
        let text = std::fs::read_to_string(&path).unwrap();
        let lines = text.lines().count();
        if !text.starts_with("//! ") {
            offenders.push(format!("{}: does not begin with //!", short(&path)));
        }
        if path.starts_with(root().join("src")) && lines > MOST_LINES {
            offenders.push(format!("{}: {lines} lines, at most {MOST_LINES} are allowed", short(&path)));
        }
    }
    assert_none(&offenders, "headers and lengths");
}

#[test]
fn nothing_panics_on_purpose() {
    let stops = [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!(", "unwrap_err()"];
    let mut offenders = Vec::new();
    for path in files("src", "rs") {
        for (number, line) in code_lines(&path) {
            if stops.iter().any(|stop| line.contains(stop)) {
                offenders.push(format!("{}:{number}: {}", short(&path), line.trim()));
            }
        }
    }
    assert_none(&offenders, "outside tests an error is returned, never a panic");
}

#[test]
fn nothing_is_left_over() {
    let marks = ["TODO", "FIXME", "XXX", "HACK"];
    let mut offenders = Vec::new();
    for path in [files("src", "rs"), files("shaders", "wgsl"), files("scripts", "sh")].concat() {
        let text = std::fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate() {
            let words = line.split(|c: char| !c.is_alphanumeric());
            if words.into_iter().any(|word| marks.contains(&word)) {
                offenders.push(format!("{}:{}: {}", short(&path), number + 1, line.trim()));
            }
        }
    }
    assert_none(&offenders, "work that was left for later");
}

#[test]
fn every_shader_is_used() {
    let sources: String =
        files("src", "rs").iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let used = |path: &Path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        sources.contains(name)
            || sources.contains(&format!("\"{}\"", path.file_stem().unwrap().to_str().unwrap()))
    };
    let unused: Vec<_> =
        files("shaders", "wgsl").iter().filter(|path| !used(path)).map(|path| short(path)).collect();
    assert_none(&unused, "no Rust file names this shader");
}

/// `(name, version)` of every package in Cargo.lock.
fn locked_packages() -> Vec<(String, String)> {
    let lock = read_toml(&root().join("Cargo.lock"));
    let text = |package: &toml::Value, key: &str| package[key].as_str().unwrap().to_owned();
    lock["package"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (text(package, "name"), text(package, "version")))
        .collect()
}

fn read_toml(path: &Path) -> toml::Value {
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn what_is_shared_is_there_once() {
    let packages = locked_packages();
    for &only in ONLY_ONCE {
        let found: Vec<_> = packages.iter().filter(|(name, _)| name == only).collect();
        assert_eq!(found.len(), 1, "{only} should be in Cargo.lock once: {found:?}");
    }
}

#[test]
fn licences_are_those_of_the_list() {
    let deny = read_toml(&root().join("deny.toml"));
    let list = deny["licenses"]["allow"].as_array().unwrap();
    let allowed: BTreeSet<&str> = list.iter().map(|licence| licence.as_str().unwrap()).collect();
    let (mut seen, mut offenders) = (0, Vec::new());
    for manifest in manifests() {
        let package = &read_toml(&manifest)["package"];
        let name = package["name"].as_str().unwrap();
        match package.get("license").and_then(toml::Value::as_str) {
            Some(licence) if is_allowed(licence, &allowed) => {}
            Some(licence) => offenders.push(format!("{name}: {licence}")),
            // A licence in a file of its own is left to cargo-deny, which knows the texts.
            None if package.get("license-file").is_some() => {}
            None => offenders.push(format!("{name}: no licence")),
        }
        seen += 1;
    }
    if seen == 0 {
        println!("skipped: the packages' sources are not in cargo's own folder");
    }
    assert_none(&offenders, "licences that deny.toml does not allow");
}

/// The manifests of the locked packages in cargo's own folder. What is not there was not built in.
fn manifests() -> Vec<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).unwrap_or_default();
    let registries: Vec<_> =
        std::fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten().collect();
    let packages = locked_packages();
    let folders = packages.iter().flat_map(|(name, version)| {
        registries.iter().map(move |registry| registry.path().join(format!("{name}-{version}/Cargo.toml")))
    });
    folders.filter(|manifest| manifest.exists()).collect()
}

/// Whether an SPDX expression can be met by `allowed`. Old manifests write `/` for OR.
fn is_allowed(licence: &str, allowed: &BTreeSet<&str>) -> bool {
    let spaced = licence.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    either(&words, &mut at, allowed) && at == words.len()
}

fn either(words: &[&str], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let mut met = both(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= both(words, at, allowed);
    }
    met
}

fn both(words: &[&str], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let mut met = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at, allowed);
    }
    met
}

fn one(words: &[&str], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let Some(&word) = words.get(*at) else { return false };
    *at += 1;
    if word == "(" {
        let met = either(words, at, allowed);
        *at += 1;
        return met;
    }
    if words.get(*at) == Some(&"WITH") {
        let whole = words[*at - 1..].iter().take(3).copied().collect::<Vec<_>>().join(" ");
        *at += 2;
        return allowed.contains(whole.as_str());
    }
    allowed.contains(word)
}

#[test]
fn licence_expressions_are_read_rightly() {
    let allowed = BTreeSet::from(["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"]);
    for good in
        ["MIT", "GPL-3.0 OR MIT", "GPL-3.0/MIT", "(GPL-3.0 OR MIT) AND ISC", "Apache-2.0 WITH LLVM-exception"]
    {
        assert!(is_allowed(good, &allowed), "{good}");
    }
    for bad in ["GPL-3.0", "MIT AND GPL-3.0", "(GPL-3.0 OR MIT) AND GPL-3.0", "Apache-2.0", "MIT AND", ""] {
        assert!(!is_allowed(bad, &allowed), "{bad}");
    }
}
