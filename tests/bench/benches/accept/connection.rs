//! A keep-alive HTTP connection that costs the client next to nothing, so that the server is measured.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Error;

/// A request, written out.
pub struct Request(Vec<u8>);

impl Request {
    pub fn get(path: &str) -> Self {
        Self(format!("GET {path} HTTP/1.1\r\nHost: hub\r\n\r\n").into_bytes())
    }

    pub fn get_as(path: &str, api_key: &str) -> Self {
        Self(format!("GET {path} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {api_key}\r\n\r\n").into_bytes())
    }

    pub fn post(path: &str, api_key: &str, body: &str) -> Self {
        let length = body.len();
        Self(
            format!(
                "POST {path} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {api_key}\r\n\
                 Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
            )
            .into_bytes(),
        )
    }
}

pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self, Error> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4_096) })
    }

    /// Sends a request and gives the body of its answer, which must be a 200.
    pub async fn call(&mut self, request: &Request) -> Result<Vec<u8>, Error> {
        self.stream.write_all(&request.0).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the hub closed the connection".into());
            }
            if let Some(body) = whole_body(&self.buffer)? {
                return Ok(body);
            }
        }
    }
}

fn whole_body(buffer: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = std::str::from_utf8(&buffer[..end])?.to_ascii_lowercase();
    let body = &buffer[end + 4..];
    if !head.starts_with("http/1.1 200") {
        return Err(format!("{head}\n{}", String::from_utf8_lossy(body)).into());
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).ok_or("no length")?;
    Ok((body.len() >= length.trim().parse()?).then(|| body.to_vec()))
}
