//! Files that leave the window: pictures at once, exports by a job on another thread.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::app::PerceptApp;
use crate::app::actions::{name_of, start_of};
use crate::app::export::{ExportRequest, Exported, Rest, stem_of};
use crate::app::panels::courses;
use crate::app::panels::picture::{Cell, Whole, probe_of};
use crate::app::state::Dialog;
use crate::session::second::{DIFFERENCE, PREFIX};
use crate::session::{Command, Snapshot};

impl PerceptApp {
    /// Saves the map that one of the pictures shows.
    pub(crate) fn save_cell(&mut self, ctx: &egui::Context, snapshot: &Snapshot, cell: Cell) {
        let at = probe_of(self, snapshot, cell);
        let name = match (cell, &snapshot.second) {
            (Cell::Inspected, Some(_)) if Whole::of(self, snapshot) == Whole::Difference => {
                Some(DIFFERENCE.to_owned())
            }
            (Cell::Second, second) => second
                .as_ref()
                .and_then(|second| second.probes.get(at?))
                .map(|probe| format!("{PREFIX}{}", probe.name)),
            _ => at.and_then(|at| snapshot.probes.get(at)).map(|probe| probe.name.clone()),
        };
        match name {
            Some(name) => self.save_picture(ctx, snapshot, Some(name)),
            None => self.tell(
                ctx.input(|input| input.time),
                "This network has no such picture. Enlarge another map and save that".into(),
                true,
            ),
        }
    }

    /// Saves a probe as it is now; `None` is actual and prediction side by side. The worker says when it is
    /// done, and where the file is.
    pub(crate) fn save_picture(&mut self, ctx: &egui::Context, snapshot: &Snapshot, probe: Option<String>) {
        let folder = directories::UserDirs::new()
            .and_then(|dirs| dirs.picture_dir().map(Path::to_path_buf))
            .or_else(|| std::env::current_dir().ok())
            .unwrap_or_default();
        let path = folder.join(picture_name(snapshot, probe.as_deref()));
        let text = format!("Saving {}", path.display());
        if self.send(Command::SavePicture(probe, path)) {
            self.tell(ctx.input(|input| input.time), text, false);
        }
    }

    /// Opens the export dialog.
    pub(crate) fn open_export(&mut self) {
        let Some(snapshot) = self.session.latest() else { return };
        self.open_dialog(Dialog::Export);
        self.desk.export_stem = stem_of(&name_of(&snapshot));
        if self.desk.export_folder.is_empty() {
            let folder = self.ui.export_folder.clone().or_else(|| {
                directories::UserDirs::new()
                    .map(|dirs| dirs.document_dir().unwrap_or(dirs.home_dir()).join("percept"))
            });
            self.desk.export_folder = folder.unwrap_or_default().display().to_string();
        }
    }

    /// Starts the export that the dialog describes.
    pub(crate) fn start_export(&mut self, snapshot: &Snapshot) {
        let folder = PathBuf::from(&self.desk.export_folder);
        let known = |name: &str| snapshot.probes.iter().any(|probe| probe.name == name);
        let recording = self.session.recording(Clone::clone);
        let request = ExportRequest {
            stem: stem_of(&self.desk.export_stem),
            choices: self.ui.export.clone(),
            title: format!("{} seen by {}", name_of(snapshot), snapshot.provenance.model),
            figure: courses::figure_choice(&self.ui.courses, snapshot),
            hidden: courses::hidden_columns(&self.desk, &recording),
            start: start_of(snapshot),
            // Another network may have come since they were picked.
            units: self.desk.picked.iter().filter(|unit| known(&unit.probe)).cloned().collect(),
            probes: Arc::clone(&snapshot.probes),
            recording,
            provenance: snapshot.provenance.clone(),
            session: self.session.clone(),
            folder: folder.clone(),
        };
        self.ui.export_folder = Some(folder);
        self.desk.job = Some((self.export)(request));
    }

    /// Ends the export when its job is done, and says what came of it.
    pub(crate) fn take_job(&mut self, now_s: f64) {
        let Some(outcome) = self.desk.job.as_ref().and_then(crate::app::export::Job::take_outcome) else {
            return;
        };
        self.desk.job = None;
        let is_error = matches!(outcome.rest, Rest::Failed(_));
        if !is_error {
            self.desk.dialog = Dialog::None;
        }
        if let Some(text) = message(&outcome) {
            self.tell(now_s, text, is_error);
        }
    }
}

fn picture_name(snapshot: &Snapshot, probe: Option<&str>) -> String {
    let stem = stem_of(&name_of(snapshot));
    let probe = probe.map_or_else(String::new, |name| format!("_{name}"));
    format!("{stem}_{:06.0}ms_{}{probe}.png", snapshot.place.time_s * 1000.0, snapshot.sequence)
}

/// What to say of an export that has ended; `None` where the worker says it (a picture alone).
fn message(outcome: &Exported) -> Option<String> {
    let list: Vec<_> = outcome.files.iter().map(|path| path.display().to_string()).collect();
    let list = list.join(", ");
    match (&outcome.rest, list.is_empty()) {
        (Rest::Done, true) => None,
        (Rest::Done, false) => Some(format!("Exported {list}")),
        (Rest::Stopped, true) => Some("The export was stopped; nothing was written".to_owned()),
        (Rest::Stopped, false) => Some(format!("Exported {list}; the rest was stopped")),
        (Rest::Failed(error), true) => Some(error.to_string()),
        (Rest::Failed(error), false) => Some(format!("{error}. Written before that: {list}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, Kind};

    #[test]
    fn what_was_written_is_said_whatever_came_of_the_rest() {
        let say = |files: &[&str], rest| {
            message(&Exported { files: files.iter().map(PathBuf::from).collect(), rest }).unwrap_or_default()
        };
        assert_eq!(say(&["a.csv", "a.svg"], Rest::Done), "Exported a.csv, a.svg");
        assert_eq!(say(&["a.csv"], Rest::Stopped), "Exported a.csv; the rest was stopped");
        assert!(say(&[], Rest::Stopped).contains("nothing was written"));
        let failed = say(&["a.csv"], Rest::Failed(Error::new(Kind::Write, "the disk is full")));
        assert!(failed.contains("the disk is full") && failed.contains("a.csv"), "{failed}");
    }
}
