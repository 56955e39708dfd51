//! What one listener has been told and has not heard yet: bounded, and empty-handed without cost.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// What a listener hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    Payload(Arc<[u8]>),
    /// Payloads may have been lost: read the truth anew. What is heard next was said after the loss, and may be older than
    /// the truth read.
    Missed,
}

/// Of one listener; the hub writes, the listener reads.
pub(crate) struct Mailbox {
    /// Payloads kept at most. Without room every payload is missed: for those who only want to be woken.
    room: usize,
    mail: Mutex<Mail>,
    arrived: Notify,
}

#[derive(Default)]
struct Mail {
    /// Heard before any payload.
    missed: bool,
    payloads: VecDeque<Arc<[u8]>>,
}

impl Mailbox {
    pub(crate) fn new(room: usize) -> Self {
        Self {
            room,
            mail: Mutex::default(),
            arrived: Notify::new(),
        }
    }

    pub(crate) fn put(&self, payload: &Arc<[u8]>) {
        let mut mail = self.lock();
        if mail.payloads.len() < self.room {
            mail.payloads.push_back(Arc::clone(payload));
        } else {
            // What was there is older than the truth that will be read instead.
            mail.payloads = VecDeque::new();
            mail.missed = true;
        }
        drop(mail);
        self.arrived.notify_one();
    }

    pub(crate) fn miss(&self) {
        let mut mail = self.lock();
        mail.payloads = VecDeque::new();
        mail.missed = true;
        drop(mail);
        self.arrived.notify_one();
    }

    pub(crate) fn empty(&self) {
        *self.lock() = Mail::default();
    }

    /// For one reader at a time. Loses nothing when dropped.
    pub(crate) async fn heard(&self) -> Heard {
        loop {
            if let Some(heard) = self.take() {
                return heard;
            }
            self.arrived.notified().await;
        }
    }

    fn take(&self) -> Option<Heard> {
        let mut mail = self.lock();
        if std::mem::take(&mut mail.missed) {
            return Some(Heard::Missed);
        }
        let payload = mail.payloads.pop_front();
        if mail.payloads.is_empty() {
            // Gives the buffer back: most listeners wait most of the time.
            mail.payloads = VecDeque::new();
        }
        payload.map(Heard::Payload)
    }

    fn lock(&self) -> MutexGuard<'_, Mail> {
        // Nothing panics while it is held; poisoned mail would still be whole.
        self.mail.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn payload(number: u8) -> Arc<[u8]> {
        Arc::from([number])
    }

    fn heard(mailbox: &Mailbox) -> Option<Heard> {
        mailbox.heard().now_or_never()
    }

    #[test]
    fn payloads_come_in_order_and_then_nothing() {
        let mailbox = Mailbox::new(3);
        (0..3).for_each(|number| mailbox.put(&payload(number)));
        for number in 0..3 {
            assert_eq!(heard(&mailbox), Some(Heard::Payload(payload(number))));
        }
        assert_eq!(heard(&mailbox), None);
    }

    #[test]
    fn too_slow_a_reader_hears_so_once_and_then_what_came_after() {
        let mailbox = Mailbox::new(3);
        (0..5).for_each(|number| mailbox.put(&payload(number)));
        assert_eq!(heard(&mailbox), Some(Heard::Missed));
        assert_eq!(heard(&mailbox), Some(Heard::Payload(payload(4))));
        assert_eq!(heard(&mailbox), None);
    }

    #[test]
    fn a_line_made_anew_is_heard_before_what_comes_over_it() {
        let mailbox = Mailbox::new(3);
        mailbox.put(&payload(0));
        mailbox.miss();
        mailbox.miss();
        mailbox.put(&payload(1));
        assert_eq!(heard(&mailbox), Some(Heard::Missed));
        assert_eq!(heard(&mailbox), Some(Heard::Payload(payload(1))));
        assert_eq!(heard(&mailbox), None);
    }

    #[test]
    fn without_room_it_only_wakes() {
        let mailbox = Mailbox::new(0);
        assert_eq!(heard(&mailbox), None);
        mailbox.put(&payload(0));
        mailbox.put(&payload(1));
        assert_eq!(heard(&mailbox), Some(Heard::Missed));
        assert_eq!(heard(&mailbox), None);
    }
}
