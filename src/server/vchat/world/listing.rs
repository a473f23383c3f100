//! Filters of lists, and the page object with the result (§2.2.1).

use serde_json::{Value, json};

/// The part of a list that a client asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct ListFilter {
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

impl ListFilter {
    /// Whether one of `names` contains the text, ignoring case.
    pub(super) fn matches(&self, names: &[&str]) -> bool {
        let Some(text) = self.text.as_ref().map(|text| text.to_lowercase()) else { return true };
        names.iter().any(|name| name.to_lowercase().contains(&text))
    }

    /// Rooms on a page: 1 to 49, or 20.
    pub(super) fn room_limit(&self) -> usize {
        limit_or(self.limit, 20)
    }

    /// Users on a page: 1 to 49, or 30.
    pub(super) fn user_limit(&self) -> usize {
        limit_or(self.limit, 30)
    }
}

fn limit_or(limit: Option<i64>, default: usize) -> usize {
    limit.filter(|limit| (1..50).contains(limit)).and_then(|limit| usize::try_from(limit).ok()).unwrap_or(default)
}

/// Returns the page object for a list, with the objects that `entry` makes of the items on that page. Pages start at 1; a
/// smaller number means the first page.
pub(super) fn page<T>(items: &[T], number: Option<i64>, limit: usize, entry: impl FnMut(&T) -> Value) -> Value {
    let number = number.and_then(|number| usize::try_from(number).ok()).unwrap_or(1).max(1);
    let total = items.len();
    let pages = total.div_ceil(limit).max(1);
    let skipped = (number - 1).saturating_mul(limit);
    let docs: Vec<Value> = items.iter().skip(skipped).take(limit).map(entry).collect();
    json!({
        "docs": docs,
        "totalDocs": total,
        "limit": limit,
        "page": number,
        "totalPages": pages,
        "pagingCounter": skipped.saturating_add(1),
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
    fn page_has_its_neighbours_and_counts() {
        let items: Vec<u32> = (0..45).collect();
        let mut written = 0;
        let mut page = |number| {
            page(&items, Some(number), 20, |item| {
                written += 1;
                (*item).into()
            })
        };
        let second = page(2);
        assert_eq!((&second["docs"][0], second["docs"].as_array().map(Vec::len)), (&20.into(), Some(20)));
        assert_eq!(
            (&second["nextPage"], &second["prevPage"], &second["totalPages"]),
            (&3.into(), &1.into(), &3.into())
        );
        let last = page(3);
        assert_eq!((&last["nextPage"], &last["hasNextPage"]), (&Value::Null, &false.into()));
        let beyond = page(i64::MAX);
        assert_eq!(beyond["docs"], json!([]));
        assert_eq!(page(-3)["page"], 1);
        assert_eq!(written, 45, "only the items on the pages");
    }

    #[test]
    fn limit_out_of_range_is_replaced_by_the_default() {
        let limit = |limit| ListFilter { limit: Some(limit), ..ListFilter::default() }.room_limit();
        assert_eq!([limit(-1), limit(0), limit(1), limit(49), limit(50), limit(i64::MAX)], [20, 20, 1, 49, 20, 20]);
    }
}
