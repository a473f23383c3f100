//! Sentences about what is being transferred: the progress of an export.

use crate::app::{Export, ExportStage, Scene};

/// Describes the progress of an export.
pub(super) fn export_line(scene: Scene<'_>, export: &Export) -> String {
    let count = match export.messages {
        1 => "1 message".to_owned(),
        count => format!("{count} messages"),
    };
    match (export.stage, &export.oldest) {
        (ExportStage::Opening, _) | (_, None) => format!("Exporting {}", export.target.name),
        (ExportStage::Finishing, _) => format!("Exporting: writing {count}"),
        (ExportStage::Offline, _) => format!("Export waits for the connection, {count} so far"),
        (ExportStage::Pausing, _) => format!("Export waits for the server, {count} so far"),
        (_, Some((_, at))) => {
            format!("Exporting: {count}, back to {}", at.zoned(&scene.options.zone).strftime("%-d %b %Y"))
        }
    }
}
