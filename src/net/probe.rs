//! The way to a server, step by step: name, connection, TLS and HTTP, for `doctor`.
//!
//! Each step uses what the one before it has opened. Nothing secret is sent to the server. A proxy of the environment is
//! used as for REST calls, with the user name and password in its address.

use std::borrow::Cow;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::path::Path;
use std::time::Duration;

use hyper::http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::Matcher;
use native_tls::{Certificate, TlsConnector, TlsStream};

use super::error::TransportProblem;
use super::http_reply::USER_AGENT;
use super::proxy;

/// Limit for the head of a response, in bytes.
const MAX_HEAD: usize = 16 << 10;

/// The result of a step: what was found, or what is wrong.
pub type Step<T> = Result<(String, T), StepError>;

/// A reason why a step failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepError {
    /// A sentence without advice.
    pub reason: String,
    /// What to do, if it is not what usually helps in this step.
    pub advice: Option<Cow<'static, str>>,
}

impl From<String> for StepError {
    fn from(reason: String) -> Self {
        Self { reason, advice: None }
    }
}

/// A proxy of the environment.
struct Proxy {
    host: String,
    port: u16,
    is_socks: bool,
    /// Value of the header with user name and password.
    authorization: Option<HeaderValue>,
}

/// A server to be examined.
pub struct Probe {
    host: String,
    port: u16,
    is_tls: bool,
    proxy: Option<Proxy>,
    limit: Duration,
}

/// A connection, encrypted or not.
pub enum Stream {
    /// Not encrypted.
    Plain(TcpStream),
    /// Encrypted.
    Tls(Box<TlsStream<TcpStream>>),
}

impl Probe {
    /// Reads the address of a server. `limit` is the time limit for each exchange of data.
    ///
    /// # Errors
    /// It is no http or https address.
    pub fn new(url: &str, limit: Duration) -> Result<Self, StepError> {
        Self::with_proxies(url, limit, &Matcher::from_env())
    }

    fn with_proxies(url: &str, limit: Duration, proxies: &Matcher) -> Result<Self, StepError> {
        let invalid = || StepError::from(format!("{url} is not an http or https address."));
        let parsed = url::Url::parse(url).map_err(|_| invalid())?;
        let is_tls = match parsed.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(invalid()),
        };
        let host = parsed.host_str().ok_or_else(invalid)?.trim_matches(['[', ']']).to_owned();
        let port = parsed.port_or_known_default().ok_or_else(invalid)?;
        let uri = url.parse::<Uri>().ok().filter(|_| is_tls);
        let proxy = uri.and_then(|uri| proxies.intercept(&uri)).and_then(|proxy| {
            let (host, port) = (proxy.uri().host()?.to_owned(), proxy.uri().port_u16().unwrap_or(80));
            let is_socks = proxy::is_socks(proxy.uri());
            Some(Proxy { host, port, is_socks, authorization: proxy.basic_auth().cloned() })
        });
        Ok(Self { host, port, is_tls, proxy, limit })
    }

    /// Whether the server is reached through a proxy.
    pub fn uses_proxy(&self) -> bool {
        self.proxy.is_some()
    }

    /// Whether the connection is encrypted.
    pub fn is_tls(&self) -> bool {
        self.is_tls
    }

    /// Finds the addresses of the server, or of the proxy.
    pub fn resolve(&self) -> Step<Vec<SocketAddr>> {
        let (host, port) = self.proxy.as_ref().map_or((&self.host, self.port), |proxy| (&proxy.host, proxy.port));
        let failed = |reason: &str| StepError {
            reason: format!("The name {host} has no address ({reason})."),
            advice: self.uses_proxy().then(|| proxy::advice().into()),
        };
        let addresses: Vec<SocketAddr> =
            (host.as_str(), port).to_socket_addrs().map_err(|error| failed(&error.to_string()))?.collect();
        if addresses.is_empty() {
            return Err(failed("none found"));
        }
        let shown: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
        let via = if self.uses_proxy() { format!("proxy {host}: ") } else { String::new() };
        Ok((format!("{via}{}", shown.join(", ")), addresses))
    }

    /// Connects to the first address that accepts, and through the proxy if there is one.
    pub fn connect(&self, addresses: &[SocketAddr]) -> Step<TcpStream> {
        if self.proxy.as_ref().is_some_and(|proxy| proxy.is_socks) {
            return Err(StepError { reason: proxy::SOCKS.to_owned(), advice: Some(proxy::advice().into()) });
        }
        let mut last = "there is no address".to_owned();
        // Together they may take as long as one.
        let limit = self.limit / u32::try_from(addresses.len().max(1)).unwrap_or(u32::MAX);
        for address in addresses {
            match TcpStream::connect_timeout(address, limit) {
                Ok(stream) => {
                    let set = stream.set_read_timeout(Some(self.limit));
                    set.and_then(|()| stream.set_write_timeout(Some(self.limit))).map_err(|error| error.to_string())?;
                    if self.uses_proxy() {
                        self.open_tunnel(&stream)?;
                        return Ok((format!("{address}, tunnel to {}:{}", self.host, self.port), stream));
                    }
                    return Ok((address.to_string(), stream));
                }
                Err(error) => last = format!("{address}: {error}"),
            }
        }
        let advice = self.uses_proxy().then(|| proxy::advice().into());
        Err(StepError { reason: format!("No connection to {last}."), advice })
    }

    fn open_tunnel(&self, mut stream: &TcpStream) -> Result<(), StepError> {
        let target = format!("{}:{}", self.host, self.port);
        let mut request =
            format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\nUser-Agent: {USER_AGENT}\r\n").into_bytes();
        if let Some(authorization) = self.proxy.as_ref().and_then(|proxy| proxy.authorization.as_ref()) {
            request.extend_from_slice(b"Proxy-Authorization: ");
            request.extend_from_slice(authorization.as_bytes());
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        let failed = |reason: String| StepError { reason, advice: Some(proxy::advice().into()) };
        let unanswered = |error: std::io::Error| failed(format!("The proxy does not answer: {error}."));
        stream.write_all(&request).map_err(unanswered)?;
        let head = read_head(&mut stream).map_err(unanswered)?;
        match status(&head) {
            Some(200..300) => Ok(()),
            Some(407) => {
                let reason = "The proxy asks for a user name and a password, or refuses them (HTTP 407).".to_owned();
                Err(StepError { reason, advice: Some(proxy::password_advice().into()) })
            }
            Some(status) => Err(failed(format!("The proxy refuses a tunnel to {target} (HTTP {status})."))),
            None => Err(failed("The proxy does not speak HTTP.".to_owned())),
        }
    }

    /// Encrypts the connection, with a CA in addition to those of the system. Blank if the address is not https.
    pub fn secure(&self, stream: TcpStream, ca_file: Option<&Path>) -> Step<Stream> {
        if !self.is_tls {
            return Ok(("not encrypted (http)".to_owned(), Stream::Plain(stream)));
        }
        let mut builder = TlsConnector::builder();
        let mut extra = "";
        if let Some(path) = ca_file {
            let pem = std::fs::read(path).map_err(|error| StepError {
                reason: format!("Cannot read the CA file {}: {error}.", path.display()),
                advice: Some("Check ca_file.".into()),
            })?;
            let certificates = Certificate::stack_from_pem(&pem).unwrap_or_default();
            if certificates.is_empty() {
                let reason = "The CA file contains no PEM certificate.".to_owned();
                return Err(StepError { reason, advice: Some("Check ca_file.".into()) });
            }
            for certificate in certificates {
                builder.add_root_certificate(certificate);
            }
            extra = ", with ca_file";
        }
        let url = format!("https://{}", self.host);
        let connector = builder.build().map_err(|error| TransportProblem::of(&url, &error).cause)?;
        let stream = connector.connect(&self.host, stream).map_err(|error| match error {
            native_tls::HandshakeError::Failure(error) => {
                let TransportProblem { cause, advice, .. } = TransportProblem::of(&url, &error);
                StepError { reason: format!("{cause} ({error})"), advice: Some(advice.into()) }
            }
            native_tls::HandshakeError::WouldBlock(_) => {
                format!("The TLS handshake with {} takes too long.", self.host).into()
            }
        })?;
        let certificate = stream.peer_certificate().ok().flatten().and_then(|certificate| certificate.to_der().ok());
        let certificate =
            certificate.and_then(|der| describe_certificate(&der)).unwrap_or_else(|| "trusted".to_owned());
        Ok((format!("{certificate}{extra}"), Stream::Tls(Box::new(stream))))
    }

    /// Asks for the start page. Whatever the status, the server speaks HTTP.
    pub fn ask(&self, stream: Stream) -> Step<()> {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let request = format!(
            "GET / HTTP/1.1\r\nHost: {host}:{}\r\nUser-Agent: {USER_AGENT}\r\nConnection: close\r\n\r\n",
            self.port
        );
        let exchange = |stream: &mut dyn ReadWrite| {
            stream.write_all(request.as_bytes())?;
            read_head(stream)
        };
        let head = match stream {
            Stream::Plain(mut stream) => exchange(&mut stream),
            Stream::Tls(mut stream) => exchange(&mut *stream),
        };
        let head = head.map_err(|error| format!("The server does not answer: {error}."))?;
        match status(&head) {
            Some(status) => Ok((format!("speaks HTTP (status {status} for /)"), ())),
            None => Err("The server does not speak HTTP.".to_owned().into()),
        }
    }
}

/// A stream of either kind.
trait ReadWrite: Read + Write {}

impl<T: Read + Write> ReadWrite for T {}

/// Reads the head of a response.
fn read_head(stream: &mut (impl Read + ?Sized)) -> std::io::Result<Vec<u8>> {
    let (mut head, mut buffer) = (Vec::new(), [0; 1024]);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < MAX_HEAD {
        match stream.read(&mut buffer)? {
            0 => break,
            count => head.extend_from_slice(&buffer[..count]),
        }
    }
    Ok(head)
}

/// Returns the status in the head of a response.
fn status(head: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(head.split(|byte| *byte == b'\r').next()?).ok()?;
    let mut words = line.split(' ');
    words.next()?.strip_prefix("HTTP/1.")?;
    words.next()?.parse().ok()
}

/// Describes a certificate: for whom, by whom, and how long it is valid.
#[cfg(all(unix, not(target_vendor = "apple")))]
fn describe_certificate(der: &[u8]) -> Option<String> {
    let certificate = openssl::x509::X509::from_der(der).ok()?;
    let name = |name: &openssl::x509::X509NameRef| {
        let entries = name.entries_by_nid(openssl::nid::Nid::COMMONNAME);
        let organization = name.entries_by_nid(openssl::nid::Nid::ORGANIZATIONNAME);
        let text = entries.chain(organization).find_map(|entry| entry.data().to_string().ok());
        text.map(|text| crate::text::SafeText::line(&text).to_string())
    };
    let subject = name(certificate.subject_name());
    let issuer = name(certificate.issuer_name());
    let now = openssl::asn1::Asn1Time::days_from_now(0).ok()?;
    let days = now.diff(certificate.not_after()).ok()?.days;
    let or_unnamed = |name: Option<String>| name.unwrap_or_else(|| "no name".to_owned());
    Some(format!("{}, issued by {}, valid for {days} more days", or_unnamed(subject), or_unnamed(issuer)))
}

/// Describes a certificate. Its details are not known on this system.
#[cfg(not(all(unix, not(target_vendor = "apple"))))]
fn describe_certificate(_der: &[u8]) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_is_read_from_the_first_line_only() {
        assert_eq!(status(b"HTTP/1.1 404 Not Found\r\nHTTP/1.1 200 OK\r\n\r\n"), Some(404));
        assert_eq!(status(b"SSH-2.0-OpenSSH_9.2\r\n"), None);
        assert_eq!(status(b"HTTP/1.1 4O4\r\n"), None);
    }

    /// Regression test: doctor reported a proxy that refuses, although REST calls went through it.
    #[test]
    fn credentials_of_a_proxy_are_sent_to_it() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let head = read_head(&mut stream).unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
            String::from_utf8(head).unwrap()
        });
        let proxies = Matcher::builder().https(format!("http://alice:s3cret@{address}")).build();
        let probe = Probe::with_proxies("https://chat.example", Duration::from_secs(10), &proxies).unwrap();
        let (_, addresses) = probe.resolve().unwrap();
        assert!(probe.connect(&addresses).is_ok());
        // printf alice:s3cret | base64
        let asked = asked.join().unwrap();
        assert!(asked.contains("\r\nProxy-Authorization: Basic YWxpY2U6czNjcmV0\r\n"), "{asked}");
    }

    #[test]
    fn socks_proxy_fails_where_it_would_be_used() {
        let proxies = Matcher::builder().all("socks5://127.0.0.1:9050").build();
        let probe = Probe::with_proxies("https://chat.example", Duration::from_secs(1), &proxies).unwrap();
        let (_, addresses) = probe.resolve().unwrap();
        assert_eq!(probe.connect(&addresses).unwrap_err().reason, proxy::SOCKS);
    }

    #[test]
    fn address_without_a_host_is_rejected() {
        let limit = Duration::from_secs(1);
        assert!(Probe::new("ftp://x", limit).is_err() && Probe::new("not a url", limit).is_err());
        assert!(Probe::new("http://[::1]:4000", limit).is_ok_and(|probe| !probe.is_tls() && probe.port == 4000));
    }
}
