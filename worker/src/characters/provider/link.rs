//! One provider of the chain: asks it again where that can help, and learns what it does not know of the format.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Client, Url};
use rookery_characters::inference::{Purpose, Reply, Request, Usage};
use rookery_shared::Store;
use rookery_shared::characters::calls;
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

use super::call::{self, Hearing};
use super::config::Settled;
use super::failure::Failure;
use super::format::{self, Dialect, Question};
use super::ledger::{Entry, Ledger};
use super::{About, Answer, ModelError};
use crate::characters::limits::{Fault, Meter, Order, Outcome, Refused};

pub(super) struct Link {
    /// As the ledger and the decision log call it.
    pub(super) name: &'static str,
    pub(super) settled: Settled,
    pub(super) meter: Meter,
    client: Client,
    headers: HeaderMap,
    ledger: Ledger,
    dialect: Mutex<Dialect>,
}

/// How much time is left for an answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Time {
    pub(super) deadline: Instant,
    /// For limits and pauses, of what is left.
    pub(super) patience: Duration,
}

/// After the first try.
const RETRIES: u32 = 2;
/// A lease outlives its call by this much.
const MARGIN: Duration = Duration::from_secs(5);
const CONNECT: Duration = Duration::from_secs(5);

impl Link {
    pub(super) fn new(
        name: &'static str,
        settled: Settled,
        ledger: Ledger,
        store: &Store,
    ) -> reqwest::Result<Self> {
        let host = settled.base_url.host_str().unwrap_or_default();
        let near = host == "localhost" || host.starts_with("127.") || host == "[::1]";
        let mut client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT.min(settled.timeout))
            .pool_max_idle_per_host(usize::try_from(settled.limits.concurrency).unwrap_or(1024))
            .user_agent(concat!("rookery/", env!("CARGO_PKG_VERSION")));
        if near {
            // What runs on this machine is not asked by way of a proxy.
            client = client.no_proxy();
        }
        Ok(Self {
            name,
            meter: Meter::start(store, name, settled.limits),
            client: client.build()?,
            headers: format::headers(settled.kind, settled.api_key.as_ref()),
            ledger,
            dialect: Mutex::default(),
            settled,
        })
    }

    pub(super) async fn ask(
        &self,
        request: &Request,
        about: &About,
        hearing: &mut Hearing<'_>,
        time: Time,
    ) -> Result<Answer, ModelError> {
        let mut shorter: Option<Request> = None;
        let mut max_tokens = request.max_tokens;
        let mut tries = 0;
        loop {
            let dialect = self.dialect();
            let request = shorter.as_ref().unwrap_or(request);
            let question = Question {
                request,
                model: self.settled.model(request.tier),
                max_tokens,
                dialect,
                delivery: hearing.delivery(),
            };
            let failure = match self.put(&question, about, hearing, time).await? {
                Ok(reply) => {
                    return Ok(Answer {
                        reply,
                        provider: self.name,
                        model: question.model.to_owned(),
                    });
                }
                Err(failure) => failure,
            };
            let wait = backoff(tries);
            let left = time.patience.min(time.deadline - Instant::now());
            match &failure {
                // What was said cannot be unsaid.
                _ if hearing.has_heard() => return Err(self.give_up(&failure, wait)),
                Failure::Dialect(unknown) if dialect.without(*unknown).is_some() => {
                    self.learn(dialect.without(*unknown).unwrap_or(dialect));
                }
                Failure::TooLong if shorter.is_none() => shorter = Some(shortened(request)),
                // A reasoning model that thought until its tokens were used up.
                Failure::Empty { cut_off: true, .. } if max_tokens == request.max_tokens => {
                    max_tokens = max_tokens.saturating_mul(4).max(1024);
                }
                passing if passing.may_pass() && tries < RETRIES && passing.pause(wait) < left => {
                    sleep(passing.pause(wait)).await;
                    tries += 1;
                }
                last => return Err(self.give_up(last, wait)),
            }
            tracing::debug!(provider = self.name, ?failure, "asking once more");
        }
    }

    /// One call. The outer error: it was not made.
    async fn put(
        &self,
        question: &Question<'_>,
        about: &About,
        hearing: &mut Hearing<'_>,
        time: Time,
    ) -> Result<Result<Reply, Failure>, ModelError> {
        let request = question.request;
        let charge = Charge {
            model: question.model,
            tier: request.tier.as_str(),
            purpose: request.purpose,
            prompt_tokens: request.estimated_prompt_tokens(),
            completion_tokens: question.max_tokens,
        };
        let url = self.url(format::path(self.settled.kind))?;
        let post = self.client.post(url).headers(self.headers.clone());
        let post = post.json(&format::body(self.settled.kind, question));
        let kind = self.settled.kind;
        self.metered(&charge, about, time, async {
            let reply = call::ask(kind, post, hearing).await?;
            let usage = reply.usage;
            Ok((reply, usage))
        })
        .await
    }

    /// Makes a call under the limits and writes it down, also when its caller went away.
    pub(super) async fn metered<T>(
        &self,
        charge: &Charge<'_>,
        about: &About,
        time: Time,
        call: impl Future<Output = Result<(T, Usage), Failure>>,
    ) -> Result<Result<T, Failure>, ModelError> {
        let prices = self.settled.prices;
        let cost = |usage: Usage| prices.micro_usd(usage.prompt_tokens, usage.completion_tokens);
        let prompt = Usage {
            prompt_tokens: charge.prompt_tokens,
            ..Usage::default()
        };
        let most = Usage {
            completion_tokens: charge.completion_tokens,
            ..prompt
        };
        let order = Order {
            id: Uuid::new_v4(),
            purpose: charge.purpose,
            tokens: sum(most),
            micro_usd: cost(most),
            lease: self.settled.timeout + MARGIN,
        };
        let patience = time.patience.min(time.deadline - Instant::now());
        let reserved = self.meter.reserve(&order, patience).await;
        let mut ticket = reserved.map_err(|refused| self.refused(refused, &order))?;
        let mut entry = Entry::open(&self.ledger, self.name, charge, about);
        ticket.sent(sum(prompt), cost(prompt));
        entry.charge(prompt, cost(prompt));
        let limit = self.settled.timeout.min(time.deadline - Instant::now());
        let done = timeout(limit, call).await;
        match done.unwrap_or(Err(Failure::Timeout)) {
            Ok((result, usage)) => {
                // Servers that do not count get our estimate of the prompt.
                let usage = if sum(usage) == 0 { prompt } else { usage };
                entry.charge(usage, cost(usage));
                entry.close(calls::Outcome::Ok);
                ticket.settle(sum(usage), cost(usage), Outcome::Alive);
                Ok(Ok(result))
            }
            Err(failure) => {
                let usage = failure.usage(prompt);
                entry.charge(usage, cost(usage));
                entry.close(failure.in_ledger());
                ticket.settle(sum(usage), cost(usage), failure.outcome(backoff(0)));
                Ok(Err(failure))
            }
        }
    }

    fn refused(&self, refused: Refused, order: &Order) -> ModelError {
        match refused {
            Refused::Limited(retry_after) => ModelError::RateLimited { retry_after },
            Refused::Broken(Fault::Silence) => ModelError::Timeout,
            Refused::Broken(Fault::Failure) => ModelError::Failed,
            Refused::Spent => ModelError::CapReached,
            Refused::TooLarge => {
                tracing::error!(
                    provider = self.name,
                    tokens = order.tokens,
                    "a single question needs more tokens than a minute has: raise the tokens per minute"
                );
                ModelError::Failed
            }
        }
    }

    fn give_up(&self, failure: &Failure, wait: Duration) -> ModelError {
        tracing::warn!(
            provider = self.name,
            ?failure,
            "the language model gave no answer"
        );
        failure.for_clients(wait)
    }

    pub(super) fn url(&self, path: &str) -> Result<Url, ModelError> {
        // The base was checked at start and ends with a slash.
        self.settled
            .base_url
            .join(path)
            .map_err(|_| ModelError::Failed)
    }

    /// Whether it can be reached and lets us in: it is asked for the list of its models.
    pub(super) async fn is_reachable(&self, patience: Duration) -> bool {
        let Ok(url) = self.url("models") else {
            return false;
        };
        let get = self.client.get(url).headers(self.headers.clone());
        match timeout(patience, get.send()).await {
            // Some have no such list: an answer is an answer.
            Ok(Ok(answer)) => {
                let status = answer.status().as_u16();
                status < 500 && status != 401 && status != 403
            }
            Ok(Err(_)) | Err(_) => false,
        }
    }

    pub(super) fn post(&self, url: Url) -> reqwest::RequestBuilder {
        self.client.post(url).headers(self.headers.clone())
    }

    fn dialect(&self) -> Dialect {
        *self.dialect.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn learn(&self, dialect: Dialect) {
        tracing::info!(
            provider = self.name,
            ?dialect,
            "the provider does not know all of the format"
        );
        *self.dialect.lock().unwrap_or_else(PoisonError::into_inner) = dialect;
    }
}

/// What a call is expected to need.
pub(super) struct Charge<'a> {
    pub(super) model: &'a str,
    pub(super) tier: &'static str,
    pub(super) purpose: Purpose,
    pub(super) prompt_tokens: u32,
    pub(super) completion_tokens: u32,
}

fn sum(usage: Usage) -> u64 {
    u64::from(usage.prompt_tokens) + u64::from(usage.completion_tokens)
}

/// Half a second, doubling to eight, a quarter more or less: so that those who failed together do not come back together.
fn backoff(tries: u32) -> Duration {
    let usual = Duration::from_millis(500 << tries.min(4)).min(Duration::from_secs(8));
    usual.mul_f64(0.75 + rand::random::<f64>() / 2.0)
}

/// The system's words, what was said last, and half an answer.
fn shortened(request: &Request) -> Request {
    let mut messages: Vec<_> = request.messages.first().cloned().into_iter().collect();
    messages.extend(request.messages.iter().skip(1).next_back().cloned());
    let tools = request.tools.iter().take(2).cloned();
    Request {
        messages,
        tools: tools.collect(),
        schema: request.schema.clone(),
        max_tokens: request.max_tokens.div_ceil(2),
        ..*request
    }
}
