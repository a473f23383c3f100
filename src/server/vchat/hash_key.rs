//! The hash key of the service, and the secrets derived from it: passwords (§1.3) and access tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256, Sha512};

/// Block size of SHA-256 in bytes, which HMAC needs.
const BLOCK_BYTES: usize = 64;

/// The hash key (`encryptHashKey`).
#[derive(Clone)]
pub(crate) struct HashKey(String);

impl std::fmt::Debug for HashKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HashKey(***)")
    }
}

impl HashKey {
    /// Wraps a key.
    pub(crate) fn new(key: &str) -> Self {
        Self(key.to_owned())
    }

    /// Whether `key` is this key. The digests are compared, so that the time it takes says nothing about the key.
    pub(crate) fn matches(&self, key: &str) -> bool {
        Sha256::digest(&self.0) == Sha256::digest(key)
    }

    /// Returns the password of `identifier`: SHA-512 of `{key}_{identifier}` in lower-case hexadecimal digits.
    pub(crate) fn password(&self, identifier: &str) -> String {
        hex(&Sha512::digest(format!("{}_{identifier}", self.0)))
    }

    /// Returns a JSON web token (HS256) with `claims`. It does not expire; it is valid for as long as the device that
    /// it names is logged in (§1.3).
    pub(crate) fn sign(&self, claims: &str) -> String {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
        let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.hmac(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    /// Returns the claims of `token`, if it was signed with this key.
    pub(crate) fn verify(&self, token: &str) -> Option<Vec<u8>> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (_, claims) = signed.split_once('.')?;
        // The comparison need not take constant time: the key of a sandbox is printed when it starts.
        let is_own = URL_SAFE_NO_PAD.encode(self.hmac(signed.as_bytes())) == signature;
        URL_SAFE_NO_PAD.decode(claims).ok().filter(|_| is_own)
    }

    /// HMAC (RFC 2104) with SHA-256.
    fn hmac(&self, text: &[u8]) -> [u8; 32] {
        let mut key = [0; BLOCK_BYTES];
        let bytes = self.0.as_bytes();
        let hashed = Sha256::digest(bytes);
        let bytes = if bytes.len() > BLOCK_BYTES { &hashed[..] } else { bytes };
        key[..bytes.len()].copy_from_slice(bytes);
        let inner = Sha256::new().chain_update(key.map(|byte| byte ^ 0x36)).chain_update(text).finalize();
        Sha256::new().chain_update(key.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
    }
}

/// Returns the SHA-256 of a file, its `fileHash`. It is not known which digest the real server uses.
pub(crate) fn file_hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_is_the_one_that_clients_derive() {
        // The output of `printf SANDBOX_alice | sha512sum`.
        let password = HashKey::new("SANDBOX").password("alice");
        assert_eq!((password.len(), &password[..16]), (128, "2cd29a8070690115"));
    }

    #[test]
    fn only_the_same_key_matches() {
        let key = HashKey::new("k");
        assert!(key.matches("k") && !key.matches("K") && !key.matches("") && !key.matches("kk"));
    }

    #[test]
    fn hmac_matches_the_rfc() {
        // RFC 4231, test case 2.
        assert_eq!(
            hex(&HashKey::new("Jefe").hmac(b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn only_own_tokens_are_verified() {
        let key = HashKey::new("k");
        for claims in ["", "a", "ab", "abc", r#"{"id":"ü"}"#] {
            let token = key.sign(claims);
            assert_eq!(token.split('.').count(), 3);
            assert_eq!(key.verify(&token).as_deref(), Some(claims.as_bytes()));
            assert_eq!(HashKey::new("l").verify(&token), None);
        }
        for broken in ["", ".", "..", "a.b.c", "🦀.🦀.🦀"] {
            assert_eq!(key.verify(broken), None);
        }
    }
}
