//! From the command line to the window: the last session, the catalogue that is watched, exports, keeping.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use crossbeam_channel::{Sender, bounded};
use parking_lot::Mutex;

use crate::app::start::{AppStart, SessionStart, run};
use crate::app::state::UiState;
use crate::app::{Catalogue, Departing, Keeper, jobs, memory, open};
use crate::cli::{self, WindowArgs};
use crate::error::{Context as _, Kind, Result};
use crate::gpu::{Compute, Gpu};
use crate::model::shipped;
use crate::session::saved::{SavedSession, default_path};
use crate::session::{Command, Notice, Session, Start};
use crate::stimulus::illusion::watch::Watcher;
use crate::stimulus::illusion::{Illusion, catalogue};
use crate::stimulus::{StimulusSpec, camera};
use crate::train::follow::{Place, is_training};

/// The illusions as they are now, shared by window, watcher and worker.
type Shelf = Arc<Mutex<Arc<Vec<Illusion>>>>;

/// What lives as long as the window.
struct Live {
    /// Of the user's folder.
    watcher: Option<Watcher>,
    /// The last handle: who drops it waits for the worker.
    session: Session,
    /// The device, where what it has compiled is kept.
    gpu: Option<Gpu>,
}

type Running = Arc<Mutex<Option<Live>>>;

/// Opens the window as the command line asks and returns when it is closed.
///
/// # Errors
/// When there is no display, no graphics adapter, or a thread cannot be started.
pub fn open(args: &WindowArgs) -> Result<()> {
    let begun = Instant::now();
    memory::keep_what_is_freed();
    let last = Last::load(args);
    let shelf: Shelf = Arc::new(Mutex::new(Arc::new(catalogue::load().0)));
    let (keep, keeper) = keeper_thread()?;
    let shown = Arc::clone(&shelf);
    let catalogue: Catalogue = Box::new(move || Arc::clone(&shown.lock()));
    let (export, kit) = jobs::exporter();
    let notices = last.notices;
    let running: Running = Arc::default();
    let theirs = Arc::clone(&running);
    let (training, departing) = (args.input.as_deref().and_then(training_of), Departing::default());
    let session = SessionStart {
        start: last.start,
        device: args.device,
        begin: Box::new(move |gpu, compute, start, wake| {
            kit.set(gpu.clone(), compute.clone());
            begin(gpu, compute, start, wake, shelf, notices, &theirs)
        }),
    };
    let start = AppStart {
        catalogue,
        models: shipped::cards(),
        camera: camera::list().into_iter().next(),
        export,
        keep,
        ui: last.ui,
        screenshot: args.screenshot.clone().map(|path| (path, args.screenshot_after)),
        window_size: args.window.map(|size| [size.width as f32, size.height as f32]),
        soak_s: args.soak,
        training,
        departing: Arc::clone(&departing),
        begun,
    };
    let outcome = run(session, start);
    // A training stops with a checkpoint, which takes as long as its batch.
    drop(std::mem::take(&mut *departing.lock()));
    // The network must not be at work while the graphics driver is taken down.
    if let Some(Live { watcher, session, gpu }) = running.lock().take() {
        drop(watcher);
        drop(session);
        gpu.iter().for_each(Gpu::keep_pipelines);
    }
    // The window is gone and with it the sender: the thread writes what it has and ends.
    if keeper.join().is_err() {
        tracing::error!("the session could not be kept: its thread failed");
    }
    outcome
}

/// What the last session left, with the command line laid over it.
struct Last {
    start: Start,
    ui: UiState,
    notices: Vec<Notice>,
}

impl Last {
    fn load(args: &WindowArgs) -> Self {
        let found =
            default_path().filter(|path| path.exists()).map(|path| SavedSession::load_or_default(&path));
        let is_first = found.is_none();
        let mut notices = Vec::new();
        let mut recent = Vec::new();
        let (mut start, mut ui) = (cli::usual_start(), UiState::default());
        if let Some(loaded) = found {
            notices.extend(loaded.notices);
            recent = loaded.session.recent;
            start = loaded.session.start;
            match loaded.session.window.try_into() {
                Ok(kept) => ui = kept,
                Err(cause) => notices.push(Notice {
                    is_error: false,
                    text: format!("The window's layout could not be restored ({cause}): it starts as usual"),
                }),
            }
        }
        ui.recent = recent;
        ui.ask_safety |= is_first && args.screenshot.is_none() && args.soak.is_none();
        if let Some(input) = args.input.as_ref().filter(|input| is_stimulus(input)) {
            let stimulus = match cli::stimulus(input) {
                // A saved session must find it again from another folder.
                StimulusSpec::File(path) => StimulusSpec::File(std::path::absolute(&path).unwrap_or(path)),
                other => other,
            };
            start = Start { stimulus, ..cli::usual_start() };
        }
        let named = args.model.as_deref().map(cli::model);
        let opened = args.input.as_deref().filter(|input| open::is_model(input));
        let opened = opened.map(|path| std::path::absolute(path).unwrap_or(path.to_path_buf()));
        let model = named.or(opened.map(|path| path.display().to_string()));
        if model.is_some() {
            // Size and lesions were those of another network.
            (start.size, start.lesions) = (None, Vec::new());
        }
        start.model = model.or(start.model);
        start.size = args.size.or(start.size);
        Self { start, ui, notices }
    }
}

/// Whether an argument is to be looked at, and is no training or network.
fn is_stimulus(input: &Path) -> bool {
    !open::is_model(input) && training_of(input).is_none()
}

/// The training that an argument names: a recipe, or the folder of one.
fn training_of(input: &Path) -> Option<Place> {
    let place = if is_training(input) {
        Some(Place { recipe: None, out: Some(input.to_path_buf()) })
    } else {
        open::place_of(input)
    };
    let whole = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
    place.map(|place| Place { recipe: place.recipe.map(whole), out: place.out.map(whole) })
}

/// Starts the session and the watcher of the user's folder.
fn begin(
    gpu: Option<Gpu>,
    compute: Compute,
    start: Start,
    wake: Box<dyn Fn() + Send + Sync>,
    shelf: Shelf,
    notices: Vec<Notice>,
    running: &Running,
) -> Result<Session> {
    let kept = gpu.clone().filter(|gpu| gpu.pipelines().is_some());
    let session = Session::start(gpu, compute, start, wake)?;
    for notice in notices {
        session.notify(notice);
    }
    let watcher = catalogue::user_folder().and_then(|folder| watch(folder, &session, shelf));
    *running.lock() = Some(Live { watcher, session: session.clone(), gpu: kept });
    Ok(session)
}

/// Files that appear or change in the user's folder join the gallery at once.
fn watch(folder: PathBuf, session: &Session, shelf: Shelf) -> Option<Watcher> {
    let told = session.clone();
    let watcher = Watcher::new(folder, move || {
        let (illusions, faults) = catalogue::load();
        let illusions = Arc::new(illusions);
        *shelf.lock() = Arc::clone(&illusions);
        for fault in faults {
            told.notify(Notice { is_error: true, text: fault.to_string() });
        }
        if !told.send(Command::Illusions(illusions)) {
            tracing::warn!("the worker is too busy to hear of changed illusions");
        }
    });
    watcher.inspect_err(|error| session.notify(Notice { is_error: false, text: error.to_string() })).ok()
}

/// Paths may be no UTF-8, which TOML cannot hold; the session keeps them in a spelling of its own.
fn without_paths(ui: &UiState) -> UiState {
    let folder = ui.export_folder.clone().filter(|folder| folder.to_str().is_some());
    UiState { recent: Vec::new(), stimulus: None, export_folder: folder, ..ui.clone() }
}

/// The disk is slow: sessions are written by a thread of their own, the latest one wins.
fn keeper_thread() -> Result<(Keeper, std::thread::JoinHandle<()>)> {
    let (sender, receiver): (Sender<SavedSession>, _) = bounded(8);
    let handle = std::thread::Builder::new()
        .name("percept-keeper".to_owned())
        .spawn(move || {
            for session in receiver {
                if let Some(path) = default_path()
                    && let Err(error) = session.save(&path)
                {
                    tracing::warn!("the session was not kept: {error}");
                }
            }
        })
        .context(Kind::Internal, "the thread that keeps the session cannot be started")?;
    let keep: Keeper = Box::new(move |ui, start| {
        let Some(start) = start else { return };
        let window = toml::Table::try_from(without_paths(ui)).unwrap_or_else(|cause| {
            tracing::warn!("the window's layout cannot be written down: {cause}");
            toml::Table::new()
        });
        let session = SavedSession { start, window, recent: ui.recent.clone(), ..SavedSession::default() };
        if sender.try_send(session).is_err() {
            tracing::warn!("the disk is behind: this state of the session is not kept");
        }
    });
    Ok((keep, handle))
}
