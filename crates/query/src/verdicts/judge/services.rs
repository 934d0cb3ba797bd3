//! Services.

use health::facts::ServiceFacts;

use super::super::request::VerdictKind;
use super::{Desk, Judged};

pub(super) fn judge(desk: &Desk<'_>) -> Vec<Judged> {
    let told = desk
        .rows
        .objects
        .get("Service")
        .map_or(&[][..], Vec::as_slice);
    told.iter()
        .map(|object| {
            let uid = object.text("object_uid").unwrap_or_default();
            let ready = object.integer("endpoints_ready");
            let facts = ServiceFacts {
                service_type: object.owned("service_type"),
                endpoints_ready: ready,
                endpoints_not_ready: object.integer("endpoints_not_ready"),
                no_endpoints_since: (ready == Some(0))
                    .then(|| desk.since(uid, "", "with_endpoints"))
                    .flatten(),
                scaled_to_zero: None,
                created_time: object.moment("created_time"),
                events: desk.events(uid),
            };
            let name = object.text("object_name").unwrap_or_default();
            let mut judged = Judged::new(
                VerdictKind::Service,
                name,
                health::service(&facts, desk.now),
            );
            judged.cluster = object.owned("cluster");
            judged.namespace = object.owned("namespace");
            judged.uid = Some(uid.to_owned());
            judged
        })
        .collect()
}
