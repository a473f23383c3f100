//! Key and message latency while another profile in the same window is frozen, refused or rate limited, compared with
//! those beside a profile whose server works.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;

use crate::arrival::time_message;
use crate::keys::{PACE, type_glyph};
use crate::programs::{HEARTBEAT, Programs};
use test_support::flood::Flood;
use test_support::measure::report;
use test_support::measure::samples::Samples;

/// Number of keys and of messages for each fault.
const COUNT: usize = 100;
/// Maximum ratio of the medians.
const LIMIT: f64 = 1.1;

/// Answer to each request of a server that limits the rate.
const TOO_MANY: &[u8] =
    b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// The fault of the server of the other profile.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    /// It accepts connections and never answers.
    Frozen,
    /// It does not accept connections.
    Refused,
    /// It answers each request with status 429.
    RateLimited,
}

/// Runs this section and prints its results.
pub(crate) fn measure(programs: &Programs) -> anyhow::Result<()> {
    if programs.is_self() {
        return Ok(());
    }
    for trouble in [Trouble::Frozen, Trouble::Refused, Trouble::RateLimited] {
        let floods = (Flood::start(HEARTBEAT)?, Flood::start(HEARTBEAT)?);
        let healthy = Flood::start(HEARTBEAT)?;
        let mut sound = programs.open_beside(&floods.0, &healthy.url())?;
        let mut beside = programs.open_beside(&floods.1, &start_server(trouble)?)?;
        let (mut keys, mut keys_sound) = (Samples::default(), Samples::default());
        let (mut messages, mut messages_sound) = (Samples::default(), Samples::default());
        for number in 0..COUNT {
            // In turns, because whatever follows a pause takes longer.
            let beside = (&mut beside, &floods.1, &mut keys, &mut messages);
            let sound = (&mut sound, &floods.0, &mut keys_sound, &mut messages_sound);
            let order = if number % 2 == 0 { [beside, sound] } else { [sound, beside] };
            for (client, flood, keys, messages) in order {
                keys.push(type_glyph(client, PACE)?.1);
                messages.push(time_message(client, flood)?);
            }
        }
        for (name, subject, baseline) in
            [("key to glyph", keys, keys_sound), ("message to screen", messages, messages_sound)]
        {
            let name = format!("{name}, other profile {trouble:?}");
            report::ratio_to("healthy", &format!("{name}, median"), subject.median(), baseline.median(), COUNT, LIMIT);
            report::ratio_to("healthy", &format!("{name}, p99"), subject.p99(), baseline.p99(), COUNT, 2.0);
        }
    }
    Ok(())
}

/// Starts the server of the other profile and returns its address. It runs until the end of the program.
fn start_server(trouble: Trouble) -> std::io::Result<String> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    let url = format!("http://{}", listener.local_addr()?);
    match trouble {
        Trouble::Frozen => drop(thread::spawn(move || keep_open(&listener))),
        Trouble::Refused => drop(listener),
        Trouble::RateLimited => drop(thread::spawn(move || refuse_all(&listener))),
    }
    Ok(url)
}

fn keep_open(listener: &TcpListener) {
    let mut open = Vec::new();
    for stream in listener.incoming() {
        open.extend(stream);
    }
}

fn refuse_all(listener: &TcpListener) {
    for stream in listener.incoming().flatten() {
        thread::spawn(move || refuse(stream));
    }
}

fn refuse(mut stream: TcpStream) {
    let mut request = [0; 4_096];
    // A client that has gone needs no answer.
    if stream.read(&mut request).is_ok_and(|read| read > 0) {
        let _ = stream.write_all(TOO_MANY);
    }
}
