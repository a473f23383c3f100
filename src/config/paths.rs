//! The folders for configuration and data.

use std::path::{Path, PathBuf};

use directories::{BaseDirs, ProjectDirs};

/// The file that `config init` writes: every option, commented out and explained.
pub const DEFAULT_CONFIG: &str = include_str!("../../assets/config.toml");

/// The folders of the platform for this program. On Linux they follow `$XDG_CONFIG_HOME` and `$XDG_DATA_HOME`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paths {
    /// Home folder of the user.
    pub home: Option<PathBuf>,
    /// Folder of the configuration file and the themes.
    pub config_dir: Option<PathBuf>,
    /// Default folder for history, drafts and unsent messages.
    pub data_dir: Option<PathBuf>,
}

impl Paths {
    /// Returns the folders of the current user. All are `None` if there is no home folder.
    pub fn of_user() -> Self {
        let project = ProjectDirs::from("", "", "minchat-tui");
        Self {
            home: BaseDirs::new().map(|dirs| dirs.home_dir().to_owned()),
            config_dir: project.as_ref().map(|dirs| dirs.config_dir().to_owned()),
            data_dir: project.as_ref().map(|dirs| dirs.data_dir().to_owned()),
        }
    }

    /// Returns the default path of the configuration file.
    pub fn config_file(&self) -> Option<PathBuf> {
        self.config_dir.as_ref().map(|dir| dir.join("config.toml"))
    }

    /// Converts text to a path: a leading `~/` is the home folder, and a relative path is relative to `base`.
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
    fn relative_paths_and_tilde_are_resolved() {
        let paths = Paths { home: Some("/users/me".into()), ..Paths::default() };
        assert_eq!(paths.resolve("~/x", Some(Path::new("/etc"))), Path::new("/users/me/x"));
        assert_eq!(paths.resolve("x", Some(Path::new("/etc"))), Path::new("/etc/x"));
        assert_eq!(paths.resolve("/x", Some(Path::new("/etc"))), Path::new("/x"));
        assert_eq!(paths.resolve("x", None), Path::new("x"));
    }
}
