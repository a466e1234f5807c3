//! What the window remembers: between runs ([`UiState`]) and while it is open (`Desk`).

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::app::audience::Audience;
use crate::app::editor::unsaved::Unsaved;
use crate::app::export::{ExportChoices, Job};
use crate::app::gallery::badge::Badge;
use crate::app::guess::Guess;
use crate::app::lens::Lens;
use crate::app::maps::{Channel, RangeMode};
use crate::app::theme::ThemeChoice;
use crate::gpu::colormap::Colormap;
use crate::readout::Unit;
use crate::readout::flow::Method;
use crate::session::Wanted;
use crate::stimulus::StimulusSpec;

/// Most files in the list of recent ones.
const RECENT: usize = 8;
/// Most picked units that are taken over from the last run.
const PICKED: usize = 64;

/// What is kept between runs of the program.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
#[allow(clippy::struct_excessive_bools, reason = "one switch of the window each")]
pub struct UiState {
    /// Dark or light.
    pub theme: ThemeChoice,
    /// Size of text and controls, 1 for 100 %.
    pub zoom: f32,
    /// Whether the gallery is open.
    pub gallery_open: bool,
    /// Whether parameters and card are open.
    pub parameters_open: bool,
    /// Whether the layers are open.
    pub layers_open: bool,
    /// Whether the time courses are open.
    pub courses_open: bool,
    /// Width of the gallery in points.
    pub gallery_width: f32,
    /// Width of the parameters in points.
    pub parameters_width: f32,
    /// Width of the editor in points.
    pub editor_width: f32,
    /// Height of the time courses in points; 0 for a fifth of the window.
    pub courses_height: f32,
    /// Symbols (`A`, `Ahat`, `E`, `R`, `C`) whose time courses are shown.
    pub courses: Vec<String>,
    /// Units that are recorded, as text: `e1[c3,x10,y4]`.
    pub picked: Vec<String>,
    /// How the enlarged map's range is chosen.
    pub range_mode: RangeMode,
    /// Colours of the enlarged map; `None` chooses by meaning.
    pub colormap: Option<Colormap>,
    /// Whether values of a map are blended.
    pub smooth: bool,
    /// Whether the stimulus is shown at the network's resolution.
    pub as_network: bool,
    /// Whether the error is laid over the stimulus.
    pub overlay: bool,
    /// Whether the motion that the network expects lies over its prediction.
    #[serde(default)]
    pub motion: bool,
    /// Whether it is looked for at corners alone.
    #[serde(default)]
    pub corners: bool,
    /// Whether live numbers are shown.
    pub stats: bool,
    /// Files and folders opened lately, newest first.
    pub recent: Vec<PathBuf>,
    /// What was exported last.
    pub export: ExportChoices,
    /// Folder of the last export.
    pub export_folder: Option<PathBuf>,
    /// Files of networks that were opened lately, newest first.
    pub models: Vec<String>,
    /// Whether what flashes beyond the limits is slowed to three pictures a second.
    pub reduce_flashing: bool,
    /// Whether regular stripes and slow flashing are shown without being asked for.
    #[serde(default)]
    pub patterns_at_once: bool,
    /// Whether stimuli start paused.
    pub reduced_motion: bool,
    /// Whether the person is to be asked about both.
    pub ask_safety: bool,
    /// File names, without ending, of the illusions with a star.
    pub favourites: BTreeSet<String>,
    /// Whether the gallery shows these alone.
    pub favourites_only: bool,
    /// Families that are folded in the gallery.
    pub families_folded: BTreeSet<String>,
    /// What was shown last.
    pub stimulus: Option<StimulusSpec>,
    /// What is in the editor and in no file.
    pub unsaved: Option<Unsaved>,
}

impl Default for UiState {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::Dark,
            zoom: 1.0,
            gallery_open: true,
            parameters_open: true,
            layers_open: true,
            courses_open: true,
            gallery_width: 232.0,
            parameters_width: 296.0,
            editor_width: 560.0,
            courses_height: 0.0,
            courses: vec!["E".to_owned(), "R".to_owned()],
            picked: Vec::new(),
            range_mode: RangeMode::default(),
            colormap: None,
            smooth: false,
            as_network: false,
            overlay: false,
            motion: true,
            corners: false,
            stats: false,
            recent: Vec::new(),
            export: ExportChoices::default(),
            export_folder: None,
            models: Vec::new(),
            reduce_flashing: false,
            patterns_at_once: false,
            reduced_motion: false,
            ask_safety: false,
            favourites: BTreeSet::new(),
            favourites_only: false,
            families_folded: BTreeSet::new(),
            stimulus: None,
            unsaved: None,
        }
    }
}

impl UiState {
    /// Puts a file at the head of the recent ones.
    pub fn remember(&mut self, path: PathBuf) {
        self.recent.retain(|known| *known != path);
        self.recent.insert(0, path);
        self.recent.truncate(RECENT);
    }

    /// Puts a file at the head of the networks opened lately.
    pub fn remember_model(&mut self, file: &str) {
        if self.models.first().is_some_and(|first| first == file) {
            return;
        }
        self.models.retain(|known| known != file);
        self.models.insert(0, file.to_owned());
        self.models.truncate(RECENT);
    }

    /// The same with every number in a range that the window can work with (a session file may be edited).
    #[must_use]
    pub fn sane(mut self) -> Self {
        let clamp = |value: f32, low: f32, high: f32, default: f32| {
            if value.is_finite() { value.clamp(low, high) } else { default }
        };
        self.zoom = clamp(self.zoom, 0.5, 3.0, 1.0);
        self.gallery_width = clamp(self.gallery_width, 160.0, 480.0, 232.0);
        self.parameters_width = clamp(self.parameters_width, 220.0, 520.0, 296.0);
        self.editor_width = clamp(self.editor_width, 320.0, 2000.0, 560.0);
        self.courses_height = clamp(self.courses_height, 0.0, 640.0, 0.0);
        self.recent.truncate(RECENT);
        self.models.truncate(RECENT);
        self.picked.truncate(PICKED);
        self
    }
}

/// What the middle of the window shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Page {
    /// Stimulus, prediction, error and layers.
    #[default]
    Pictures,
    /// All illusions.
    Gallery,
    /// Guessing before seeing.
    Guess,
    /// All models.
    Models,
    /// A network in training.
    Training,
}

/// What fills the screen in a lecture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lecture {
    /// The stimulus.
    Stimulus,
    /// Stimulus and prediction.
    Both,
}

/// Which dialog is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Dialog {
    /// None.
    #[default]
    None,
    /// Command palette.
    Palette,
    /// Key sheet.
    Keys,
    /// Export.
    Export,
    /// Name of a new illusion.
    Name,
}

/// A message at the top of the window.
#[derive(Clone, Debug)]
pub(crate) struct Toast {
    /// What it says.
    pub text: String,
    /// Whether it stays until it is closed.
    pub is_error: bool,
    /// When it goes, by egui's clock.
    pub until_s: f64,
}

/// What is forgotten when the window closes.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "one thing each that is on or off")]
pub(crate) struct Desk {
    /// Zoom and pan of the pictures.
    pub lens: Lens,
    /// Place under the pointer in 0..1 of the picture, shown in all pictures.
    pub pointer: Option<[f32; 2]>,
    /// The same of the last frame, which is what the pictures show.
    pub pointer_shown: Option<[f32; 2]>,
    /// The unit whose value was asked for.
    pub hover: Option<Unit>,
    /// The unit under the pointer in this frame.
    pub hover_next: Option<Unit>,
    /// What the session was last told of the wish for expected motion.
    pub motion_told: Option<(bool, Method)>,
    /// Probe that is enlarged; `None` for the pixel error.
    pub inspected: Option<String>,
    /// Which number of it is shown.
    pub channel: Channel,
    /// Ends of the colour bar where the range is fixed by hand.
    pub fixed_range: Option<[f32; 2]>,
    /// What the worker was last asked to inspect.
    pub inspect_sent: Option<(String, Option<u32>)>,
    /// Whether the stimulus is in this frame.
    pub stimulus_drawn: bool,
    /// Whether the prediction is in this frame.
    pub prediction_drawn: bool,
    /// Whether this frame shows an illusion that looks different in the next.
    pub moves: bool,
    /// What the time courses show.
    pub plotted: Option<crate::app::panels::courses::Gathered>,
    /// Maps drawn in this frame.
    pub shown: Vec<Wanted>,
    /// Maps that the worker was last asked for.
    pub shown_sent: Vec<Wanted>,
    /// Units that are recorded.
    pub picked: Vec<Unit>,
    /// Whether those of the last run have been asked for.
    pub picks_restored: bool,
    /// Curves that are hidden, by name.
    pub hidden: BTreeSet<String>,
    /// Time under the hand while the seek bar is dragged.
    pub scrub_s: Option<f64>,
    /// Snapshot that was on show when the last seek was sent.
    pub seek_sent_at: u64,
    /// First mark of a loop that waits for its second.
    pub loop_a_s: Option<f64>,
    /// Typed into the gallery's search field.
    pub search: String,
    /// The one family that the page of the gallery shows.
    pub family: Option<String>,
    /// Whether the gallery is in this frame, as panel or page.
    pub gallery_shown: bool,
    /// The illusion that the gallery was last scrolled to.
    pub scrolled_to: Option<String>,
    /// Whether the gallery's search field is to be typed into next.
    pub focus_search: bool,
    /// Whether an illusion under the pointer is drawn anew in the next frame.
    pub hover_moves: bool,
    /// Whether the network sees an illusion, by its file name without ending; what is not here is untested.
    pub badges: BTreeMap<String, Badge>,
    /// Who else sees it, in words.
    pub company: BTreeMap<String, String>,
    /// SHA-256 of the network that they are of.
    pub badges_of: Option<String>,
    /// What fills the screen.
    pub lecture: Option<Lecture>,
    /// Since when, by egui's clock.
    pub lecture_since_s: f64,
    /// The window for an audience.
    pub audience: Audience,
    /// The round of guessing.
    pub guess: Guess,
    /// Whether the editor is in this frame.
    pub editing: bool,
    /// Open dialog.
    pub dialog: Dialog,
    /// What has the place of the pictures.
    pub page: Page,
    /// The model whose card is shown there; `None` for the one that watches.
    pub model_shown: Option<String>,
    /// Typed into the palette.
    pub palette_text: String,
    /// Row of the palette that Enter runs.
    pub palette_row: usize,
    /// Folder and name in the export dialog.
    pub export_folder: String,
    /// Beginning of the file names.
    pub export_stem: String,
    /// The export that runs.
    pub job: Option<Job>,
    /// Messages.
    pub toasts: Vec<Toast>,
    /// The side panel that was opened last, where there is room for one only.
    pub narrow_shows_parameters: bool,
    /// Whether the user asked for a side panel in a narrow window.
    pub narrow_open: bool,
    /// Whether the button that shows what flashes was held down in this frame.
    pub veil_held: bool,
    /// Whether files are being dragged over the window.
    pub files_over: bool,
}

impl Desk {
    /// Whether stimulus and prediction are in this frame.
    pub(crate) const fn is_complete(&self) -> bool {
        self.stimulus_drawn && self.prediction_drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_remembered_once_and_first() {
        let mut state = UiState::default();
        for name in ["a", "b", "a", "c", "d", "e", "f", "g", "h", "i"] {
            state.remember(name.into());
        }
        assert_eq!(state.recent.len(), RECENT);
        assert_eq!(state.recent.first(), Some(&PathBuf::from("i")));
        assert_eq!(state.recent.iter().filter(|path| path.as_os_str() == "a").count(), 1);
    }

    #[test]
    fn a_damaged_state_is_made_usable() {
        let state = UiState { zoom: f32::NAN, gallery_width: 1e9, ..UiState::default() }.sane();
        assert_eq!((state.zoom, state.gallery_width), (1.0, 480.0));
    }
}
