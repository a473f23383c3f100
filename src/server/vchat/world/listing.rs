//! Lists: what may be asked for, and the page object that answers (protocol note §2.2.1).

use serde_json::{Value, json};

/// What a list is asked for, as far as it was.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// `limit`.
    pub(crate) limit: Option<i64>,
    /// `page`.
    pub(crate) page: Option<i64>,
    /// `title`, `name` or `fullName`.
    pub(crate) text: Option<String>,
    /// `roomType`.
    pub(crate) kind: Option<String>,
    /// `mutedOnly`.
    pub(crate) muted: bool,
    /// `archiveOnly`.
    pub(crate) archived: bool,
    /// `deletedOnly`.
    pub(crate) deleted: bool,
}

impl Filter {
    /// Whether any of `names` contains what is looked for, whatever the case.
    pub(super) fn fits(&self, names: &[&str]) -> bool {
        let Some(text) = self.text.as_ref().map(|text| text.to_lowercase()) else { return true };
        names.iter().any(|name| name.to_lowercase().contains(&text))
    }

    /// Rooms on a page: outside of 1 to 49, 20.
    pub(super) fn rooms(&self) -> usize {
        limit(self.limit, 20)
    }

    /// People on a page: outside of 1 to 49, 30.
    pub(super) fn small(&self) -> usize {
        limit(self.limit, 30)
    }
}

fn limit(asked: Option<i64>, otherwise: usize) -> usize {
    asked.filter(|asked| (1..50).contains(asked)).and_then(|asked| usize::try_from(asked).ok()).unwrap_or(otherwise)
}

/// The page numbered `asked` of `all`; numbers below one are the first.
pub(super) fn page(all: Vec<Value>, asked: Option<i64>, limit: usize) -> Value {
    let number = asked.and_then(|asked| usize::try_from(asked).ok()).unwrap_or(1).max(1);
    let total = all.len();
    let pages = total.div_ceil(limit).max(1);
    let before = (number - 1).saturating_mul(limit);
    let docs: Vec<Value> = all.into_iter().skip(before).take(limit).collect();
    json!({
        "docs": docs,
        "totalDocs": total,
        "limit": limit,
        "page": number,
        "totalPages": pages,
        "pagingCounter": before.saturating_add(1),
        "hasPrevPage": number > 1,
        "hasNextPage": number < pages,
        "prevPage": (number > 1).then(|| number - 1),
        "nextPage": (number < pages).then(|| number + 1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_its_numbers() {
        let all: Vec<Value> = (0..45).map(Value::from).collect();
        let second = page(all.clone(), Some(2), 20);
        assert_eq!((second["docs"][0].clone(), second["docs"].as_array().map(Vec::len)), (20.into(), Some(20)));
        assert_eq!(
            (&second["nextPage"], &second["prevPage"], &second["totalPages"]),
            (&3.into(), &1.into(), &3.into())
        );
        let last = page(all.clone(), Some(3), 20);
        assert_eq!((&last["nextPage"], &last["hasNextPage"]), (&Value::Null, &false.into()));
        let beyond = page(all.clone(), Some(i64::MAX), 20);
        assert_eq!(beyond["docs"], json!([]));
        assert_eq!(page(all, Some(-3), 20)["page"], 1);
    }

    #[test]
    fn a_limit_out_of_range_is_the_usual_one() {
        let limit = |limit| Filter { limit: Some(limit), ..Filter::default() }.rooms();
        assert_eq!([limit(-1), limit(0), limit(1), limit(49), limit(50), limit(i64::MAX)], [20, 20, 1, 49, 20, 20]);
    }
}
