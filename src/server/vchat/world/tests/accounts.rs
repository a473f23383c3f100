//! Logins, tokens, user lists and bans (§1.2, §1.3, §2.1).

use serde_json::{Value, json};

use super::test_world::{assert_status, test_world, text};
use crate::server::vchat::world::{ListFilter, Login};

#[test]
fn login_needs_the_derived_password() {
    let mut test = test_world();
    let now = test.now();
    let login = test.login("ann");
    let first = test.world.log_in(now, login.clone()).unwrap();
    assert_eq!(first["user"]["fullName"], "ANN");
    assert_eq!(first["user"]["userImages"]["smallImage"], "http://h/default_user_image.png");
    assert_eq!(text(&first, "accessToken").split('.').count(), 3);
    let second = test.world.log_in(now, Login { name: Some("Other".to_owned()), ..login.clone() }).unwrap();
    assert_eq!(second["user"], first["user"]);
    assert_status(test.world.log_in(now, Login { password: "wrong".to_owned(), ..login.clone() }), 403);
    for broken in [
        Login { identifier: " ".to_owned(), ..login.clone() },
        Login { device: String::new(), ..login.clone() },
        Login { password: String::new(), ..login },
    ] {
        assert_status(test.world.log_in(now, broken), 400);
    }
}

#[test]
fn token_is_valid_while_its_device_is_logged_in() {
    let mut test = test_world();
    let ann = test.user("ann");
    let (now, login) = (test.now(), test.login("ann"));
    let token = text(&test.world.log_in(now, login).unwrap(), "accessToken");
    assert_eq!(test.world.authenticate(&token).unwrap(), ann);
    assert_status(test.world.authenticate("null"), 400);
    assert_status(super::test_world::test_world().world.authenticate(&token), 403);
    test.world.log_out(&ann).unwrap();
    assert_status(test.world.authenticate(&token), 450);
    test.user("ann");
    test.world.authenticate(&token).unwrap();
    test.user("bob");
    test.world.expire_logins(Some("bob")).unwrap();
    test.world.authenticate(&token).unwrap();
    test.world.expire_logins(None).unwrap();
    assert_status(test.world.authenticate(&token), 450);
    test.world.remove_user("ann").unwrap();
    assert_status(test.world.authenticate(&token), 403);
}

#[test]
fn user_list_excludes_oneself_and_bans() {
    let mut test = test_world();
    let ann = test.user("ann");
    for other in ["bob", "cleo", "dan"] {
        test.user(other);
    }
    let names =
        |list: &Value| list["docs"].as_array().unwrap().iter().map(|user| text(user, "identifier")).collect::<Vec<_>>();
    assert_eq!(names(&test.world.list_users(&ann, &ListFilter::default())), ["bob", "cleo", "dan"]);
    let now = test.now();
    test.world.set_ban(now, &ann, "cleo", true).unwrap();
    assert_eq!(names(&test.world.list_users(&ann, &ListFilter::default())), ["bob", "dan"]);
    let filter = ListFilter { text: Some("DA".to_owned()), ..ListFilter::default() };
    assert_eq!(names(&test.world.list_users(&ann, &filter)), ["dan"]);
}

#[test]
fn ban_event_describes_the_view_of_the_actor() {
    let mut test = test_world();
    let (ann, bob) = (test.user("ann"), test.user("bob"));
    let room = test.single_room(&ann, "bob");
    test.send_text(&ann, &room, "hi");
    test.events();
    let now = test.now();
    test.world.set_ban(now, &bob, "ann", true).unwrap();
    let events = test.events();
    assert_eq!((events.len(), events[0].1), (1, "v1OnBanUserChat"));
    assert_eq!(events[0].2, json!({ "isMeBanner": true, "isPeerBanner": false, "roomId": room }));
    let view = test.world.ban_status(&ann, "bob").unwrap();
    assert_eq!(view, json!({ "isMeBanner": false, "isPeerBanner": true, "roomId": room }));
    let message = test.message("still there?");
    assert_status(test.send(&ann, &room, &message), 403);
    assert_status(test.world.room(&ann, &room), 400);
    test.world.set_ban(now, &bob, "ann", false).unwrap();
    test.send(&ann, &room, &message).unwrap();
    assert_status(test.world.set_ban(now, &bob, "bob", true), 400);
    assert_status(test.world.set_ban(now, &bob, "{peerId}", true), 404);
}
