//! Rows of table `event`.

use crate::api::Event;
use crate::rows::Rows;

/// When it happened, or happened again last.
pub(crate) fn time(event: &Event) -> Option<i64> {
    let series = event.series.as_ref().and_then(|s| s.last_observed_time);
    series
        .into_iter()
        .chain(event.last_timestamp)
        .chain(event.event_time)
        .max()
        .or(event.first_timestamp)
        .or(event.metadata.creation_timestamp)
}

/// How often it has happened so far.
pub(crate) fn count(event: &Event) -> Option<i64> {
    let series = event.series.as_ref().and_then(|s| s.count);
    series.or(event.count)
}

/// Writes the row; `now` when the event does not say when it happened.
pub(crate) fn write(event: &Event, rows: &mut Rows, cluster: &str, now: i64) {
    let about = &event.involved_object;
    rows.time("time", Some(time(event).unwrap_or(now)));
    rows.text("cluster", Some(cluster));
    rows.text("namespace", about.namespace.as_deref());
    rows.text("object_kind", Some(&about.kind));
    rows.text("object_name", Some(&about.name));
    rows.text("object_uid", Some(&about.uid));
    rows.text("object_field", about.field_path.as_deref());
    rows.text("node", event.source.host.as_deref());
    rows.text("event_type", event.r#type.as_deref());
    rows.text("reason", event.reason.as_deref());
    rows.text("action", event.action.as_deref());
    let reporter = event.reporting_component.as_deref();
    let reporter = reporter.filter(|r| !r.is_empty());
    rows.text("reporter", reporter.or(event.source.component.as_deref()));
    rows.text("event_name", Some(&event.metadata.name));
    rows.text("event_uid", Some(&event.metadata.uid));
    rows.integer("event_count", count(event));
    rows.time("first_time", event.first_timestamp);
    rows.text("message", event.message.as_deref());
    rows.end_row();
}
