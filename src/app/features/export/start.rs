//! The command that exports the open room.

use crate::app::effect::{Effect, ExportStep, ExportTarget};
use crate::app::features::export::collect;
use crate::app::model::context::Context;
use crate::app::model::export::{Export, ExportStage};
use crate::domain::RoomId;
use crate::export::ExportFormat;

/// Carries out `/export`: `[txt|md|json] [PATH]`, or `stop`, or `finish`.
pub(in crate::app) fn run(cx: &mut Context<'_>, arguments: &str) {
    match arguments {
        "stop" => return stop(cx),
        "finish" => return finish(cx),
        _ => {}
    }
    let Some(room) = cx.open_room() else { return cx.notify_no_room() };
    let (room, name) = (room.info.id.clone(), cx.account.room_label(room).to_string());
    if cx.account.export.is_some() {
        return cx.refuse("An export is in progress already. /export stop ends it.");
    }
    let (format, path) = parse(arguments);
    let path = (!path.is_empty()).then(|| path.to_owned());
    begin(cx, room, ExportTarget { path, name, format, replaces: false });
}

/// Starts the export again after the user has agreed to replace the file at the path.
pub(in crate::app) fn replace(cx: &mut Context<'_>, room: RoomId, format: ExportFormat, path: String) {
    let Some(name) = cx.account.rooms.get(&room).map(|room| cx.account.room_label(room).to_string()) else { return };
    begin(cx, room, ExportTarget { path: Some(path), name, format, replaces: true });
}

fn begin(cx: &mut Context<'_>, room: RoomId, target: ExportTarget) {
    cx.account.exports_started += 1;
    let export = Export::new(cx.account.exports_started, room, target.clone(), cx.now);
    cx.effects.push(Effect::Export(cx.account.id, export.id, ExportStep::Open(target)));
    cx.account.export = Some(Box::new(export));
}

/// Returns the format and the path. Without a format, the extension of the path decides.
fn parse(arguments: &str) -> (ExportFormat, &str) {
    let (first, rest) = arguments.split_once(char::is_whitespace).unwrap_or((arguments, ""));
    match ExportFormat::by_name(first) {
        Some(format) => (format, rest.trim()),
        None => (ExportFormat::of_path(arguments).unwrap_or(ExportFormat::Text), arguments),
    }
}

/// Stops the export. Nothing remains of its file; what was fetched is in the store.
fn stop(cx: &mut Context<'_>) {
    let Some(export) = collect::abandon(cx) else { return cx.refuse("No export is in progress.") };
    let outcome = match export.oldest.filter(|_| export.has_stored) {
        Some((_, at)) => format!("Another /export continues at {}.", cx.options.times.short_date(at)),
        None => "Nothing was written.".to_owned(),
    };
    cx.notify(format!("Stopped the export of {}. {outcome}", export.target.name));
}

/// Completes the file with what has been collected so far.
fn finish(cx: &mut Context<'_>) {
    let Some(export) = &cx.account.export else { return cx.refuse("No export is in progress.") };
    match export.stage {
        ExportStage::Opening | ExportStage::Finishing => {}
        _ => collect::finish(cx, Some("The export was ended early.".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_is_named_or_told_by_the_path() {
        assert_eq!(parse(""), (ExportFormat::Text, ""));
        assert_eq!(parse("md"), (ExportFormat::Markdown, ""));
        assert_eq!(parse("json  ~/my room.txt"), (ExportFormat::Json, "~/my room.txt"));
        assert_eq!(parse("~/my room.MD"), (ExportFormat::Markdown, "~/my room.MD"));
        assert_eq!(parse("~/notes"), (ExportFormat::Text, "~/notes"));
    }
}
