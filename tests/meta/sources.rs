//! The source files of the program, read as text without comments and tests.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file.
pub(crate) struct Source {
    /// Path relative to `src`.
    pub(crate) path: String,
    pub(crate) layer: String,
    /// Line numbers and code, without comments and tests.
    pub(crate) lines: Vec<(usize, String)>,
    /// Number of lines without the tests.
    pub(crate) length: usize,
}

impl Source {
    pub(crate) fn is_at(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.layer == *place || self.path == *place)
    }

    /// Number of `super::` that stay inside the layer.
    pub(crate) fn depth(&self) -> usize {
        let depth = self.path.matches('/').count();
        if self.path.ends_with("/mod.rs") { depth - 1 } else { depth }
    }
}

/// All source files without their tests.
pub(crate) fn sources() -> Vec<Source> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&src, &mut files);
    files.sort();
    files.iter().filter_map(|file| read(&src, file)).collect()
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("a folder of the sources").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            collect(&entry, files);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            files.push(entry);
        }
    }
}

fn read(src: &Path, file: &Path) -> Option<Source> {
    let path = file.strip_prefix(src).expect("below src").to_string_lossy().replace('\\', "/");
    if path.ends_with("_tests.rs") || path.ends_with("/tests.rs") || path.contains("/tests/") {
        return None;
    }
    let text = fs::read_to_string(file).expect("a source file");
    let all: Vec<&str> = text.lines().collect();
    let kept = outside_test_modules(&all);
    let code = |line: &str| line.split("//").next().unwrap_or_default().trim_end().to_owned();
    let lines = kept.iter().map(|index| (index + 1, code(all[*index])));
    let layer = path.split('/').next().unwrap_or_default().to_owned();
    Some(Source { layer, lines: lines.filter(|(_, line)| !line.is_empty()).collect(), length: kept.len(), path })
}

/// The indexes of the lines outside of test modules.
fn outside_test_modules(lines: &[&str]) -> Vec<usize> {
    let mut kept = Vec::new();
    let mut index = 0;
    while index < lines.len() {
        let module = lines[index + 1..].iter().position(|line| !line.trim_start().starts_with("#["));
        let module = module.map(|after| index + 1 + after).filter(|at| lines[*at].trim_start().starts_with("mod "));
        match module.filter(|_| lines[index].trim() == "#[cfg(test)]") {
            // `mod tests;`
            Some(at) if lines[at].ends_with(';') => index = at + 1,
            Some(at) => {
                // The formatter aligns the brace that closes a module with its first line.
                let indent = lines[at].len() - lines[at].trim_start().len();
                let is_end = |line: &&str| line.trim() == "}" && line.len() == indent + 1;
                let end = lines[at..].iter().position(is_end).expect("the end of a module");
                index = at + end + 1;
            }
            None => {
                kept.push(index);
                index += 1;
            }
        }
    }
    kept
}

/// Everything after the first test module was ignored.
#[test]
fn code_after_test_modules_is_read() {
    let source = "use a;\n#[cfg(test)]\nmod tests;\nuse b;\n#[cfg(test)]\n#[cfg(unix)]\nmod more {\n    fn f() {\n    }\n}\nuse c;";
    let lines: Vec<&str> = source.lines().collect();
    let kept: Vec<&str> = outside_test_modules(&lines).into_iter().map(|index| lines[index]).collect();
    assert_eq!(kept, ["use a;", "use b;", "use c;"]);
}
