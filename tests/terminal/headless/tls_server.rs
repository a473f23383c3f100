//! A server in front of a sandbox that speaks TLS, and a proxy that opens tunnels to it.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use native_tls::{Identity, TlsAcceptor};
use test_support::certificate::certificate;

/// Time after which a direction with nothing to read lets the other one read.
const TURN: Duration = Duration::from_millis(2);

/// A TLS server. Its threads end with the test process.
pub(crate) struct TlsServer {
    pub(crate) port: u16,
    /// A file with its certificate, which has signed itself.
    pub(crate) ca_file: PathBuf,
    _folder: tempfile::TempDir,
}

impl TlsServer {
    /// Starts a server in front of the one at `url`, with a certificate that is valid between two days, which are
    /// counted from today.
    pub(crate) fn start(url: &str, (from, until): (i64, i64)) -> Self {
        let (certificate, key) = certificate("127.0.0.1", from, until);
        let folder = tempfile::tempdir().unwrap();
        let ca_file = folder.path().join("ca.pem");
        std::fs::write(&ca_file, &certificate).unwrap();
        let acceptor = TlsAcceptor::new(Identity::from_pkcs8(&certificate, &key).unwrap()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let target = url.strip_prefix("http://").unwrap().to_owned();
        serve(listener, move |stream| {
            stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            let Ok(stream) = acceptor.accept(stream) else { return };
            let server = TcpStream::connect(&target).unwrap();
            for end in [stream.get_ref(), &server] {
                end.set_read_timeout(Some(TURN)).unwrap();
                end.set_nodelay(true).unwrap();
            }
            exchange(stream, server);
        });
        Self { port, ca_file, _folder: folder }
    }
}

/// Starts a proxy that opens tunnels to `port` of this machine, whatever the host. Returns its address and the targets
/// that it is asked for.
pub(crate) fn proxy(port: u16) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (asked, targets) = mpsc::channel();
    serve(listener, move |mut stream| {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            if stream.read(&mut byte).unwrap() == 0 {
                return;
            }
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap();
        let _ = asked.send(head.split(' ').nth(1).unwrap().to_owned());
        stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").unwrap();
        let server = TcpStream::connect(("127.0.0.1", port)).unwrap();
        for end in [&stream, &server] {
            end.set_read_timeout(Some(TURN)).unwrap();
        }
        exchange(stream, server);
    });
    (address, targets)
}

/// Serves each connection on a thread of its own.
fn serve(listener: TcpListener, connection: impl Fn(TcpStream) + Send + Clone + 'static) {
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = connection.clone();
            std::thread::spawn(move || connection(stream.unwrap()));
        }
    });
}

/// Passes on what either side sends, until one of them ends.
fn exchange(mut one: impl Read + Write, mut two: impl Read + Write) {
    while pass(&mut one, &mut two) && pass(&mut two, &mut one) {}
}

/// Passes on what there is to read. Returns whether more may come.
fn pass(from: &mut impl Read, to: &mut impl Write) -> bool {
    let mut buffer = [0; 16 << 10];
    match from.read(&mut buffer) {
        Ok(0) => false,
        Ok(count) => to.write_all(&buffer[..count]).is_ok(),
        Err(error) => matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    }
}
