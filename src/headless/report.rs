//! The report about a scenario: TAP or JUnit, and the differences between two back ends.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::text::SafeText;

/// Format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// The Test Anything Protocol, version 14.
    Tap,
    /// The XML of JUnit, which most CI systems show.
    Junit,
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// As expected.
    Passed,
    /// It was not taken, because an earlier one failed or because it belongs to another back end.
    Skipped(&'static str),
    /// Not as expected.
    Failed(Failed),
}

/// A failure, with what was seen last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// What is wrong.
    pub reason: String,
    /// The last records of the person, oldest first.
    pub records: Vec<String>,
    /// The screen of the person, if there is one.
    pub screen: Option<String>,
}

/// The result of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepResult {
    /// Description.
    pub title: String,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// How it ended.
    pub outcome: Outcome,
}

/// The results of a scenario on one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioResult {
    /// Name of the scenario.
    pub name: String,
    /// Name of the service: of its back end, or of its profile.
    pub service: String,
    /// The steps.
    pub steps: Vec<StepResult>,
    /// Number of records of each person and type.
    pub received: BTreeMap<(String, String), usize>,
}

impl ScenarioResult {
    /// Whether no step failed.
    pub fn passed(&self) -> bool {
        !self.steps.iter().any(|step| matches!(step.outcome, Outcome::Failed(_)))
    }
}

/// Writes the results of a scenario, on one back end or on several.
///
/// # Errors
/// The output cannot be written.
pub fn write_report(out: &mut impl Write, format: ReportFormat, results: &[ScenarioResult]) -> io::Result<()> {
    match format {
        ReportFormat::Tap => write_tap(out, results),
        ReportFormat::Junit => write_junit(out, results),
    }
}

fn write_tap(out: &mut impl Write, results: &[ScenarioResult]) -> io::Result<()> {
    let count: usize = results.iter().map(|result| result.steps.len()).sum();
    writeln!(out, "TAP version 14\n1..{count}")?;
    let mut number = 0;
    for result in results {
        writeln!(out, "# {} on {}", line(&result.name), result.service)?;
        for step in &result.steps {
            number += 1;
            let title = format!("{}: {}", result.service, line(&step.title).replace('#', "\\#"));
            match &step.outcome {
                Outcome::Passed => writeln!(out, "ok {number} - {title}")?,
                Outcome::Skipped(reason) => writeln!(out, "ok {number} - {title} # SKIP {reason}")?,
                Outcome::Failed(failed) => {
                    writeln!(out, "not ok {number} - {title}\n  ---\n  duration_ms: {}", step.millis)?;
                    details(failed).iter().try_for_each(|detail| writeln!(out, "  {detail}"))?;
                    writeln!(out, "  ...")?;
                }
            }
        }
    }
    differences(results).iter().try_for_each(|row| writeln!(out, "# {row}"))
}

fn write_junit(out: &mut impl Write, results: &[ScenarioResult]) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>")?;
    for result in results {
        let count = |wanted: fn(&Outcome) -> bool| result.steps.iter().filter(|step| wanted(&step.outcome)).count();
        let failures = count(|outcome| matches!(outcome, Outcome::Failed(_)));
        let skipped = count(|outcome| matches!(outcome, Outcome::Skipped(_)));
        let (name, tests) = (xml(&format!("{} on {}", result.name, result.service)), result.steps.len());
        writeln!(out, "<testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" skipped=\"{skipped}\">")?;
        for step in &result.steps {
            let (title, seconds) = (xml(&step.title), seconds(step.millis));
            write!(out, "<testcase classname=\"{name}\" name=\"{title}\" time=\"{seconds}\"")?;
            match &step.outcome {
                Outcome::Passed => writeln!(out, "/>")?,
                Outcome::Skipped(reason) => writeln!(out, "><skipped message=\"{reason}\"/></testcase>")?,
                Outcome::Failed(failed) => {
                    let details = xml(&details(failed).join("\n"));
                    writeln!(out, "><failure message=\"{}\">{details}</failure></testcase>", xml(&failed.reason))?;
                }
            }
        }
        writeln!(out, "</testsuite>")?;
    }
    let differences = differences(results);
    if !differences.is_empty() {
        writeln!(out, "<!--\n{}\n-->", differences.join("\n").replace("--", "- -"))?;
    }
    writeln!(out, "</testsuites>")
}

fn seconds(millis: u64) -> String {
    format!("{}.{:03}", millis / 1000, millis % 1000)
}

/// Returns the details of a failure as lines of YAML.
fn details(failed: &Failed) -> Vec<String> {
    let block = |name: &str, lines: Vec<String>| {
        let lines = lines.into_iter().map(|line| format!("  {line}"));
        std::iter::once(format!("{name}: |")).chain(lines).collect::<Vec<String>>()
    };
    let reason = block("reason", failed.reason.lines().map(line).collect());
    let none = || vec!["none since this person signed in".to_owned()];
    let records: Vec<String> = failed.records.iter().map(|record| line(record)).collect();
    let records = block("records", if records.is_empty() { none() } else { records });
    let screen = failed.screen.as_ref().map(|screen| block("screen", screen.lines().map(line).collect()));
    [reason, records, screen.unwrap_or_default()].concat()
}

/// Returns a table of what differs between two services: the time of each step, and the records that people got.
fn differences(results: &[ScenarioResult]) -> Vec<String> {
    let [one, other] = results else { return Vec::new() };
    let mark = |differs: bool| if differs { "!=" } else { "  " };
    let mut rows = vec![format!("   {:<48} {:>10} {:>10}", "step", one.service, other.service)];
    for (a, b) in one.steps.iter().zip(&other.steps) {
        let cell = |step: &StepResult| match &step.outcome {
            Outcome::Passed => format!("{} ms", step.millis),
            Outcome::Skipped(_) => "skipped".to_owned(),
            Outcome::Failed(_) => "failed".to_owned(),
        };
        let differs = std::mem::discriminant(&a.outcome) != std::mem::discriminant(&b.outcome);
        let title: String = line(&a.title).chars().take(48).collect();
        rows.push(format!("{} {title:<48} {:>10} {:>10}", mark(differs), cell(a), cell(b)));
    }
    rows.push(format!("   {:<48} {:>10} {:>10}", "records received", one.service, other.service));
    let keys: std::collections::BTreeSet<_> = one.received.keys().chain(other.received.keys()).collect();
    for key in keys {
        let count = |result: &ScenarioResult| result.received.get(key).copied().unwrap_or(0);
        let (a, b) = (count(one), count(other));
        rows.push(format!("{} {:<48} {a:>10} {b:>10}", mark(a != b), format!("{} {}", line(&key.0), key.1)));
    }
    rows
}

fn line(text: &str) -> String {
    SafeText::line(text).to_string()
}

fn xml(text: &str) -> String {
    let text = SafeText::block(text);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
