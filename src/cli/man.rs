//! The man page, generated from the tables of options, actions and commands.

use std::io;

use clap_mangen::roff::{Inline, Roff, bold, italic, line_break, roman};

use crate::config::OPTIONS;
use crate::input::{Action, COMMANDS};

use super::help::{self, DESCRIPTION, EXAMPLES, argument_usage, default_keys, usage_lines};

/// Environment variables without a row in the table of options.
const OTHER_VARIABLES: &[(&str, &str)] = &[
    ("MINCHAT_LOG_LEVEL", "Detail of the log: off, error, warn, info, debug (the default) or trace."),
    ("LC_ALL, LC_CTYPE, LANG", "If the first one that is set does not name UTF-8, everything is drawn in ASCII."),
    ("NO_COLOR", "If set and not empty, the theme is plain unless another one is chosen."),
];

const FILES: &[(&str, &str)] = &[
    (
        "~/.config/minchat-tui/config.toml",
        "Configuration. $XDG_CONFIG_HOME is honoured; `minchat-tui config path` prints the path.",
    ),
    ("~/.config/minchat-tui/themes/NAME.toml", "A theme, selected by its name."),
    (
        "~/.local/share/minchat-tui/*.db",
        "History, drafts and unsent messages, one database per account. $XDG_DATA_HOME is honoured; \
         `minchat-tui config check` prints the path.",
    ),
];

const EXIT_STATUS: &[(&str, &str)] = &[
    ("0", "Success."),
    (
        "1",
        "An unexpected error, or the service refused what a command for scripts asked for, or too much failed under load.",
    ),
    ("2", "The command line or the configuration is wrong."),
    (
        "3",
        "There was no connection to the server at any time, and there were no stored messages to read. For commands for \
         scripts: no connection, or no answer in time.",
    ),
    ("10 to 22", "The stage in which `doctor` failed; its help lists them."),
];

/// The man page in roff. It is ASCII in every locale: other characters are written as roff names them.
///
/// # Errors
/// Writing to memory does not fail in practice.
pub fn man() -> io::Result<Vec<u8>> {
    let mut page = Roff::new();
    let command = help::command();
    let version = format!("minchat-tui {}", env!("CARGO_PKG_VERSION"));
    page.control("TH", ["MINCHAT-TUI", "1", "", &version]);
    page.control("SH", ["NAME"]);
    page.text([roman(format!("minchat-tui - {}", command.get_about().map(ToString::to_string).unwrap_or_default()))]);
    page.control("SH", ["SYNOPSIS"]);
    let general: String = general_options(&command).map(argument_usage).collect();
    page.text([roman(format!("minchat-tui{general}")), line_break()]);
    for (usage, _) in usage_lines().into_iter().skip(1) {
        page.text([roman(usage), line_break()]);
    }
    page.control("SH", ["DESCRIPTION"]).text([roman(DESCRIPTION)]);
    page.control("SH", ["OPTIONS"]);
    page.text([roman(
        "Options of every command. An option overrides its environment variable, which overrides the \
        configuration file.",
    )]);
    options(&mut page, general_options(&command));
    commands(&mut page, &command);
    keys(&mut page);
    page.control("SH", ["SLASH COMMANDS"]).text([roman("Typed into the composer.")]);
    for command in COMMANDS {
        entry(&mut page, [bold(command.usage())], &format!("{}.", command.help));
    }
    page.control("SH", ["FILES"]);
    FILES.iter().for_each(|(file, help)| entry(&mut page, [italic(*file)], help));
    page.control("SH", ["ENVIRONMENT"]);
    for option in OPTIONS {
        let Some(variable) = option.variable else { continue };
        let flag = option.flag.map(|flag| format!(" Same as {}.", flag.long)).unwrap_or_default();
        entry(&mut page, [bold(variable)], &format!("{}.{flag}", option.help));
    }
    OTHER_VARIABLES.iter().for_each(|(variable, help)| entry(&mut page, [bold(*variable)], help));
    page.control("SH", ["EXIT STATUS"]);
    EXIT_STATUS.iter().for_each(|(status, help)| entry(&mut page, [bold(*status)], help));
    page.control("SH", ["EXAMPLES"]);
    EXAMPLES.iter().for_each(|(command, help)| entry(&mut page, [bold(*command)], &format!("{help}.")));
    let mut out = Vec::new();
    page.to_writer(&mut out)?;
    let named = |c: char| if c.is_ascii() { c.to_string() } else { format!("\\[u{:04X}]", u32::from(c)) };
    Ok(String::from_utf8_lossy(&out).chars().map(named).collect::<String>().into_bytes())
}

fn general_options(command: &clap::Command) -> impl Iterator<Item = &clap::Arg> {
    command.get_arguments().filter(|arg| arg.is_global_set())
}

/// A tagged paragraph.
fn entry(page: &mut Roff, tag: impl Into<Vec<Inline>>, text: &str) {
    page.control("TP", []).text(tag).text([roman(text)]);
}

fn options<'a>(page: &mut Roff, options: impl Iterator<Item = &'a clap::Arg>) {
    let mut options: Vec<_> = options.filter(|arg| !arg.is_hide_set()).collect();
    options.sort_by_key(|arg| arg.get_display_order());
    for arg in options {
        let value = arg.get_value_names().and_then(|names| names.first()).map(ToString::to_string);
        let value = value.filter(|_| arg.get_action().takes_values());
        let short = arg.get_short().map(|short| [bold(format!("-{short}")), roman(", ")]);
        let long = arg.get_long().map(|long| bold(format!("--{long}")));
        let separator = long.as_ref().and(value.as_ref()).map(|_| roman(" "));
        let tag: Vec<Inline> =
            short.into_iter().flatten().chain(long).chain(separator).chain(value.map(italic)).collect();
        let default = arg.get_default_values().first().map(|value| format!(" [default: {}]", value.to_string_lossy()));
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        entry(page, tag, &format!("{help}{}", default.unwrap_or_default()));
    }
}

fn commands(page: &mut Roff, command: &clap::Command) {
    page.control("SH", ["COMMANDS"]);
    for command in command.get_subcommands() {
        let nested: Vec<_> = command.get_subcommands().collect();
        let name = command.get_name();
        if nested.is_empty() {
            subcommand(page, name, command);
        }
        for nested in nested {
            subcommand(page, &format!("{name} {}", nested.get_name()), nested);
        }
    }
}

fn subcommand(page: &mut Roff, name: &str, command: &clap::Command) {
    page.control("SS", [name]);
    page.text([roman(format!("{}.", command.get_about().map(ToString::to_string).unwrap_or_default()))]);
    options(page, command.get_arguments());
}

fn keys(page: &mut Roff) {
    page.control("SH", ["KEYS"]);
    page.text([roman("Default keys. Each can be changed in the [keys] section of the configuration file.")]);
    let mut context = None;
    for action in Action::all() {
        if context != Some(action.context()) {
            context = Some(action.context());
            page.control("SS", [action.context().heading()]);
        }
        entry(page, [bold(default_keys(action).join(", "))], &format!("{}.", action.help()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> String {
        let page = String::from_utf8(man().expect("a man page")).expect("UTF-8").replace("\\-", "-");
        assert!(page.is_ascii());
        let mut parts = page.split("\\[u");
        let mut decoded = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (code, rest) = part.split_once(']').expect("the end of the name");
            decoded.extend(u32::from_str_radix(code, 16).ok().and_then(char::from_u32));
            decoded.push_str(rest);
        }
        decoded
    }

    #[test]
    fn man_page_has_the_standard_sections_in_order() {
        let page = page();
        let sections: Vec<_> = page.lines().filter_map(|line| line.strip_prefix(".SH ")).collect();
        let wanted = [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "COMMANDS",
            "KEYS",
            "\"SLASH COMMANDS\"",
            "FILES",
            "ENVIRONMENT",
            "\"EXIT STATUS\"",
            "EXAMPLES",
        ];
        assert_eq!(sections, wanted);
        assert!(page.contains("[--url URL]") && page.contains("[--port N]"), "the synopsis lacks values:\n{page}");
    }

    #[test]
    fn man_page_lists_every_variable_key_and_command() {
        let page = page();
        let section = |name: &str| {
            let from = page.find(&format!(".SH {name}\n")).expect("the section");
            page[from + 4..].split(".SH ").next().unwrap_or_default().to_owned()
        };
        let environment = section("ENVIRONMENT");
        for variable in OPTIONS.iter().filter_map(|option| option.variable) {
            assert!(environment.contains(&format!("\\fB{variable}\\fR")), "{variable} is missing");
        }
        let keys = section("KEYS");
        for action in Action::all() {
            assert!(keys.contains(&default_keys(action).join(", ")), "{} is missing", action.name());
            assert!(keys.contains(action.help()), "{} is missing", action.name());
        }
        let commands = section("\"SLASH COMMANDS\"");
        assert!(COMMANDS.iter().all(|command| commands.contains(&command.usage())));
    }
}
