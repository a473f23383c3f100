//! Text for a terminal: sanitised on arrival, measured in cells, wrapped into rows.
//!
//! [`SafeText`] is the type of every text that the program did not write itself; [`width`], [`graphemes`], [`clip`] and
//! [`wrap`] are the only functions that count columns; [`Link`] finds and checks web addresses; [`Secrets`] removes
//! secrets from logs and error messages; [`percent_encode`] encodes text for URLs; [`json_fits`] measures JSON; [`comparable`] tells whether two
//! names are equal, [`look_alike_key`] whether they look alike, [`has_ink`] whether one can be seen; [`SearchTerms`]
//! finds words; [`suggestion`] finds the one that was probably meant; [`FuzzyQuery`] ranks names by a few typed letters; [`emoji_of`] knows the shortcodes of emoji;
//! [`format()`] shows Markdown and HTML, and [`MentionWords`] finds mentions of the user.
//!
//! This layer knows nothing of chats, keys or drawing.

mod ascii;
mod comparison;
mod direction;
mod emoji;
mod fuzzy;
mod hash;
mod json;
mod link;
mod look_alike;
mod markup;
mod mention;
mod name;
mod percent;
mod pseudonyms;
mod quotation;
mod sanitize;
mod script;
mod search_terms;
mod secrets;
mod segmentation;
mod static_text;
mod suggestion;
mod width;
mod wrap;

pub use ascii::{ascii_replacement, to_ascii};
pub use comparison::{comparable, composed, without_accents};
pub use direction::{contains_rtl, is_rtl_line, is_rtl_text, mirrored, visual_order};
pub use emoji::{EmojiCode, emoji_codes, emoji_in, emoji_of, replace_emoji_codes, skin_tones};
pub use fuzzy::{Fit, FuzzyMatch, FuzzyQuery};
pub use hash::stable_hash;
pub use json::{json_fits, shallow_json};
pub use link::Link;
pub use look_alike::{imitates_mark, is_reserved, look_alike_key};
pub use markup::{Look, Span, StyledRow, TextFormat, format, has_markup, links, visible_start, visible_text};
pub use mention::MentionWords;
pub use name::{has_ink, tidy_name};
pub use percent::{percent_decode, percent_encode};
pub use pseudonyms::Pseudonyms;
pub use quotation::own_words;
pub use sanitize::SafeText;
pub use search_terms::{SearchTerms, excluded_word, query_words};
pub use secrets::Secrets;
pub use segmentation::stands_alone;
pub use static_text::{StaticStr, optional_static_str, static_str, static_strs};
pub use suggestion::suggestion;
pub use width::{clip, graphemes, width};
pub use wrap::{Row, wrap};
