//! Commands that are to come: refused by name, so that none is taken for a file and opens a window.

use std::ffi::OsString;

use clap::Subcommand;

use crate::error::{Error, Kind};

/// A command that is not in this version. (A file of such a name is opened as `./NAME`.)
#[derive(Debug, Subcommand)]
pub enum Planned {
    /// Not in this version yet.
    #[command(hide = true, disable_help_flag = true)]
    Sweep(Rest),
    /// Not in this version yet.
    #[command(hide = true, disable_help_flag = true)]
    Experiment(Rest),
}

/// Whatever follows the command.
#[derive(Debug, clap::Args)]
pub struct Rest {
    /// Arguments that nobody reads yet.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub rest: Vec<OsString>,
}

impl Planned {
    /// What is said instead of doing it.
    pub fn refusal(&self) -> Error {
        let name = match self {
            Self::Sweep(_) => "sweep",
            Self::Experiment(_) => "experiment",
        };
        Error::new(Kind::Usage, format!("`percept {name}` is not in this version yet"))
            .advise(format!("`percept --help` lists what is; a file of that name opens as ./{name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, run};
    use clap::Parser as _;

    #[test]
    fn planned_commands_are_refused_whatever_follows() {
        for name in ["sweep", "experiment"] {
            for more in [&[][..], &["x.mp4"], &["--json", "-n", "3"], &["--help"]] {
                let line = Cli::try_parse_from([&["percept", name], more].concat()).unwrap();
                let error = run(&line.command.unwrap()).unwrap_err();
                assert_eq!(error.kind, Kind::Usage);
                assert!(
                    error.to_string().contains(&format!("percept {name}` is not in this version")),
                    "{error}"
                );
            }
            let file = Cli::try_parse_from(["percept", &format!("./{name}")]).unwrap();
            assert!(file.command.is_none() && file.window.input.is_some());
        }
    }
}
