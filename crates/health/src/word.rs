//! The words of verdicts, and how bad they are.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How bad it is; the worst is least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It does not do its work, or will not in a moment.
    Critical,
    /// It does its work, but not as it should, or not for long.
    Warning,
    /// Nothing is to be done.
    Ok,
    /// There is nothing to judge by.
    Unknown,
}

impl Severity {
    /// The word as it is serialized.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Critical => "critical",
            Severity::Warning => "warning",
            Severity::Ok => "ok",
            Severity::Unknown => "unknown",
        }
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident $text:literal $counted:literal;)*) => {
        /// One word for the state of an entity. Of two that are equally bad the earlier one is the more telling.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Word {
            $($(#[$doc])* $name,)*
        }

        impl Word {
            /// Every word, the most telling first.
            pub const ALL: &[Word] = &[$(Word::$name,)*];

            /// The word as it is serialized.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Word::$name => $text,)*
                }
            }

            /// How it reads after a number: "2 pending", "1 cannot pull its image".
            pub(crate) fn counted(self) -> &'static str {
                match self {
                    $(Word::$name => $counted,)*
                }
            }
        }
    };
}

words! {
    /// A node whose kubelet is not ready or does not report; a pod on such a node.
    NodeNotReady "node-not-ready" "on a node that is not ready";
    /// A process was killed for lack of memory.
    OomKilled "oom-killed" "killed for lack of memory";
    /// It ends again and again.
    CrashLooping "crash-looping" "crash-looping";
    /// Its image cannot be pulled.
    ImagePull "image-pull" "cannot pull its image";
    /// Its container cannot be made: a missing config map, a command that is not there.
    CannotStart "cannot-start" "cannot start";
    /// The kubelet put it off its node.
    Evicted "evicted" "evicted";
    /// It ended, and not well.
    Failed "failed" "failed";
    /// It waits for a node, a volume or its containers.
    Pending "pending" "pending";
    /// Nothing is behind the service.
    NoEndpoints "no-endpoints" "without ready addresses";
    /// The new version does not come up.
    RolloutStuck "rollout-stuck" "stuck in a rollout";
    /// Fewer replicas than wanted.
    BelowReplicas "below-replicas" "short of replicas";
    /// It runs and does not say that it is ready.
    NotReady "not-ready" "not ready";
    /// The network of a node is not set up.
    NetworkUnavailable "network-unavailable" "without network";
    /// No space is left.
    Full "full" "full";
    /// Space runs out.
    Filling "filling" "filling";
    /// Inodes run out.
    InodesLow "inodes-low" "short of inodes";
    /// A node says that memory, disk or process ids are short.
    Pressure "pressure" "under pressure";
    /// Near a limit, or soon there.
    NearLimit "near-limit" "near a limit";
    /// Memory is read back as soon as it was reclaimed.
    Thrashing "thrashing" "thrashing";
    /// Held back by its own CPU limit.
    Throttled "throttled" "throttled";
    /// Waits for processors that its neighbours have.
    CpuStarved "cpu-starved" "waiting for processors";
    /// Waits for disks.
    IoStarved "io-starved" "waiting for disks";
    /// Its clock is off.
    ClockOff "clock-off" "with a wrong clock";
    /// It was restarted a moment ago.
    Restarted "restarted" "just restarted";
    /// It is asked to go and does not.
    Terminating "terminating" "terminating";
    /// A part of it is unwell.
    Degraded "degraded" "degraded";
    /// It begins.
    Starting "starting" "starting";
    /// A node that takes no new pods because somebody said so.
    Cordoned "cordoned" "cordoned";
    /// It ended well.
    Completed "completed" "completed";
    /// It is well.
    Healthy "healthy" "healthy";
    /// No measurements come.
    Silent "silent" "silent";
    /// There is nothing to judge by.
    Unknown "unknown" "unknown";
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
