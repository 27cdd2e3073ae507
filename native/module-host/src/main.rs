//! One PKCS #11 module in a process of its own: vendor code may crash or hang, the agent must not.
//!
//! `buletin-module-host MODULE` loads the module and answers requests on standard input and output (`frames`):
//!
//! - first `{"event":"ready","protocol":1,"library":{…},"threads":…}`, or `{"event":"unusable","reason":…}` and
//!   the end;
//! - a request `{"id":…,"call":…,…}` (`requests::Call`) is answered by `{"id":…,"result":…}` or
//!   `{"id":…,"error":{"kind":…},"token"?:…}`; one at a time, in their order;
//! - `{"event":"presenting","id":…}` before and `{"event":"presented","id":…}` after each call that carries a PIN;
//! - `{"event":"call","function":…,"code":…,"us":…}` after each function that was called, while that is asked for;
//! - `{"event":"slots"}` when something came or went, once until the next `list`.
//!
//! It ends when its input closes. Deadlines are the agent's matter: it kills what is late.

mod buffer;
mod calls;
mod cryptoki;
mod frames;
mod listing;
mod module;
mod requests;
mod slot_events;
mod surroundings;
mod trouble;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use serde_json::{Value, json};

use crate::frames::{Frame, Output, read_frame};
use crate::module::Module;
use crate::requests::{Call, Failed, Request, Stage, WatchMode, carry_out};
use crate::slot_events::{Announcer, Polling};
use crate::surroundings::end;
use crate::trouble::Trouble;

/// How long the module may take to finish when the agent has gone.
const FAREWELL: Duration = Duration::from_millis(500);
/// Pause between questions about slots, where the module does not tell by itself.
const POLL: Duration = Duration::from_secs(1);

/// What the thread that calls the module has to do next.
pub enum Task {
    Request(Frame),
    /// The waiting thread has given up: ask instead.
    Poll,
    Close,
}

fn main() {
    surroundings::forbid_memory_images();
    // A panic's message could quote what must not be written anywhere.
    std::panic::set_hook(Box::new(|_| ()));
    let mut arguments = std::env::args_os().skip(1);
    let (Some(path), None) = (arguments.next().map(PathBuf::from), arguments.next()) else { end(2) };
    let Ok((mut input, output)) = surroundings::private_pipes() else { end(1) };
    let output = Arc::new(Output::new(output));

    let (tasks, work) = channel();
    // The input is read by a thread of its own: when the agent goes, this process goes, whatever the module does.
    let reading = tasks.clone();
    std::thread::spawn(move || {
        while let Ok(Some(frame)) = read_frame(&mut input) {
            if reading.send(Task::Request(frame)).is_err() {
                break;
            }
        }
        let _ = reading.send(Task::Close);
        std::thread::sleep(FAREWELL);
        end(0);
    });

    let module = match catch_unwind(|| Module::load(&path)) {
        Ok(Ok(module)) => Arc::new(module),
        Ok(Err(reason)) => {
            output.send(&json!({ "event": "unusable", "reason": reason }), &[]);
            end(0);
        }
        Err(_) => end(1),
    };
    output.send(&ready(&module), &[]);
    Worker { announcer: Arc::new(Announcer::new(output.clone())), module, output, tasks, polling: None }
        .run(&work);
}

fn ready(module: &Module) -> Value {
    let library = module.info().map_or(Value::Null, |info| {
        json!({
            "manufacturer": listing::text(&info.manufacturerID),
            "description": listing::text(&info.libraryDescription),
            "version": format!("{}.{}", info.libraryVersion.major, info.libraryVersion.minor),
            "cryptoki": format!("{}.{}", info.cryptokiVersion.major, info.cryptokiVersion.minor),
        })
    });
    json!({ "event": "ready", "protocol": 1, "library": library, "threads": module.threads })
}

/// The thread that calls the module.
struct Worker {
    module: Arc<Module>,
    output: Arc<Output>,
    announcer: Arc<Announcer>,
    tasks: Sender<Task>,
    polling: Option<Polling>,
}

impl Worker {
    fn run(mut self, work: &Receiver<Task>) -> ! {
        loop {
            let task = match self.polling {
                Some(_) => work.recv_timeout(POLL),
                None => work.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match task {
                Ok(Task::Request(frame)) => self.request(&frame),
                Ok(Task::Poll) => self.polling = Some(Polling::new()),
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(polling) = &mut self.polling {
                        polling.ask(&self.module, &self.announcer);
                    }
                }
                Ok(Task::Close) | Err(RecvTimeoutError::Disconnected) => {
                    self.module.finalize();
                    end(0);
                }
            }
        }
    }

    fn request(&mut self, frame: &Frame) {
        // Whoever writes other than agreed is not the agent.
        let Ok(request) = serde_json::from_slice::<Request>(frame.header()) else { end(1) };
        let id = request.id;
        match request.call {
            Call::Close => {
                let _ = self.tasks.send(Task::Close);
                self.answer(id, Ok((json!({}), vec![])));
            }
            Call::Calls { on } => {
                calls::watch(on, &self.output);
                self.answer(id, Ok((json!({}), vec![])));
            }
            Call::Watch { mode } => {
                self.watch(mode);
                self.answer(id, Ok((json!({}), vec![])));
            }
            call => {
                if matches!(call, Call::List) {
                    self.announcer.listed();
                }
                let stage = Stage::new(&self.output, id);
                let done = catch_unwind(AssertUnwindSafe(|| carry_out(&self.module, &call, frame, &stage)));
                self.answer(id, done.unwrap_or_else(|_| Err(Trouble::Panic.into())));
            }
        }
    }

    fn answer(&self, id: u32, answer: requests::Answer) {
        match answer {
            Ok((result, parts)) => {
                let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
                self.output.send(&json!({ "id": id, "result": result }), &parts);
            }
            Err(Failed { trouble, token: None }) => {
                self.output.send(&json!({ "id": id, "error": trouble }), &[])
            }
            Err(Failed { trouble, token }) => {
                self.output.send(&json!({ "id": id, "error": trouble, "token": token }), &[]);
            }
        }
    }

    fn watch(&mut self, mode: WatchMode) {
        if mode == WatchMode::Poll || !self.module.threads {
            self.polling = Some(Polling::new());
            return;
        }
        let (module, announcer, tasks) = (self.module.clone(), self.announcer.clone(), self.tasks.clone());
        std::thread::spawn(move || {
            let waited = catch_unwind(AssertUnwindSafe(|| slot_events::wait(&module, &announcer, &tasks)));
            if waited.is_err() {
                let _ = tasks.send(Task::Poll);
            }
        });
    }
}
