//! How much is taken in at once. What does not fit is refused at once and comes again: agents keep their frames.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use wire::AgentId;

use super::count::Frames;
use crate::problem::{Code, Problem};
use crate::state::Limits;

/// Memory is handed out in pieces of this size, so that a semaphore's count is enough for any amount.
const PIECE: usize = 1 << 10;
/// When to come again, in seconds.
const SOON: u64 = 1;

/// Who may go on.
#[derive(Debug)]
pub(crate) struct Admission {
    memory: Arc<Semaphore>,
    pieces: usize,
    decoders: Semaphore,
    per_agent: usize,
    under_way: Arc<Mutex<HashMap<AgentId, usize>>>,
    pub(crate) frames: Frames,
}

/// One of the frames that an agent may have under way.
#[derive(Debug)]
pub(super) struct Place {
    agent: AgentId,
    under_way: Arc<Mutex<HashMap<AgentId, usize>>>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut under_way = self.under_way.lock();
        if let Some(count) = under_way.get_mut(&self.agent) {
            *count -= 1;
            if *count == 0 {
                under_way.remove(&self.agent);
            }
        }
    }
}

impl Admission {
    pub(crate) fn new(limits: &Limits) -> Admission {
        let pieces = (limits.frames_memory / PIECE).clamp(1, Semaphore::MAX_PERMITS);
        Admission {
            memory: Arc::new(Semaphore::new(pieces)),
            pieces,
            decoders: Semaphore::new(limits.decoders.max(1)),
            per_agent: limits.frames_per_agent.max(1),
            under_way: Arc::default(),
            frames: Frames::default(),
        }
    }

    /// A place for one more frame of the agent.
    pub(super) fn place(&self, agent: AgentId) -> Result<Place, Problem> {
        let mut under_way = self.under_way.lock();
        let count = under_way.entry(agent).or_default();
        if *count >= self.per_agent {
            return Err(Problem::new(
                Code::TooManyRequests,
                format!(
                    "the agent has {count} frames under way already; one for each table is enough"
                ),
            )
            .retry_after(SOON));
        }
        *count += 1;
        Ok(Place {
            agent,
            under_way: Arc::clone(&self.under_way),
        })
    }

    /// Room for so many bytes.
    pub(super) fn room(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Problem> {
        // A frame larger than all the room there is gets all of it: it is within the limits of a frame.
        let pieces = bytes.div_ceil(PIECE).min(self.pieces);
        Arc::clone(&self.memory)
            .try_acquire_many_owned(u32::try_from(pieces).unwrap_or(u32::MAX))
            .map_err(|_| {
                Problem::new(
                    Code::Pressure,
                    "more frames are coming in than there is memory for",
                )
                .retry_after(SOON)
            })
    }

    /// A turn at decoding.
    pub(super) async fn turn(&self) -> Result<SemaphorePermit<'_>, Problem> {
        self.decoders
            .acquire()
            .await
            .map_err(|_| Problem::new(Code::ShuttingDown, "the server is being stopped"))
    }

    /// Memory that is handed out at present, in bytes.
    pub(super) fn memory_taken(&self) -> usize {
        (self.pieces - self.memory.available_permits().min(self.pieces)) * PIECE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Admission {
        Admission::new(&Limits {
            frames_memory: 4 << 10,
            frames_per_agent: 2,
            ..Limits::default()
        })
    }

    #[test]
    fn an_agent_has_only_its_own_places() {
        let admission = small();
        let (one, other) = (AgentId::random(), AgentId::random());
        let first = admission.place(one).unwrap();
        let _second = admission.place(one).unwrap();
        assert_eq!(
            admission.place(one).unwrap_err().code(),
            Code::TooManyRequests
        );
        let _elsewhere = admission.place(other).unwrap();
        drop(first);
        let _again = admission.place(one).unwrap();
        drop((_second, _elsewhere, _again));
        assert!(admission.under_way.lock().is_empty());
    }

    #[test]
    fn memory_comes_back() {
        let admission = small();
        let room = admission.room(3000).unwrap();
        assert_eq!(admission.memory_taken(), 3 << 10);
        assert_eq!(admission.room(2000).unwrap_err().code(), Code::Pressure);
        drop(room);
        let _all = admission.room(1 << 30).unwrap();
        assert_eq!(admission.memory_taken(), 4 << 10);
    }
}
