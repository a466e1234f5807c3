//! Opening things: dialogs on a thread of their own, files dropped on the window, recent files.

use std::path::{Path, PathBuf};

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::app::PerceptApp;
use crate::session::Command;
use crate::stimulus::StimulusSpec;
use crate::train::follow::{Place, is_training};
use crate::train::kept::Kept;

/// What a dialog is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A video or picture.
    File,
    /// A folder of pictures.
    Folder,
    /// A model's weights.
    Model,
    /// Where an export goes.
    ExportFolder,
    /// A recipe to train by.
    Recipe,
    /// The folder of a training.
    Training,
    /// Where the files of a recipe are.
    TrainingData,
    /// Where a training goes.
    TrainingOut,
}

/// File dialogs that are open, and what was chosen in them.
#[derive(Debug)]
pub(crate) struct Dialogs {
    ctx: egui::Context,
    chosen: Receiver<(Purpose, PathBuf)>,
    choose: Sender<(Purpose, PathBuf)>,
}

impl Dialogs {
    /// No dialog is open yet.
    pub(crate) fn new(ctx: egui::Context) -> Self {
        let (choose, chosen) = bounded(4);
        Self { ctx, chosen, choose }
    }

    /// Opens a dialog; the window goes on. `false` when no thread could be made.
    pub(crate) fn open(&self, purpose: Purpose) -> bool {
        let (ctx, choose) = (self.ctx.clone(), self.choose.clone());
        let ask = move || {
            if let Some(path) = ask(purpose)
                && choose.try_send((purpose, path)).is_err()
            {
                tracing::warn!("a chosen file was lost: too many dialogs are open");
            }
            ctx.request_repaint();
        };
        std::thread::Builder::new().name("percept-dialog".to_owned()).spawn(ask).is_ok()
    }

    /// Looks what a folder is, on a thread of its own: that of a training, or pictures. `false` when no thread could be
    /// made.
    fn sort(&self, path: PathBuf) -> bool {
        let (ctx, choose) = (self.ctx.clone(), self.choose.clone());
        let look = move || {
            let purpose = if is_training(&path) { Purpose::Training } else { Purpose::Folder };
            if choose.try_send((purpose, path)).is_err() {
                tracing::warn!("a folder was lost: too many are being opened");
            }
            ctx.request_repaint();
        };
        std::thread::Builder::new().name("percept-sorter".to_owned()).spawn(look).is_ok()
    }
}

/// What a file that belongs to a training opens, by its name: a recipe, or the folder of a log.
pub(crate) fn place_of(path: &Path) -> Option<Place> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if path.file_name() == Kept::file(Path::new("")).file_name() || ending.eq_ignore_ascii_case("jsonl") {
        return Some(Place { recipe: None, out: path.parent().map(Path::to_path_buf) });
    }
    ending.eq_ignore_ascii_case("toml").then(|| Place { recipe: Some(path.to_path_buf()), out: None })
}

/// Whether a name is such as folders have: without an ending, or with one of digits.
fn may_be_folder(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ending.chars().all(|c| c.is_ascii_digit())
}

fn ask(purpose: Purpose) -> Option<PathBuf> {
    let dialog = rfd::FileDialog::new();
    match purpose {
        Purpose::File => dialog.set_title("Open a video or picture").pick_file(),
        Purpose::Folder => dialog.set_title("Open a folder of pictures").pick_folder(),
        Purpose::Model => dialog.set_title("Open a model").add_filter("Weights", MODEL_ENDINGS).pick_file(),
        Purpose::ExportFolder => dialog.set_title("Folder for the export").pick_folder(),
        Purpose::Recipe => dialog.set_title("Open a recipe").add_filter("Recipe", &["toml"]).pick_file(),
        Purpose::Training => dialog.set_title("Folder of a training").pick_folder(),
        Purpose::TrainingData => dialog.set_title("Folder of the recipe's files").pick_folder(),
        Purpose::TrainingOut => dialog.set_title("Folder for the training").pick_folder(),
    }
}

/// Endings of files that hold a network rather than a stimulus.
const MODEL_ENDINGS: &[&str] = &["safetensors", "h5", "hdf5", "npz", "pth", "pt", "ckpt", "bpk"];

/// Whether a file holds a network, by its name.
pub(crate) fn is_model(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    MODEL_ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending))
}

impl PerceptApp {
    /// Opens a file or folder as what it is: a model, a recipe, the folder of a training, or a stimulus.
    pub(crate) fn open_path(&mut self, path: PathBuf) {
        if is_model(&path) {
            self.send(Command::SetModel(path.display().to_string()));
        } else if let Some(place) = place_of(&path) {
            self.open_training(place);
        } else if !may_be_folder(&path) || !self.dialogs.sort(path.clone()) {
            self.show_file(path);
        }
    }

    /// Shows a file or folder as a stimulus.
    fn show_file(&mut self, path: PathBuf) {
        self.ui.remember(path.clone());
        self.open_stimulus(StimulusSpec::File(path));
    }

    /// Shows another stimulus.
    pub(crate) fn open_stimulus(&mut self, stimulus: StimulusSpec) {
        self.desk.loop_a_s = None;
        if self.send(Command::Open(stimulus)) && self.ui.reduced_motion {
            self.set_playing(false);
        }
    }

    /// Takes in what was dropped on the window or chosen in a dialog.
    pub(crate) fn take_files(&mut self, ctx: &egui::Context) {
        self.desk.files_over = ctx.input(|input| !input.raw.hovered_files.is_empty());
        let dropped: Vec<PathBuf> =
            ctx.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_path_buf()).collect());
        let several = dropped.len();
        for path in dropped.iter().skip(1).rev() {
            if !is_model(path) && place_of(path).is_none() {
                self.ui.remember(path.clone());
            }
        }
        if let Some(first) = dropped.into_iter().next() {
            self.open_path(first);
            if several > 1 {
                let now_s = ctx.input(|input| input.time);
                self.tell(
                    now_s,
                    format!("{several} files: the first is shown, the rest are in the list"),
                    false,
                );
            }
        }
        while let Ok((purpose, path)) = self.dialogs.chosen.try_recv() {
            match purpose {
                Purpose::ExportFolder => self.desk.export_folder = path.display().to_string(),
                Purpose::Model => {
                    self.send(Command::SetModel(path.display().to_string()));
                }
                Purpose::File => self.open_path(path),
                Purpose::Folder => self.show_file(path),
                Purpose::Recipe => self.open_training(Place { recipe: Some(path), out: None }),
                Purpose::Training => self.open_training(Place { recipe: None, out: Some(path) }),
                Purpose::TrainingData => self.training.fields.data = path.display().to_string(),
                Purpose::TrainingOut => {
                    self.training.fields.out = path.display().to_string();
                    self.look_at_out();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_told_from_stimuli_by_their_ending() {
        assert!(is_model(Path::new("a/b.SAFETENSORS")));
        assert!(!is_model(Path::new("a/b.mp4")));
        assert!(!is_model(Path::new("safetensors")));
    }

    #[test]
    fn what_belongs_to_a_training_is_told_by_its_name() {
        let recipe = Place { recipe: Some("a/street.toml".into()), out: None };
        assert_eq!(place_of(Path::new("a/street.toml")), Some(recipe));
        let folder = Place { recipe: None, out: Some("a/out".into()) };
        for file in ["a/out/log.jsonl", "a/out/checkpoint.toml"] {
            assert_eq!(place_of(Path::new(file)), Some(folder.clone()), "{file}");
        }
        assert_eq!(place_of(Path::new("a/walk.mp4")), None);
        assert!(may_be_folder(Path::new("a/family-0.5")) && !may_be_folder(Path::new("walk.mp4")));
    }
}
