//! The illusions there are: those of the program and those in the user's folder.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind, Result};
use crate::safety::limits;
use crate::stimulus::illusion::{Illusion, Origin, compose, parse};

/// Environment variable that names another folder for the user's illusions.
pub const FOLDER_VARIABLE: &str = "PERCEPT_ILLUSIONS";

macro_rules! files {
    ($($slug:literal),* $(,)?) => {
        &[$(($slug, include_str!(concat!("../../../shaders/illusions/", $slug, ".wgsl")))),*]
    };
}

/// The illusion that the program opens on.
pub const FIRST: &str = "rotating_snakes";

/// The program's own, in gallery order. A new file needs its line here.
const BUILT_IN: &[(&str, &str)] = files![
    "rotating_snakes",
    "snake_elements",
    "fraser_wilcox",
    "evolved_bands",
    "evolved_discs",
    "fraser_wilcox_rows",
    "enigma",
    "ouchi",
    "pinna_brelstaff",
    "propeller",
    "plaid",
    "reverse_phi",
    "four_stroke",
    "two_stroke",
    "missing_fundamental",
    "second_order",
    "barber_pole",
    "footsteps",
    "thompson",
    "wagon_wheel",
    "spinner",
    "induced_motion",
    "rotating_reversals",
    "freezing_rotation",
    "omega_effect",
    "direction_repulsion",
    "motion_aftereffect",
    "jitter_aftereffect",
    "perpetual_diamond",
    "phenomenal_phenomenon",
    "colour_phase",
    "ternus",
    "colour_phi",
    "stream_bounce",
    "structure_from_motion",
    "stereokinetic",
    "biological_motion",
    "motion_binding",
    "breathing_square",
    "slalom",
    "flash_lag",
    "flash_drag",
    "flash_grab",
    "frame_effect",
    "double_drift",
    "motion_induced_position_shift",
    "swimmers",
    "frohlich",
    "twinkle_goes",
    "white",
    "simultaneous_contrast",
    "grating_induction",
    "cornsweet",
    "chevreul",
    "todorovic",
    "benary_cross",
    "checkerboard_contrast",
    "adelson_snake",
    "dungeon",
    "checker_shadow",
    "asahi",
    "hermann_grid",
    "scintillating_grid",
    "contrast_contrast",
    "contrast_asynchrony",
    "neon_spreading",
    "munker",
    "mueller_lyer",
    "ebbinghaus",
    "delboeuf",
    "ponzo",
    "zoellner",
    "poggendorff",
    "vertical_horizontal",
    "rod_frame",
    "cafe_wall",
    "tilt_illusion",
    "tilt_aftereffect",
    "hering",
    "orbison",
    "fraser_spiral",
    "kanizsa",
    "moving_phantoms",
    "troxler",
    "lilac_chaser",
    "motion_induced_blindness",
    "silencing",
    "surprise_patch",
    "oddball",
    "occluder",
    "growing_bar",
    "photo_on_grey",
    "growing_disc",
    "gabor",
    "sparse_noise",
    "contrast_response",
    "orientation_tuning",
    "drifting_grating",
    "random_dots",
    "optic_flow",
];

/// The illusions that are part of the program.
#[must_use]
pub fn built_in() -> Vec<Illusion> {
    let read = BUILT_IN.iter().map(|(slug, wgsl)| parse::parse(slug, wgsl, Origin::BuiltIn));
    // The tests see to it that all can be read; a damaged build goes on with the rest.
    read.filter_map(|one| one.inspect_err(|error| tracing::error!("{error}")).ok()).collect()
}

/// The program's own illusions with the user's laid over them, and what is wrong with some of the user's.
#[must_use]
pub fn load() -> (Vec<Illusion>, Vec<Error>) {
    let Some(folder) = user_folder().filter(|folder| folder.is_dir()) else {
        return (built_in(), Vec::new());
    };
    let (user, errors) = load_folder(&folder);
    (overlaid(built_in(), user), errors)
}

/// `all` with those of `user` in the place of those of the same name, and the rest of `user` after them.
#[must_use]
pub fn overlaid(mut all: Vec<Illusion>, user: Vec<Illusion>) -> Vec<Illusion> {
    for one in user {
        match all.iter_mut().find(|other| other.slug == one.slug) {
            Some(other) => *other = one,
            None => all.push(one),
        }
    }
    all
}

/// The illusions in a folder in order of name, and one error for each file that is not one.
#[must_use]
pub fn load_folder(folder: &Path) -> (Vec<Illusion>, Vec<Error>) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) => {
            let error = Error::new(Kind::Unreadable, format!("the folder cannot be read ({cause})"));
            return (Vec::new(), vec![error.at(folder)]);
        }
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "wgsl"))
        .take(limits::MAX_ILLUSIONS + 1)
        .collect();
    paths.sort();
    let mut errors = Vec::new();
    if paths.len() > limits::MAX_ILLUSIONS {
        paths.truncate(limits::MAX_ILLUSIONS);
        let what = format!("only {} of the illusions in this folder are taken", limits::MAX_ILLUSIONS);
        errors.push(Error::new(Kind::TooLarge, what).at(folder).advise("Move some to another folder"));
    }
    let mut illusions = Vec::new();
    for path in paths {
        match load_file(&path) {
            Ok(illusion) => illusions.push(illusion),
            Err(error) => errors.push(error),
        }
    }
    (illusions, errors)
}

/// Reads and validates one file.
///
/// # Errors
/// What is wrong with it, with its path and, for its text, the line.
pub fn load_file(path: &Path) -> Result<Illusion> {
    let slug = path.file_stem().unwrap_or_default().to_string_lossy();
    let illusion = parse::parse(&slug, &read_text(path)?, Origin::User(path.to_path_buf()))?;
    compose::validate(&illusion)?;
    Ok(illusion)
}

fn read_text(path: &Path) -> Result<String> {
    let unreadable = |cause: std::io::Error| {
        Error::new(Kind::Unreadable, format!("the file cannot be read ({cause})")).at(path)
    };
    // Asked before opening: opening a pipe would wait for its writer.
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(Error::new(Kind::Unreadable, "this is not a regular file").at(path));
    }
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(unreadable)?.take(limits::MAX_ILLUSION_BYTES + 1);
    file.read_to_end(&mut bytes).map_err(unreadable)?;
    String::from_utf8(bytes).map_err(|_| {
        Error::new(Kind::Illusion, "the file is not UTF-8 text").at(path).advise("Save it as UTF-8")
    })
}

/// Where the user's illusions are looked for: `PERCEPT_ILLUSIONS`, else the folder `illusions` among the
/// program's data. It need not exist.
#[must_use]
pub fn user_folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os(FOLDER_VARIABLE).filter(|folder| !folder.is_empty()) {
        return Some(PathBuf::from(folder));
    }
    directories::ProjectDirs::from("", "", "percept").map(|dirs| dirs.data_dir().join("illusions"))
}

/// The illusion of this name.
///
/// # Errors
/// [`Kind::Missing`] with the nearest name where one is near.
pub fn find<'a>(illusions: &'a [Illusion], slug: &str) -> Result<&'a Illusion> {
    if let Some(found) = illusions.iter().find(|illusion| illusion.slug == slug) {
        return Ok(found);
    }
    let wanted = slug.to_lowercase().replace(['-', ' '], "_");
    let nearest = illusions
        .iter()
        .map(|illusion| (edits(&wanted, &illusion.slug), &illusion.slug))
        .min()
        .filter(|(distance, name)| *distance <= name.len() / 2);
    let advice = match nearest {
        Some((_, name)) => format!("Did you mean {name}?"),
        None => "`percept illusions list` shows them all".to_owned(),
    };
    Err(Error::new(Kind::Missing, format!("there is no illusion \"{slug}\"")).advise(advice))
}

/// Levenshtein distance, of names cut to a sensible length.
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, a) in one.chars().take(64).enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(&other) {
            let change = diagonal + usize::from(a != *b);
            diagonal = *cell;
            left = change.min(left + 1).min(*cell + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::edits;

    #[test]
    fn the_distance_of_names_counts_edits() {
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("plaid", "plaid"), 0);
        assert_eq!(edits("flashlag", "flash_lag"), 1);
    }
}
