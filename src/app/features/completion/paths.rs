//! Paths of files. The runtime lists folders, because the application performs no I/O.

use crate::app::effect::{Effect, FolderEntry, FolderRequest};
use crate::app::model::completion::{Candidate, CompletedWord};
use crate::app::model::context::Context;
use crate::domain::format_size;
use crate::text::SafeText;

/// Returns the files and folders for a path: folders first, then by name. If the folder is not known yet, it is
/// requested, and there are none until it has been listed.
pub(in crate::app) fn candidates(cx: &mut Context<'_>, completed: &CompletedWord) -> Vec<Candidate> {
    if completed.word == "~" {
        return vec![Candidate { label: "~/".into(), insert: "~/".into(), continues: true, ..Candidate::default() }];
    }
    let (folder, name) = completed.folder_and_name();
    let request = FolderRequest { folder: folder.to_owned(), prefix: name.to_owned() };
    let listing = cx.ui.completion.listing.as_ref().filter(|listing| listing.answers(&request));
    let Some(listing) = listing else {
        let is_pending =
            |pending: &FolderRequest| pending.folder == request.folder && name.starts_with(&pending.prefix);
        if !cx.ui.completion.requested.as_ref().is_some_and(is_pending) {
            cx.ui.completion.requested = Some(request.clone());
            cx.effects.push(Effect::ListFolder(request));
        }
        return Vec::new();
    };
    let shows_hidden = name.starts_with('.');
    let entries = listing.entries.iter().filter(|entry| shows_hidden || !entry.name.starts_with('.'));
    entries.map(|entry| candidate(folder, entry)).collect()
}

fn candidate(folder: &str, FolderEntry { name, size }: &FolderEntry) -> Candidate {
    let slash = if size.is_none() { "/" } else { "" };
    Candidate {
        label: format!("{}{slash}", SafeText::line(name)),
        hint: size.map_or_else(String::new, format_size),
        insert: format!("{folder}{name}{slash}"),
        continues: size.is_none(),
        ..Candidate::default()
    }
}
