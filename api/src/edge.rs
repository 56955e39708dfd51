//! What surrounds every handler, in one endpoint: names, credentials, limits, the error envelope, headers, figures and the log.

mod access_log;
mod body_limit;
mod compression;
mod cors;
mod deadline;
mod headers;
mod media_type;
pub mod metrics;
mod panics;
mod rate_limit;
pub mod request_id;
pub mod trace;

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use poem::http::{HeaderValue, Method, StatusCode, Uri, header};

use poem::{Endpoint, IntoResponse, PathPattern, Request, Response, Result};
use rookery_shared::Store;
use tracing::Instrument;

use crate::areas::{Area, envelope};
use crate::auth::Gate;
use crate::config::Config;
use crate::errors::{Called, Problem, problem_of};
use crate::routes::{Route, Routes};
pub use compression::Streamed;
use cors::Cors;
use deadline::Deadline;
pub use deadline::exceeded;
use rate_limit::{RateLimit, Verdict};
use request_id::RequestId;
use trace::TraceContext;

/// The edge around the router.
pub struct Edge<E> {
    inner: E,
    settings: Arc<Settings>,
}

/// What the edge was told and what it knows.
pub struct Settings {
    routes: Routes,
    gate: Gate,
    cors: Cors,
    rate_limit: Option<RateLimit>,
    deadline: Deadline,
    file_mb: u64,
}

impl Settings {
    pub fn new(config: &Config, store: &Store, routes: Routes) -> anyhow::Result<Self> {
        Ok(Self {
            routes,
            gate: Gate::new(config)?,
            cors: Cors::new(&config.cors_origins)?,
            rate_limit: RateLimit::new(config, store),
            deadline: Deadline::new(config),
            file_mb: config.uploads.file_mb,
        })
    }
}

/// What outlives the request's own journey into the handler.
struct Exchange {
    started: Instant,
    method: Method,
    uri: Uri,
    area: Area,
    request_id: RequestId,
    trace: TraceContext,
    origin: Option<HeaderValue>,
    accept_encoding: Option<HeaderValue>,
}

/// An answer and the route that gave it, if one did.
struct Answer {
    response: Response,
    route: Option<&'static str>,
}

impl<E: Endpoint> Edge<E> {
    pub fn new(inner: E, settings: Arc<Settings>) -> Self {
        Self { inner, settings }
    }

    async fn answer(&self, mut request: Request, exchange: &Exchange) -> Answer {
        let mut verdict = None;
        let mut answer = match self.admit(&mut request, &mut verdict).await {
            Ok(body) => self.handle(request, body, exchange).await,
            Err(problem) => Answer {
                response: self.refuse(&problem, exchange),
                route: None,
            },
        };
        if let (Some(rate_limit), Some(verdict)) = (&self.settings.rate_limit, verdict) {
            rate_limit.describe(answer.response.headers_mut(), verdict);
        }
        answer
    }

    /// Everything that can refuse a request before its handler sees it.
    async fn admit(
        &self,
        request: &mut Request,
        verdict: &mut Option<Verdict>,
    ) -> Result<Option<Bytes>, Problem> {
        let caller = self.settings.gate.admit(request).await?;
        if let Some(rate_limit) = &self.settings.rate_limit {
            *verdict = rate_limit.count(request, &caller).await;
            rate_limit::admit(*verdict)?;
        }
        request.set_data(caller);
        media_type::settle(request);
        body_limit::apply(request, self.settings.file_mb).await
    }

    async fn handle(&self, request: Request, body: Option<Bytes>, exchange: &Exchange) -> Answer {
        let limit = self.settings.deadline.of(&request);
        let handled = panics::caught(self.inner.call(request));
        let result = match limit {
            Some(limit) => tokio::time::timeout(limit, handled)
                .await
                .unwrap_or_else(|_| Err(deadline::exceeded(exchange.area).into())),
            None => handled.await,
        };
        match result {
            Ok(response) => {
                let response = response.into_response();
                let route = self
                    .route(response.data::<PathPattern>())
                    .map(|route| route.template);
                Answer { response, route }
            }
            Err(error) => self.explain(error, body.as_deref(), exchange),
        }
    }

    fn explain(&self, error: poem::Error, body: Option<&[u8]>, exchange: &Exchange) -> Answer {
        let route = self.route(error.data::<PathPattern>());
        let template = route.map(|route| route.template);
        if error.is_from_response() && error.data::<Problem>().is_none() {
            return Answer {
                response: error.into_response(),
                route: template,
            };
        }
        let operation = route.and_then(|route| route.operation(&exchange.method));
        let called = Called {
            operation,
            path: exchange.uri.path(),
            body,
        };
        let problem = problem_of(&error, exchange.area, &called);
        let mut response = self.refuse(&problem, exchange);
        if let Some(route) = route
            && problem.status == StatusCode::METHOD_NOT_ALLOWED
            && let Ok(allow) = HeaderValue::try_from(route.allow())
        {
            response.headers_mut().insert(header::ALLOW, allow);
        }
        Answer {
            response,
            route: template,
        }
    }

    fn refuse(&self, problem: &Problem, exchange: &Exchange) -> Response {
        access_log::cause(problem);
        problem.render(envelope(exchange.uri.path()), exchange.request_id.as_str())
    }

    fn route(&self, pattern: Option<&PathPattern>) -> Option<&Route> {
        self.settings.routes.find(&pattern?.0)
    }
}

impl<E: Endpoint> Endpoint for Edge<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let exchange = Exchange::begin(&mut request);
        let span = access_log::span(&exchange);
        let answer = async {
            let Answer {
                mut response,
                route,
            } = match self.settings.cors.preflight(&request) {
                Some(response) => Answer {
                    response,
                    route: None,
                },
                None => self.answer(request, &exchange).await,
            };
            self.settings
                .cors
                .expose(&mut response, exchange.uri.path(), exchange.origin.as_ref());
            headers::secure(&mut response);
            response
                .headers_mut()
                .insert(request_id::X_REQUEST_ID, exchange.request_id.header());
            let response = compression::apply(response, exchange.accept_encoding.as_ref()).await;
            let route = route.unwrap_or("unmatched");
            metrics::record_request(
                &exchange.method,
                route,
                response.status(),
                exchange.started.elapsed(),
            );
            access_log::line(&exchange, route, response.status());
            response
        };
        Ok(answer.instrument(span).await)
    }
}

impl Exchange {
    fn begin(request: &mut Request) -> Self {
        let exchange = Self {
            started: Instant::now(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            area: Area::of(request.uri().path()),
            request_id: RequestId::of(request),
            trace: TraceContext::of(request),
            origin: request.headers().get(header::ORIGIN).cloned(),
            accept_encoding: request.headers().get(header::ACCEPT_ENCODING).cloned(),
        };
        request.set_data(exchange.request_id.clone());
        request.set_data(exchange.trace);
        exchange
    }
}

#[cfg(test)]
mod tests;
