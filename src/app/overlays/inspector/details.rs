//! The selected record as a tree whose branches can be folded.

use std::collections::BTreeSet;

use crate::app::overlays::rows;
use crate::wire::{Json, JsonNode, JsonValue, Record, details};

/// The tree of a record.
#[derive(Debug, Clone)]
pub struct Details {
    /// Number of the record.
    pub seq: u64,
    /// The nodes.
    pub json: Json,
    /// Indices of the nodes that are folded.
    folded: BTreeSet<usize>,
    /// Index of the selected node.
    pub selected: usize,
    /// Index of the first visible line on screen, as computed by `layout`.
    pub first: usize,
}

impl Details {
    pub(in crate::app) fn of(record: &Record) -> Self {
        Self { seq: record.seq, json: details(record), folded: BTreeSet::new(), selected: 0, first: 0 }
    }

    /// Returns the indices of the nodes that are not inside of a folded one.
    pub fn lines(&self) -> Vec<usize> {
        let (mut at, mut lines) = (0, Vec::new());
        while let Some(node) = self.json.nodes.get(at) {
            lines.push(at);
            at = if self.folded.contains(&at) { node.end } else { at + 1 };
        }
        lines
    }

    /// Returns whether a node is folded; `None` if it has no content to fold.
    pub fn fold(&self, node: usize) -> Option<bool> {
        is_foldable(node, self.json.nodes.get(node)?).then(|| self.folded.contains(&node))
    }

    /// Moves the selection by this many lines.
    pub(in crate::app) fn move_by(&mut self, by: isize) {
        let lines = self.lines();
        let place = lines.iter().position(|line| *line == self.selected).unwrap_or_default();
        let place = place.saturating_add_signed(by).min(lines.len().saturating_sub(1));
        self.selected = lines.get(place).copied().unwrap_or_default();
    }

    /// Folds or unfolds the selected node.
    pub(in crate::app) fn toggle(&mut self) {
        if self.fold(self.selected).is_some() && !self.folded.remove(&self.selected) {
            self.folded.insert(self.selected);
        }
    }

    /// Folds the selected node, or else selects the one around it. Returns whether there was anything to do.
    pub(in crate::app) fn close(&mut self) -> bool {
        if self.fold(self.selected) == Some(false) {
            self.folded.insert(self.selected);
            return true;
        }
        let selected = self.selected;
        let around = self.json.nodes.iter().take(selected).rposition(|node| node.end > selected);
        self.selected = around.unwrap_or(selected);
        around.is_some()
    }

    /// Unfolds the selected node, or else selects the first one inside of it.
    pub(in crate::app) fn open(&mut self) {
        match self.fold(self.selected) {
            Some(true) => drop(self.folded.remove(&self.selected)),
            Some(false) => self.selected += 1,
            None => {}
        }
    }

    /// Scrolls just far enough to show the selected node.
    pub(in crate::app) fn settle(&mut self, height: usize) {
        let lines = self.lines();
        let place = lines.iter().position(|line| *line == self.selected).unwrap_or_default();
        self.first = rows::reveal(self.first, place, lines.len(), height);
    }

    /// Returns the number of values directly inside of a node.
    pub fn size(&self, node: usize) -> usize {
        let Some(JsonNode { end, .. }) = self.json.nodes.get(node) else { return 0 };
        let (mut at, mut count) = (node + 1, 0);
        while let Some(inner) = self.json.nodes.get(at).filter(|_| at < *end) {
            (at, count) = (inner.end, count + 1);
        }
        count
    }
}

fn is_foldable(index: usize, node: &JsonNode) -> bool {
    let is_container = matches!(node.value, JsonValue::Object | JsonValue::Array | JsonValue::Embedded(_));
    is_container && node.end > index + 1
}
