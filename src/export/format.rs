//! File formats.

use std::path::Path;

/// File format of an exported room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// JSON.
    Json,
}

impl ExportFormat {
    /// Returns the format with this name, which is also the usual extension of its files.
    pub fn by_name(name: &str) -> Option<Self> {
        match name {
            "txt" => Some(Self::Text),
            "md" => Some(Self::Markdown),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// Returns the format that the extension of a path tells.
    pub fn of_path(path: &str) -> Option<Self> {
        let extension = Path::new(path).extension()?.to_str()?;
        Self::by_name(&extension.to_ascii_lowercase())
    }

    /// Returns the extension of its files, which is also its name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Markdown => "md",
            Self::Json => "json",
        }
    }
}
