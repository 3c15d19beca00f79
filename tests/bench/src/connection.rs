//! A keep-alive HTTP connection that costs the client next to nothing, so that the server is measured.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Error;

/// What stands between the parts of a form. No value holds it.
const BOUNDARY: &str = "end-of-part";

/// A request, written out.
pub struct Request(Vec<u8>);

impl Request {
    /// `GET`, by nobody in particular.
    #[must_use]
    pub fn get(path: &str) -> Self {
        Self(format!("GET {path} HTTP/1.1\r\nHost: hub\r\n\r\n").into_bytes())
    }

    /// `GET` with an API key.
    #[must_use]
    pub fn get_as(path: &str, api_key: &str) -> Self {
        Self(format!("GET {path} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {api_key}\r\n\r\n").into_bytes())
    }

    /// `POST` of JSON with an API key.
    #[must_use]
    pub fn post(path: &str, api_key: &str, body: &str) -> Self {
        Self::with_body("POST", "application/json", path, api_key, body)
    }

    /// `PUT` of JSON with an API key.
    #[must_use]
    pub fn put(path: &str, api_key: &str, body: &str) -> Self {
        Self::with_body("PUT", "application/json", path, api_key, body)
    }

    /// `POST` of a form with an API key: fields by name, and a CSV file.
    #[must_use]
    pub fn upload(path: &str, api_key: &str, fields: &[(&str, &str)], csv: &str) -> Self {
        let field = |(name, value): &(&str, &str)| form_part(&format!("name=\"{name}\""), value);
        let fields: String = fields.iter().map(field).collect();
        let file = form_part("name=\"file\"; filename=\"rows.csv\"", csv);
        let body = format!("{fields}{file}--{BOUNDARY}--\r\n");
        Self::with_body("POST", &format!("multipart/form-data; boundary={BOUNDARY}"), path, api_key, &body)
    }

    fn with_body(method: &str, content_type: &str, path: &str, api_key: &str, body: &str) -> Self {
        let length = body.len();
        Self(
            format!(
                "{method} {path} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {api_key}\r\n\
                 Content-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}"
            )
            .into_bytes(),
        )
    }
}

fn form_part(disposition: &str, value: &str) -> String {
    format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{value}\r\n")
}

/// A connection that is kept open.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects to a hub.
    ///
    /// # Errors
    /// When nothing listens there.
    pub async fn open(address: SocketAddr) -> Result<Self, Error> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4_096) })
    }

    /// Sends a request and gives the body of its answer, which must be a 200.
    ///
    /// # Errors
    /// When the answer is another one, which the error shows, or none comes.
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
