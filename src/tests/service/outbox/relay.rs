//! A mail relay for tests. Speaks SMTP (RFC 5321) with STARTTLS, AUTH and SMTPUTF8 over real connections, and fails in
//! whatever way it is told to.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use data_encoding::BASE64;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufStream},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{PrivateKeyDer, pem::PemObject},
    },
};

/// How one connection goes.
#[derive(Clone, Copy, Debug)]
pub enum Mood {
    /// Answers this to the command that begins with that.
    Answers(&'static str, &'static str),
    /// Reads that command and says nothing more.
    Hangs(&'static str),
    /// Reads that command and goes away.
    Leaves(&'static str),
    /// Goes away in the middle of the message.
    LeavesInMessage,
    /// Takes the message and goes away without saying so.
    LeavesAfterMessage,
    /// Breaks off every TLS handshake.
    GarblesTls,
}

/// A message that the relay took.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub from: String,
    pub to: String,
    pub user: Option<String>,
    pub encrypted: bool,
    pub message: String,
}

impl Delivery {
    /// The value of a header, unfolded, with its encoded words (RFC 2047) read.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.message.split("\r\n\r\n").next()?.replace("\r\n ", " ");
        let value = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))?;
        // White space between two encoded words is no part of them.
        let value = value.replace("?= =?", "?==?");
        let mut parts = value.split("=?utf-8?b?");
        let mut read = parts.next()?.to_owned();
        for part in parts {
            let (word, rest) = part.split_once("?=")?;
            read += &String::from_utf8(BASE64.decode(word.as_bytes()).ok()?).ok()?;
            read += rest;
        }
        Some(read)
    }
}

#[derive(Default)]
struct Shared {
    moods: VecDeque<Mood>,
    deliveries: Vec<Delivery>,
    commands: Vec<String>,
}

/// A relay that listens on this machine until it is dropped.
pub struct Relay {
    pub address: SocketAddr,
    /// What to trust in order to trust it, in PEM.
    pub certificate: String,
    shared: Arc<Mutex<Shared>>,
    task: tokio::task::JoinHandle<()>,
}

impl Relay {
    /// A relay that offers these extensions; `IMPLICIT-TLS` among them encrypts from the first byte.
    pub async fn offering(extensions: &'static [&'static str]) -> Self {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::from_pem_slice(signing_key.serialize_pem().as_bytes()).unwrap();
        let config =
            ServerConfig::builder_with_provider(Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let tls = TlsAcceptor::from(Arc::new(config.with_single_cert(vec![cert.der().clone()], key).unwrap()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::<Mutex<Shared>>::default();
        let server = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mood = server.lock().unwrap().moods.pop_front();
                let talk = Talk { shared: Arc::clone(&server), tls: tls.clone(), extensions, mood, user: None };
                tokio::spawn(talk.serve(stream));
            }
        });
        Self { address, certificate: cert.pem(), shared, task }
    }

    /// How the next connection goes; those after the last one go well.
    pub fn next(&self, mood: Mood) {
        self.shared.lock().unwrap().moods.push_back(mood);
    }

    pub fn deliveries(&self) -> Vec<Delivery> {
        self.shared.lock().unwrap().deliveries.clone()
    }

    /// The commands of all connections.
    pub fn commands(&self) -> Vec<String> {
        self.shared.lock().unwrap().commands.clone()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Talk {
    shared: Arc<Mutex<Shared>>,
    tls: TlsAcceptor,
    extensions: &'static [&'static str],
    mood: Option<Mood>,
    user: Option<String>,
}

impl Talk {
    async fn serve(mut self, stream: TcpStream) -> std::io::Result<()> {
        if self.extensions.contains(&"IMPLICIT-TLS") {
            return self.encrypted(stream, true).await;
        }
        let mut plain = BufStream::new(stream);
        if self.converse(&mut plain, true, false).await? {
            return self.encrypted(plain.into_inner(), false).await;
        }
        Ok(())
    }

    async fn encrypted(&mut self, mut stream: TcpStream, greet: bool) -> std::io::Result<()> {
        if let Some(Mood::GarblesTls) = self.mood {
            return stream.write_all(b"550 what is this?\r\n").await;
        }
        let mut stream = BufStream::new(self.tls.accept(stream).await?);
        self.converse(&mut stream, greet, true).await.map(drop)
    }

    /// Until the client quits (`false`) or wants to go on encrypted (`true`).
    async fn converse<S>(&mut self, stream: &mut BufStream<S>, greet: bool, encrypted: bool) -> std::io::Result<bool>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let (mut from, mut to) = (String::new(), String::new());
        if greet {
            say(stream, "220 relay.test ESMTP").await?;
        }
        loop {
            let command = line(stream).await?;
            self.shared.lock().unwrap().commands.push(command.clone());
            let answer = match self.mood {
                Some(Mood::Answers(verb, answer)) if command.starts_with(verb) => answer.to_owned(),
                Some(Mood::Hangs(verb)) if command.starts_with(verb) => std::future::pending().await,
                Some(Mood::Leaves(verb)) if command.starts_with(verb) => return Ok(false),
                _ => match command.split([' ', ':']).next().unwrap_or_default() {
                    "EHLO" => self.greeting(encrypted),
                    "STARTTLS" => {
                        say(stream, "220 go ahead").await?;
                        return Ok(true);
                    }
                    "AUTH" => self.sign_in(&command),
                    "MAIL" => answer_to(&mut from, &command),
                    "RCPT" => answer_to(&mut to, &command),
                    "DATA" => {
                        say(stream, "354 go ahead").await?;
                        let Some(message) = self.message(stream).await? else { return Ok(false) };
                        if let Some(Mood::Answers(".", answer)) = self.mood {
                            say(stream, answer).await?;
                            continue;
                        }
                        let delivery = Delivery {
                            from: from.clone(),
                            to: to.clone(),
                            user: self.user.clone(),
                            encrypted,
                            message,
                        };
                        self.shared.lock().unwrap().deliveries.push(delivery);
                        if let Some(Mood::LeavesAfterMessage) = self.mood {
                            return Ok(false);
                        }
                        "250 2.0.0 queued".to_owned()
                    }
                    "QUIT" => {
                        say(stream, "221 bye").await?;
                        return Ok(false);
                    }
                    _ => "502 5.5.2 what?".to_owned(),
                },
            };
            say(stream, &answer).await?;
        }
    }

    fn greeting(&self, encrypted: bool) -> String {
        let offered = self.extensions.iter().filter(|name| **name != "STARTTLS" || !encrypted);
        let lines: String = offered.map(|name| format!("250-{name}\r\n")).collect();
        format!("250-relay.test\r\n{lines}250 8BITMIME")
    }

    fn sign_in(&mut self, command: &str) -> String {
        let response = command.strip_prefix("AUTH PLAIN ").and_then(|token| BASE64.decode(token.as_bytes()).ok());
        match response
            .as_deref()
            .and_then(|token| std::str::from_utf8(token).ok())
            .map(|token| token.split('\0').collect::<Vec<_>>())
        {
            Some(parts) if parts.len() == 3 && parts[2] == "p/: ü" => {
                self.user = Some(parts[1].to_owned());
                "235 2.7.0 welcome".to_owned()
            }
            _ => "535 5.7.8 wrong user or password".to_owned(),
        }
    }

    /// The message up to the lonely dot, or `None` when it is not waited for.
    async fn message<S>(&self, stream: &mut BufStream<S>) -> std::io::Result<Option<String>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut message = String::new();
        loop {
            let line = line(stream).await?;
            if line == "." {
                return Ok(Some(message));
            }
            if let Some(Mood::LeavesInMessage) = self.mood {
                return Ok(None);
            }
            message += line.strip_prefix('.').unwrap_or(&line);
            message += "\r\n";
        }
    }
}

fn answer_to(kept: &mut String, command: &str) -> String {
    let address = command.split(['<', '>']).nth(1).unwrap_or_default();
    kept.clear();
    kept.push_str(address);
    "250 2.1.0 fine".to_owned()
}

async fn line<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufStream<S>) -> std::io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn say<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufStream<S>, answer: &str) -> std::io::Result<()> {
    stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    stream.flush().await
}
