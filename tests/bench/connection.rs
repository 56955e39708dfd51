//! One HTTP connection that is kept: no more than a request and its answer, so that the generator takes little of the machine.

use anyhow::Context;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

pub struct Connection {
    stream: TcpStream,
    /// What was read; an answer at a time.
    read: Vec<u8>,
}

/// Borrowed from the connection until its next request.
pub struct Answer<'a> {
    pub status: u16,
    pub body: &'a [u8],
}

/// A request as it goes over the line.
pub fn request(method: &str, path: &str, token: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// The same of somebody whom nobody asks for a name.
pub fn anonymous(method: &str, path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

impl Connection {
    /// `address` as `http://127.0.0.1:8000`.
    pub async fn open(address: &str) -> anyhow::Result<Self> {
        let host = address
            .strip_prefix("http://")
            .context("not an address of plain HTTP")?;
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            read: Vec::with_capacity(64 * 1024),
        })
    }

    pub async fn ask(&mut self, request: &[u8]) -> anyhow::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.read.clear();
        let (status, begin, end) = loop {
            if let Some((status, begin, length)) = head(&self.read)? {
                break (status, begin, begin + length);
            }
            self.more().await?;
        };
        while self.read.len() < end {
            self.more().await?;
        }
        Ok(Answer {
            status,
            body: &self.read[begin..end],
        })
    }

    /// Of a request that has to succeed.
    pub async fn get<T: DeserializeOwned>(&mut self, request: &[u8]) -> anyhow::Result<T> {
        Ok(serde_json::from_slice(self.succeed(request).await?)?)
    }

    pub async fn succeed(&mut self, request: &[u8]) -> anyhow::Result<&[u8]> {
        let answer = self.ask(request).await?;
        anyhow::ensure!(
            (200..300).contains(&answer.status),
            "answered with {}: {}",
            answer.status,
            String::from_utf8_lossy(answer.body)
        );
        Ok(answer.body)
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        let count = self.stream.read_buf(&mut self.read).await?;
        anyhow::ensure!(count > 0, "the server closed the connection");
        Ok(())
    }
}

/// The status, where the body begins, and its length; none while the head is not complete.
fn head(read: &[u8]) -> anyhow::Result<Option<(u16, usize, usize)>> {
    let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = std::str::from_utf8(&read[..end])?;
    let status = head.split(' ').nth(1).context("no status")?.parse()?;
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .context("an answer of unknown length")?;
    Ok(Some((status, end + 4, length.1.trim().parse()?)))
}

#[cfg(test)]
mod tests {
    use super::head;

    #[test]
    fn a_head_tells_status_and_length_once_it_is_complete() {
        let whole = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}";
        let found = |bytes: &[u8]| head(bytes).ok().flatten();
        assert_eq!(found(&whole[..30]), None);
        assert_eq!(found(whole), Some((201, 43, 2)));
        assert!(head(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
