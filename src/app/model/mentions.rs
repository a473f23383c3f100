//! The words by which others mention the user, derived from the user's names and the options.

use crate::text::MentionWords;
use std::rc::Rc;

/// The words by which others mention the user, with the names from which they were derived.
#[derive(Debug, Clone, Default)]
pub struct Mentions {
    /// The words. A new list means that names have changed.
    pub words: Rc<MentionWords>,
    /// The name and the user name.
    names: Option<(String, String)>,
}

impl Mentions {
    /// Adapts the words to the present names. `others` are the words from the options. After a change of those, begin anew.
    pub(in crate::app) fn refresh(&mut self, name: &str, username: &str, others: &[String]) {
        if self.names.as_ref().is_some_and(|(old, old_user)| old == name && old_user == username) {
            return;
        }
        let words = MentionWords::new([name, username].into_iter().chain(others.iter().map(String::as_str)));
        if *self.words != words {
            self.words = Rc::new(words);
        }
        self.names = Some((name.to_owned(), username.to_owned()));
    }
}
