//! One open card: a thread with a PC/SC context of its own, so that a slow or held card stops nobody else.

use std::ffi::CString;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use napi::bindgen_prelude::{Env, FnArgs};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Error, Result, Status};
use napi_derive::napi;
use pcsc::{
    Card, Context, Disposition, MAX_ATR_SIZE, MAX_BUFFER_SIZE, MAX_BUFFER_SIZE_EXTENDED, Protocols,
    ReaderState, Scope, ShareMode, State,
};

use crate::attribute;
use crate::code;
use crate::progress::Progress;
use crate::secret::Secret;
use crate::watch::release_event_loop;

/// Id under which connecting is reported; jobs count from 1.
const CONNECTING: u32 = 0;
/// Id under which the end of the thread is reported.
const THREAD_ENDED: u32 = u32::MAX;
/// A card that is swapped while it is being connected is tried again this often.
const CONNECT_TRIES: u32 = 3;

/// Single jobs that come within this time of each other share a transaction: beginning and ending one costs as
/// much as an APDU each.
const CLOSELY: Duration = Duration::from_millis(1);
/// But no longer than this in all, so that other programs have their turn.
const LONGEST_COVER: Duration = Duration::from_millis(50);

/// What a job does on the card.
enum Task {
    Begin,
    End { reset: bool },
    Transmit(Secret),
    Control { code: u32, input: Secret },
    Attribute(u32),
    Close { reset: bool },
}

struct Job {
    id: u32,
    task: Task,
}

type Outcome = std::result::Result<Secret, u32>;
type Done = FnArgs<(u32, u32, Option<Secret>, u32)>;
type OnDone = ThreadsafeFunction<Done, (), Done, Status, false>;

/// An open (or opening) card. Jobs run in the order they were posted; each is reported once to `on_done` as
/// (id, code, bytes or null, event count). Ids must grow, from 1 on.
#[napi]
pub struct CardThread {
    jobs: Sender<Job>,
    progress: Arc<Progress>,
    answered: Arc<AtomicBool>,
    on_done: Weak<OnDone>,
}

/// Opens the card in a reader. Reported under id 0: the ATR, and the reader's event count at that moment.
/// The thread lets the card go (leaving it as it is) when told to close or when the object is collected.
#[napi(catch_unwind)]
pub fn open_card(reader: String, exclusive: bool, on_done: OnDone) -> Result<CardThread> {
    let name =
        CString::new(reader).map_err(|_| Error::new(Status::InvalidArg, "a reader name without NUL"))?;
    let on_done = Arc::new(on_done);
    let progress = Arc::new(Progress::default());
    let answered = Arc::new(AtomicBool::new(false));
    let (sender, receiver) = channel();
    let opened = CardThread {
        jobs: sender,
        progress: progress.clone(),
        answered: answered.clone(),
        on_done: Arc::downgrade(&on_done),
    };
    thread::Builder::new()
        .name("buletin-card".into())
        .spawn(move || {
            let share = if exclusive { ShareMode::Exclusive } else { ShareMode::Shared };
            let worker = Worker { name, share, progress, answered, on_done, jobs: receiver };
            let ended = code::caught(|| worker.run());
            worker.report(THREAD_ENDED, Err(ended.err().unwrap_or(code::ENDED)), 0);
        })
        .map_err(|error| Error::new(Status::GenericFailure, error.to_string()))?;
    Ok(opened)
}

#[napi]
impl CardThread {
    /// SCardBeginTransaction.
    #[napi(catch_unwind)]
    pub fn begin(&self, id: u32) -> bool {
        self.post(id, Task::Begin)
    }

    /// SCardEndTransaction. After a reset the handle is renewed before the next job.
    #[napi(catch_unwind)]
    pub fn end(&self, id: u32, reset: bool) -> bool {
        self.post(id, Task::End { reset })
    }

    /// SCardTransmit. The command is copied; the copy is zeroed when the job is done or dropped.
    #[napi(catch_unwind)]
    pub fn transmit(&self, id: u32, command: &[u8]) -> bool {
        self.post(id, Task::Transmit(Secret::copy_of(command)))
    }

    /// SCardControl.
    #[napi(catch_unwind)]
    pub fn control(&self, id: u32, code: u32, input: &[u8]) -> bool {
        self.post(id, Task::Control { code, input: Secret::copy_of(input) })
    }

    /// SCardGetAttrib.
    #[napi(catch_unwind)]
    pub fn attribute(&self, id: u32, attribute: u32) -> bool {
        self.post(id, Task::Attribute(attribute))
    }

    /// SCardDisconnect, after what was posted before; then the thread ends.
    #[napi(catch_unwind)]
    pub fn close(&self, id: u32, reset: bool) -> bool {
        self.post(id, Task::Close { reset })
    }

    /// Gives a job up (0: connecting) if it has not got the reader yet. What it gets later is let go at once.
    /// False when it is too late: the report will come.
    #[napi(catch_unwind)]
    pub fn abandon(&self, id: u32) -> bool {
        self.progress.abandon(id)
    }

    /// Whether the service has answered this thread: a frozen one accepts the connection and says nothing.
    #[napi(catch_unwind)]
    pub fn service_answered(&self) -> bool {
        self.answered.load(Ordering::Relaxed)
    }

    /// The process may exit although the thread has not ended.
    #[napi(catch_unwind)]
    pub fn release_event_loop(&self, env: Env) {
        if let Some(on_done) = self.on_done.upgrade() {
            release_event_loop(&env, &on_done.handle);
        }
    }

    fn post(&self, id: u32, task: Task) -> bool {
        self.jobs.send(Job { id, task }).is_ok()
    }
}

struct Worker {
    name: CString,
    share: ShareMode,
    progress: Arc<Progress>,
    answered: Arc<AtomicBool>,
    on_done: Arc<OnDone>,
    jobs: Receiver<Job>,
}

/// An open card and what belongs to it.
struct Opened {
    context: Context,
    card: Card,
    /// The reader's event count when the card was connected: another one means another card.
    count: u32,
    /// The last transaction ended with a reset: the handle must be renewed before it can be used.
    renew: bool,
    response: Secret,
}

impl Worker {
    fn report(&self, id: u32, outcome: Outcome, count: u32) {
        let (code, bytes) = match outcome {
            Ok(bytes) => (code::SUCCESS, Some(bytes)),
            Err(code) => (code, None),
        };
        self.on_done.call((id, code, bytes, count).into(), ThreadsafeFunctionCallMode::NonBlocking);
    }

    fn run(&self) {
        if !self.progress.take_up(CONNECTING) {
            return self.report(CONNECTING, Err(code::ABANDONED), 0);
        }
        let (mut opened, atr) = match self.connect() {
            Ok(opened) => opened,
            Err(code) => return self.report(CONNECTING, Err(code), 0),
        };
        if !self.progress.proceed() {
            let _ = opened.card.disconnect(Disposition::LeaveCard);
            return self.report(CONNECTING, Err(code::ABANDONED), 0);
        }
        self.report(CONNECTING, Ok(atr), opened.count);
        let closed = self.serve(&mut opened);
        let (id, reset) = closed.unwrap_or((THREAD_ENDED, false));
        let then = if reset { Disposition::ResetCard } else { Disposition::LeaveCard };
        let gone = opened.card.disconnect(then).map_err(|(_, error)| code::of(error));
        drop(opened.context);
        if id != THREAD_ENDED {
            self.report(id, gone.map(|()| Secret::empty()), 0);
        }
    }

    fn connect(&self) -> std::result::Result<(Opened, Secret), u32> {
        let context = Context::establish(Scope::User).map_err(code::of)?;
        self.answered.store(true, Ordering::Relaxed);
        for _ in 0..CONNECT_TRIES {
            let before = self.event_count(&context)?;
            let card = context.connect(&self.name, self.share, Protocols::ANY).map_err(code::of)?;
            let mut names = [0; 1024];
            let mut atr = [0; MAX_ATR_SIZE];
            let status = card.status2(&mut names, &mut atr).map(|status| Secret::copy_of(status.atr()));
            if let (Ok(atr), true) = (&status, self.event_count(&context)? == before) {
                let (atr, response) = (Secret::copy_of(atr.bytes()), Secret::zeros(MAX_BUFFER_SIZE_EXTENDED));
                return Ok((Opened { context, card, count: before, renew: false, response }, atr));
            }
            // Pulled or swapped meanwhile: dropping the handle must not reset the next card.
            let _ = card.disconnect(Disposition::LeaveCard);
        }
        Err(code::of(pcsc::Error::RemovedCard))
    }

    fn event_count(&self, context: &Context) -> std::result::Result<u32, u32> {
        let mut states = [ReaderState::new(self.name.clone(), State::UNAWARE)];
        match context.get_status_change(Duration::ZERO, &mut states) {
            Ok(()) | Err(pcsc::Error::Timeout) => Ok(states[0].event_count()),
            Err(error) => Err(code::of(error)),
        }
    }

    /// Runs jobs until the card is to be closed: the id of that job, and whether to reset. None: collected.
    fn serve(&self, opened: &mut Opened) -> Option<(u32, bool)> {
        while let Ok(Job { id, task }) = self.jobs.recv() {
            if let Task::Close { reset } = task {
                return Some((id, reset));
            }
            if !self.progress.take_up(id) {
                self.report(id, Err(code::ABANDONED), 0);
                continue;
            }
            if opened.renew
                && let Err(code) = self.renew(opened)
            {
                self.progress.proceed();
                self.report(id, Err(code), 0);
                continue;
            }
            let Opened { card, response, .. } = opened;
            let transaction = match card.transaction() {
                Ok(transaction) => transaction,
                Err(error) => {
                    self.progress.proceed();
                    self.report(id, Err(code::of(error)), 0);
                    continue;
                }
            };
            if !self.progress.proceed() {
                let _ = transaction.end(Disposition::LeaveCard);
                self.report(id, Err(code::ABANDONED), 0);
                continue;
            }
            let ended = self.hold(transaction, response, Job { id, task });
            match ended {
                End::Left => {}
                End::Reset => opened.renew = true,
                End::Close { id, reset } => return Some((id, reset)),
                End::Collected => return None,
            }
        }
        None
    }

    /// Runs jobs inside a transaction until it ends: the caller's own from Begin to End; else one that covers
    /// single jobs as long as they follow each other closely. Single jobs have a transaction at all so that
    /// waiting for another program is told from a card that takes its time, and can be given up.
    fn hold(&self, transaction: pcsc::Transaction<'_>, response: &mut Secret, first: Job) -> End {
        let since = Instant::now();
        let mut asked_for = false;
        let mut job = first;
        loop {
            match job.task {
                Task::Close { reset } => {
                    let _ = transaction.end(Disposition::LeaveCard);
                    return End::Close { id: job.id, reset };
                }
                Task::End { reset } if asked_for => {
                    let then = if reset { Disposition::ResetCard } else { Disposition::LeaveCard };
                    let ended = transaction.end(then).map_err(|(_, error)| code::of(error));
                    self.report(job.id, ended.map(|()| Secret::empty()), 0);
                    return if reset { End::Reset } else { End::Left };
                }
                Task::Begin if !asked_for => {
                    asked_for = true;
                    self.report(job.id, Ok(Secret::empty()), 0);
                }
                task => self.report(job.id, perform(&transaction, response, task), 0),
            }
            let next = loop {
                let next = if asked_for {
                    self.jobs.recv().map_err(|_| RecvTimeoutError::Disconnected)
                } else if since.elapsed() < LONGEST_COVER {
                    self.jobs.recv_timeout(CLOSELY)
                } else {
                    Err(RecvTimeoutError::Timeout)
                };
                match next {
                    // The end of a transaction is never given up.
                    Ok(next) if matches!(next.task, Task::End { .. } | Task::Close { .. }) => {
                        self.progress.take_up(next.id);
                        self.progress.proceed();
                        break Ok(next);
                    }
                    Ok(next) if self.progress.take_up(next.id) && self.progress.proceed() => break Ok(next),
                    Ok(next) => self.report(next.id, Err(code::ABANDONED), 0),
                    Err(error) => break Err(error),
                }
            };
            job = match next {
                Ok(next) => next,
                Err(error) => {
                    let _ = transaction.end(Disposition::LeaveCard);
                    return if error == RecvTimeoutError::Timeout { End::Left } else { End::Collected };
                }
            };
        }
    }

    /// Renews the handle after our own reset. A reconnect alone proves nothing: it also succeeds on the next
    /// card, so the event count decides.
    fn renew(&self, opened: &mut Opened) -> std::result::Result<(), u32> {
        opened.card.reconnect(self.share, Protocols::ANY, Disposition::LeaveCard).map_err(code::of)?;
        if self.event_count(&opened.context)? != opened.count {
            return Err(code::of(pcsc::Error::RemovedCard));
        }
        opened.renew = false;
        Ok(())
    }
}

/// How a transaction came to its end.
enum End {
    Left,
    Reset,
    Close { id: u32, reset: bool },
    Collected,
}

fn perform(card: &Card, response: &mut Secret, task: Task) -> Outcome {
    let buffer = response.bytes_mut();
    let received = match task {
        Task::Transmit(command) => card.transmit(command.bytes(), buffer),
        Task::Control { code, input } => card.control(code.into(), input.bytes(), buffer),
        Task::Attribute(id) => match attribute::named(id) {
            // The service takes no larger buffer here.
            Some(attribute) => card.get_attribute(attribute, &mut buffer[..MAX_BUFFER_SIZE]),
            None => Err(pcsc::Error::UnsupportedFeature),
        },
        // Begin inside a transaction, End outside: the caller's fault, refused without touching the card.
        Task::Begin | Task::End { .. } | Task::Close { .. } => Err(pcsc::Error::InvalidValue),
    };
    let outcome = received.map(|bytes| (Secret::copy_of(bytes), bytes.len())).map_err(code::of);
    let used = outcome.as_ref().map_or(buffer.len(), |(_, length)| *length);
    zeroize::Zeroize::zeroize(&mut buffer[..used]);
    outcome.map(|(bytes, _)| bytes)
}
