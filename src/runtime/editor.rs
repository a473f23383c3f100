//! The user's text editor, in which a draft is written: `$VISUAL` or `$EDITOR`.
//!
//! The draft is in a file that only this user can read, in a folder of its own, which is removed when the editor has
//! ended. Before that, an editor that was ended by a signal may have saved the text in another file of the folder. If
//! this program was killed, its folder is found when an editor is opened the next time: a text that may be unsaved is
//! kept for a week.

use std::env;
use std::fs::{self, File, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::Mutex;
use std::time::Duration;

use rustix::process::{Pid, test_kill_process};
use tempfile::TempDir;

use crate::app::{EditRequest, Event, MAX_TEXT};
use crate::config::Paths;
use crate::domain::{AccountId, format_limit};

use super::private_file::create_private;
use super::save_path;

/// Editors that are used if no variable names one.
const FALLBACKS: &[&str] = &["vi", "nano"];

/// Beginning of the names of the folders. The process id follows.
const PREFIX: &str = "minchat-tui-draft-";

/// Beginning of the names of folders that are kept because of the text in them.
const KEPT_PREFIX: &str = "minchat-tui-kept-";

/// Time after its last change for which such a folder is kept.
const KEPT_AGE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

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
    /// A sentence about the texts of earlier editors.
    leftovers: Option<String>,
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
        let leftovers = keep_leftovers(&base, &request.text);
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
        Ok(Self { account, request, command, folder, leftovers })
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
            Some(Ok(status)) if status.signal().is_some() => {
                let leftovers = self.leftovers.take();
                return self.recover(&describe(status)).into_iter().chain(leftovers.map(Event::Notice)).collect();
            }
            Some(Ok(status)) => Err(format!("{name} ended with {}. The text is unchanged.", describe(status))),
            Some(Err(error)) => Err(format!("{name} ended with an error: {error}. The text is unchanged.")),
            None => Err(format!("{name} was not started. The text is unchanged.")),
        };
        let leftovers = self.leftovers.take();
        [self.edited(result)].into_iter().chain(leftovers.map(Event::Notice)).collect()
    }

    /// Returns what an editor that was killed has saved, and says so.
    fn recover(mut self, how: &str) -> Vec<Event> {
        let result = self.take_text(newest_text_file(self.folder.path()));
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
        let result = self.take_text(newest_text_file(self.folder.path()));
        let others = if saves_files { self.save_other_files() } else { None };
        let sentences: Vec<String> = result.as_ref().err().cloned().into_iter().chain(others).collect();
        (self.edited(result), (!sentences.is_empty()).then(|| sentences.join(" ")))
    }

    fn edited(&self, result: Result<String, String>) -> Event {
        Event::TextEdited(self.account, self.request.clone(), result)
    }

    /// Saves files in which the editor may have what is in no text file, such as the swap file of Vim, outside of the
    /// folder, which is removed. Returns a sentence if there are any.
    fn save_other_files(&mut self) -> Option<String> {
        let names = other_files(self.folder.path());
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
            Ok(_) | Err(_) => format!("is longer than {}", format_limit(MAX_TEXT as u64)),
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

/// The file of the folder in which the editor has saved the text last.
fn newest_text_file(folder: &Path) -> &'static str {
    let modified = |name: &&&str| fs::symlink_metadata(folder.join(name)).and_then(|it| it.modified()).ok();
    // Of files of the same age, the one that is written only when a signal arrives.
    TEXT_FILES.iter().max_by_key(modified).unwrap_or(&FILE)
}

/// Files of the folder in which the editor may have what is in no text file, such as the swap file of Vim.
fn other_files(folder: &Path) -> Vec<String> {
    let is_other = |name: &str| !TEXT_FILES.contains(&name) && !name.ends_with('~');
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    files.filter_map(|entry| entry.file_name().into_string().ok()).filter(|name| is_other(name)).collect()
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

/// Returns the folder of the draft that is open in an editor. It stays when this program panics, since the editor may
/// still be running and has text that was saved nowhere else.
pub(super) fn open_draft() -> Option<PathBuf> {
    lock().take()
}

fn lock() -> std::sync::MutexGuard<'static, Option<PathBuf>> {
    FOLDER.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The folder for files of this session; on systems without one, the folder for temporary files.
fn base_folder() -> PathBuf {
    let of_session = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|folder| folder.is_dir());
    of_session.unwrap_or_else(env::temp_dir)
}

/// Removes the folders of processes that no longer exist, unless a text in them may be unsaved: not empty, and not
/// `draft`. Returns a sentence about those that are kept.
fn keep_leftovers(base: &Path, draft: &str) -> Option<String> {
    let mut kept = Vec::new();
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let (name, folder) = (entry.file_name(), entry.path());
        let Some(name) = name.to_str() else { continue };
        if name.starts_with(KEPT_PREFIX) && is_old(&folder) {
            // Fails for a folder of another user, as below.
            let _ = fs::remove_dir_all(folder);
        } else if let Some(rest) = name.strip_prefix(PREFIX).filter(|rest| is_of_dead_process(rest)) {
            let text = read(&folder.join(newest_text_file(&folder))).unwrap_or_default();
            if other_files(&folder).is_empty() && (text.trim_ascii().is_empty() || text == draft.as_bytes()) {
                let _ = fs::remove_dir_all(folder);
            } else {
                // With another name it is reported only once.
                let renamed = base.join(format!("{KEPT_PREFIX}{rest}"));
                kept.extend(fs::rename(folder, &renamed).ok().map(|()| renamed.display().to_string()));
            }
        }
    }
    let folders = kept.join(" and ");
    (!kept.is_empty()).then(|| format!("The text of an earlier editor stays in {folders} for a week."))
}

/// Whether the process whose id begins the rest of a folder's name has ended.
fn is_of_dead_process(rest: &str) -> bool {
    let id = rest.split('-').next().and_then(|id| Pid::from_raw(id.parse().ok()?));
    id.is_some_and(|id| test_kill_process(id) == Err(rustix::io::Errno::SRCH))
}

fn is_old(folder: &Path) -> bool {
    let modified = fs::symlink_metadata(folder).and_then(|metadata| metadata.modified());
    modified.is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > KEPT_AGE))
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

    /// Creates a folder of a process that has ended, with a text in it.
    fn leave_folder(base: &Path, random: &str, text: &str) -> PathBuf {
        let mut child = Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        let folder = base.join(format!("{PREFIX}{}-{random}", child.id()));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(FILE), text).unwrap();
        folder
    }

    fn names(base: &Path) -> Vec<String> {
        let entries = fs::read_dir(base).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn folders_of_dead_processes_are_removed() {
        let base = tempfile::tempdir().unwrap();
        let own = format!("{PREFIX}{}-x", std::process::id());
        fs::create_dir(base.path().join(&own)).unwrap();
        leave_folder(base.path(), "a", "the draft\n");
        leave_folder(base.path(), "b", " \n");
        assert_eq!(keep_leftovers(base.path(), "the draft"), None);
        assert_eq!(names(base.path()), [own]);
    }

    /// Regression test: what was saved in an editor while this program was killed was deleted with the next editor.
    #[test]
    fn text_of_killed_program_is_kept_for_a_week() {
        let base = tempfile::tempdir().unwrap();
        leave_folder(base.path(), "a", "an hour of work\n");
        let swapped = leave_folder(base.path(), "b", "the draft\n");
        fs::write(swapped.join(".message.md.swp"), "more work").unwrap();
        let sentence = keep_leftovers(base.path(), "the draft").unwrap();
        let kept = names(base.path());
        assert_eq!(kept.len(), 2);
        for name in &kept {
            assert!(name.starts_with(KEPT_PREFIX) && sentence.contains(name.as_str()), "{name}: {sentence}");
        }
        assert_eq!(keep_leftovers(base.path(), "the draft"), None, "they are reported once");
        assert_eq!(names(base.path()).len(), 2);

        let old = std::time::SystemTime::now() - KEPT_AGE - Duration::from_secs(60);
        for name in kept {
            File::open(base.path().join(name)).unwrap().set_modified(old).unwrap();
        }
        assert_eq!(keep_leftovers(base.path(), "the draft"), None);
        assert!(names(base.path()).is_empty());
    }
}
