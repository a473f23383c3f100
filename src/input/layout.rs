//! Letters of other scripts and the keys of a US keyboard on which they are.
//!
//! Bindings name Latin letters. On a Cyrillic, Greek, Hebrew or Arabic keyboard the same key types another letter, and
//! the binding applies all the same.

/// Pairs of letters in the usual layout of a script and the Latin letters on the same keys.
const LAYOUTS: &[(&str, &str)] = &[
    // Cyrillic: Russian, with the letters of Ukrainian and Belarusian that differ.
    ("йцукенгшщзфывапролдячсмитьіў", "qwertyuiopasdfghjklzxcvbnmso"),
    // Greek, without and with accents.
    ("ςερτυθιοπασδφγηξκλζχψωβνμ", "wertyuiopasdfghjklzxcvbnm"),
    ("έύίόάήώϊϋΐΰ", "eyioahviyiy"),
    // Hebrew.
    ("קראטוןםפשדגכעיחלךזסבהנמצ", "ertyuiopasdfghjklzxcvbnm"),
    // Arabic.
    ("ضصثقفغعهخحشسيبلاتنمئءؤرىة", "qwertyuiopasdfghjklzxcvnm"),
];

/// Returns the Latin letter on the key of a lower-case letter of another script.
pub(super) fn latin(letter: char) -> Option<char> {
    if letter.is_ascii() {
        return None;
    }
    LAYOUTS.iter().find_map(|(letters, keys)| {
        let index = letters.chars().position(|c| c == letter)?;
        keys.chars().nth(index)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_pair_each_letter_with_a_key() {
        for (letters, keys) in LAYOUTS {
            assert_eq!(letters.chars().count(), keys.chars().count(), "{letters}");
        }
    }

    #[test]
    fn letters_of_other_scripts_are_found_by_their_key() {
        assert_eq!(["л", "с", "κ", "ς", "ל", "ב", "م"].map(|c| c.chars().next().and_then(latin)), {
            ['k', 'c', 'k', 'w', 'k', 'c', 'l'].map(Some)
        });
        assert_eq!((latin('k'), latin('é'), latin('ж')), (None, None, None));
    }
}
