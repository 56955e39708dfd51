//! A client of the games' WebSockets.

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use uuid::Uuid;

use super::board::token;
use crate::harness::{Node, PATIENCE};

/// An open socket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// `query` begins with `&`, or is empty.
    pub async fn open(node: &Node, account: Uuid, id: &str, query: &str) -> Self {
        let address = address(node, id);
        let url = format!("{address}?access_token={}{query}", token(account));
        let (socket, _) = connect_async(url).await.expect("the socket opens");
        Self(socket)
    }

    /// The status with which a handshake is refused.
    pub async fn refused(node: &Node, id: &str, query: &str) -> u16 {
        match connect_async(format!("{}{query}", address(node, id))).await {
            Err(Error::Http(response)) => response.status().as_u16(),
            Err(error) => panic!("no HTTP answer: {error}"),
            Ok(_) => panic!("the socket opened"),
        }
    }

    pub async fn send(&mut self, message: Message) {
        self.0.send(message).await.expect("the message goes out");
    }

    pub async fn say(&mut self, order: &Value) {
        self.send(Message::text(order.to_string())).await;
    }

    /// The next message; or the code with which the server closes.
    pub async fn next(&mut self) -> Result<Value, u16> {
        loop {
            let message = timeout(PATIENCE, self.0.next()).await;
            let message = message.expect("the server says something");
            match message
                .expect("the server says goodbye")
                .expect("the socket holds")
            {
                Message::Text(text) => {
                    return Ok(serde_json::from_str(&text).expect("messages are JSON"));
                }
                Message::Close(frame) => {
                    return Err(frame.expect("a close has a code").code.into());
                }
                _ => {}
            }
        }
    }

    /// The next message of this type; others are passed over.
    pub async fn told(&mut self, kind: &str) -> Value {
        loop {
            let message = self.next().await.expect("the socket stays open");
            if message["type"] == kind {
                return message;
            }
        }
    }

    /// The code with which the server closes, whatever it says before.
    pub async fn closed(&mut self) -> u16 {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }
}

fn address(node: &Node, id: &str) -> String {
    let host = node
        .url
        .strip_prefix("http://")
        .expect("tests speak plain HTTP");
    format!("ws://{host}/v1/games/{id}/ws")
}
