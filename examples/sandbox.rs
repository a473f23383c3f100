//! Runs the sandbox server by itself: `sandbox PORT KEY [GUEST]`. With a guest there are people who talk to them.

use std::net::{Ipv4Addr, SocketAddr};

use minchat_tui::server::{Options, start};
use tokio::signal::unix::{SignalKind, signal};

#[allow(clippy::print_stdout, reason = "its one line is what it is started for")]
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let port = args.next().map_or(Ok(4000), |port| port.parse())?;
    let api_key = args.next().unwrap_or_else(|| "sandbox".to_owned());
    let guest = args.next();
    let running = start(Options {
        bind: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        api_key,
        seed: 1,
        people: guest.is_some(),
        guest: guest.unwrap_or_default(),
    })
    .await?;
    println!("{} {}", running.url(), running.api_key());
    signal(SignalKind::terminate())?.recv().await;
    running.stop().await;
    Ok(())
}
