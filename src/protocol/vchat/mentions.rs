//! Mentions in the text of a message (`docs/protocol/vchat.md` §8.1).

use std::borrow::Cow;

/// Replaces each mention, `[@Name:id]`, with `@Name`.
pub(super) fn plain_mentions(text: &str) -> Cow<'_, str> {
    if !text.contains("[@") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Every step moves past all that it has examined, so the time is linear even for hostile texts.
    while let Some((before, after)) = rest.split_once("[@") {
        out.push_str(before);
        let Some((name, tail)) = after.split_once(':') else {
            rest = &rest[before.len()..];
            break;
        };
        let Some((id, tail)) = tail.split_once(']') else {
            rest = &rest[before.len()..];
            break;
        };
        if name.is_empty() || id.is_empty() {
            // Not a mention: the text stays as it is.
            out.push_str(&format!("[@{name}:{id}]"));
        } else {
            out.push('@');
            out.push_str(name);
        }
        rest = tail;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mention_becomes_a_name() {
        for (text, shown) in [
            ("hi [@User Two:u2] and [@Zoë:z@x.y]!", "hi @User Two and @Zoë!"),
            ("[@a:b][@c:d]", "@a@c"),
            ("[@:x] [@a:] [@a] [@b:c]", "[@:x] [@a:] @a] [@b"),
            ("[@a", "[@a"),
            ("[@a:b", "[@a:b"),
            ("x [@a:b] [@", "x @a [@"),
        ] {
            assert_eq!(plain_mentions(text), shown, "{text}");
        }
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        let hostile = "[@".repeat(1 << 20);
        assert_eq!(plain_mentions(&hostile), hostile);
    }
}
