//! `/fault`, which changes the faults of the demo's server.

use minchat_tui::app::Effect;
use minchat_tui::domain::AccountId;

use test_support::story::*;

fn set_faults(story: &Story) -> Vec<&str> {
    let texts = story.effects.iter().filter_map(|effect| match effect {
        Effect::SetFaults(AccountId(0), text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

#[test]
fn faults_are_set_in_the_demo_only() {
    for is_sandbox in [true, false] {
        let mut story = Story::chat_on(MINCHAT, 100, 24);
        story.state.account_mut().profile.is_sandbox = is_sandbox;
        story.types("/faul");
        assert_eq!(story.screen().contains("make the server misbehave"), is_sandbox, "{}", story.screen());
        story.types("t drop@message=10%").keys("enter");
        assert_eq!(set_faults(&story), if is_sandbox { &["drop@message=10%"][..] } else { &[] });
        if !is_sandbox {
            story.shows("Only the demo has faults.");
        }
    }
}
