//! The set-up script on machines of the test's own making: every command that it would ask is a small fake,
//! and nothing outside a temporary folder is read or changed.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot make its machine should stop")]

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A machine: a folder with fake commands in `bin` and fake system files in `root`.
struct Machine {
    folder: TempDir,
    variables: Vec<(&'static str, &'static str)>,
}

/// What the script did.
struct Outcome {
    code: i32,
    /// Both streams.
    said: String,
    /// What the fakes were called with, one line a call.
    ran: String,
}

/// Packages of a machine that lacks nothing.
const EVERYTHING: &str = "gcc ca-certificates libc6-dev pkg-config clang libclang-dev libavcodec-dev libavformat-dev \
    libavutil-dev libswscale-dev libavdevice-dev libavfilter-dev libvulkan1 libegl1 libgl1-mesa-dri libx11-6 \
    libx11-xcb1 libxcb1 libxcursor1 libxi6 libxrandr2 libxkbcommon0 libxkbcommon-x11-0 libwayland-client0 \
    mesa-vulkan-drivers xvfb xauth ffmpeg";

impl Machine {
    /// A machine of this system (`ID` of os-release) with only the plainest commands and a good cargo.
    fn new(id: &str) -> Self {
        let machine = Self { folder: tempfile::tempdir().unwrap(), variables: Vec::new() };
        for name in ["bin", "root/etc", "root/usr/share/vulkan/icd.d", "home"] {
            std::fs::create_dir_all(machine.folder.path().join(name)).unwrap();
        }
        std::fs::write(machine.folder.path().join("root/etc/os-release"), format!("ID={id}\n")).unwrap();
        for plain in ["bash", "sed", "grep", "cut", "tr", "dirname", "cat", "env"] {
            symlink(which(plain), machine.folder.path().join("bin").join(plain)).unwrap();
        }
        machine.fake("uname", "echo Linux");
        machine.fake("dpkg-query", "exit 1");
        machine.fake("apt-get", "log apt-get");
        machine.cargo("1.95.0").user(0)
    }

    fn fake(&self, name: &str, body: &str) {
        let path = self.folder.path().join("bin").join(name);
        let log = self.folder.path().join("ran").display().to_string();
        let logging = format!("log() {{ local n=$1; echo \"$n $ARGS\" >> '{log}'; }}; ARGS=\"$*\"");
        std::fs::write(&path, format!("#!/usr/bin/env bash\n{logging}\n{body}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn user(self, id: u32) -> Self {
        self.fake("id", &format!("echo {id}"));
        self
    }

    fn cargo(self, version: &str) -> Self {
        self.fake("cargo", &format!("echo 'cargo {version} (0123456 2026-01-01)'"));
        self
    }

    fn without(self, name: &str) -> Self {
        std::fs::remove_file(self.folder.path().join("bin").join(name)).unwrap();
        self
    }

    fn with(self, name: &str, body: &str) -> Self {
        self.fake(name, body);
        self
    }

    fn installed(self, packages: &str) -> Self {
        let lines: Vec<_> =
            packages.split_whitespace().map(|package| format!("echo 'ii  {package}'")).collect();
        self.fake("dpkg-query", &lines.join("\n"));
        self
    }

    fn vulkan_driver(self) -> Self {
        std::fs::write(self.folder.path().join("root/usr/share/vulkan/icd.d/card.json"), "{}").unwrap();
        self
    }

    fn set(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    /// Runs the script with no terminal.
    fn set_up(&self, arguments: &[&str]) -> Outcome {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/setup.sh");
        let output = Command::new(self.folder.path().join("bin/bash"))
            .arg(script)
            .args(arguments)
            .env_clear()
            .env("PATH", self.folder.path().join("bin"))
            .env("HOME", self.folder.path().join("home"))
            .env("PERCEPT_SETUP_ROOT", self.folder.path().join("root"))
            .envs(self.variables.iter().copied())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let ran = std::fs::read_to_string(self.folder.path().join("ran")).unwrap_or_default();
        let said = [output.stdout, output.stderr].concat();
        Outcome { code: output.status.code().unwrap(), said: String::from_utf8(said).unwrap(), ran }
    }
}

fn which(name: &str) -> std::path::PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.exists()).unwrap()
}

#[test]
fn where_nothing_is_missing_nothing_is_done() {
    for arguments in [&[][..], &["--test"]] {
        let outcome = Machine::new("debian").installed(EVERYTHING).vulkan_driver().set_up(arguments);
        assert_eq!(outcome.code, 0, "{}", outcome.said);
        assert_eq!(outcome.said, "percept: this machine has what is needed.\n");
        assert_eq!(outcome.ran, "");
    }
}

#[test]
fn on_a_bare_machine_root_gets_everything_and_is_told_why() {
    let outcome = Machine::new("debian").set_up(&["--test"]);
    assert_eq!(outcome.code, 0, "{}", outcome.said);
    let lines: Vec<_> = outcome.ran.lines().collect();
    assert_eq!(lines[0], "apt-get update");
    assert!(lines[1].starts_with("apt-get install -y --no-install-recommends gcc "), "{}", lines[1]);
    for package in EVERYTHING.split_whitespace() {
        assert!(lines[1].split(' ').any(|word| word == package), "{package} is not in: {}", lines[1]);
        assert!(outcome.said.contains(&format!("    {package} ")), "no reason given for {package}");
    }
    assert!(outcome.said.contains("finds FFmpeg"), "{}", outcome.said);
}

#[test]
fn only_what_is_missing_is_installed() {
    let all_but_one = EVERYTHING.replace("libavutil-dev", "");
    let outcome = Machine::new("ubuntu").installed(&all_but_one).vulkan_driver().set_up(&[]);
    let install = outcome.ran.lines().last().unwrap();
    assert_eq!(install, "apt-get install -y --no-install-recommends libavutil-dev");
}

#[test]
fn the_software_driver_comes_only_where_there_is_no_other() {
    let rest = EVERYTHING.replace("mesa-vulkan-drivers", "");
    let with_card = Machine::new("debian").installed(&rest).vulkan_driver().set_up(&[]);
    assert_eq!(with_card.ran, "");
    let without = Machine::new("debian").installed(&rest).set_up(&[]);
    assert!(without.ran.ends_with("mesa-vulkan-drivers\n"), "{}", without.ran);
}

#[test]
fn what_only_tests_need_comes_only_with_them() {
    let rest = EVERYTHING.replace("xvfb", "").replace("ffmpeg", "");
    let machine = Machine::new("debian").installed(&rest).vulkan_driver();
    assert_eq!(machine.set_up(&[]).ran, "");
    assert!(machine.set_up(&["--test"]).ran.ends_with("xvfb ffmpeg\n"));
}

#[test]
fn a_user_without_a_terminal_is_told_the_command_and_nothing_is_run() {
    let machine = Machine::new("debian").user(1000).with("sudo", "log sudo");
    let outcome = machine.set_up(&[]);
    assert_eq!(outcome.code, 1);
    assert_eq!(outcome.ran, "");
    assert!(outcome.said.contains("    sudo apt-get update\n"), "{}", outcome.said);
    assert!(outcome.said.contains("Nothing was installed"), "{}", outcome.said);
}

#[test]
fn continuous_integration_goes_on_with_sudo() {
    let machine = Machine::new("debian").user(1000).with("sudo", "log sudo").set("CI", "true");
    let outcome = machine.set_up(&[]);
    assert_eq!(outcome.code, 0, "{}", outcome.said);
    assert!(outcome.ran.starts_with("sudo apt-get update\nsudo env DEBIAN_FRONTEND="), "{}", outcome.ran);
}

#[test]
fn without_sudo_the_command_for_root_is_told() {
    let outcome = Machine::new("debian").user(1000).set("CI", "true").set_up(&[]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.said.contains("Run as root:"), "{}", outcome.said);
    assert_eq!(outcome.ran, "");
}

#[test]
fn a_dry_run_runs_nothing() {
    let outcome = Machine::new("debian").set("PERCEPT_SETUP_DRY_RUN", "1").set_up(&["--test"]);
    assert_eq!(outcome.code, 0, "{}", outcome.said);
    assert!(outcome.said.contains("This would be run:\n    apt-get update\n"), "{}", outcome.said);
    assert_eq!(outcome.ran, "");
}

#[test]
fn a_failed_installation_stops_and_names_its_command() {
    let outcome = Machine::new("debian").with("apt-get", "exit 100").set_up(&[]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.said.contains("This failed: apt-get update"), "{}", outcome.said);
}

#[test]
fn an_old_or_missing_rust_is_told_with_what_to_do() {
    let complete = || Machine::new("debian").installed(EVERYTHING).vulkan_driver();
    for (machine, has) in [
        (complete().cargo("1.63.0"), "1.63.0"),
        (complete().without("cargo"), "none"),
        (complete().cargo("0.99.0"), "0.99.0"),
    ] {
        let outcome = machine.set_up(&[]);
        assert_eq!(outcome.code, 1, "{}", outcome.said);
        assert!(
            outcome.said.contains(&format!("Rust 1.95 or newer; this machine has {has}.")),
            "{}",
            outcome.said
        );
        assert!(outcome.said.contains("rustup"), "{}", outcome.said);
    }
    for version in ["1.95.0", "1.100.1", "2.0.0", "1.97.0-nightly"] {
        assert_eq!(complete().cargo(version).set_up(&[]).code, 0, "{version}");
    }
}

#[test]
fn rustup_is_used_where_it_is() {
    let machine = Machine::new("debian").installed(EVERYTHING).vulkan_driver().cargo("1.80.0");
    let outcome = machine.with("rustup", "log rustup").set_up(&[]);
    assert!(outcome.ran.starts_with("rustup toolchain install stable "), "{}", outcome.ran);
}

#[test]
fn other_systems_are_told_in_their_own_words() {
    let told = |machine: Machine| {
        let outcome = machine.set_up(&[]);
        assert_eq!(outcome.code, 1, "{}", outcome.said);
        assert_eq!(outcome.ran, "");
        outcome.said
    };
    assert!(told(Machine::new("fedora")).contains("sudo dnf install "));
    assert!(told(Machine::new("arch")).contains("sudo pacman -S "));
    assert!(told(Machine::new("void")).contains("Vulkan loader"));
    assert!(told(Machine::new("x").with("uname", "echo Darwin")).contains("brew install "));
    assert!(told(Machine::new("x").with("uname", "echo MINGW64_NT-10.0")).contains("mingw-w64-ucrt-x86_64"));
}

#[test]
fn on_other_systems_nothing_is_said_where_the_libraries_are_found() {
    let machine = Machine::new("fedora").with("cc", "true").with("pkg-config", "true");
    let outcome = machine.set_up(&[]);
    assert_eq!(outcome.said, "percept: this machine has what is needed.\n");
    assert_eq!(outcome.code, 0);
}

#[test]
fn a_word_that_it_does_not_know_is_refused() {
    assert_eq!(Machine::new("debian").set_up(&["--fast"]).code, 2);
}
