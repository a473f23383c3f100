//! Colors of people's names: different for everybody on screen, while there are enough colors.

use crate::domain::PersonId;

/// Number of people above which the colors of those who are not on screen are forgotten.
const MAX_PEOPLE: usize = 200;

/// The colors given to people since the room was opened, as indexes into the colors of the theme.
#[derive(Debug, Clone, Default)]
pub struct NameColors {
    given: Vec<(PersonId, usize)>,
}

impl NameColors {
    /// Returns the color of a person whose name has been on screen.
    pub fn of(&self, person: &PersonId) -> Option<usize> {
        self.given.iter().find(|(known, _)| known == person).map(|(_, color)| *color)
    }

    /// Gives a color to everybody on screen who has none: the preferred one, unless somebody on screen has it and
    /// another of the `count` colors is free. Nobody's color changes while the room is open.
    pub(in crate::app) fn give(&mut self, on_screen: &[(&PersonId, usize)], count: usize) {
        if self.given.len() > MAX_PEOPLE {
            self.given.retain(|(known, _)| on_screen.iter().any(|(person, _)| *person == known));
        }
        for (person, preferred) in on_screen {
            if self.of(person).is_some() {
                continue;
            }
            let taken: Vec<usize> = on_screen.iter().filter_map(|(other, _)| self.of(other)).collect();
            let mut candidates = (0..count).map(|step| (preferred + step) % count);
            let color = candidates.find(|color| !taken.contains(color)).unwrap_or(*preferred);
            self.given.push(((*person).clone(), color));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn give(colors: &mut NameColors, people: &[(&str, usize)], count: usize) -> Vec<usize> {
        let ids: Vec<PersonId> = people.iter().map(|(name, _)| PersonId::new(name)).collect();
        let on_screen: Vec<_> = ids.iter().zip(people).map(|(id, (_, preferred))| (id, *preferred)).collect();
        colors.give(&on_screen, count);
        ids.iter().filter_map(|id| colors.of(id)).collect()
    }

    #[test]
    fn people_on_screen_have_different_colors() {
        let mut colors = NameColors::default();
        assert_eq!(give(&mut colors, &[("a", 2), ("b", 2), ("c", 2)], 3), [2, 0, 1]);
    }

    #[test]
    fn color_of_a_person_stays() {
        let mut colors = NameColors::default();
        assert_eq!(give(&mut colors, &[("a", 1)], 3), [1]);
        assert_eq!(give(&mut colors, &[("b", 1)], 3), [1], "nobody on screen has it");
        assert_eq!(give(&mut colors, &[("a", 1), ("b", 1), ("c", 1)], 3), [1, 1, 2]);
    }

    #[test]
    fn only_people_on_screen_are_remembered_among_many() {
        let mut colors = NameColors::default();
        for number in 0..10_000 {
            give(&mut colors, &[("always here", 1), (&number.to_string(), 0)], 3);
        }
        assert!(colors.given.len() <= MAX_PEOPLE + 2);
        assert_eq!(give(&mut colors, &[("always here", 0)], 3), [1]);
    }

    #[test]
    fn more_people_than_colors_share_them() {
        let mut colors = NameColors::default();
        assert_eq!(give(&mut colors, &[("a", 0), ("b", 1), ("c", 1)], 2), [0, 1, 1]);
        assert_eq!(give(&mut NameColors::default(), &[("a", 0)], 0), [0], "a theme without colors");
    }
}
