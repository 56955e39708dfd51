//! One process' account of what it asks of a provider, as a pure value: the rules of `reserve.lua` and `settle.lua`, said in Rust.

use std::collections::{BTreeSet, HashMap, VecDeque};

use uuid::Uuid;

use super::breaker::Breaker;
use super::{DAY_MS, Limits, Order, Outcome, Settlement, Verdict, WINDOW_S, lane, part};

/// Times are milliseconds since 1970.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// Oldest first; none without a call.
    seconds: VecDeque<Second>,
    day: i64,
    spent: u64,
    held: HashMap<Uuid, Held>,
    /// The same by their ends.
    ends: BTreeSet<(i64, Uuid)>,
    blocked_until: i64,
    quota: bool,
    breaker: Breaker,
}

#[derive(Debug, Clone, Copy)]
struct Second {
    at: i64,
    requests: u64,
    tokens: u64,
}

#[derive(Debug, Clone, Copy)]
struct Held {
    until: i64,
    second: i64,
    day: i64,
    tokens: u64,
    micro_usd: u64,
}

impl Book {
    /// Grants and writes down, or says why not and changes nothing.
    pub fn reserve(&mut self, order: &Order, limits: &Limits, now: i64) -> Verdict {
        self.pass_time(now);
        match self.judge(order, limits, now) {
            Some(refusal) => refusal,
            None => {
                self.note(order, now);
                Verdict::Granted
            }
        }
    }

    /// Writes down what somebody else granted.
    pub fn note(&mut self, order: &Order, now: i64) {
        self.pass_time(now);
        let until = now + i64::try_from(order.lease.as_millis()).unwrap_or(i64::MAX / 2);
        let second = self.count(now.div_euclid(1000), 1, order.tokens);
        self.spent += order.micro_usd;
        self.held.insert(
            order.id,
            Held {
                until,
                second,
                day: self.day,
                tokens: order.tokens,
                micro_usd: order.micro_usd,
            },
        );
        self.ends.insert((until, order.id));
        self.breaker.granted(order.id, until);
    }

    pub fn settle(&mut self, settled: &Settlement, now: i64) {
        self.pass_time(now);
        match self.release(settled.id) {
            Some(held) => {
                self.uncount(held, settled.requests);
                if let Some(second) = self.second(held.second) {
                    second.tokens += settled.tokens;
                }
                if held.day == self.day {
                    self.spent += settled.micro_usd;
                }
            }
            // Its lease was over: what it used was used all the same.
            None => {
                self.count(now.div_euclid(1000), settled.requests, settled.tokens);
                self.spent += settled.micro_usd;
            }
        }
        if let Outcome::Blocked(ms) | Outcome::QuotaUsedUp(ms) = settled.outcome {
            let until = now + i64::try_from(ms).unwrap_or(DAY_MS);
            if until > self.blocked_until {
                self.blocked_until = until;
                self.quota = matches!(settled.outcome, Outcome::QuotaUsedUp(_));
            }
        }
        self.breaker.settled(settled.id, settled.outcome, now);
    }

    fn judge(&self, order: &Order, limits: &Limits, now: i64) -> Option<Verdict> {
        let ms = |left: i64| u64::try_from(left).unwrap_or_default();
        if let Some((fault, left)) = self.breaker.refuses(now) {
            return Some(Verdict::Broken(fault, ms(left)));
        }
        if now < self.blocked_until {
            return Some(match self.quota {
                true => Verdict::Spent,
                false => Verdict::Blocked(ms(self.blocked_until - now)),
            });
        }
        let cap = limits.daily_micro_usd;
        if cap.is_some_and(|cap| self.spent + order.micro_usd > cap) {
            return Some(Verdict::Spent);
        }
        let most = limits.tokens_per_minute;
        if most.is_some_and(|most| order.tokens > most) {
            return Some(Verdict::TooLarge);
        }
        let lane = lane(order.purpose);
        if self.held.len() as u64 >= part(u64::from(limits.concurrency), lane) {
            return Some(Verdict::Busy);
        }
        let requests = limits.requests_per_minute.map_or(0, |most| {
            self.wait(1, part(most, lane), now, |s| s.requests)
        });
        let tokens = most.map_or(0, |most| {
            self.wait(order.tokens, part(most, lane), now, |s| s.tokens)
        });
        let wait = requests.max(tokens);
        (wait > 0).then_some(Verdict::Full(ms(wait)))
    }

    /// Milliseconds until so much more fits in. What is larger than its part may go alone.
    fn wait(&self, more: u64, most: u64, now: i64, of: impl Fn(&Second) -> u64) -> i64 {
        let used: u64 = self.seconds.iter().map(&of).sum();
        let mut left = used;
        for second in &self.seconds {
            if left == 0 || left + more <= most {
                break;
            }
            left -= of(second);
            if left == 0 || left + more <= most {
                return (second.at + WINDOW_S) * 1000 - now;
            }
        }
        0
    }

    /// Lets go what is over: leases, seconds, the day.
    fn pass_time(&mut self, now: i64) {
        let day = now.div_euclid(DAY_MS);
        if day != self.day {
            self.day = day;
            self.spent = 0;
        }
        while let Some((until, id)) = self.ends.first().copied()
            && until <= now
        {
            if let Some(held) = self.release(id) {
                self.uncount(held, 1);
            }
        }
        let oldest = now.div_euclid(1000) - WINDOW_S;
        while self
            .seconds
            .front()
            .is_some_and(|second| second.at <= oldest)
        {
            self.seconds.pop_front();
        }
    }

    fn release(&mut self, id: Uuid) -> Option<Held> {
        let held = self.held.remove(&id)?;
        self.ends.remove(&(held.until, id));
        Some(held)
    }

    /// Takes back what was reserved; the request stays counted if it was made.
    fn uncount(&mut self, held: Held, requests: u64) {
        let unmade = 1 - requests.min(1);
        if let Some(second) = self.second(held.second) {
            second.tokens -= held.tokens;
            second.requests -= unmade;
        }
        if held.day == self.day {
            self.spent -= held.micro_usd;
        }
    }

    /// In this second, or in the newest one if the clock went back; says in which.
    fn count(&mut self, at: i64, requests: u64, tokens: u64) -> i64 {
        match self.seconds.back_mut().filter(|newest| newest.at >= at) {
            Some(newest) => {
                newest.requests += requests;
                newest.tokens += tokens;
                newest.at
            }
            None => {
                self.seconds.push_back(Second {
                    at,
                    requests,
                    tokens,
                });
                at
            }
        }
    }

    fn second(&mut self, at: i64) -> Option<&mut Second> {
        let place = self.seconds.binary_search_by_key(&at, |second| second.at);
        self.seconds.get_mut(place.ok()?)
    }
}
