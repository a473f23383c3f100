//! Commands of the control socket.

use std::io;

use serde_json::{Value, json};

use crate::app::{ControlCommand, Event, control_problem, newest_entry};
use crate::domain::MessageId;
use crate::dump::hide_secrets;
use crate::input::Key;
use crate::runtime::clock::Clock;
use crate::runtime::control::{Command, Request, screen, state};
use crate::runtime::redact::known_secrets;

use super::{Display, EventLoop, Flow, Server};

impl<D: Display, S: Server, C: Clock> EventLoop<D, S, C> {
    /// Carries out a command and answers it. What it changes is drawn before the next one is taken.
    pub(super) fn on_request(&mut self, mut request: Request) -> io::Result<Flow> {
        self.pacer.touch_now();
        match request.command.clone() {
            Command::Open { room } => self.command(request, ControlCommand::Open(room)),
            Command::Send { room, text } => self.command(request, ControlCommand::Send(room, text)),
            Command::Select { message } => self.command(request, ControlCommand::Select(MessageId::new(&message))),
            Command::Key { keys } => self.press(request, &keys),
            Command::Screen { form } => {
                let mut shown = self.screen();
                hide_secrets(&mut shown, &known_secrets());
                request.reply_as_it_is(screen(&shown, form));
                Ok(Flow::Continue)
            }
            Command::State {} => {
                request.reply(Ok(state(&self.state)));
                Ok(Flow::Continue)
            }
            Command::Subscribe {} => {
                if let Some(control) = &mut self.control {
                    control.subscribe(&mut request);
                }
                request.reply(Ok(Value::Null));
                Ok(Flow::Continue)
            }
        }
    }

    /// Carries out a command, unless it is not possible now.
    fn command(&mut self, request: Request, command: ControlCommand) -> io::Result<Flow> {
        if let Some(problem) = control_problem(self.state.scene(), &command) {
            request.reply(Err(problem));
            return Ok(Flow::Continue);
        }
        let is_send = matches!(command, ControlCommand::Send(..));
        let before = newest_entry(self.state.scene());
        let flow = self.on_event(Event::Control(command))?;
        let queued = newest_entry(self.state.scene()).filter(|newest| is_send && Some(*newest) != before);
        request.reply(match queued {
            Some(local) => Ok(json!({ "local_id": local.to_string() })),
            None if is_send => Err("The text was not queued. The screen shows why.".to_owned()),
            None => Ok(Value::Null),
        });
        Ok(flow)
    }

    /// Presses keys, written as in the configuration or in hints.
    fn press(&mut self, request: Request, keys: &str) -> io::Result<Flow> {
        if self.guest.is_some() {
            request.reply(Err("Another program has the terminal. Close it first.".to_owned()));
            return Ok(Flow::Continue);
        }
        let keys = match Key::parse_all(keys) {
            Ok(keys) => keys,
            Err(error) => {
                request.reply(Err(format!("{error}.")));
                return Ok(Flow::Continue);
            }
        };
        let mut flow = Flow::Continue;
        for key in keys {
            flow = flow.or(self.on_event(Event::Key(key))?);
        }
        request.reply(Ok(Value::Null));
        Ok(flow)
    }
}
