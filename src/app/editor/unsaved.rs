//! What was typed and not saved is there again when the program is started the next time.

use super::Sheet;
use crate::app::PerceptApp;
use crate::safety::limits::MAX_ILLUSION_BYTES;
use crate::stimulus::illusion::Origin;

/// The text of an illusion that differs from its file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Unsaved {
    /// The illusion's file name without ending.
    pub slug: String,
    /// The text.
    pub text: String,
}

impl Unsaved {
    /// What is on the sheet and in no file.
    fn of(sheet: &Sheet) -> Option<Self> {
        let fits = sheet.text.len() as u64 <= MAX_ILLUSION_BYTES;
        (fits && sheet.is_changed()).then(|| Self { slug: sheet.slug.clone(), text: sheet.text.clone() })
    }
}

impl PerceptApp {
    /// Remembers what is on the sheet.
    pub(super) fn keep_unsaved(&mut self) {
        if let Some(sheet) = &self.editor.sheet {
            self.ui.unsaved = Unsaved::of(sheet);
        }
    }

    /// Puts what was not saved the last time on the sheet, once the illusions are known.
    pub(super) fn restore_unsaved(&mut self, now_s: f64) {
        if self.editor.sheet.is_some() || self.base.is_empty() {
            return;
        }
        let Some(Unsaved { slug, text }) = self.ui.unsaved.clone() else { return };
        let mut sheet = match self.base.iter().find(|known| known.slug == slug) {
            Some(illusion) => Sheet::new(illusion, illusion.wgsl.clone()),
            // Its file is gone: it will be saved under a name that is asked for.
            None => Sheet {
                slug: slug.clone(),
                origin: Origin::BuiltIn,
                text: String::new(),
                saved: String::new(),
                complaint: None,
                version: 0,
                checked: 0,
                changed_at_s: None,
            },
        };
        sheet.text = text;
        sheet.touch(now_s);
        self.editor.sheet = Some(sheet);
        self.tell(now_s, format!("What you did not save of {slug} is in the editor again (F7)"), false);
    }
}
