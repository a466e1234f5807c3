//! Watching a training from its folder: one that runs in another program, or that was stopped. The log, the picture
//! beside the checkpoint and who holds the folder are looked at every second.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use parking_lot::Mutex;

use super::course::Wake;
use super::curve::point;
use super::hold::is_held;
use super::kept::Kept;
use super::log::{self, Row};
use super::moment::Moment;
use super::recipe::Recipe;
use super::run::{CHECKPOINT, Files, LOG, PREVIEW};
use super::view::{State, View};
use super::warning::Warning;
use crate::error::{Context as _, Error, Kind, Result};
use crate::safety::limits::MAX_PICTURE_BYTES;

/// Time between two looks.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// Age of a log that is taken to be growing.
const FRESH: Duration = Duration::from_secs(100);

/// What to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// A recipe; without it, the one that the folder says it follows.
    pub recipe: Option<PathBuf>,
    /// The folder of the training; without it, the usual one of the recipe.
    pub out: Option<PathBuf>,
}

/// What was seen.
#[derive(Clone, Debug, Default)]
pub struct Sighting {
    /// The training.
    pub view: View,
    /// The recipe, where it could be read.
    pub recipe: Option<Recipe>,
}

/// A watcher with a thread of its own, which ends soon after this is dropped.
#[derive(Debug)]
pub struct Follower {
    latest: Arc<Mutex<Arc<Sighting>>>,
    look: Sender<()>,
}

impl Follower {
    /// Begins to watch.
    ///
    /// # Errors
    /// [`Kind::Internal`] when no thread can be started. What cannot be read is told in the view.
    pub fn start(place: Place, wake: Wake) -> Result<Self> {
        let latest: Arc<Mutex<Arc<Sighting>>> = Arc::default();
        let (look, asked) = bounded(1);
        let slot = Arc::clone(&latest);
        let work = move || {
            let mut eye = Eye::default();
            loop {
                let seen = eye.look(&place);
                let changed = seen.view != slot.lock().view || seen.recipe != slot.lock().recipe;
                if changed {
                    *slot.lock() = Arc::new(seen);
                    wake();
                }
                if asked.recv_timeout(BETWEEN_LOOKS) == Err(RecvTimeoutError::Disconnected) {
                    return;
                }
            }
        };
        std::thread::Builder::new()
            .name("percept-follower".to_owned())
            .spawn(work)
            .context(Kind::Internal, "the training cannot be followed")?;
        Ok(Self { latest, look })
    }

    /// What was seen last; does not wait.
    #[must_use]
    pub fn latest(&self) -> Arc<Sighting> {
        Arc::clone(&self.latest.lock())
    }

    /// Has it look at once.
    pub fn look_now(&self) {
        // Full: it is about to look anyway.
        self.look.try_send(()).ok();
    }
}

/// Whether a folder is that of a training.
#[must_use]
pub fn is_training(folder: &Path) -> bool {
    folder.join(LOG).is_file() || Kept::file(folder).is_file()
}

/// The folder that a recipe's training goes into, where none is named: the one here with the model's name where a
/// training is in it (as `percept train` makes it), else the one beside the recipe.
#[must_use]
pub fn usual_out(file: &Path, recipe: &Recipe) -> PathBuf {
    let here = std::path::absolute(&recipe.name).unwrap_or_else(|_| PathBuf::from(&recipe.name));
    if is_training(&here) { here } else { file.with_file_name(&recipe.name) }
}

/// A file with the time of its last change, so that it is read again only when it has changed.
type Known<T> = Option<((SystemTime, u64), T)>;

/// What was read so far.
#[derive(Debug, Default)]
struct Eye {
    rows: Known<Arc<Vec<Row>>>,
    moment: Known<Arc<Moment>>,
}

impl Eye {
    fn look(&mut self, place: &Place) -> Sighting {
        match self.try_look(place) {
            Ok(seen) => seen,
            Err(error) => {
                let out = place.out.clone();
                let view = View { out, state: State::Failed(error), ..View::default() };
                Sighting { view, recipe: None }
            }
        }
    }

    fn try_look(&mut self, place: &Place) -> Result<Sighting> {
        let (recipe, data, out) = where_it_is(place)?;
        let rows = reread(&mut self.rows, &out.join(LOG), |path| log::read(path).map(Arc::new));
        let moment = reread(&mut self.moment, &out.join(PREVIEW), read_moment);
        let last = rows.as_ref().and_then(|rows| rows.last().copied());
        let of_picture = moment.as_ref().map_or(0, |moment| moment.frames);
        let frames = last.map_or(0, |row| row.frames).max(of_picture);
        let all_frames = recipe.as_ref().map(|recipe| recipe.training.frames);
        let resumable = out.join(CHECKPOINT).is_file();
        let state = if is_held(&out).unwrap_or_else(|| is_fresh(&out.join(LOG))) {
            if out.join(LOG).is_file() { State::Running } else { State::Reading }
        } else if all_frames.is_some_and(|all| frames >= all) && frames > 0 {
            State::Finished
        } else if resumable || frames > 0 {
            State::Stopped
        } else {
            State::Ready
        };
        let going = state.is_going();
        let name = recipe.as_ref().map(|recipe| recipe.name.clone());
        let name = name.or_else(|| Some(out.file_name()?.to_string_lossy().into_owned())).unwrap_or_default();
        let model = match &recipe {
            Some(recipe) => Some(Files::of(&out, recipe).model).filter(|model| model.is_file()),
            None => a_model(&out),
        };
        let view = View {
            title: recipe.as_ref().map_or_else(|| name.clone(), |recipe| recipe.title.clone()),
            name,
            data: Some(data),
            model,
            resumable,
            state,
            frames,
            all_frames,
            frames_per_s: last.filter(|_| going).map_or(0.0, |row| row.frames_per_s),
            points: Arc::new(rows.iter().flat_map(|rows| rows.iter().map(point)).collect()),
            warning: last.and_then(|row| Warning::of(&row, all_frames?)),
            moment,
            out: Some(out),
        };
        Ok(Sighting { view, recipe })
    }
}

/// The recipe, the folder of its files and that of the training.
fn where_it_is(place: &Place) -> Result<(Option<Recipe>, PathBuf, PathBuf)> {
    if let Some(file) = &place.recipe {
        let recipe = Recipe::read(file)?;
        let out = place.out.clone().unwrap_or_else(|| usual_out(file, &recipe));
        let beside = file.parent().map(Path::to_path_buf).unwrap_or_default();
        // A training that was begun there goes on with the files that it began with.
        let data = Kept::read(&out).ok().filter(|kept| kept.recipe.name == recipe.name).map(|kept| kept.data);
        return Ok((Some(recipe), data.unwrap_or(beside), out));
    }
    let Some(out) = place.out.clone() else {
        return Err(Error::new(Kind::Usage, "neither a recipe nor the folder of a training is named"));
    };
    match Kept::read(&out) {
        Ok(kept) => Ok((Some(kept.recipe), kept.data, out)),
        // One that an older percept writes: its log is there.
        Err(_) if out.join(LOG).is_file() => Ok((None, out.clone(), out)),
        Err(error) => Err(error),
    }
}

/// Whether a log has grown lately: all there is to go by where nobody holds the folder with a lock.
fn is_fresh(log: &Path) -> bool {
    let age = std::fs::metadata(log).and_then(|about| about.modified()).ok().and_then(|at| at.elapsed().ok());
    age.is_some_and(|age| age < FRESH)
}

/// The network in a folder that does not say what is trained there.
fn a_model(out: &Path) -> Option<PathBuf> {
    let files = std::fs::read_dir(out).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let is_one = |file: &PathBuf| {
        file.extension().is_some_and(|ending| ending == "safetensors")
            && file.file_name().is_some_and(|name| name != CHECKPOINT)
    };
    files.filter(is_one).min()
}

/// What a file holds, read again where it has changed; what was there before where it cannot be read now.
fn reread<T: Clone>(known: &mut Known<T>, path: &Path, read: impl Fn(&Path) -> Option<T>) -> Option<T> {
    let about = std::fs::metadata(path).ok();
    let Some(about) = about else {
        *known = None;
        return None;
    };
    let stamp = (about.modified().unwrap_or(SystemTime::UNIX_EPOCH), about.len());
    if known.as_ref().is_none_or(|known| known.0 != stamp)
        && let Some(read) = read(path)
    {
        *known = Some((stamp, read));
    }
    known.as_ref().map(|known| known.1.clone())
}

fn read_moment(path: &Path) -> Option<Arc<Moment>> {
    if std::fs::metadata(path).ok()?.len() > MAX_PICTURE_BYTES {
        return None;
    }
    let bytes = std::fs::read(path).ok()?;
    Moment::from_png(&bytes).ok().map(Arc::new)
}
