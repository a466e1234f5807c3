//! The real program on a real X server: it opens, shows a running illusion, and writes a picture of itself.
//!
//! The server (Xvfb) keeps its screen in a file, so the test sees what a person would see. Without Xvfb it
//! is skipped and says so.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot start its server should stop")]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long a thing may take before the test gives up; slow machines build shaders for seconds.
const PATIENCE: Duration = Duration::from_secs(90);

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.0.kill().unwrap_or_default();
        self.0.wait().ok();
    }
}

/// An X server on a free display, its screen in `Xvfb_screen0` of `folder`.
struct Screen {
    _server: Running,
    display: String,
    folder: TempDir,
}

impl Screen {
    /// `None` where there is no Xvfb.
    fn open() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-fbdir"])
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        let server = Running(server);
        assert!(!number.trim().is_empty(), "Xvfb found no free display");
        Some(Self { _server: server, display: format!(":{}", number.trim()), folder })
    }

    /// What is on the screen now.
    fn look(&self) -> Pixels {
        Pixels::from_xwd(&std::fs::read(self.folder.path().join("Xvfb_screen0")).unwrap())
    }
}

/// Pixels as 0xRRGGBB.
struct Pixels {
    width: usize,
    values: Vec<u32>,
}

impl Pixels {
    /// Reads an X window dump of 32-bit pixels: a header of big-endian words, a colour map, then rows.
    fn from_xwd(dump: &[u8]) -> Self {
        let word = |i: usize| u32::from_be_bytes(dump[4 * i..4 * i + 4].try_into().unwrap()) as usize;
        let (header, width, height, row_bytes, colours) = (word(0), word(4), word(5), word(12), word(19));
        assert_eq!(word(11), 32, "bits a pixel");
        let little_endian = word(7) == 0;
        let rows = &dump[header + 12 * colours..];
        let pixel = |bytes: &[u8]| {
            let bytes: [u8; 4] = bytes.try_into().unwrap();
            (if little_endian { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }) & 0x00ff_ffff
        };
        let values = rows
            .chunks_exact(row_bytes)
            .take(height)
            .flat_map(|row| row[..4 * width].chunks_exact(4).map(pixel))
            .collect();
        Self { width, values }
    }

    fn from_png(path: &Path) -> Self {
        let picture = image::open(path).unwrap().to_rgb8();
        let values = picture.pixels().map(|p| u32::from_be_bytes([0, p[0], p[1], p[2]])).collect();
        Self { width: picture.width() as usize, values }
    }

    fn colours(&self) -> usize {
        self.values.iter().collect::<BTreeSet<_>>().len()
    }

    /// Part of the pixels whose brightest channel is dark, yet which are not the server's bare black.
    fn dark_part(&self) -> f64 {
        let is_dark = |&&value: &&u32| value != 0 && value.to_be_bytes().iter().all(|&channel| channel < 64);
        self.values.iter().filter(is_dark).count() as f64 / self.values.len() as f64
    }

    /// Part of the pixels in the middle half of the screen that differ from those of `other`.
    fn change_from(&self, other: &Self) -> f64 {
        let height = self.values.len() / self.width;
        let (mut all, mut changed) = (0, 0);
        for y in height / 4..3 * height / 4 {
            for x in self.width / 4..3 * self.width / 4 {
                all += 1;
                changed += usize::from(self.values[y * self.width + x] != other.values[y * self.width + x]);
            }
        }
        f64::from(u32::try_from(changed).unwrap()) / f64::from(all)
    }

    /// Strongly blue pixels where the program shows what the person sees, between gallery and expectation:
    /// the illusion that it starts with is blue and yellow, and nothing else there is.
    fn blue_in_what_is_seen(&self) -> usize {
        let is_blue = |value: u32| value & 0xff > (value >> 16 & 0xff) + 100;
        let height = self.values.len() / self.width;
        let rows = self.values.chunks_exact(self.width).take(2 * height / 5).skip(height / 10);
        let columns = self.width * 16 / 100..self.width * 37 / 100;
        rows.flat_map(|row| &row[columns.clone()]).filter(|&&value| is_blue(value)).count()
    }

    /// Whether this is percept's window in its dark theme with something to see in it.
    fn shows_percept(&self) -> bool {
        self.colours() > 200 && self.dark_part() > 0.2
    }
}

/// Percept with folders of its own, so that nothing of the user's is read or written; what it says goes to `log`.
fn start(screen: &Screen, home: &Path, arguments: &[&str]) -> Running {
    std::fs::set_permissions(home, std::fs::Permissions::from_mode(0o700)).unwrap();
    let log = std::fs::File::create(home.join("log")).unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_percept"))
        .args(arguments)
        .env("DISPLAY", &screen.display)
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("XAUTHORITY")
        .env("HOME", home)
        .envs(
            ["XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"]
                .map(|name| (name, home)),
        )
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap();
    Running(child)
}

/// Asks again and again until there is an answer.
fn wait_for<T>(what: &str, log: &Path, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        let said = std::fs::read_to_string(log).unwrap_or_default();
        assert!(!said.contains("panicked at"), "percept panicked:\n{said}");
        assert!(start.elapsed() < PATIENCE, "{what} did not come within {PATIENCE:?}. Percept said:\n{said}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn the_window_opens_on_a_running_illusion_and_photographs_itself() {
    let Some(screen) = Screen::open() else {
        println!("skipped: there is no Xvfb");
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let (log, picture) = (home.path().join("log"), home.path().join("window.png"));
    let wanted = ["--screenshot-after", "15", "--screenshot", picture.to_str().unwrap()];
    let mut percept = start(&screen, home.path(), &wanted);

    let first = wait_for("the window", &log, || Some(screen.look()).filter(Pixels::shows_percept));
    wait_for("a change in the middle of the window", &log, || {
        let now = screen.look();
        (now.shows_percept() && now.change_from(&first) > 0.005).then_some(())
    });
    let ended = wait_for("the end", &log, || percept.0.try_wait().unwrap());
    assert!(ended.success(), "percept ended with {ended}");
    let taken = Pixels::from_png(&picture);
    assert!(taken.shows_percept(), "{} colours, {} dark", taken.colours(), taken.dark_part());
    let blue = taken.blue_in_what_is_seen();
    assert!(blue > 2000, "the illusion is not there: {blue} blue pixels");
}

#[test]
fn ctrl_c_closes_the_window_as_its_own_button_does() {
    let Some(screen) = Screen::open() else {
        println!("skipped: there is no Xvfb");
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let (log, session) = (home.path().join("log"), home.path().join("percept").join("session.toml"));
    let mut percept = start(&screen, home.path(), &["cafe_wall"]);
    wait_for("the window", &log, || Some(screen.look()).filter(Pixels::shows_percept));
    let asked = Command::new("kill").args(["-INT", &percept.0.id().to_string()]).status().unwrap();
    assert!(asked.success());
    let ended = wait_for("the end", &log, || percept.0.try_wait().unwrap());
    assert!(ended.success(), "percept ended with {ended}");
    let kept = std::fs::read_to_string(&session).unwrap();
    assert!(kept.contains("cafe_wall"), "{kept}");
}

/// What percept says of some seconds of a moving illusion.
fn watched(screen: &Screen, home: &Path) -> String {
    let log = home.join("log");
    let mut percept = start(screen, home, &["drifting_grating", "--soak", "4"]);
    let ended = wait_for("the end", &log, || percept.0.try_wait().unwrap());
    let said = std::fs::read_to_string(log).unwrap();
    assert!(ended.success(), "percept ended with {ended}:\n{said}");
    said
}

#[test]
fn a_watched_run_tells_its_frames_and_a_damaged_cache_is_no_obstacle() {
    let Some(screen) = Screen::open() else {
        println!("skipped: there is no Xvfb");
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let said = watched(&screen, home.path());
    for wanted in ["on screen after", "whole run:", "p50", "p95", "p99", "steps", "dropped"] {
        assert!(said.contains(wanted), "no word of {wanted:?}:\n{said}");
    }
    // What the driver compiled is kept, where the driver gives it out.
    let kept = std::fs::read_dir(home.path().join("percept")).into_iter().flatten().flatten();
    let mut kept = kept.filter(|file| file.file_name().to_string_lossy().contains("pipeline_cache"));
    let Some(file) = kept.next().map(|file| file.path()) else {
        println!("skipped: this driver gives no compiled pipelines out");
        return;
    };
    let whole = std::fs::read(&file).unwrap();
    let mut damaged = whole.clone();
    *damaged.last_mut().unwrap() ^= 0xff;
    std::fs::write(&file, &damaged).unwrap();
    assert!(watched(&screen, home.path()).contains("on screen after"));
    assert_ne!(std::fs::read(&file).unwrap(), damaged, "the damaged file was taken for a good one");
}

#[test]
fn a_window_dump_is_read_rightly() {
    let header: [u32; 25] = {
        let mut words = [0; 25];
        (words[0], words[4], words[5], words[11], words[12], words[19]) = (100, 2, 1, 32, 12, 1);
        words
    };
    let mut dump: Vec<u8> = header.iter().flat_map(|word| word.to_be_bytes()).collect();
    dump.extend([9; 12]);
    dump.extend([0x33, 0x22, 0x11, 0xff, 0x66, 0x55, 0x44, 0x00, 0, 0, 0, 0]);
    assert_eq!(Pixels::from_xwd(&dump).values, [0x11_22_33, 0x44_55_66]);
}
