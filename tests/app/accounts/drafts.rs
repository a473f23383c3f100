//! The marks of drafts in the room list, which has the rooms of all profiles.

use super::*;

/// Regression test: the room that another profile had on screen last had no mark, because its text is in the composer.
#[test]
fn draft_in_the_open_room_of_another_profile_is_marked() {
    for density in [minchat_tui::config::Density::Compact, minchat_tui::config::Density::Roomy] {
        let mut both = run(&shown_story(), &hidden_story());
        both.state.options.density = density;
        let marks = |both: &mut Program| {
            both.wait(1_000);
            layout(&mut both.state);
            list_of(&both.state).join("\n").matches('✎').count()
        };
        assert_eq!(both.state.ui.composer.text(), "a draft");
        assert_eq!(marks(&mut both), 0, "it is on screen");
        press(&mut both, "f6");
        assert_eq!(both.state.ui.shown, HIDDEN);
        assert_eq!(marks(&mut both), 1, "{}", screen_of(&both.state));
        press(&mut both, "f6");
        assert_eq!(both.state.ui.shown, SHOWN);
        assert_eq!(marks(&mut both), 0, "{}", screen_of(&both.state));
        press(&mut both, "ctrl+u");
        both.types("/mute");
        press(&mut both, "f6");
        assert_eq!(marks(&mut both), 0, "a command is no draft: {}", screen_of(&both.state));
    }
}
