//! The command line of the example, and the comparison of the clients.

use std::error::Error;
use std::io::Write;
use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;

use super::{clients, decode, server};

pub(super) type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

pub(super) fn run() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["receive", client, url] => clients::receive(client, url),
        ["decode"] => decode::measure(),
        rest => compare(rest.first().map_or(Ok(100_000), |count| count.parse())?),
    }
}

/// Starts the server, and each client in a process of its own.
fn compare(count: usize) -> Outcome<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let frames = Arc::new(server::frames(count));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let frames = Arc::clone(&frames);
            std::thread::spawn(move || server::serve(stream, &frames));
        }
    });
    for round in 1..=3 {
        for client in clients::NAMES {
            let out = Command::new(std::env::current_exe()?).args(["receive", client, &url]).output()?;
            let mut stdout = std::io::stdout();
            write!(stdout, "{round} {client:9}{}", String::from_utf8_lossy(&out.stdout))?;
            std::io::stderr().write_all(&out.stderr)?;
        }
    }
    Ok(())
}
