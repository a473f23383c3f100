//! The secrets of an account: its key or token, the password derived from the key, and the tokens of its sessions and
//! calls.

use crate::text::Secrets;

/// Number of tokens of each kind that are remembered. A server may still accept a token that was replaced.
const REMEMBERED_TOKENS: usize = 4;

/// All secrets that the server knows and could repeat in a sentence.
pub(super) struct AccountSecrets {
    /// The key or token of the credentials, and the password.
    lasting: Vec<String>,
    /// Access tokens, oldest first.
    tokens: Vec<String>,
    /// Tokens that admit to voice and video calls, oldest first.
    call_tokens: Vec<String>,
    /// All of them.
    all: Secrets,
}

impl AccountSecrets {
    /// Creates the secrets of an account that signs in with `credential`.
    pub(super) fn new(credential: &str) -> Self {
        let all = [credential].into_iter().collect();
        Self { lasting: vec![credential.to_owned()], tokens: Vec::new(), call_tokens: Vec::new(), all }
    }

    /// Adds the derived password.
    pub(super) fn add_password(&mut self, password: String) {
        if !self.lasting.contains(&password) {
            self.lasting.push(password);
            self.collect();
        }
    }

    /// Adds the token of a session and forgets the oldest one if there are too many.
    pub(super) fn add_token(&mut self, token: &str) {
        remember(&mut self.tokens, token);
        self.collect();
    }

    /// Adds the token of a call and forgets the oldest one if there are too many.
    pub(super) fn add_call_token(&mut self, token: &str) {
        remember(&mut self.call_tokens, token);
        self.collect();
    }

    /// Returns all secrets.
    pub(super) fn all(&self) -> &Secrets {
        &self.all
    }

    fn collect(&mut self) {
        let tokens = self.tokens.iter().chain(&self.call_tokens);
        self.all = self.lasting.iter().chain(tokens).map(String::as_str).collect();
    }
}

fn remember(tokens: &mut Vec<String>, token: &str) {
    tokens.retain(|known| known != token);
    tokens.push(token.to_owned());
    let surplus = tokens.len().saturating_sub(REMEMBERED_TOKENS);
    tokens.drain(..surplus);
}
