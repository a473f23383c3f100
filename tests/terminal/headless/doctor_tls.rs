//! `doctor` over TLS, with `ca_file` and through a proxy.

#![cfg(not(target_vendor = "apple"))]

use serde_json::Value;

use super::program::{Ended, Script, both};
use super::schema::records;
use super::tls_server::{TlsServer, proxy};

/// Examines the server at `url` with the CA of a server, if there is one, through the proxy at an address, if there is
/// one.
fn examine(script: &Script, url: &str, ca: Option<&TlsServer>, proxy: Option<&str>) -> (Option<i32>, Vec<Value>) {
    let mut command = script.command_at(url, &["doctor", "--json", "--timeout", "10"]);
    let path = script.home.path().join("config.toml");
    let ca_file = ca.map(|server| format!("ca_file = {:?}\n", server.ca_file)).unwrap_or_default();
    std::fs::write(&path, format!("[profiles.tls]\n{ca_file}")).unwrap();
    command.args(["--profile", "tls"]).env("MINCHAT_CONFIG", path);
    if let Some(proxy) = proxy {
        command.env("HTTPS_PROXY", proxy);
    }
    let ended: Ended = command.output().unwrap().into();
    assert_eq!(ended.err, "");
    (ended.code, records(&ended.out))
}

fn stage<'a>(records: &'a [Value], stage: &str) -> &'a Value {
    records.iter().find(|record| record["stage"] == stage).unwrap_or_else(|| panic!("no {stage}: {records:#?}"))
}

#[test]
fn server_whose_ca_is_named_passes_all_stages() {
    for script in both() {
        let server = TlsServer::start(&script.url, (0, 2));
        let url = format!("https://127.0.0.1:{}", server.port);
        let (code, found) = examine(&script, &url, Some(&server), None);
        assert_eq!(code, Some(0), "{found:#?}");
        let tls = stage(&found, "tls");
        let detail = tls["detail"].as_str().unwrap();
        assert!(tls["result"] == "ok" && detail.starts_with("Test CA, issued by Test CA, valid for "), "{tls}");
        assert!(detail.ends_with(" more days, with ca_file"), "{tls}");
        for name in ["http", "sign-in", "socket"] {
            assert_eq!(stage(&found, name)["result"], "ok", "{found:#?}");
        }
        let observed = &found.last().unwrap()["observed"];
        assert_eq!(
            (&observed["encrypted"], &observed["ca_file"], &observed["proxy"]),
            (&true.into(), &true.into(), &false.into())
        );
    }
}

#[test]
fn certificate_that_is_not_trusted_fails_at_its_stage() {
    for script in both() {
        let (unknown, other) = (TlsServer::start(&script.url, (0, 2)), TlsServer::start(&script.url, (0, 2)));
        let (expired, early) = (TlsServer::start(&script.url, (-9, -1)), TlsServer::start(&script.url, (3, 9)));
        let renew = "Ask the operator of the server to renew it, and check the date of this machine.";
        let name = "Check the address, or name the CA that signed it (ca_file in the profile).";
        for (server, ca, reason, advice) in [
            (&unknown, None, "is not trusted.", name),
            (&unknown, Some(&other), "is not trusted.", name),
            (&expired, Some(&expired), "has expired.", renew),
            (&early, Some(&early), "is not valid yet.", renew),
        ] {
            let url = format!("https://127.0.0.1:{}", server.port);
            let (code, found) = examine(&script, &url, ca, None);
            assert_eq!(code, Some(12), "{found:#?}");
            let tls = stage(&found, "tls");
            let detail = tls["detail"].as_str().unwrap();
            assert!(detail.starts_with("The certificate of https://127.0.0.1") && detail.contains(reason), "{tls}");
            assert_eq!((&tls["result"], &tls["advice"]), (&"failed".into(), &advice.into()));
            // Nothing is sent to a server that is not trusted.
            assert_eq!(found.len(), 4, "{found:#?}");
        }
        let url = format!("https://127.0.0.1:{}", unknown.port);
        std::fs::write(&other.ca_file, "no certificate").unwrap();
        let (code, found) = examine(&script, &url, Some(&other), None);
        let tls = stage(&found, "tls");
        assert_eq!((code, &tls["advice"]), (Some(12), &"Check ca_file.".into()), "{tls}");
    }
}

#[test]
fn proxy_is_used_for_everything_but_live_messages() {
    for script in both() {
        let server = TlsServer::start(&script.url, (0, 2));
        let (address, targets) = proxy(server.port);
        let url = format!("https://127.0.0.1:{}", server.port);
        let (code, found) = examine(&script, &url, Some(&server), Some(&address));
        assert_eq!(code, Some(0), "{found:#?}");
        let tcp = stage(&found, "tcp")["detail"].as_str().unwrap();
        assert!(tcp.ends_with(&format!(", tunnel to 127.0.0.1:{}", server.port)), "{tcp}");
        assert_eq!(found.last().unwrap()["observed"]["proxy"], true);
        let asked: Vec<String> = targets.try_iter().collect();
        assert!(
            asked.len() > 1 && asked.iter().all(|target| *target == format!("127.0.0.1:{}", server.port)),
            "{asked:?}"
        );
        // Only the proxy knows the way to the server of this port.
        let (code, found) = examine(&script, "https://localhost:1", Some(&server), Some(&address));
        assert_eq!(code, Some(16), "{found:#?}");
        assert_eq!(stage(&found, "sign-in")["result"], "ok");
        let socket = stage(&found, "socket");
        let text = socket.to_string();
        assert!(text.contains("cannot use the proxy that HTTPS_PROXY names"), "{socket}");
    }
}
