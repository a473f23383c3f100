//! Character references of HTML, as in the error pages of web servers: `&quot;`, `&#34;`, `&#x22;`.

/// Maximum number of times that an entity was itself encoded (`&amp;quot;`).
const MAX_DEPTH: usize = 4;

/// Maximum number of digits of a character's number, including zeros before it.
const MAX_DIGITS: usize = 8;

/// The names of ASCII characters, and of the space that does not break.
const NAMES: [(&str, char); 38] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("excl", '!'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("lpar", '('),
    ("rpar", ')'),
    ("ast", '*'),
    ("midast", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("period", '.'),
    ("sol", '/'),
    ("colon", ':'),
    ("semi", ';'),
    ("equals", '='),
    ("quest", '?'),
    ("commat", '@'),
    ("lsqb", '['),
    ("lbrack", '['),
    ("bsol", '\\'),
    ("rsqb", ']'),
    ("rbrack", ']'),
    ("Hat", '^'),
    ("lowbar", '_'),
    ("grave", '`'),
    ("lcub", '{'),
    ("lbrace", '{'),
    ("verbar", '|'),
    ("rcub", '}'),
    ("rbrace", '}'),
];

/// Returns the character that the entity at the start of `text` stands for, and the length of the entity.
pub(super) fn decoded(text: &[u8]) -> Option<(char, usize)> {
    let mut at = text.strip_prefix(b"&").map(|_| 1)?;
    let is_nested = |at: usize| text.get(at..).is_some_and(|rest| rest.starts_with(b"amp;"));
    let followed = |at: usize| text.get(at + 4).is_some_and(|byte| *byte == b'#' || byte.is_ascii_alphabetic());
    for _ in 1..MAX_DEPTH {
        // `&amp;` may also stand for the ampersand itself, with any text after it.
        if !is_nested(at) || !followed(at) || entity(text.get(at + 4..)?).is_none() {
            break;
        }
        at += 4;
    }
    entity(text.get(at..)?).map(|(c, length)| (c, at + length))
}

/// Returns the length of `c` as an entity at the start of `text`.
pub(super) fn len(text: &[u8], c: char) -> Option<usize> {
    let escaped = decoded(text).filter(|(found, _)| *found == c).map(|(_, length)| length);
    // What follows may look like the rest of a nested entity.
    escaped.or_else(|| (c == '&' && text.starts_with(b"&amp;")).then_some(5))
}

/// Reads what follows the ampersand of an entity.
fn entity(text: &[u8]) -> Option<(char, usize)> {
    let Some(number) = text.strip_prefix(b"#") else {
        return NAMES.iter().find_map(|(name, c)| {
            let rest = text.strip_prefix(name.as_bytes())?;
            rest.starts_with(b";").then_some((*c, name.len() + 1))
        });
    };
    let (digits, radix, before) = match number.split_first()? {
        (b'x' | b'X', digits) => (digits, 16, 2),
        _ => (number, 10, 1),
    };
    let digit = |byte: &u8| char::from(*byte).to_digit(radix);
    let count = digits.iter().take(MAX_DIGITS).take_while(|byte| digit(byte).is_some()).count();
    let value = digits
        .iter()
        .take(count)
        .filter_map(digit)
        .try_fold(0_u32, |value, digit| value.checked_mul(radix).and_then(|value| value.checked_add(digit)));
    let c = value.filter(|_| count > 0).and_then(char::from_u32)?;
    // Browsers need no semicolon.
    let semicolon = usize::from(digits.get(count) == Some(&b';'));
    Some((c, before + count + semicolon))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_decoded() {
        for (text, c) in [
            ("&quot;", '"'),
            ("&amp;", '&'),
            ("&amp;amp;", '&'),
            ("&amp;lt;", '<'),
            ("&#34;", '"'),
            ("&#034", '"'),
            ("&#x22;", '"'),
            ("&#X00e9;", 'é'),
            ("&amp;amp;#x1F600;", '😀'),
        ] {
            assert_eq!(decoded(format!("{text}…").as_bytes()), Some((c, text.len())), "{text}");
        }
        assert_eq!(decoded(b"&amp;b"), Some(('&', 5)));
        for text in ["", "&", "&#", "&#x", "&#;", "&nothing;", "&quot", "&#x110000;", "&#99999999;", "quot;"] {
            assert_eq!(decoded(text.as_bytes()), None, "{text}");
        }
    }
}
