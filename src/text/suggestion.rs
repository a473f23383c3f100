//! The known word that a misspelt one probably means.

/// Returns the word in `known` that `written` is probably a misspelling of, if one is close enough.
pub fn suggestion<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = written.to_lowercase().replace('-', "_");
    let distance_to = |candidate: &str| distance(&written, &candidate.to_lowercase().replace('-', "_"));
    let (best, candidate) = known.into_iter().map(|candidate| (distance_to(candidate), candidate)).min()?;
    let allowed = if written.len() <= 3 { 1 } else { written.chars().count() / 3 + 1 };
    (best <= allowed.min(3)).then_some(candidate)
}

/// Returns the edit distance between `a` and `b`: insertions, deletions, replacements and swaps of neighbours.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let mut cost = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + usize::from(a[i - 1] != b[j - 1]));
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(before[j - 2] + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_close_key_is_suggested() {
        let known = ["api_key", "user", "url", "theme"];
        assert_eq!(suggestion("apikey", known), Some("api_key"));
        assert_eq!(suggestion("api-key", known), Some("api_key"));
        assert_eq!(suggestion("usre", known), Some("user"));
        assert_eq!(suggestion("Theme", known), Some("theme"));
        assert_eq!(suggestion("frobnicate", known), None);
        assert_eq!(suggestion("ur", known), Some("url"));
    }
}
