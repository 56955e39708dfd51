//! One API server in this process, on a free port, and the client that talks to it.

use poem::Server;
use poem::listener::TcpAcceptor;
use reqwest::Method;
use rookery_api::config::Config;
use rookery_api::platform::drain::Drain;
use rookery_shared::Store;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::call::Call;
use super::events::Events;

/// Stops with its handle.
pub struct Node {
    /// `http://127.0.0.1:<port>`
    pub url: String,
    /// Tells it to leave.
    pub drain: Drain,
    client: reqwest::Client,
    serving: JoinHandle<()>,
}

impl Node {
    pub async fn start(config: &Config, store: Store) -> Self {
        let drain = Drain::default();
        let app =
            rookery_api::app(config, store, &drain).expect("the test's configuration makes sense");
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("there is a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let acceptor = TcpAcceptor::from_tokio(listener).expect("the listener can be served");
        let serving = tokio::spawn(async move {
            Server::new_with_acceptor(acceptor)
                .run(app)
                .await
                .expect("the server accepts connections");
        });
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client needs nothing");
        Self {
            url: format!("http://{address}"),
            drain,
            client,
            serving,
        }
    }

    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> Call {
        self.call(Method::POST, path)
    }

    pub fn delete(&self, path: &str) -> Call {
        self.call(Method::DELETE, path)
    }

    /// `path` may hold a query; it is sent as it is.
    pub fn call(&self, method: Method, path: &str) -> Call {
        let request = self
            .client
            .request(method.clone(), format!("{}{path}", self.url));
        Call::new(method, path, request)
    }

    /// Listens to server-sent events, from the version after `last_event_id` on.
    pub async fn events(&self, path: &str, last_event_id: Option<&str>) -> Events {
        let mut request = self
            .client
            .get(format!("{}{path}", self.url))
            .header("accept", "text/event-stream");
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        Events::of(request.send().await.expect("the server answers"))
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
