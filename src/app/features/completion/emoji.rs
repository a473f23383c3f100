//! Emoji by their shortcodes, those used lately first.

use crate::app::model::completion::Candidate;
use crate::app::model::context::Scene;
use crate::text::{EmojiCode, emoji_codes, emoji_of, skin_tones};

/// Returns the emoji for a word: those used lately, then short codes before long ones, which the letters typed so far
/// name less completely. The skin tones of an emoji follow it once its code is complete.
pub(in crate::app) fn candidates(scene: Scene<'_>, query: &str) -> Vec<Candidate> {
    let mut codes: Vec<EmojiCode> = emoji_codes().collect();
    let base = query.rsplit_once("_t").map_or(query, |(base, _)| base);
    if emoji_of(base).is_some() {
        codes.extend(skin_tones(base));
    }
    codes.sort_by_cached_key(|code| (scene.account.recent_emoji.place(code.emoji), code.code.len()));
    codes.into_iter().map(|code| candidate(scene, code)).collect()
}

fn candidate(scene: Scene<'_>, EmojiCode { code, emoji, name }: EmojiCode) -> Candidate {
    // With ASCII characters only, an emoji would be shown as question marks, so it stays a code until it is sent.
    let keeps_code = scene.options.ascii && scene.options.emoji_shortcodes;
    let insert = if keeps_code { format!(":{code}: ") } else { format!("{emoji} ") };
    Candidate { icon: emoji, label: format!(":{code}:"), detail: name.into_owned(), insert, ..Candidate::default() }
}
