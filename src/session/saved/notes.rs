//! What there is to say about a session file, bounded in number and length.

use toml::{Table, Value};

use crate::session::Notice;

/// What there is to say about a file, in the order in which it is found.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<Notice>);

/// Most notices about one file; a hostile one could ask for a million.
const MAX_NOTICES: usize = 50;
/// Longest notice: names come from the file.
const MAX_NOTICE_LETTERS: usize = 400;

impl Notes {
    /// All that was said.
    pub(super) fn into_notices(self) -> Vec<Notice> {
        self.0
    }

    /// Says one sentence.
    pub(super) fn say(&mut self, text: &str) {
        if self.0.len() < MAX_NOTICES {
            let text = text.chars().filter(|c| !c.is_control()).take(MAX_NOTICE_LETTERS).collect();
            self.0.push(Notice { is_error: false, text });
        }
    }

    /// Says that a value is not usable, and why.
    pub(super) fn bad(&mut self, key: &str, why: &str) {
        self.say(&format!("Session file: \"{key}\" is not usable ({why}); its default is used"));
    }

    /// Names every key that is left in `table`, which lies at `of` in the file.
    pub(super) fn unknown(&mut self, of: &str, table: &Table) {
        for key in table.keys() {
            let shown: String = key.chars().take(60).collect();
            self.say(&format!("Session file: \"{of}{shown}\" is not known and is left out"));
        }
    }

    /// Takes an inner table; says so where it is something else.
    pub(super) fn take_table(&mut self, table: &mut Table, key: &str) -> Option<Table> {
        if let Value::Table(inner) = table.remove(key)? {
            return Some(inner);
        }
        self.bad(key, "it is not a table");
        None
    }
}
