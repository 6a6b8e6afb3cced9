//! `nameplate health`: asks the server of this machine whether it is ready, as container engines do every few seconds. It
//! opens no database and needs no other program.

use std::{net::SocketAddr, time::Duration};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use super::output::Output;
use crate::server::{
    config::{Config, reachable},
    state::Fatal,
};

/// For all of it: container engines mostly wait longer.
const PATIENCE: Duration = Duration::from_secs(5);
/// More than it ever answers.
const MOST_BYTES: u64 = 16 * 1024;

/// Asks, and fails unless the server is ready.
pub async fn run(config: &Config, output: Output) -> Result<(), Fatal> {
    let address = reachable(config.server.listen);
    let failed = |reason: String| Fatal::Other(format!("{address}: {reason}"));
    let asked = timeout(PATIENCE, ask(address)).await;
    let answer = asked.map_err(|_| failed(format!("no answer within {} seconds", PATIENCE.as_secs())))?;
    let answer = answer.map_err(|error| failed(error.to_string()))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let words = body.trim();
    match head.split(' ').nth(1) {
        Some("200") => {
            output.print(|| json!({ "status": words }), || words.to_owned());
            Ok(())
        }
        Some(status) => Err(failed(format!("{status} {words}"))),
        None => Err(failed("what answers there is no web server".to_owned())),
    }
}

async fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(MOST_BYTES).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
