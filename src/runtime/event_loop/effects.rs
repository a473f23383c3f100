//! Effects: carries out what `update` asks for.

use std::io;

use crate::app::{Effect, Event, LogLevel};
use crate::config::DesktopNotifications;
use crate::runtime::clock::Clock;
use crate::runtime::hyperlinks;
use crate::text::SafeText;

use super::{Display, EventLoop, Flow, Server};

impl<D: Display, S: Server, C: Clock> EventLoop<D, S, C> {
    /// Carries out one effect. No other code does.
    pub(super) fn perform(&mut self, effect: Effect) -> io::Result<Flow> {
        match effect {
            Effect::Request(account, request) => {
                if let Err(request) = self.server.send(account, request) {
                    return self.on_event(Event::RequestRejected(account, request));
                }
            }
            Effect::Reconnect(account) => self.server.retry_now(account),
            Effect::SetFaults(account, text) => return self.set_faults(account, &text),
            Effect::FromWire(outcome) => return self.on_event(Event::FromWire(outcome)),
            Effect::Copy(text) => {
                self.display.copy(&text)?;
                self.background.copy_to_tmux(text);
            }
            Effect::Inspect(account, request) => self.background.inspect(account, request),
            Effect::FindPath(account, file) => self.background.find_path(account, file),
            Effect::Download(account, id, download) => self.background.download(account, id, download),
            Effect::CancelDownload(account, id) => self.background.downloader.cancel(account, id),
            Effect::Export(account, id, step) => self.background.export(account, id, step),
            Effect::AbandonExport(account, id) => self.background.abandon_export(account, id),
            Effect::ListFolder(request) => self.background.list_folder(request),
            Effect::Spawn(argv, access) => self.background.spawn(argv, access),
            Effect::OpenLink(argv, address) => self.background.open_link(argv, address),
            Effect::PasteImage(account, purpose, name) => self.background.paste_image(account, purpose, name),
            Effect::FindFiles(account, pasted, ways) => self.background.find_files(account, pasted, ways),
            Effect::SavePaste(account, pasted, name) => self.background.save_paste(account, pasted, name),
            Effect::EditText(account, request) => return self.edit(account, request),
            Effect::LoadPicture(account, request) => self.background.load_picture(account, request),
            Effect::ForgetPictures(account, urls) => self.background.forget_pictures(account, urls),
            Effect::Persist(..) => drop(self.deferred.add(effect)),
            Effect::Query(account, query) => self.stores.query(account, query),
            // The text may quote a server, so it is sanitised and kept on one line.
            Effect::Log(LogLevel::Warn, text) => tracing::warn!("{}", SafeText::line(&text)),
            Effect::Log(LogLevel::Debug, text) => tracing::debug!("{}", SafeText::line(&text)),
            Effect::OpenProfile(name) => self.profiles.load(name),
            Effect::AddProfile(name) => return self.add_profile(name),
            Effect::CloseProfile(account) => self.close_profile(account),
            Effect::RememberProfiles(names) => {
                self.remembers_profiles = true;
                self.background.remember_profiles(names, self.state.account().profile.name.clone());
            }
            Effect::PrepareBundle(dump) => self.prepare_bundle(dump),
            Effect::WriteBundle => self.background.write_bundle(),
            Effect::DiscardBundle => self.background.discard_bundle(),
            Effect::SaveScreen(dump) => self.save_screen(dump),
            Effect::Redraw => {
                self.display.invalidate();
                return self.measure();
            }
            Effect::Bell => self.display.ring()?,
            Effect::WindowTitle(title) => self.display.set_title(&title)?,
            Effect::ShowNotification(notification) if notification.channel == DesktopNotifications::System => {
                self.background.show_notification(notification);
            }
            Effect::ShowNotification(notification) => self.display.notify(&notification)?,
            Effect::WithdrawNotification(id) => {
                self.background.withdraw_notification(id);
                self.display.withdraw(id)?;
            }
            Effect::NotifyCommand(argv, facts) => self.background.notify(argv, facts),
            Effect::Mouse(on) => self.display.set_mouse(on)?,
            Effect::Hyperlinks(setting) => self.display.set_hyperlinks(hyperlinks::are_used(setting)),
            Effect::EscapeTime(escape_time) => self.escape_time = Some(escape_time),
            Effect::ReadWire(on) => self.wire.set_reading(on),
            Effect::ReportBytes(on) => self.reports_bytes = Some(on),
            Effect::AskForBackground => self.display.ask_for_background()?,
            Effect::LoadConfig(trigger) => self.background.load_configuration(trigger),
            Effect::Suspend => return self.suspend(),
            Effect::Quit => return Ok(Flow::Quit),
        }
        Ok(Flow::Continue)
    }
}
