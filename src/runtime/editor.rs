//! The user's text editor, in which a draft is written: `$VISUAL` or `$EDITOR`.
//!
//! The draft is in a file that only this user can read, in a folder of its own, which is removed when the editor has
//! ended. Before that, an editor that was ended by a signal may have saved the text in another file of the folder. A
//! folder that was left behind, because this program was killed, is removed when an editor is opened the next time.

use std::env;
use std::fs::{self, File, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::Mutex;

use rustix::process::{Pid, test_kill_process};
use tempfile::TempDir;

use crate::app::{EditRequest, Event, MAX_TEXT};
use crate::config::Paths;
use crate::domain::{AccountId, format_size};

use super::private_file::create_private;
use super::save_path;

/// Editors that are used if no variable names one.
const FALLBACKS: &[&str] = &["vi", "nano"];

/// Beginning of the names of the folders. The process id follows.
const PREFIX: &str = "minchat-tui-draft-";

/// The name of the file, from which editors choose how to highlight it.
const FILE: &str = "message.md";

/// The file and those in which nano and Emacs save its text when a signal ends them.
const TEXT_FILES: &[&str] = &[FILE, "message.md.save", "#message.md#"];

/// Maximum length of the line break at the end of a text, in bytes.
const MAX_LINE_BREAK: usize = 2;

/// The folder of the draft that is being edited. Global, because the panic hook has to know.
static FOLDER: Mutex<Option<PathBuf>> = Mutex::new(None);

/// A command that opens an editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EditorCommand(Vec<String>);

/// A draft that is prepared for an editor, or open in one.
pub(super) struct Editor {
    account: AccountId,
    request: EditRequest,
    command: EditorCommand,
    folder: TempDir,
}

impl EditorCommand {
    /// Finds the user's editor.
    ///
    /// # Errors
    /// A sentence for the user.
    pub(super) fn find() -> Result<Self, String> {
        let variable = |name: &str| env::var(name).ok().filter(|value| !value.trim().is_empty());
        let named = ["VISUAL", "EDITOR"].iter().find_map(|name| Some((*name, variable(name)?)));
        let search_path = env::var_os("PATH").unwrap_or_default();
        Self::choose(named, |program| env::split_paths(&search_path).any(|folder| is_program(&folder.join(program))))
    }

    /// Splits the value of a variable as a shell does, without running one; without a variable, takes a usual editor.
    fn choose(named: Option<(&str, String)>, exists: impl Fn(&str) -> bool) -> Result<Self, String> {
        let Some((name, value)) = named else {
            let found = FALLBACKS.iter().find(|program| exists(program));
            let none = "There is no editor to open. Set the variable EDITOR, for example to nano, and start again.";
            return found.map(|program| Self(vec![(*program).to_owned()])).ok_or_else(|| none.to_owned());
        };
        match shell_words::split(&value) {
            Ok(words) if !words.is_empty() => Ok(Self(words)),
            _ => Err(format!("The editor in ${name} cannot be started, because a quote is missing in: {value}")),
        }
    }

    /// The program's name without its folder.
    fn name(&self) -> &str {
        self.0.first().and_then(|program| program.rsplit('/').next()).unwrap_or_default()
    }
}

impl Editor {
    /// Writes the draft to a private file.
    ///
    /// # Errors
    /// A sentence for the user.
    pub(super) fn prepare(account: AccountId, request: EditRequest) -> Result<Self, String> {
        let command = EditorCommand::find()?;
        let base = base_folder();
        remove_leftovers(&base);
        let failed = |error: io::Error| {
            format!("The draft cannot be written to {}: {error}. Free some space there.", base.display())
        };
        let folder = tempfile::Builder::new()
            .prefix(&format!("{PREFIX}{}-", std::process::id()))
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(&base)
            .map_err(failed)?;
        let path = folder.path().join(FILE);
        let mut file = create_private(&path).map_err(failed)?;
        // Editors end a file with a line break, which is removed again.
        file.write_all(format!("{}\n", request.text).as_bytes()).map_err(failed)?;
        *lock() = Some(folder.path().to_owned());
        Ok(Self { account, request, command, folder })
    }

    /// Returns the command that opens the draft. It does not inherit `secret_variables`.
    pub(super) fn command(&self, secret_variables: &[String]) -> Command {
        let (program, arguments) =
            self.command.0.split_first().map_or(("", &[][..]), |(one, rest)| (one.as_str(), rest));
        let mut command = Command::new(program);
        command.args(arguments).arg(self.folder.path().join(FILE));
        for variable in secret_variables {
            command.env_remove(variable);
        }
        command
    }

    /// Returns a sentence that says why the editor was not started.
    pub(super) fn not_started(&self, error: &io::Error) -> String {
        let name = self.command.name();
        format!("{name} could not be started: {error}. Set the variable EDITOR to another editor.")
    }

    /// Returns the text of an editor that has ended, or sentences that say why it is not used. Removes the file.
    pub(super) fn finish(mut self, status: Option<io::Result<ExitStatus>>) -> Vec<Event> {
        let name = self.command.name().to_owned();
        let result = match status {
            Some(Ok(status)) if status.success() => self.take_text(FILE),
            Some(Ok(status)) if status.signal().is_some() => return self.recover(&describe(status)),
            Some(Ok(status)) => Err(format!("{name} ended with {}. The text is unchanged.", describe(status))),
            Some(Err(error)) => Err(format!("{name} ended with an error: {error}. The text is unchanged.")),
            None => Err(format!("{name} was not started. The text is unchanged.")),
        };
        vec![self.edited(result)]
    }

    /// Returns what an editor that was killed has saved, and says so.
    fn recover(mut self, how: &str) -> Vec<Event> {
        let result = self.take_text(self.newest_text_file());
        let outcome = match &result {
            Ok(text) if *text == self.request.text => "The text is unchanged.",
            Ok(_) => "The draft is now the text that was saved last.",
            Err(problem) => problem,
        };
        let mut sentences = vec![format!("{} ended with {how}.", self.command.name())];
        // The paths come first, because the end may have no space on the status line.
        sentences.extend(self.save_other_files());
        sentences.push(outcome.to_owned());
        // A problem is part of the sentence.
        let edited = result.is_ok().then(|| self.edited(result));
        edited.into_iter().chain([Event::Notice(sentences.join(" "))]).collect()
    }

    /// Returns what was saved in an editor that had to end, and a sentence if there is more to say: nobody will see the
    /// event. Removes the file.
    pub(super) fn end(mut self, saves_files: bool) -> (Event, Option<String>) {
        let result = self.take_text(self.newest_text_file());
        let others = if saves_files { self.save_other_files() } else { None };
        let sentences: Vec<String> = result.as_ref().err().cloned().into_iter().chain(others).collect();
        (self.edited(result), (!sentences.is_empty()).then(|| sentences.join(" ")))
    }

    fn edited(&self, result: Result<String, String>) -> Event {
        Event::TextEdited(self.account, self.request.clone(), result)
    }

    /// The file in which the editor has saved the text last.
    fn newest_text_file(&self) -> &'static str {
        let modified =
            |name: &&&str| fs::symlink_metadata(self.folder.path().join(name)).and_then(|it| it.modified()).ok();
        // Of files of the same age, the one that is written only when a signal arrives.
        TEXT_FILES.iter().max_by_key(modified).unwrap_or(&FILE)
    }

    /// Saves files in which the editor may have what is in no text file, such as the swap file of Vim, outside of the
    /// folder, which is removed. Returns a sentence if there are any.
    fn save_other_files(&mut self) -> Option<String> {
        let is_other = |name: &str| !TEXT_FILES.contains(&name) && !name.ends_with('~');
        let entries = fs::read_dir(self.folder.path()).into_iter().flatten().flatten();
        let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
        let names = files.filter_map(|entry| entry.file_name().into_string().ok()).filter(|name| is_other(name));
        let names: Vec<String> = names.collect();
        let saved: Result<Vec<String>, String> = names.iter().map(|name| self.save(name)).collect();
        match saved {
            Ok(saved) if saved.is_empty() => None,
            Ok(saved) => Some(format!("Unsaved text may be in {}.", saved.join(" and "))),
            Err(reason) => Some(format!("Its files stay in {}. {reason}", self.folder.path().display())),
        }
    }

    /// Returns the text, or a sentence that says why it is not used. Nothing that was written is lost: a text that no
    /// message can have is saved as a file.
    fn take_text(&mut self, file: &str) -> Result<String, String> {
        let name = self.command.name().to_owned();
        let path = self.folder.path().join(file);
        let bytes =
            read(&path).map_err(|error| format!("The text from {name} cannot be read: {error}. It is unchanged."))?;
        let is_short = bytes.len() <= MAX_TEXT;
        let problem = match String::from_utf8(bytes) {
            Ok(text) if is_short => return Ok(text),
            Err(_) if is_short => "is not UTF-8".to_owned(),
            Ok(_) | Err(_) => format!("is longer than {}", format_size(MAX_TEXT as u64)),
        };
        match self.save(file) {
            Ok(copy) => Err(format!("The text from {name} {problem}. It was saved as {copy}; the draft is unchanged.")),
            Err(reason) => Err(format!(
                "The text from {name} {problem}. Copy it from {} before you quit. {reason}",
                path.display()
            )),
        }
    }

    /// Saves a file of the folder in the user's folder for downloads. Returns the path of the copy as the user would
    /// type it, or a sentence; the folder is then left where it is.
    fn save(&mut self, file: &str) -> Result<String, String> {
        let home = Paths::of_user().home;
        let saved = save_path::suggest(file, home.as_deref()).and_then(|copy| {
            save_copy(&self.folder.path().join(file), &copy).map_err(|error| save_path::not_written(&copy, &error))?;
            Ok(save_path::shown(&copy, home.as_deref()))
        });
        if saved.is_err() {
            self.folder.disable_cleanup(true);
        }
        saved
    }
}

/// Reads a text without the line break at its end. Of a text that is longer than a message can be, only the beginning is
/// read.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    // Opening a named pipe would wait for a writer.
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut text = Vec::new();
    File::open(path)?.take((MAX_TEXT + MAX_LINE_BREAK + 1) as u64).read_to_end(&mut text)?;
    if text.pop_if(|last| *last == b'\n').is_some() {
        text.pop_if(|last| *last == b'\r');
    }
    Ok(text)
}

fn save_copy(from: &Path, to: &Path) -> io::Result<()> {
    io::copy(&mut File::open(from)?, &mut create_private(to)?).map(drop)
}

impl Drop for Editor {
    fn drop(&mut self) {
        // The folder removes itself.
        *lock() = None;
    }
}

/// Removes the draft that is open in an editor. The panic hook ends the process without dropping anything.
pub(super) fn remove_draft() {
    if let Some(folder) = lock().take() {
        let _ = fs::remove_dir_all(folder);
    }
}

fn lock() -> std::sync::MutexGuard<'static, Option<PathBuf>> {
    FOLDER.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The folder for files of this session; on systems without one, the folder for temporary files.
fn base_folder() -> PathBuf {
    let of_session = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|folder| folder.is_dir());
    of_session.unwrap_or_else(env::temp_dir)
}

/// Removes the folders of processes that no longer exist.
fn remove_leftovers(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.split('-').next()?.parse().ok());
        if let Some(id) = id.and_then(Pid::from_raw)
            && test_kill_process(id) == Err(rustix::io::Errno::SRCH)
        {
            // Fails for a folder of another user.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

/// Returns the end of a process as part of a sentence.
pub(super) fn describe(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("exit code {code}"),
        None => status.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(value: Option<&str>, installed: &[&str]) -> Result<Vec<String>, String> {
        let named = value.map(|value| ("EDITOR", value.to_owned()));
        EditorCommand::choose(named, |program| installed.contains(&program)).map(|command| command.0)
    }

    #[test]
    fn editor_is_split_as_a_shell_does() {
        assert_eq!(choose(Some("code --wait"), &[]).unwrap(), ["code", "--wait"]);
        assert_eq!(
            choose(Some("'/opt/my editor/e' -c \"set tw=0\" $HOME"), &[]).unwrap(),
            ["/opt/my editor/e", "-c", "set tw=0", "$HOME"]
        );
        assert!(choose(Some("vim 'x"), &[]).unwrap_err().contains("a quote is missing"));
    }

    #[test]
    fn usual_editor_is_taken_without_a_variable() {
        assert_eq!(choose(None, &["nano", "vi"]).unwrap(), ["vi"]);
        assert_eq!(choose(None, &["nano"]).unwrap(), ["nano"]);
        assert!(choose(None, &[]).unwrap_err().contains("Set the variable EDITOR"));
    }

    #[test]
    fn text_is_read_without_its_last_line_break() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let longest = "x".repeat(MAX_TEXT);
        for (written, text) in [("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("", ""), ("\r", "\r")] {
            fs::write(&path, written).unwrap();
            assert_eq!(read(&path).unwrap(), text.as_bytes());
        }
        for end in ["", "\n", "\r\n"] {
            fs::write(&path, format!("{longest}{end}")).unwrap();
            assert_eq!(read(&path).unwrap(), longest.as_bytes());
        }
        for end in ["é", "\n\n", "\r\n\r\n", "y\r\n", "\n\r\n"] {
            fs::write(&path, format!("{longest}{end}")).unwrap();
            assert!(read(&path).unwrap().len() > MAX_TEXT, "{end:?}");
        }
    }

    #[test]
    fn folders_of_dead_processes_are_removed() {
        let base = tempfile::tempdir().unwrap();
        let mut child = Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        let folders = [format!("{PREFIX}{}-x", child.id()), format!("{PREFIX}{}-x", std::process::id())];
        folders.iter().for_each(|folder| fs::create_dir(base.path().join(folder)).unwrap());
        fs::write(base.path().join(&folders[0]).join(FILE), "secret").unwrap();
        remove_leftovers(base.path());
        let left = folders.map(|folder| base.path().join(folder).exists());
        assert_eq!(left, [false, true]);
    }
}
