//! Random histories against a plain queue.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
enum Step {
    /// A tick: for each table, whether it has a frame, and how long its body is.
    Append(Vec<(usize, usize)>),
    /// A frame goes out and arrives.
    Acknowledge(usize),
    /// A frame goes out and does not arrive.
    Release(usize),
    /// The process is killed and started again.
    Crash,
    /// The process ends in order and is started again.
    Restart,
}

const NAMES: [&str; 3] = ["node", "pod", "container"];

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::collection::vec((0..3usize, 0..40_000usize), 1..4).prop_map(Step::Append),
        6 => (0..3usize).prop_map(Step::Acknowledge),
        2 => (0..3usize).prop_map(Step::Release),
        1 => Just(Step::Crash),
        1 => Just(Step::Restart),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Each table is a queue: nothing is lost, nothing comes twice, numbers only grow.
    #[test]
    fn a_spool_is_a_queue_for_each_table(steps in prop::collection::vec(step(), 1..80)) {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = Spool::open(settings(folder.path(), 64 << 20)).unwrap().0;
        let mut queues: [VecDeque<(u64, Vec<u8>)>; 3] = Default::default();
        let mut last = [0u64; 3];
        let mut made = 0u64;
        for step in steps {
            match step {
                Step::Append(frames) => {
                    let mut bodies = Vec::new();
                    for (which, length) in frames {
                        made += 1;
                        let body: Vec<u8> = made.to_le_bytes().into_iter().cycle().take(length).collect();
                        bodies.push((which, body));
                    }
                    for name in NAMES {
                        spool.lane_of(table(name));
                    }
                    let mut next = NAMES.map(|name| spool.next_sequence(table(name)).map_or(1, |n| n.0));
                    let frames: Vec<NewFrame<'_>> = bodies
                        .iter()
                        .map(|(which, body)| NewFrame { body, ..frame(NAMES[*which], 1, b"") })
                        .collect();
                    append(&mut spool, &frames);
                    for (which, body) in bodies {
                        prop_assert!(next[which] > last[which]);
                        last[which] = next[which];
                        queues[which].push_back((next[which], body));
                        next[which] += 1;
                    }
                }
                Step::Acknowledge(which) | Step::Release(which) => {
                    let frame = spool.lease(table(NAMES[which])).unwrap();
                    let expected = queues[which].front().cloned();
                    prop_assert_eq!(frame.as_ref().map(|f| (f.sequence.0, f.body.clone())), expected);
                    if let Some(frame) = frame {
                        if matches!(step, Step::Acknowledge(_)) {
                            prop_assert!(spool.acknowledge(&frame));
                            queues[which].pop_front();
                        } else {
                            spool.release(&frame);
                        }
                    }
                }
                Step::Crash => {
                    drop(spool);
                    spool = Spool::open(settings(folder.path(), 64 << 20)).unwrap().0;
                }
                Step::Restart => {
                    prop_assert!(spool.close());
                    drop(spool);
                    spool = Spool::open(settings(folder.path(), 64 << 20)).unwrap().0;
                }
            }
            for (name, queue) in NAMES.iter().zip(&queues) {
                let figures = spool.figures();
                let waiting = figures.lanes.iter().find(|l| l.table == *name).map_or(0, |l| l.waiting.frames);
                prop_assert_eq!(waiting, queue.len() as u64);
            }
        }
    }
}
