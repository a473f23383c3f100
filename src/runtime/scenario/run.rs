//! Plays a scenario: signs the people in, takes the steps, and collects the results.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use crate::config::Settings;
use crate::domain::{Content, LocalId, MessageId, Request, ServerEvent};
use crate::headless::{Action, Failed, Outcome, Scenario, ScenarioResult, Step, StepResult, has_fields};
use crate::input::Key;

use super::person::Person;
use super::screen::typed;

/// Time in which a record that must not arrive would arrive.
const ABSENCE: Duration = Duration::from_secs(1);

/// Time for the last events to arrive, so that those of two back ends can be compared.
const LAST_EVENTS: Duration = Duration::from_millis(300);

/// Plays a scenario on a service with this name. `settings` are those of each person, by name.
///
/// # Errors
/// Somebody could not sign in.
pub(super) async fn play(
    scenario: &Scenario,
    service: &str,
    settings: &BTreeMap<String, Settings>,
    limit: Duration,
) -> anyhow::Result<ScenarioResult> {
    let mut people = BTreeMap::new();
    let mut backend = "";
    for (name, settings) in settings {
        backend = settings.backend.name();
        people.insert(name.clone(), Person::sign_in(settings, limit).await?);
    }
    let mut vars = scenario.vars.clone();
    let mut steps: Vec<StepResult> = Vec::new();
    for step in &scenario.steps {
        let has_failed = steps.iter().any(|step| matches!(step.outcome, Outcome::Failed(_)));
        let is_other = step.only.as_ref().is_some_and(|only| only != backend);
        let started = Instant::now();
        let mut outcome = match (has_failed, is_other) {
            (true, _) => Outcome::Skipped("an earlier step failed"),
            (false, true) => Outcome::Skipped("for another back end"),
            (false, false) => take(scenario, step, &mut people, &mut vars).await,
        };
        let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        if outcome == Outcome::Passed
            && let Err(error) = join_others(step, &mut people, &vars).await
            && let Some(person) = people.get_mut(&step.who)
        {
            outcome = failed(person, error.to_string());
        }
        steps.push(StepResult { title: step.title(&vars), millis, outcome });
    }
    sleep(LAST_EVENTS).await;
    let mut received = BTreeMap::new();
    for (name, mut person) in people {
        person.drain();
        received.extend(person.counts().map(|(kind, count)| ((name.clone(), kind.to_owned()), count)));
        person.leave();
    }
    Ok(ScenarioResult { name: scenario.name.clone(), service: service.to_owned(), steps, received })
}

/// Takes one step.
async fn take(
    scenario: &Scenario,
    step: &Step,
    people: &mut BTreeMap<String, Person>,
    vars: &mut BTreeMap<String, String>,
) -> Outcome {
    let Some(person) = people.get_mut(&step.who) else { return Outcome::Skipped("nobody has this name") };
    let action = match step.action(vars) {
        Ok(action) => action,
        Err(reason) => return failed(person, reason),
    };
    let is_never = matches!(action, Action::Never(_));
    let default = if is_never { ABSENCE } else { Duration::from_secs_f64(scenario.timeout) };
    let limit = step.within.map_or(default, Duration::from_secs_f64);
    let late = late(&action, limit);
    let work = carry_out(person, action, limit);
    // `never` ends by itself after the whole time.
    let result = if is_never { work.await } else { timeout(limit, work).await.unwrap_or(Err(late)) };
    match (result, &step.refused) {
        (Ok(None), None) if step.save.is_some() => failed(person, "The service told no id to save.".to_owned()),
        (Ok(id), None) => {
            if let (Some(name), Some(id)) = (&step.save, id) {
                vars.insert(name.clone(), id);
            }
            Outcome::Passed
        }
        (Ok(_), Some(_)) => failed(person, "The service accepted it.".to_owned()),
        (Err(error), Some(expected)) if error.to_string().contains(expected) => Outcome::Passed,
        (Err(error), _) => failed(person, error.to_string()),
    }
}

/// Lets the others hear the events of a room that the step has opened. A list of rooms may leave out an empty one.
async fn join_others(
    step: &Step,
    people: &mut BTreeMap<String, Person>,
    vars: &BTreeMap<String, String>,
) -> anyhow::Result<()> {
    let others = match (step.action(vars), &step.refused) {
        (Ok(Action::Open(other)), None) => vec![other],
        (Ok(Action::Group(_, members)), None) => members,
        _ => return Ok(()),
    };
    let Some(room) = people.get(&step.who).map(Person::room).transpose()? else { return Ok(()) };
    for other in others {
        if let Some(person) = people.get_mut(&other) {
            person.join(&room).await?;
        }
    }
    Ok(())
}

fn failed(person: &mut Person, reason: String) -> Outcome {
    person.drain();
    let (records, screen) = (person.last_records(), person.screen_text());
    Outcome::Failed(Failed { reason, records, screen })
}

/// The error of an action that was not carried out in time.
fn late(action: &Action, limit: Duration) -> anyhow::Error {
    let seconds = limit.as_secs_f64();
    match action {
        Action::Expect(fields) => anyhow::anyhow!("No record with {fields} arrived within {seconds} s."),
        Action::Keys(_) | Action::Type(_) => {
            anyhow::anyhow!("The chat of this person took no keys within {seconds} s. It may not be connected.")
        }
        Action::Screen(text) => anyhow::anyhow!("No row of the screen showed {text:?} within {seconds} s."),
        _ => anyhow::anyhow!("The service did not answer within {seconds} s."),
    }
}

/// Carries out an action. `never` takes the whole `limit`. Returns the id of the room or message.
async fn carry_out(person: &mut Person, action: Action, limit: Duration) -> anyhow::Result<Option<String>> {
    match action {
        Action::Open(room) => person.open(&room).await.map(Some),
        Action::Group(title, usernames) => person.create_group(title, usernames).await.map(Some),
        Action::Send(text) => {
            let room = person.room()?;
            let local = LocalId::from_random(fastrand::u128(..));
            let request = Request::Send { room, local, content: Content::text(text) };
            match person.session.call(request).await? {
                ServerEvent::Accepted { id, message, .. } => {
                    let id = id.or_else(|| message.map(|message| message.id));
                    Ok(id.map(|id| id.as_str().to_owned()))
                }
                _ => Ok(None),
            }
        }
        Action::Edit(id, text) => {
            person.session.require(crate::domain::Feature::Edit)?;
            person.session.call(Request::Edit { message: MessageId::new(&id), text }).await?;
            Ok(Some(id))
        }
        Action::Delete(id) => {
            let room = person.room()?;
            person.session.call(Request::Delete { room, message: MessageId::new(&id) }).await?;
            Ok(Some(id))
        }
        Action::Typing(on) => {
            let room = person.room()?;
            person.session.send(Request::Typing { room, on })?;
            Ok(None)
        }
        Action::Expect(fields) => person.wait_for(|record| has_fields(record, &fields)).await,
        Action::Never(fields) => person.expect_none(&fields, limit).await.map(|()| None),
        Action::Keys(keys) => person.screen()?.press(&Key::parse_all(&keys)?).await.map(|()| None),
        Action::Type(text) => person.screen()?.press(&typed(&text)).await.map(|()| None),
        Action::Screen(text) => person.screen()?.wait_for(&text).await.map(|()| None),
    }
}
