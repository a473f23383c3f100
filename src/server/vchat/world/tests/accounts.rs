//! §1.2, §1.3, §2.1.

use serde_json::{Value, json};

use super::kit::{assert_refused, kit, text};
use crate::server::vchat::world::{Filter, Login};

#[test]
fn login_or_register_with_the_derived_password() {
    let mut kit = kit();
    let now = kit.now();
    let login = kit.login("ann");
    let first = kit.world.connect(now, login.clone()).unwrap();
    assert_eq!(first["user"]["fullName"], "ANN");
    assert_eq!(first["user"]["userImages"]["smallImage"], "http://h/default_user_image.png");
    assert_eq!(text(&first, "accessToken").split('.').count(), 3);
    let again = kit.world.connect(now, Login { name: Some("Other".to_owned()), ..login.clone() }).unwrap();
    assert_eq!(again["user"], first["user"]);
    assert_refused(kit.world.connect(now, Login { password: "wrong".to_owned(), ..login.clone() }), 403);
    for broken in [
        Login { identifier: " ".to_owned(), ..login.clone() },
        Login { device: String::new(), ..login.clone() },
        Login { password: String::new(), ..login },
    ] {
        assert_refused(kit.world.connect(now, broken), 400);
    }
}

#[test]
fn a_token_is_good_while_its_device_is_there() {
    let mut kit = kit();
    let me = kit.person("ann");
    let (now, login) = (kit.now(), kit.login("ann"));
    let token = text(&kit.world.connect(now, login).unwrap(), "accessToken");
    assert_eq!(kit.world.bearer(&token).unwrap(), me);
    assert_refused(kit.world.bearer("null"), 400);
    assert_refused(super::kit::kit().world.bearer(&token), 403);
    kit.world.logout(&me).unwrap();
    assert_refused(kit.world.bearer(&token), 450);
    kit.person("ann");
    kit.world.bearer(&token).unwrap();
    kit.person("bob");
    kit.world.expire(Some("bob")).unwrap();
    kit.world.bearer(&token).unwrap();
    kit.world.expire(None).unwrap();
    assert_refused(kit.world.bearer(&token), 450);
    kit.world.remove("ann").unwrap();
    assert_refused(kit.world.bearer(&token), 403);
}

#[test]
fn people_are_listed_without_me_and_without_bans() {
    let mut kit = kit();
    let ann = kit.person("ann");
    for other in ["bob", "cleo", "dan"] {
        kit.person(other);
    }
    let names =
        |list: &Value| list["docs"].as_array().unwrap().iter().map(|user| text(user, "identifier")).collect::<Vec<_>>();
    assert_eq!(names(&kit.world.people(&ann, &Filter::default())), ["bob", "cleo", "dan"]);
    let now = kit.now();
    kit.world.ban(now, &ann, "cleo", true).unwrap();
    assert_eq!(names(&kit.world.people(&ann, &Filter::default())), ["bob", "dan"]);
    let filter = Filter { text: Some("DA".to_owned()), ..Filter::default() };
    assert_eq!(names(&kit.world.people(&ann, &filter)), ["dan"]);
}

#[test]
fn a_ban_is_told_to_the_room_in_the_actors_words() {
    let mut kit = kit();
    let (ann, bob) = (kit.person("ann"), kit.person("bob"));
    let room = kit.single(&ann, "bob");
    kit.say(&ann, &room, "hi");
    kit.heard();
    let now = kit.now();
    kit.world.ban(now, &bob, "ann", true).unwrap();
    let heard = kit.heard();
    assert_eq!((heard.len(), heard[0].1), (1, "v1OnBanUserChat"));
    assert_eq!(heard[0].2, json!({ "isMeBanner": true, "isPeerBanner": false, "roomId": room }));
    let view = kit.world.ban_view(&ann, "bob").unwrap();
    assert_eq!(view, json!({ "isMeBanner": false, "isPeerBanner": true, "roomId": room }));
    let draft = kit.draft("still there?");
    assert_refused(kit.send(&ann, &room, &draft), 403);
    assert_refused(kit.world.room(&ann, &room), 400);
    kit.world.ban(now, &bob, "ann", false).unwrap();
    kit.send(&ann, &room, &draft).unwrap();
    assert_refused(kit.world.ban(now, &bob, "bob", true), 400);
    assert_refused(kit.world.ban(now, &bob, "{peerId}", true), 404);
}
