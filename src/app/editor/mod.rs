//! The live editor's state: the text of one illusion, what is wrong with it, and what is shown of it. What is
//! typed is checked on a thread of its own and shown when it is in order; until then the last good text is.

use std::path::PathBuf;
use std::sync::Arc;

use crate::app::PerceptApp;
use crate::session::OnShow;
use crate::stimulus::StimulusSpec;
use crate::stimulus::illusion::{Illusion, Origin, catalogue};

mod check;
pub(crate) mod colours;
pub(crate) mod drafts;
pub(crate) mod naming;
pub(crate) mod unsaved;
mod write;

pub(crate) use check::Complaint;
use check::{Checked, Checker};
use drafts::Drafts;
use naming::Naming;
use write::{Writer, Wrote};

/// Seconds without a key press after which the text is checked.
const PAUSE_S: f64 = 0.3;

/// The editor, open or closed.
pub(crate) struct Editor {
    /// What is edited; kept while the editor is closed.
    pub sheet: Option<Sheet>,
    /// Whether it is in sight.
    pub open: bool,
    /// The line that is to be brought into sight next.
    pub go_to: Option<usize>,
    /// A name that is asked for.
    pub naming: Option<Naming>,
    /// Texts that are shown and not yet, or not at all, among the files.
    pub drafts: Drafts,
    /// Colours of the text that was laid out last.
    pub coloured: colours::Coloured,
    /// Where the user's illusions are.
    folder: Option<PathBuf>,
    checker: Checker,
    writer: Writer,
}

/// The text of one illusion.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    /// File name without ending.
    pub slug: String,
    /// Where it is from.
    pub origin: Origin,
    /// As it is now.
    pub text: String,
    /// As it is in the file.
    pub saved: String,
    /// What is wrong with it.
    pub complaint: Option<Complaint>,
    /// Number of the text: grows with every change.
    pub version: u64,
    /// The one that was last found in order, or not.
    pub checked: u64,
    /// When it was changed, by egui's clock; `None` once it is being checked.
    changed_at_s: Option<f64>,
}

impl Sheet {
    fn new(illusion: &Illusion, saved: String) -> Self {
        Self {
            slug: illusion.slug.clone(),
            origin: illusion.origin.clone(),
            text: illusion.wgsl.clone(),
            saved,
            complaint: None,
            version: 0,
            checked: 0,
            changed_at_s: None,
        }
    }

    /// Whether it differs from the file.
    pub(crate) fn is_changed(&self) -> bool {
        self.text != self.saved
    }

    /// The file, where there is one.
    pub(crate) const fn path(&self) -> Option<&PathBuf> {
        match &self.origin {
            Origin::User(path) => Some(path),
            Origin::BuiltIn => None,
        }
    }

    /// Says that the text was changed.
    pub(crate) const fn touch(&mut self, now_s: f64) {
        self.version += 1;
        self.changed_at_s = Some(now_s);
    }
}

impl Editor {
    /// A closed editor that writes to `folder`.
    pub(crate) fn new(ctx: &egui::Context, folder: Option<PathBuf>) -> Self {
        Self {
            sheet: None,
            open: false,
            go_to: None,
            naming: None,
            drafts: Drafts::default(),
            coloured: colours::Coloured::default(),
            folder,
            checker: Checker::new(ctx.clone()),
            writer: Writer::new(ctx.clone()),
        }
    }
}

impl PerceptApp {
    /// Opens the editor on what is shown, or closes it.
    pub(crate) fn toggle_editor(&mut self, now_s: f64) {
        if self.editor.open {
            self.editor.open = false;
            return;
        }
        self.open_page(crate::app::state::Page::Pictures);
        match self.shown_illusion() {
            Some(illusion) => self.edit(&illusion),
            None if self.editor.sheet.is_some() => {}
            None => {
                self.tell(now_s, "Show an illusion first: videos and pictures have no text".into(), false);
                return;
            }
        }
        self.editor.open = true;
    }

    /// The illusion that was asked for last.
    pub(crate) fn shown_illusion(&self) -> Option<Arc<Illusion>> {
        let latest = self.session.latest()?;
        let slug = match (&latest.stimulus, &latest.on_show) {
            (StimulusSpec::Illusion(slug), _) => slug.clone(),
            (_, OnShow::Illusion { illusion, .. }) => illusion.slug.clone(),
            _ => return None,
        };
        self.shown_illusions.iter().find(|known| known.slug == slug).cloned()
    }

    /// Puts an illusion on the sheet, unless there is something on it that is not saved.
    pub(crate) fn edit(&mut self, illusion: &Illusion) {
        let keeps = |sheet: &Sheet| sheet.slug == illusion.slug || sheet.is_changed();
        if !self.editor.sheet.as_ref().is_some_and(keeps) {
            let saved = self.base.iter().find(|known| known.slug == illusion.slug);
            let saved = saved.map_or_else(|| illusion.wgsl.clone(), |known| known.wgsl.clone());
            self.editor.sheet = Some(Sheet::new(illusion, saved));
        }
    }

    /// Opens the folder of a file in the system's own way; the window goes on.
    pub(crate) fn show_in_folder(path: &std::path::Path) {
        let folder = path.parent().map(std::path::Path::to_path_buf).unwrap_or_default();
        let opener = match std::env::consts::OS {
            "macos" => "open",
            "windows" => "explorer",
            _ => "xdg-open",
        };
        let open = move || match std::process::Command::new(opener).arg(&folder).status() {
            Ok(_) => {}
            Err(cause) => tracing::warn!("{}: the folder cannot be opened: {cause}", folder.display()),
        };
        if let Err(cause) = std::thread::Builder::new().name("percept-folder".to_owned()).spawn(open) {
            tracing::warn!("no folder can be opened: {cause}");
        }
    }

    /// Gives up what was not saved.
    pub(crate) fn discard(&mut self, now_s: f64) {
        if let Some(sheet) = &mut self.editor.sheet {
            sheet.text.clone_from(&sheet.saved);
            sheet.touch(now_s);
        }
    }

    /// Saves the sheet; of an illusion that is part of the program, under a name that is asked for.
    pub(crate) fn save_illusion(&mut self) {
        let Some(sheet) = &self.editor.sheet else { return };
        match sheet.path() {
            Some(path) => self.editor.writer.write(&sheet.slug, path.clone(), sheet.text.clone(), false),
            None => self.ask_for_name(true),
        }
    }

    /// Makes the file that was named and shows it.
    pub(crate) fn create_illusion(&mut self) {
        let Some(naming) = &self.editor.naming else { return };
        let (Some(folder), Ok(slug)) = (&self.editor.folder, naming.slug(&self.shown_illusions)) else {
            return;
        };
        let path = folder.join(format!("{slug}.wgsl"));
        self.editor.writer.write(&slug, path, naming.named_text(), true);
    }

    /// Takes in what was checked and written, and has what was typed checked when the hands rest.
    pub(crate) fn run_editor(&mut self, ctx: &egui::Context) {
        let now_s = ctx.input(|input| input.time);
        while let Some(checked) = self.editor.checker.take() {
            self.take_checked(checked);
        }
        while let Some(wrote) = self.editor.writer.take() {
            self.take_written(now_s, wrote);
        }
        self.restore_unsaved(now_s);
        let Editor { sheet: Some(sheet), checker, .. } = &mut self.editor else { return };
        if let Some(changed_at_s) = sheet.changed_at_s {
            let left_s = changed_at_s + PAUSE_S - now_s;
            if left_s > 0.0 {
                ctx.request_repaint_after_secs(left_s as f32 + 0.005);
            } else if checker.check(sheet) {
                sheet.changed_at_s = None;
                self.keep_unsaved();
            }
        }
        // The editor goes with what is shown, as long as nothing is lost by it.
        if self.editor.open
            && let Some(illusion) = self.shown_illusion()
        {
            self.edit(&illusion);
        }
    }

    fn take_checked(&mut self, Checked { slug, version, outcome }: Checked) {
        let Some(sheet) = self.editor.sheet.as_mut().filter(|sheet| sheet.slug == slug) else { return };
        if version != sheet.version {
            return;
        }
        sheet.checked = version;
        match outcome {
            Ok(illusion) => {
                sheet.complaint = None;
                self.editor.drafts.put(illusion);
            }
            Err(complaint) => sheet.complaint = Some(complaint),
        }
    }

    fn take_written(&mut self, now_s: f64, wrote: Wrote) {
        let Wrote { slug, path, text, is_new, outcome } = wrote;
        let illusion = match outcome {
            Ok(illusion) => illusion,
            Err(error) if is_new => {
                if let Some(naming) = &mut self.editor.naming {
                    naming.refused = Some(error.to_string());
                }
                return;
            }
            Err(error) => {
                self.tell(now_s, error.sentence(), true);
                return;
            }
        };
        self.ui.unsaved = None;
        self.tell(now_s, format!("Saved {}", path.display()), false);
        let Some(illusion) = illusion else {
            let what = "It has an error and joins the gallery when that is corrected";
            self.tell(now_s, what.to_owned(), false);
            if let Some(sheet) = self.editor.sheet.as_mut().filter(|sheet| sheet.slug == slug) {
                sheet.saved = text;
            }
            return;
        };
        if is_new {
            // What was tried on the old one is in the new one now.
            if let Some(old) = self.editor.sheet.take() {
                self.editor.drafts.remove(&old.slug);
            }
            self.editor.naming = None;
            self.editor.sheet = Some(Sheet::new(&illusion, text));
            self.editor.drafts.put(*illusion);
            self.take_catalogue();
            self.open_page(crate::app::state::Page::Pictures);
            self.editor.open = true;
            self.open_stimulus(StimulusSpec::Illusion(slug));
        } else {
            self.editor.drafts.put(*illusion);
            if let Some(sheet) = self.editor.sheet.as_mut().filter(|sheet| sheet.slug == slug) {
                sheet.saved = text;
            }
        }
    }

    /// The illusions as they are now, drafts laid over them; the worker hears of changes.
    pub(crate) fn take_catalogue(&mut self) {
        let base = (self.catalogue)();
        let is_new = !Arc::ptr_eq(&base, &self.base);
        if !is_new && !self.editor.drafts.take_changed() {
            return;
        }
        self.editor.drafts.forget_those_in(&base);
        let all = catalogue::overlaid(Vec::clone(&base), self.editor.drafts.all());
        let sheet = self.editor.sheet.as_mut().filter(|sheet| is_new && !sheet.is_changed());
        if let Some(sheet) = sheet
            && let Some(known) =
                base.iter().find(|known| known.slug == sheet.slug && known.wgsl != sheet.text)
        {
            // It was changed by another program.
            (sheet.text, sheet.saved) = (known.wgsl.clone(), known.wgsl.clone());
            sheet.version += 1;
            (sheet.checked, sheet.complaint) = (sheet.version, None);
        }
        self.base = base;
        self.shown_illusions = all.iter().cloned().map(Arc::new).collect();
        self.send(crate::session::Command::Illusions(Arc::new(all)));
    }
}
