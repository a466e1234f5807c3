//! The session as it was left: a TOML file that people may read and edit.
//!
//! Reading never fails as a whole where a part can be kept: every key is read by itself, a bad value gets
//! its default and a notice, an unknown key is named. A file that cannot be read at all, or that a newer
//! version wrote, is kept beside the new one.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::atomic;
use crate::error::{Error, Kind, Result};
use crate::safety::limits::MAX_SESSION_BYTES;
use crate::session::{Notice, Start};
use notes::Notes;

mod notes;
mod paths;
mod start;

/// Version of the file's layout.
pub const VERSION: u32 = 1;
/// Most recent files that are kept.
pub const MAX_RECENT: usize = 30;
/// Environment variable with the session file, or the folder for it.
pub const PLACE_VARIABLE: &str = "PERCEPT_STATE";
const FILE_NAME: &str = "session.toml";

/// What is kept from one run of the program to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedSession {
    /// Version of the layout that it was read from.
    pub version: u32,
    /// Stimulus, parameters, model, lesions.
    pub start: Start,
    /// Files opened last, newest first.
    pub recent: Vec<PathBuf>,
    /// Theme, layout, zoom: the window's own, in whatever form it likes.
    pub window: Table,
}

/// A session with what had to be said about its file.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// What could be kept, defaults for the rest.
    pub session: SavedSession,
    /// What was not as it should be.
    pub notices: Vec<Notice>,
}

impl Default for SavedSession {
    fn default() -> Self {
        Self { version: VERSION, start: start::default(), recent: Vec::new(), window: Table::new() }
    }
}

impl SavedSession {
    /// Puts a file first in the list of recent ones.
    pub fn remember(&mut self, path: &Path) {
        self.recent.retain(|known| known != path);
        self.recent.insert(0, path.to_path_buf());
        self.recent.truncate(MAX_RECENT);
    }

    /// The session as TOML.
    ///
    /// # Errors
    /// [`Kind::Internal`] when a value has no place in TOML.
    pub fn to_toml(&self) -> Result<String> {
        let mut table = Table::new();
        table.insert("version".into(), Value::Integer(i64::from(VERSION)));
        table.insert("start".into(), Value::Table(start::to_table(&self.start)?));
        let recent = self.recent.iter().take(MAX_RECENT).map(|path| paths::to_value(path)).collect();
        table.insert("recent".into(), Value::Array(recent));
        table.insert("window".into(), Value::Table(self.window.clone()));
        toml::to_string_pretty(&table).map_err(|cause| {
            Error::new(Kind::Internal, format!("the session cannot be written as TOML: {cause}"))
        })
    }

    /// Reads a session from TOML.
    ///
    /// # Errors
    /// [`Kind::Damaged`] when the text is not TOML at all. Everything less gets a notice.
    pub fn from_toml(text: &str) -> Result<Loaded> {
        let mut table: Table = text.parse().map_err(|cause: toml::de::Error| {
            Error::new(Kind::Damaged, format!("the session file is not TOML: {}", cause.message().trim()))
                .advise("Mend the file by hand, or delete it to start afresh")
        })?;
        let mut notes = Notes::default();
        let version = migrate(&mut table, &mut notes);
        let session = Self {
            version,
            start: match notes.take_table(&mut table, "start") {
                Some(table) => start::from_table(table, &mut notes),
                None => start::default(),
            },
            recent: recent(&mut table, &mut notes),
            window: notes.take_table(&mut table, "window").unwrap_or_default(),
        };
        notes.unknown("", &table);
        Ok(Loaded { session, notices: notes.into_notices() })
    }

    /// Reads the session file.
    ///
    /// # Errors
    /// [`Kind::Missing`], [`Kind::Unreadable`], [`Kind::TooLarge`] or [`Kind::Damaged`].
    pub fn load(path: &Path) -> Result<Loaded> {
        let text = read(path).map_err(|error| error.at(path))?;
        Self::from_toml(&text).map_err(|error| error.at(path))
    }

    /// Reads the session file; without one, or with one that cannot be read, starts afresh. A file that is
    /// not understood is kept as `session.toml.kept`.
    #[must_use]
    pub fn load_or_default(path: &Path) -> Loaded {
        let (loaded, keep) = match Self::load(path) {
            Ok(loaded) => {
                let newer = loaded.session.version > VERSION;
                (loaded, newer)
            }
            Err(error) if error.kind == Kind::Missing => {
                (Loaded { session: Self::default(), notices: vec![] }, false)
            }
            Err(error) => {
                let notices = vec![Notice { is_error: true, text: error.to_string() }];
                let keep = error.kind == Kind::Damaged;
                (Loaded { session: Self::default(), notices }, keep)
            }
        };
        let mut loaded = loaded;
        if keep {
            loaded.notices.push(keep_aside(path));
        }
        loaded
    }

    /// Writes the session file, whole or not at all.
    ///
    /// # Errors
    /// [`Kind::Write`] when it cannot be written, [`Kind::TooLarge`] when it could not be read again; the old
    /// file is kept then.
    pub fn save(&self, path: &Path) -> Result<()> {
        let text = self.to_toml()?;
        if text.len() as u64 > MAX_SESSION_BYTES {
            return Err(Error::new(Kind::TooLarge, "the session is too large to be kept").at(path));
        }
        let head = "# The session as it was left. Percept writes this file when it closes.\n\n";
        atomic::write(path, format!("{head}{text}").as_bytes())
    }
}

/// Where the session is kept; `None` where the system names no such place.
#[must_use]
pub fn default_path() -> Option<PathBuf> {
    if let Some(place) = std::env::var_os(PLACE_VARIABLE).filter(|place| !place.is_empty()) {
        return Some(path_in(PathBuf::from(place)));
    }
    let folders = directories::ProjectDirs::from("", "", "percept")?;
    Some(folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).join(FILE_NAME))
}

/// A name ending in `.toml` is the file itself, any other the folder for it.
fn path_in(place: PathBuf) -> PathBuf {
    if place.extension().is_some_and(|ending| ending == "toml") { place } else { place.join(FILE_NAME) }
}

fn read(path: &Path) -> Result<String> {
    let unreadable = |cause: std::io::Error| {
        let kind =
            if cause.kind() == std::io::ErrorKind::NotFound { Kind::Missing } else { Kind::Unreadable };
        Error::new(kind, format!("the session file cannot be read ({cause})"))
    };
    // Asked before it is opened: opening a pipe would wait for ever.
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(Error::new(Kind::Unreadable, "the session file is not a regular file"));
    }
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_SESSION_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_SESSION_BYTES {
        return Err(Error::new(Kind::TooLarge, "the session file is larger than one mebibyte")
            .advise("Move it away to start afresh"));
    }
    String::from_utf8(bytes).map_err(|_| {
        Error::new(Kind::Damaged, "the session file is not UTF-8 text").advise("Delete it to start afresh")
    })
}

/// Brings older layouts to this version's, one step per version. Returns the version found.
fn migrate(table: &mut Table, notes: &mut Notes) -> u32 {
    let version = match table.remove("version") {
        Some(Value::Integer(version)) if version >= 1 => u32::try_from(version).unwrap_or(u32::MAX),
        Some(_) => {
            notes.bad("version", "it is not a whole number from 1 on; read as this version's");
            VERSION
        }
        None => VERSION,
    };
    if version > VERSION {
        notes.say(&format!(
            "The session was written by a newer version of Percept (layout {version}, this one reads {VERSION}); \
             what is known was taken"
        ));
    }
    // From layout 2 on: `if version < 2 { ... }`, in rising order.
    version
}

fn recent(table: &mut Table, notes: &mut Notes) -> Vec<PathBuf> {
    let list = match table.remove("recent") {
        None => return Vec::new(),
        Some(Value::Array(list)) => list,
        Some(_) => {
            notes.bad("recent", "it is not a list");
            return Vec::new();
        }
    };
    let mut paths = Vec::new();
    for (i, value) in list.iter().take(MAX_RECENT).enumerate() {
        match paths::from_value(value) {
            Some(path) => paths.push(path),
            None => notes.bad(&format!("recent[{i}]"), "it is not a path"),
        }
    }
    paths
}

fn keep_aside(path: &Path) -> Notice {
    let mut name = path.as_os_str().to_owned();
    name.push(".kept");
    let kept = PathBuf::from(name);
    match std::fs::copy(path, &kept) {
        Ok(_) => {
            Notice { is_error: false, text: format!("The old session file is kept as {}", kept.display()) }
        }
        Err(cause) => Notice {
            is_error: true,
            text: format!("{}: the old session file could not be kept aside ({cause})", kept.display()),
        },
    }
}
