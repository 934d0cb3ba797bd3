//! Everything that can go wrong.

use std::time::{Duration, Instant};

use kansoku_tests::{Daemon, Dice, Weather};

use crate::field::Field;

/// Faults that were made.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) agent_kills: u32,
    pub(crate) server_kills: u32,
    pub(crate) weathers: u32,
    pub(crate) full_server_disks: u32,
    pub(crate) full_spool_disks: u32,
    pub(crate) clock_steps: u32,
}

/// Does everything that can go wrong, at random, and makes it good again at the end.
pub(crate) fn rage(field: &mut Field, dice: &mut Dice, time: Duration) -> Faults {
    let mut faults = Faults::default();
    let until = Instant::now() + time;
    let kinds = faults_wanted(field);
    // In turn in the beginning, so that a short run has each of them too.
    let mut turn = 0;
    while Instant::now() < until {
        std::thread::sleep(Duration::from_millis(dice.between(50, 900)));
        let short = Duration::from_millis(dice.between(50, 1200));
        let at = if turn < kinds.len() {
            turn
        } else {
            usize::try_from(dice.between(0, kinds.len() as u64)).unwrap()
        };
        turn += 1;
        match kinds[at] {
            "agent" => {
                field.kill_agent();
                std::thread::sleep(short);
                field.start_agent();
                faults.agent_kills += 1;
            }
            "server" => {
                field.kill_server();
                std::thread::sleep(short);
                field.start_server();
                faults.server_kills += 1;
            }
            "network" => {
                let weather = match dice.between(0, 4) {
                    0 => Weather::Refused,
                    1 => Weather::AnswersLost,
                    2 => Weather::RequestsTorn(dice.between(0, 100_000)),
                    _ => Weather::HalfClosed(dice.between(0, 100_000)),
                };
                field.relay.change(weather);
                std::thread::sleep(short);
                field.relay.change(Weather::Fair);
                faults.weathers += 1;
            }
            "server-disk" => {
                if let Some(disk) = &field.server_disk {
                    disk.fill();
                    std::thread::sleep(short);
                    disk.relieve();
                    faults.full_server_disks += 1;
                }
            }
            "spool-disk" => {
                if let Some(disk) = &field.spool_disk {
                    disk.fill();
                }
                std::thread::sleep(short);
                // Killed with a full disk, now and then.
                if dice.one_in(2) {
                    field.kill_agent();
                    field.start_agent();
                    std::thread::sleep(short);
                }
                if let Some(disk) = &field.spool_disk {
                    disk.relieve();
                }
                faults.full_spool_disks += 1;
            }
            _ => {
                if let Some(clock) = &field.clock {
                    let offsets = ["+2h", "-2h", "-26h", "+2d", "+1s", "-1s"];
                    let at = usize::try_from(dice.between(0, offsets.len() as u64)).unwrap();
                    clock.set(offsets[at]);
                    faults.clock_steps += 1;
                }
            }
        }
        // A full disk may have ended them, which is theirs to do; whoever runs them starts them again.
        revive(field);
    }
    if let Some(clock) = &field.clock {
        clock.set("+0");
    }
    revive(field);
    faults
}

/// What can go wrong here.
pub(crate) fn faults_wanted(field: &Field) -> Vec<&'static str> {
    let asked = std::env::var("KANSOKU_CRASH_FAULTS").ok();
    let possible = [
        ("agent", true),
        ("server", true),
        ("network", true),
        ("server-disk", field.server_disk.is_some()),
        ("spool-disk", field.spool_disk.is_some()),
        ("clock", field.clock.is_some()),
    ];
    let wanted = |name: &str| {
        asked
            .as_ref()
            .is_none_or(|all| all.split(',').any(|a| a == name))
    };
    let kinds: Vec<&str> = possible
        .into_iter()
        .filter(|(name, possible)| *possible && wanted(name))
        .map(|(name, _)| name)
        .collect();
    assert!(
        !kinds.is_empty(),
        "KANSOKU_CRASH_FAULTS: {asked:?} names no fault that is possible here"
    );
    kinds
}

pub(crate) fn revive(field: &mut Field) {
    if field.agent.as_mut().is_some_and(Daemon::has_ended) {
        println!("the agent ended by itself:\n{}", field.said());
        field.start_agent();
    }
    if field.server.as_mut().is_some_and(Daemon::has_ended) {
        println!("the server ended by itself:\n{}", field.said());
        field.start_server();
    }
}
