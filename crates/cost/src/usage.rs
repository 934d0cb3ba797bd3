//! What was counted.

use crate::metrics::EntityHours;
use crate::observations::EntityMinutes;

/// Log events of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogVolume {
    /// Bytes of the messages as UTF-8, without what CloudWatch adds to each.
    pub bytes: u64,
    /// Events.
    pub events: u64,
}

/// What was counted from rows over some hours, and what is said besides. [`Usage::over`] makes one of nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Usage {
    /// Length of the window in hours, above 0: the time that has rows, which is less than what was asked for while the
    /// store is young. Bytes, events and entity-minutes are of this window and are scaled to a month by it.
    pub window_hours: f64,
    /// Entities by the hour: the custom metrics of standard mode.
    pub entity_hours: EntityHours,
    /// Entities by the minute: the observations of enhanced mode, and the performance events of both.
    pub entity_minutes: EntityMinutes,
    /// Lines of containers.
    pub application_logs: LogVolume,
    /// Lines of the nodes: kernel, system services.
    pub host_logs: LogVolume,
    /// Lines of the kubelet, the proxy, the network and the runtime.
    pub dataplane_logs: LogVolume,
    /// Performance events of the mode that is asked for, if somebody rendered them; none to size them by
    /// [`performance_events`](crate::performance_events).
    pub performance_logs: Option<LogVolume>,
    /// Days that log events are kept. The archive is what accumulates over this time.
    pub retention_days: f64,
    /// Metrics that alarms evaluate, each with a period of a minute or more.
    pub alarm_metrics: f64,
    /// Metrics that alarms with periods below a minute evaluate.
    pub high_resolution_alarm_metrics: f64,
    /// Custom dashboards.
    pub dashboards: f64,
    /// GB that Logs Insights reads in a month.
    pub insights_scanned_gigabytes: f64,
    /// Whether the account's free tier is taken off.
    pub free_tier: bool,
}

/// A number of a [`Usage`] that cannot be.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{field} is {value}; {wanted}")]
pub struct UsageFault {
    /// The field.
    pub field: &'static str,
    /// What it held.
    pub value: f64,
    /// What may stand there.
    pub wanted: &'static str,
}

impl Usage {
    /// Nothing at all in so many hours.
    pub fn over(window_hours: f64) -> Usage {
        Usage {
            window_hours,
            entity_hours: EntityHours {
                hours: hours_begun(window_hours),
                ..EntityHours::default()
            },
            entity_minutes: EntityMinutes::default(),
            application_logs: LogVolume::default(),
            host_logs: LogVolume::default(),
            dataplane_logs: LogVolume::default(),
            performance_logs: None,
            retention_days: 0.0,
            alarm_metrics: 0.0,
            high_resolution_alarm_metrics: 0.0,
            dashboards: 0.0,
            insights_scanned_gigabytes: 0.0,
            free_tier: false,
        }
    }

    pub(crate) fn check(&self) -> Result<(), UsageFault> {
        let fault = |field, value, wanted| {
            Err(UsageFault {
                field,
                value,
                wanted,
            })
        };
        if !(self.window_hours.is_finite() && self.window_hours > 0.0) {
            return fault(
                "window_hours",
                self.window_hours,
                "give the hours that have rows, more than 0",
            );
        }
        if self.entity_hours.hours < hours_begun(self.window_hours) {
            return fault(
                "entity_hours.hours",
                f64::from(self.entity_hours.hours),
                "give all hours of the window, begun ones whole",
            );
        }
        for (field, value) in [
            ("retention_days", self.retention_days),
            ("alarm_metrics", self.alarm_metrics),
            (
                "high_resolution_alarm_metrics",
                self.high_resolution_alarm_metrics,
            ),
            ("dashboards", self.dashboards),
            (
                "insights_scanned_gigabytes",
                self.insights_scanned_gigabytes,
            ),
        ] {
            if !(value.is_finite() && value >= 0.0) {
                return fault(field, value, "give a number that is not negative");
            }
        }
        Ok(())
    }
}

/// Whole hours that hold the window; a window of nothing is in one.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // The cast saturates, which is what is wanted.
fn hours_begun(window_hours: f64) -> u32 {
    // A window that was computed from seconds may exceed its hours by a rounding error.
    ((window_hours - 1e-6).ceil() as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begun_hours_count_whole() {
        for (window, hours) in [
            (0.0, 1),
            (0.2, 1),
            (1.0, 1),
            (1.000_000_01, 1),
            (1.5, 2),
            (24.0, 24),
            (730.0, 730),
        ] {
            assert_eq!(hours_begun(window), hours, "{window}");
        }
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        let with = |change: fn(&mut Usage)| {
            let mut usage = Usage::over(24.0);
            change(&mut usage);
            usage.check()
        };
        assert_eq!(with(|_| {}), Ok(()));
        let refused = |change: fn(&mut Usage)| with(change).unwrap_err().to_string();
        assert_eq!(
            refused(|it| it.window_hours = 0.0),
            "window_hours is 0; give the hours that have rows, more than 0"
        );
        assert_eq!(
            refused(|it| it.window_hours = f64::INFINITY),
            "window_hours is inf; give the hours that have rows, more than 0"
        );
        assert_eq!(
            refused(|it| it.entity_hours.hours = 23),
            "entity_hours.hours is 23; give all hours of the window, begun ones whole"
        );
        assert_eq!(
            refused(|it| it.retention_days = -1.0),
            "retention_days is -1; give a number that is not negative"
        );
        assert_eq!(
            refused(|it| it.dashboards = f64::NAN),
            "dashboards is NaN; give a number that is not negative"
        );
    }
}
