//! The hash key and what is made with it: passwords that clients derive (§1.3), and tokens.

use sha2::{Digest, Sha256, Sha512};

/// The block of SHA-256, which HMAC needs to know.
const BLOCK: usize = 64;
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The hash key (`encryptHashKey`).
#[derive(Clone)]
pub(crate) struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl Secret {
    /// The secret that is `key`.
    pub(crate) fn new(key: &str) -> Self {
        Self(key.to_owned())
    }

    /// The password of `identifier`: SHA-512 of `{key}_{identifier}` in lower-case hexadecimal digits.
    pub(crate) fn password(&self, identifier: &str) -> String {
        hex(&Sha512::digest(format!("{}_{identifier}", self.0)))
    }

    /// A JSON web token (HS256) that says `claims`. It never expires; what ends is the device's row (§1.3).
    pub(crate) fn sign(&self, claims: &str) -> String {
        let signed = format!("{}.{}", base64(br#"{"alg":"HS256","typ":"JWT"}"#), base64(claims.as_bytes()));
        let signature = base64(&self.hmac(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    /// What `token` says, when it was signed with this key.
    pub(crate) fn claims(&self, token: &str) -> Option<Vec<u8>> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (_, claims) = signed.split_once('.')?;
        // No need for a comparison that takes the same time for all: the key of a sandbox is printed.
        (base64(&self.hmac(signed.as_bytes())) == signature).then(|| plain(claims)).flatten()
    }

    /// RFC 2104 over SHA-256.
    fn hmac(&self, text: &[u8]) -> [u8; 32] {
        let mut key = [0; BLOCK];
        let own = self.0.as_bytes();
        let hashed = Sha256::digest(own);
        let own = if own.len() > BLOCK { &hashed[..] } else { own };
        key[..own.len()].copy_from_slice(own);
        let inner = Sha256::new().chain_update(key.map(|byte| byte ^ 0x36)).chain_update(text).finalize();
        Sha256::new().chain_update(key.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
    }
}

/// SHA-256 of a file's bytes: its `fileHash`. Which digest the real server takes is not known.
pub(crate) fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Base64 for addresses, without padding.
fn base64(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let number = chunk.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            out.push(char::from(DIGITS[(number >> (18 - 6 * place) & 63) as usize]));
        }
    }
    out
}

fn plain(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for chunk in text.as_bytes().chunks(4) {
        let mut number = 0;
        for digit in chunk {
            number = number << 6 | u32::try_from(DIGITS.iter().position(|known| known == digit)?).ok()?;
        }
        let bits = 6 * u32::try_from(chunk.len()).ok()?;
        for byte in 1..=bits / 8 {
            out.push(u8::try_from(number >> (bits - 8 * byte) & 255).ok()?);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_the_one_that_clients_derive() {
        // Counted with `printf SANDBOX_alice | sha512sum`.
        let password = Secret::new("SANDBOX").password("alice");
        assert_eq!((password.len(), &password[..16]), (128, "2cd29a8070690115"));
    }

    #[test]
    fn the_signature_is_hmac_as_the_rfc_has_it() {
        // RFC 4231, test cases 2 and 6.
        assert_eq!(
            hex(&Secret::new("Jefe").hmac(b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_token_says_what_was_signed_and_nothing_else() {
        let secret = Secret::new("k");
        for claims in ["", "a", "ab", "abc", r#"{"id":"ü"}"#] {
            let token = secret.sign(claims);
            assert_eq!(token.split('.').count(), 3);
            assert_eq!(secret.claims(&token).as_deref(), Some(claims.as_bytes()));
            assert_eq!(Secret::new("l").claims(&token), None);
        }
        for broken in ["", ".", "..", "a.b.c", "🦀.🦀.🦀"] {
            assert_eq!(secret.claims(broken), None);
        }
        assert_eq!(plain("!"), None);
    }
}
