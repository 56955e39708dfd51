//! The HTTP API: one server, the paths as the contracts document them.

pub mod areas;
pub mod auth;
mod characters;
mod chess;
pub mod config;
mod diagnosis;
pub mod doctor;
pub mod edge;
pub mod errors;
mod idempotent;
mod input;
mod optional_body;
mod paging;
pub mod platform;
pub mod routes;
pub mod spec;
mod strict;
pub mod tasks;
pub mod theory;
mod written;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use poem::listener::TcpAcceptor;
use poem::{Endpoint, IntoEndpoint, Response, Server};
use poem_openapi::OpenApiService;
use rookery_shared::Store;
use rookery_shared::characters::Characters as Cast;
use rookery_shared::chess::Chess as Games;
use tokio::net::TcpListener;

use characters::Characters;
use chess::Chess;
use config::Config;
use edge::{Edge, metrics};
use platform::drain::Drain;
use platform::{Docs, Platform, State};
use routes::Routes;
use tasks::Tasks;
use theory::Theory;

/// Every area's operations, in the document's order. A new area is one line here and one in [`areas`].
pub type Areas = (Platform, State, Theory, Characters, Chess, Tasks, Docs);

fn areas(store: &Store, drain: &Drain, config: &Config) -> Areas {
    (
        Platform::new(store.clone(), drain.clone()),
        State::new(store.clone()),
        theory::theory(store, drain, config.uploads),
        characters::characters(&Cast::new(store.clone()), drain, config.chat_patience()),
        chess::chess(&Games::new(store.clone()), drain),
        tasks::tasks(store, drain),
        Docs::default(),
    )
}

/// Serves until SIGTERM or Ctrl-C, then finishes what is under way.
pub async fn serve(config: Config, listener: TcpListener) -> anyhow::Result<()> {
    let drain = Drain::default();
    let store = Store::connect(&config.store)?;
    let app = app(&config, store, &drain)?;
    metrics::keep_up();
    run(
        app,
        listener,
        drain,
        Duration::from_secs(config.drain_seconds),
    )
    .await?;
    Ok(())
}

/// The whole server as one endpoint.
pub fn app(
    config: &Config,
    store: Store,
    drain: &Drain,
) -> anyhow::Result<impl Endpoint<Output = Response> + use<>> {
    config.check()?;
    let routes = Routes::of(&spec::spec());
    let service = OpenApiService::new(areas(&store, drain, config), spec::TITLE, spec::VERSION);
    let edge = edge::Settings::new(config, &store, routes)?;
    Ok(Edge::new(service.into_endpoint(), Arc::new(edge)))
}

async fn run(
    app: impl Endpoint + 'static,
    listener: TcpListener,
    drain: Drain,
    grace: Duration,
) -> io::Result<()> {
    // Accepted connections inherit it: the pieces of an event stream leave at once, instead of each waiting for the one before to be
    // acknowledged.
    rustix::net::sockopt::set_tcp_nodelay(&listener, true)?;
    let acceptor = TcpAcceptor::from_tokio(listener)?;
    let server = Server::new_with_acceptor(acceptor);
    let serving = server.run_with_graceful_shutdown(app, drain.begin_at_signal(), Some(grace));
    tokio::select! {
        done = serving => done,
        () = drain.abandoned() => Ok(()),
    }
}
