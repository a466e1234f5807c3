//! Everything the window can be told to do, once: menu, command palette, keys and key sheet all read this
//! table. Keys are mpv's where mpv has one.

use egui::Key;

/// A command of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WindowCommand {
    /// Plays or pauses.
    PlayPause,
    /// One step on.
    StepForward,
    /// One step back.
    StepBack,
    /// 5 s on.
    Forward5,
    /// 5 s back.
    Back5,
    /// 1 s on.
    Forward1,
    /// 1 s back.
    Back1,
    /// To the start.
    ToStart,
    /// To the end.
    ToEnd,
    /// Slower.
    Slower,
    /// Faster.
    Faster,
    /// Speed 1.
    NormalSpeed,
    /// Sets A, then B, then clears both.
    LoopBetween,
    /// Loops the whole, or stops at the end.
    LoopWhole,
    /// Forgets what was seen.
    Reset,
    /// Feeds the prediction back.
    Extrapolate,
    /// Control condition.
    Control,
    /// Left and right exchanged.
    Mirror,
    /// The illusion before.
    PreviousIllusion,
    /// The illusion after.
    NextIllusion,
    /// All parameters to their defaults.
    ResetParameters,
    /// Stops recording picked units.
    UnpickAll,
    /// Opens a video or picture.
    OpenFile,
    /// Opens a folder of pictures.
    OpenFolder,
    /// Opens a camera.
    OpenCamera,
    /// Opens a model file.
    OpenModel,
    /// Opens a recipe to train by.
    OpenRecipe,
    /// Opens the folder of a training.
    FollowTraining,
    /// The page of models.
    Models,
    /// The page of trainings.
    Training,
    /// Exchanges the two networks that are compared.
    Exchange,
    /// Ends the comparison.
    EndComparison,
    /// Saves actual and prediction as they are.
    SavePictures,
    /// Saves the actual picture.
    SaveActual,
    /// Saves the prediction.
    SaveExpected,
    /// Saves the prediction of the second network.
    SaveSecond,
    /// Saves the error, or the map that is enlarged.
    SaveMap,
    /// Export dialog.
    Export,
    /// Command palette.
    Palette,
    /// Key sheet.
    Keys,
    /// Live numbers.
    Stats,
    /// Dark or light.
    Theme,
    /// The stimulus alone fills the screen.
    LectureStimulus,
    /// Stimulus and prediction fill the screen.
    LectureBoth,
    /// A second window with the stimulus.
    Audience,
    /// A guess before the network's answer.
    Guess,
    /// Full screen.
    FullScreen,
    /// Gallery.
    ToggleGallery,
    /// The page of all illusions.
    GalleryPage,
    /// Search field of the gallery.
    FindIllusion,
    /// The live editor.
    EditIllusion,
    /// Saves what is edited.
    SaveIllusion,
    /// Copies what is edited or shown.
    DuplicateIllusion,
    /// Begins with the template.
    NewIllusion,
    /// A star for the illusion on show.
    Favourite,
    /// Parameters.
    ToggleParameters,
    /// Layers.
    ToggleLayers,
    /// Time courses.
    ToggleCourses,
    /// Sharp, or as the network sees it.
    Sharp,
    /// Error laid over the actual picture.
    Overlay,
    /// Lays the motion that the network expects over its prediction.
    Motion,
    /// Looks for that motion at corners alone.
    Corners,
    /// Whole picture again.
    ResetView,
    /// Larger text and controls.
    ZoomIn,
    /// Smaller text and controls.
    ZoomOut,
    /// Text and controls at 100 %.
    ZoomReset,
    /// Shows what flashes.
    ShowFlashing,
    /// Slows what flashes.
    ReduceFlashing,
    /// Shows stripes and slow flashing without asking.
    PatternsAtOnce,
    /// Starts stimuli paused.
    ReducedMotion,
    /// Asks about both.
    Safety,
    /// Closes the window.
    Quit,
}

/// Where a command stands in menu and key sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Files in and out.
    File,
    /// Time.
    Play,
    /// What is shown.
    Stimulus,
    /// How it is shown.
    View,
    /// Finding one's way.
    Help,
}

impl Group {
    /// In menu order.
    pub const ALL: [Self; 5] = [Self::File, Self::Play, Self::Stimulus, Self::View, Self::Help];

    /// Name for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Play => "Play",
            Self::Stimulus => "Stimulus",
            Self::View => "View",
            Self::Help => "Help",
        }
    }
}

/// Whether Shift must be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    /// It must not.
    Up,
    /// It must.
    Down,
    /// It does not matter (the key itself may need it on some keyboards).
    Either,
}

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortcut {
    /// The key.
    pub key: Key,
    /// Whether Ctrl (Command on a Mac) is held.
    pub ctrl: bool,
    /// Shift.
    pub shift: Shift,
}

impl Shortcut {
    /// Whether a key press is this shortcut.
    #[must_use]
    pub fn matches(&self, key: Key, modifiers: egui::Modifiers) -> bool {
        let shift = match self.shift {
            Shift::Up => !modifiers.shift,
            Shift::Down => modifiers.shift,
            Shift::Either => true,
        };
        key == self.key && self.ctrl == modifiers.command && shift && !modifiers.alt
    }

    /// As written in menus: `Ctrl+K`, `Shift+Left`, `[`.
    #[must_use]
    pub fn label(&self) -> String {
        let mut label = String::new();
        if self.ctrl {
            label.push_str("Ctrl+");
        }
        if self.shift == Shift::Down {
            label.push_str("Shift+");
        }
        label.push_str(key_name(self.key));
        label
    }
}

fn key_name(key: Key) -> &'static str {
    match key {
        Key::ArrowLeft => "Left",
        Key::ArrowRight => "Right",
        Key::OpenBracket => "[",
        Key::CloseBracket => "]",
        Key::Questionmark => "?",
        Key::Period => ".",
        Key::Comma => ",",
        Key::Plus => "+",
        Key::Minus => "-",
        Key::Slash => "/",
        Key::Equals => "=",
        Key::PageUp => "Page up",
        Key::PageDown => "Page down",
        other => other.name(),
    }
}

const fn key(key: Key) -> Shortcut {
    Shortcut { key, ctrl: false, shift: Shift::Up }
}
const fn any(key: Key) -> Shortcut {
    Shortcut { key, ctrl: false, shift: Shift::Either }
}
const fn shift(key: Key) -> Shortcut {
    Shortcut { key, ctrl: false, shift: Shift::Down }
}
const fn ctrl(key: Key) -> Shortcut {
    Shortcut { key, ctrl: true, shift: Shift::Either }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The command.
    pub command: WindowCommand,
    /// Where it stands.
    pub group: Group,
    /// What it is called.
    pub label: &'static str,
    /// What it does, in one sentence.
    pub about: &'static str,
    /// Keys.
    pub shortcuts: &'static [Shortcut],
}

const fn entry(
    command: WindowCommand,
    group: Group,
    label: &'static str,
    about: &'static str,
    shortcuts: &'static [Shortcut],
) -> Entry {
    Entry { command, group, label, about, shortcuts }
}

use Group::{File, Help, Play, Stimulus, View};
use WindowCommand as W;

/// All commands in menu order.
#[rustfmt::skip]
pub const ALL: &[Entry] = &[
    entry(W::OpenFile, File, "Open…", "Open a video or a picture", &[any(Key::O), ctrl(Key::O)]),
    entry(W::OpenFolder, File, "Open folder…", "Open a folder of pictures", &[]),
    entry(W::OpenCamera, File, "Open camera", "Watch through the camera", &[]),
    entry(W::OpenModel, File, "Open model…", "Load the weights of a network from a file", &[]),
    entry(W::OpenRecipe, File, "Open recipe…", "Open a recipe to train a network by", &[]),
    entry(W::FollowTraining, File, "Follow training…", "Open the folder of a training that runs elsewhere, or that was stopped", &[]),
    entry(W::NewIllusion, File, "New illusion…", "Write an illusion of your own, from a template that explains itself", &[ctrl(Key::N)]),
    entry(W::DuplicateIllusion, File, "Duplicate illusion…", "Copy this illusion to a file of your own, to change it", &[ctrl(Key::D)]),
    entry(W::SaveIllusion, File, "Save illusion", "Write what is in the editor to its file", &[ctrl(Key::S)]),
    entry(W::SavePictures, File, "Save picture", "Save what is seen and what is expected as a PNG file", &[key(Key::S)]),
    entry(W::SaveActual, File, "Save what you see", "Save what the network is shown as a PNG file", &[]),
    entry(W::SaveExpected, File, "Save what it expects", "Save the prediction as a PNG file", &[]),
    entry(W::SaveSecond, File, "Save what B expects", "Save the prediction of the second network as a PNG file", &[]),
    entry(W::SaveMap, File, "Save enlarged map", "Save the error (or the difference), or the map enlarged in its place, as a PNG file", &[]),
    entry(W::Export, File, "Export…", "Time courses, figure, tensors or video as files", &[ctrl(Key::E)]),
    entry(W::Quit, File, "Quit", "Close the window; the session is kept", &[any(Key::Q), ctrl(Key::Q)]),

    entry(W::PlayPause, Play, "Play or pause", "Play or pause the stimulus", &[any(Key::Space), key(Key::P)]),
    entry(W::StepForward, Play, "Step forward", "One network step ahead, then pause", &[any(Key::Period)]),
    entry(W::StepBack, Play, "Step back", "One network step back, then pause", &[any(Key::Comma)]),
    entry(W::Forward5, Play, "Forward 5 s", "Five seconds ahead", &[key(Key::ArrowRight)]),
    entry(W::Back5, Play, "Back 5 s", "Five seconds back", &[key(Key::ArrowLeft)]),
    entry(W::Forward1, Play, "Forward 1 s", "One second ahead", &[shift(Key::ArrowRight)]),
    entry(W::Back1, Play, "Back 1 s", "One second back", &[shift(Key::ArrowLeft)]),
    entry(W::ToStart, Play, "To the start", "Back to the first frame", &[any(Key::Home)]),
    entry(W::ToEnd, Play, "To the end", "To the last frame", &[any(Key::End)]),
    entry(W::Slower, Play, "Slower", "Play more slowly", &[any(Key::OpenBracket)]),
    entry(W::Faster, Play, "Faster", "Play faster", &[any(Key::CloseBracket)]),
    entry(W::NormalSpeed, Play, "Normal speed", "Play at the stimulus's own speed", &[any(Key::Backspace)]),
    entry(W::LoopBetween, Play, "Loop between A and B", "Set A, then B, then clear both", &[key(Key::L)]),
    entry(W::LoopWhole, Play, "Loop", "Start again at the end, or stop there", &[shift(Key::L)]),
    entry(W::Extrapolate, Play, "Extrapolate", "Feed the prediction back for the next ten steps", &[any(Key::X)]),
    entry(W::Reset, Play, "Reset network", "Forget all that was seen and start the recording again", &[key(Key::R)]),

    entry(W::Control, Stimulus, "Control", "Show the control, in which the illusion vanishes", &[any(Key::C)]),
    entry(W::Mirror, Stimulus, "Mirror", "Exchange left and right", &[any(Key::M)]),
    entry(W::ResetParameters, Stimulus, "Reset parameters", "Set every parameter to its default", &[shift(Key::R)]),
    entry(W::PreviousIllusion, Stimulus, "Previous illusion", "Show the illusion before this one", &[any(Key::PageUp)]),
    entry(W::NextIllusion, Stimulus, "Next illusion", "Show the illusion after this one", &[any(Key::PageDown)]),
    entry(W::EditIllusion, Stimulus, "Edit illusion", "Edit the text of this illusion and see it change as you type", &[any(Key::F7)]),
    entry(W::Favourite, Stimulus, "Favourite", "Give the illusion on show a star, or take it away", &[key(Key::D)]),
    entry(W::FindIllusion, Stimulus, "Find illusion…", "Search the gallery by name, paper, effect and family", &[ctrl(Key::F), any(Key::Slash)]),
    entry(W::Exchange, Stimulus, "Exchange A and B", "Exchange the two networks that are compared", &[key(Key::B)]),
    entry(W::EndComparison, Stimulus, "End the comparison", "Let network A watch alone", &[shift(Key::B)]),
    entry(W::UnpickAll, Stimulus, "Remove picked units", "Stop recording single units", &[any(Key::Delete)]),

    entry(W::ToggleGallery, View, "Gallery", "Show or hide the gallery", &[any(Key::F1)]),
    entry(W::GalleryPage, View, "All illusions", "All illusions as large pictures", &[any(Key::G)]),
    entry(W::ToggleParameters, View, "Parameters", "Show or hide parameters and card", &[any(Key::F2)]),
    entry(W::ToggleLayers, View, "Layers", "Show or hide the maps of every layer", &[any(Key::F3)]),
    entry(W::ToggleCourses, View, "Time courses", "Show or hide the time courses", &[any(Key::F4)]),
    entry(W::Models, View, "Models", "All networks with their scores: choose one, or put two side by side", &[any(Key::F5), ctrl(Key::M)]),
    entry(W::Training, View, "Training", "Watch a network learn: start, stop or follow a training", &[any(Key::F6), ctrl(Key::T)]),
    entry(W::Sharp, View, "As the network sees it", "Show the stimulus at the network's own resolution", &[any(Key::N)]),
    entry(W::Overlay, View, "Error overlay", "Lay the error over the stimulus", &[any(Key::E)]),
    entry(W::Motion, View, "Expected motion", "Arrows: where the network expects what to move; faint ones stand on edges of one direction, where only the motion across them is known", &[key(Key::A)]),
    entry(W::Corners, View, "Motion at corners", "Look for motion at corners alone, as published work on networks and illusions did; longer steps than 0.4 pixels do not count", &[shift(Key::A)]),
    entry(W::ShowFlashing, View, "Show it", "Show this stimulus although it flashes, or has stripes, beyond the limits", &[]),
    entry(W::ReduceFlashing, View, "Reduce flashing", "Show what flashes beyond the limits as three still pictures a second, or go back", &[]),
    entry(W::PatternsAtOnce, View, "Show stripes at once", "Show regular stripes and slow flashing without asking first, or go back", &[]),
    entry(W::ReducedMotion, View, "Reduced motion", "Let stimuli start paused, or go back", &[]),
    entry(W::Safety, View, "Flashing and motion…", "Choose what you want to be spared", &[]),
    entry(W::ResetView, View, "Whole picture", "Undo zoom and pan of the pictures", &[any(Key::Num0)]),
    entry(W::Stats, View, "Live numbers", "Show times, rates and dropped frames", &[any(Key::I)]),
    entry(W::Theme, View, "Dark or light", "Change between dark and light", &[any(Key::T)]),
    entry(W::LectureStimulus, View, "Lecture: stimulus alone", "The stimulus fills the screen; Esc leaves", &[any(Key::F8)]),
    entry(W::LectureBoth, View, "Lecture: stimulus and prediction", "The stimulus and what the network expects fill the screen; Esc leaves", &[any(Key::F9)]),
    entry(W::Audience, View, "Window for the audience", "A second window with the stimulus alone, for a projector; F fills its screen", &[any(Key::F12)]),
    entry(W::Guess, View, "Guess first", "A class guesses what the network expects, sees the control, then the answer", &[any(Key::F10)]),
    entry(W::FullScreen, View, "Full screen", "Fill the screen, or go back", &[any(Key::F), any(Key::F11)]),
    entry(W::ZoomIn, View, "Larger", "Make text and controls larger", &[ctrl(Key::Plus), ctrl(Key::Equals)]),
    entry(W::ZoomOut, View, "Smaller", "Make text and controls smaller", &[ctrl(Key::Minus)]),
    entry(W::ZoomReset, View, "Normal size", "Text and controls at 100 %", &[ctrl(Key::Num0)]),

    entry(W::Palette, Help, "Commands…", "Find and run any command or illusion", &[ctrl(Key::K), ctrl(Key::P)]),
    entry(W::Keys, Help, "Keys", "Show every key", &[any(Key::Questionmark)]),
];

impl WindowCommand {
    /// Its row of the table.
    #[must_use]
    pub fn entry(self) -> &'static Entry {
        // Every command has a row (a test says so); the first row stands in for the impossible.
        ALL.iter().find(|entry| entry.command == self).unwrap_or(&ALL[0])
    }

    /// What it is called.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.entry().label
    }

    /// Its keys as text, `Space or P`; empty without one.
    #[must_use]
    pub fn keys(self) -> String {
        self.entry().shortcuts.iter().map(Shortcut::label).collect::<Vec<_>>().join(" or ")
    }

    /// What it does and its keys, for tooltips.
    #[must_use]
    pub fn tooltip(self) -> String {
        let entry = self.entry();
        let keys = self.keys();
        if keys.is_empty() { entry.about.to_owned() } else { format!("{} ({keys})", entry.about) }
    }
}

/// The command of a key press, if it is one.
#[must_use]
pub fn of_key(key: Key, modifiers: egui::Modifiers) -> Option<WindowCommand> {
    let hit = |entry: &&Entry| entry.shortcuts.iter().any(|shortcut| shortcut.matches(key, modifiers));
    ALL.iter().find(hit).map(|entry| entry.command)
}

/// How well `text` matches what was typed: `None` when a letter is missing; more is better. Letters must
/// come in order; runs and word starts count more.
#[must_use]
pub fn fuzzy(typed: &str, text: &str) -> Option<i32> {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let mut score = 0;
    let mut at = 0;
    let mut run = 0;
    for wanted in typed.to_lowercase().chars().filter(|c| !c.is_whitespace()) {
        let found = text.get(at..)?.iter().position(|&c| c == wanted)? + at;
        let starts_word = found.checked_sub(1).and_then(|before| text.get(before)).is_none_or(|c| *c == ' ');
        run = if found == at && at > 0 { run + 1 } else { 0 };
        score += 1 + 3 * run + if starts_word { 6 } else { 0 } - (found - at).min(3) as i32;
        at = found + 1;
    }
    Some(score - text.len() as i32 / 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_a_key_or_a_name() {
        for (i, a) in ALL.iter().enumerate() {
            for b in &ALL[i + 1..] {
                assert_ne!(a.command, b.command);
                assert_ne!(a.label, b.label);
                for key in a.shortcuts {
                    for other in b.shortcuts {
                        let clash = key.key == other.key
                            && key.ctrl == other.ctrl
                            && (key.shift == other.shift
                                || key.shift == Shift::Either
                                || other.shift == Shift::Either);
                        assert!(!clash, "{} and {} share {}", a.label, b.label, key.label());
                    }
                }
            }
        }
    }

    #[test]
    fn labels_follow_the_rules_of_text() {
        for entry in ALL {
            assert!(!entry.label.ends_with('.') && !entry.about.ends_with('.'), "{}", entry.label);
            let title_case = entry
                .label
                .split(' ')
                .skip(1)
                .any(|word| word.len() > 1 && word.starts_with(|c: char| c.is_ascii_uppercase()));
            assert!(!title_case, "{}", entry.label);
            assert_eq!(entry.command.entry().label, entry.label);
        }
    }

    #[test]
    fn keys_are_mpvs() {
        let none = egui::Modifiers::NONE;
        let pairs = [
            (Key::Space, none, W::PlayPause),
            (Key::Period, none, W::StepForward),
            (Key::Comma, none, W::StepBack),
            (Key::ArrowLeft, none, W::Back5),
            (Key::ArrowLeft, egui::Modifiers::SHIFT, W::Back1),
            (Key::L, none, W::LoopBetween),
            (Key::L, egui::Modifiers::SHIFT, W::LoopWhole),
            (Key::K, egui::Modifiers::COMMAND, W::Palette),
        ];
        for (key, modifiers, command) in pairs {
            assert_eq!(of_key(key, modifiers), Some(command));
        }
        assert_eq!(of_key(Key::K, none), None);
    }

    #[test]
    fn the_best_match_comes_first() {
        assert!(fuzzy("xyz", "mirror").is_none());
        assert!(fuzzy("mir", "Mirror") > fuzzy("mir", "Dimmer than"));
        assert!(fuzzy("fs", "Full screen") > fuzzy("fs", "Lifts"));
        assert_eq!(fuzzy("", "Mirror").map(|score| score <= 0), Some(true));
    }
}
