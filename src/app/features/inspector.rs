//! The inspector: asks for the records of the wire while it is open, and carries out what the user chooses in it.

use std::sync::Arc;

use crate::app::effect::{Effect, WireOutcome};
use crate::app::features::selection::selected_message;
use crate::app::features::{details, latency};
use crate::app::model::context::{Context, Scene};
use crate::app::model::room_title::room_title;
use crate::app::model::state::State;
use crate::app::model::ui::{Place, Transition};
use crate::app::overlays::inspector::choice::InspectorChoice;
use crate::app::overlays::inspector::records::Origin;
use crate::app::overlays::inspector::window::Inspector;
use crate::app::overlays::list::ListKind;
use crate::app::overlays::overlay::Overlay;
use crate::domain::AccountId;
use crate::input::Action;
use crate::text::SafeText;
use crate::wire::{Increment, Record, RecordKind, RecordSubject, Server};

/// Opens the inspector, or closes it if it is open.
pub(in crate::app) fn toggle(cx: &mut Context<'_>) {
    if matches!(cx.ui.box_ref(), Some(Overlay::Inspector(_))) {
        close(cx);
    } else {
        open(cx, None);
    }
}

/// Opens the inspector with the records of the selected message.
pub(in crate::app) fn show_message(cx: &mut Context<'_>) {
    let Some(message) = selected_message(cx.scene()) else { return };
    let about = RecordSubject {
        message: message.id.clone(),
        local: message.local.as_deref().copied(),
        ..RecordSubject::default()
    };
    open(cx, Some(about));
}

fn open(cx: &mut Context<'_>, about: Option<RecordSubject>) {
    cx.ui.overlay = Some(Overlay::Inspector(Box::new(Inspector::new(about))));
    cx.effects.push(Effect::ReadWire(true));
}

/// Closes what shows records of the wire, which recordings do not contain: the inspector, details and the latency line.
/// Returns whether anything was open. The last screen of a recording and that of its replay are compared without them.
pub fn hide_wire(state: &mut State) -> bool {
    let has_inspector = match state.ui.box_ref() {
        Some(Overlay::Inspector(_)) => true,
        Some(Overlay::List(list)) => matches!(list.kind, ListKind::Details(_)),
        _ => false,
    };
    if has_inspector {
        state.ui.overlay = None;
    }
    state.terminal.latency.take().is_some() || has_inspector
}

/// Closes the inspector.
pub(in crate::app) fn close(cx: &mut Context<'_>) {
    cx.ui.overlay = None;
    if cx.terminal.latency.is_none() {
        cx.effects.push(Effect::ReadWire(false));
    }
}

/// Passes new records to the inspector and to the latency line, if they are shown.
pub(in crate::app) fn on_records(cx: &mut Context<'_>, increment: Increment) {
    let origins: Vec<Origin> = increment.records.iter().map(|record| origin(cx.scene(), record)).collect();
    if let Some(latency) = &mut cx.terminal.latency {
        increment.records.iter().for_each(|record| latency.push(record));
        latency::refresh_age(cx);
    }
    let needs_wire = cx.terminal.latency.is_some();
    let has_details = details::on_records(cx, &increment.records);
    match cx.ui.box_mut() {
        Some(Overlay::Inspector(inspector)) => inspector.on_records(increment.records.into_iter().zip(origins)),
        _ if has_details => {}
        // Another box has replaced the inspector, or another account is shown.
        _ if !needs_wire => cx.effects.push(Effect::ReadWire(false)),
        _ => {}
    }
}

/// Carries out what the user has chosen, as far as it concerns nothing but records.
pub(in crate::app) fn on_choice(cx: &mut Context<'_>, choice: InspectorChoice) {
    let outcome = match choice {
        InspectorChoice::Jump(account, room, message) => WireOutcome::Jump(account, room, message),
        InspectorChoice::Copy { record, opening, form } => {
            let opening = opening.as_deref().and_then(|record| match &record.kind {
                RecordKind::Opening(opening) => Some(&**opening),
                _ => None,
            });
            let server = Server { base: account_url(cx.scene(), record.account), opening };
            let Some(text) = form.text(&record, server) else { return };
            // What the user pastes must not hide control characters from a shell or an editor.
            cx.effects.push(Effect::Copy(SafeText::block(&text).to_string()));
            WireOutcome::Copied(form)
        }
        InspectorChoice::NoMessage => WireOutcome::NoMessage,
        InspectorChoice::Resume => return cx.effects.push(Effect::ReadWire(true)),
    };
    cx.effects.push(Effect::FromWire(outcome));
}

/// Carries out what has followed from records.
pub(in crate::app) fn on_outcome(cx: &mut Context<'_>, outcome: WireOutcome) {
    match outcome {
        WireOutcome::Closed => close(cx),
        WireOutcome::Copied(form) => cx.notify(format!("Copied as {}.", form.name())),
        WireOutcome::Jump(account, room, message) => {
            close(cx);
            cx.ui.transition = Some(Transition::Go(account, Place::Message(room, message)));
        }
        WireOutcome::NoMessage => {
            let press = cx.options.press(Action::InspectorPane);
            cx.notify(format!("This record is about no message. {press} for its details."));
        }
        WireOutcome::JsonCopied => {
            cx.ui.overlay = None;
            cx.notify("Copied.");
        }
        WireOutcome::JsonMissing(room, message) => details::request_json(cx, &room, &message),
    }
}

/// Returns where a record comes from.
fn origin(scene: Scene<'_>, record: &Arc<Record>) -> Origin {
    let Some(account) = scene.all_accounts().find(|account| account.id == record.account) else {
        return Origin { service: record.account, ..Origin::default() };
    };
    let room = record.subject.room.as_ref().and_then(|room| account.rooms.get(room));
    let room = room.map(|room| SafeText::line(room_title(room))).unwrap_or_default();
    let profile = SafeText::line(account.profile.label());
    let service = scene.all_accounts().find(|other| other.profile.url == account.profile.url);
    Origin { service: service.map_or(account.id, |service| service.id), profile, room }
}

fn account_url(scene: Scene<'_>, id: AccountId) -> &str {
    scene
        .all_accounts()
        .find(|account| account.id == id)
        .map_or("", |account| account.profile.url.trim_end_matches('/'))
}
