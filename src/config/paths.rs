//! Where things are: the configuration, the themes, the data.

use std::path::{Path, PathBuf};

use directories::{BaseDirs, ProjectDirs};

/// The configuration that `config init` writes: everything in it is commented out and says what it is.
pub const DEFAULT_CONFIG: &str = include_str!("../../assets/config.toml");

/// The platform's folders for this program; on Linux `$XDG_CONFIG_HOME` and `$XDG_DATA_HOME` are honoured.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paths {
    /// The home folder.
    pub home: Option<PathBuf>,
    /// The folder of the configuration.
    pub config_dir: Option<PathBuf>,
    /// The folder of the data.
    pub data_dir: Option<PathBuf>,
}

impl Paths {
    /// Those of the user who runs the program; none of them where there is no home folder.
    pub fn of_user() -> Self {
        let project = ProjectDirs::from("", "", "minchat-tui");
        Self {
            home: BaseDirs::new().map(|dirs| dirs.home_dir().to_owned()),
            config_dir: project.as_ref().map(|dirs| dirs.config_dir().to_owned()),
            data_dir: project.as_ref().map(|dirs| dirs.data_dir().to_owned()),
        }
    }

    /// The configuration file.
    pub fn config_file(&self) -> Option<PathBuf> {
        self.config_dir.as_ref().map(|dir| dir.join("config.toml"))
    }

    /// `written` as a path: `~/` is the home folder, and what is relative is relative to `base`.
    pub(crate) fn resolve(&self, written: &str, base: Option<&Path>) -> PathBuf {
        match (written.strip_prefix("~/"), &self.home, base) {
            (Some(rest), Some(home), _) => home.join(rest),
            (_, _, Some(base)) => base.join(written),
            _ => PathBuf::from(written),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_relative_to_its_file_and_a_tilde_is_home() {
        let paths = Paths { home: Some("/users/me".into()), ..Paths::default() };
        assert_eq!(paths.resolve("~/x", Some(Path::new("/etc"))), Path::new("/users/me/x"));
        assert_eq!(paths.resolve("x", Some(Path::new("/etc"))), Path::new("/etc/x"));
        assert_eq!(paths.resolve("/x", Some(Path::new("/etc"))), Path::new("/x"));
        assert_eq!(paths.resolve("x", None), Path::new("x"));
    }
}
