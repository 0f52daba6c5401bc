//! `[server.tls]`: served, looked at by `doctor`, and refused when it cannot be.

use std::fs::{self, Permissions};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::process::{Place, Server, err, out};
use crate::wire::ask;

/// A certificate of one's own, begun and ended with these years, and its key; PEM both.
struct Identity {
    cert: rcgen::Certificate,
    key: KeyPair,
}

impl Identity {
    fn of(from: i32, to: i32) -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(["localhost".to_owned()]).expect("a name");
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(to, 1, 1);
        Self { cert: params.self_signed(&key).expect("signed"), key }
    }
}

/// A place whose configuration names these two files.
fn place(cert: &str, key: &str) -> Place {
    let place = Place::new();
    let write = |name: &str, text: &str| {
        let path = place.path().join(name);
        fs::write(&path, text).expect("written");
        fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("changed");
    };
    write("cert.pem", cert);
    write("key.pem", key);
    write("t.toml", "[server.tls]\ncert = \"cert.pem\"\nkey = \"key.pem\"\n");
    place
}

const SERVE: [&str; 3] = ["serve", "--config", "t.toml"];
const DOCTOR: [&str; 3] = ["doctor", "--config", "t.toml"];

/// A client's end of a connection that believes `cert` and no other.
fn connect(
    address: &str,
    cert: &CertificateDer<'static>,
) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(cert.clone()).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let client = ClientConnection::new(Arc::new(config), name).expect("a client");
    StreamOwned::new(client, TcpStream::connect(address).expect("the server listens"))
}

#[test]
fn requests_are_answered_over_tls_and_not_in_the_clear() {
    let identity = Identity::of(2020, 2120);
    let place = place(&identity.cert.pem(), &identity.key.serialize_pem());
    let mut server = Server::start(place.command(&SERVE));
    let key = format!("Bearer {}", server.first_key());
    let stream = connect(&server.address, identity.cert.der());
    let body = r#"{"url": "https://127.0.0.1/"}"#;
    let headers = [("Authorization", key.as_str()), ("Content-Type", "application/json")];
    let (status, answer) = ask(stream, "localhost", "/api/v1/brands/extract", &headers, Some(body));
    assert_eq!(status, 202, "{answer}");
    let stream = connect(&server.address, identity.cert.der());
    let (status, answer) = ask(stream, "localhost", "/api/v1/jobs", &headers, None);
    assert_eq!(status, 200, "{answer}");

    let mut clear = TcpStream::connect(&server.address).expect("the server listens");
    clear.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("sent");
    let mut answer = Vec::new();
    // The server may hang up before it has read everything.
    drop(clear.read_to_end(&mut answer));
    assert!(!answer.starts_with(b"HTTP/"), "{}", String::from_utf8_lossy(&answer));
    assert!(server.stop());
}

#[test]
fn doctor_says_when_the_certificate_ends() {
    let identity = Identity::of(2020, 2120);
    let place = place(&identity.cert.pem(), &identity.key.serialize_pem());
    let output = place.run(&DOCTOR);
    assert!(output.status.success(), "{}{}", out(&output), err(&output));
    assert!(out(&output).contains("certificate: ends on 2120-01-01T00:00:00.000Z"));
    let key = place.path().join("key.pem");
    fs::set_permissions(&key, Permissions::from_mode(0o644)).expect("changed");
    let text = out(&place.run(&DOCTOR));
    assert!(text.contains("may read the private key (mode 644): chmod 600 key.pem"), "{text}");
}

/// Doctor and a start say the same, each in its way, and nothing is made.
fn both_refuse(cert: &str, key: &str, said: &str) {
    let place = place(cert, key);
    let doctor = place.run(&DOCTOR);
    assert!(!doctor.status.success());
    assert!(out(&doctor).contains(&format!("error: {said}")), "{said}\n{}", out(&doctor));
    let started = place.run(&SERVE);
    assert!(!started.status.success());
    assert!(err(&started).contains(&format!("tidemill: {said}")), "{said}\n{}", err(&started));
    assert!(!Path::new(&place.data_dir()).exists());
}

#[test]
fn what_cannot_be_served_is_said_before_the_start() {
    let (good, other) = (Identity::of(2020, 2120), Identity::of(2020, 2120));
    let (cert, key) = (good.cert.pem(), good.key.serialize_pem());
    let not_its_key = "`server.tls.key`: failed to use key.pem: it is not the key of the \
                       certificate in cert.pem";
    both_refuse(&cert, &other.key.serialize_pem(), not_its_key);
    let ended = Identity::of(2001, 2002);
    both_refuse(
        &ended.cert.pem(),
        &ended.key.serialize_pem(),
        "`server.tls.cert`: the certificate ended on 2002-01-01T00:00:00.000Z: renew it",
    );
    both_refuse(
        &key,
        &key,
        "`server.tls.cert`: failed to use cert.pem: it holds no certificate in PEM",
    );
    both_refuse(
        &cert,
        &cert,
        "`server.tls.key`: failed to use key.pem: it holds no private key in PEM",
    );
    let damaged = cert.replacen("MII", "MIJ", 1);
    both_refuse(&damaged, &key, "`server.tls.cert`: failed to use cert.pem: ");
}
