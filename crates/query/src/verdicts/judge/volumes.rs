//! Volumes, by their claims. Those without a claim lie on the node's own file systems, or in memory.

use std::collections::HashMap;

use health::facts::VolumeFacts;

use super::super::newest::Row;
use super::super::request::VerdictKind;
use super::{Desk, Judged};

/// Cluster, namespace and claim.
type Key<'a> = (Option<&'a str>, Option<&'a str>, &'a str);

pub(super) fn judge(desk: &Desk<'_>) -> Vec<Judged> {
    let mut measured: HashMap<Key<'_>, Row<'_>> = HashMap::new();
    for row in &desk.rows.volumes {
        let Some(claim) = row.text("volume_claim") else {
            continue;
        };
        let key = (row.text("cluster"), row.text("namespace"), claim);
        // A claim of several pods is measured with each; the newest row counts.
        let known = measured.entry(key).or_insert(*row);
        if known.time() < row.time() {
            *known = *row;
        }
    }
    let told = desk
        .rows
        .objects
        .get("PersistentVolumeClaim")
        .map_or(&[][..], Vec::as_slice);
    let mut all = Vec::new();
    for object in told {
        let claim = object.text("object_name").unwrap_or_default();
        let key = (object.text("cluster"), object.text("namespace"), claim);
        let row = measured.remove(&key);
        all.push(judged(desk, claim, Some(*object), row));
    }
    for ((_, _, claim), row) in measured {
        // A claim that the API no longer has is gone; where nobody watches the API, it is what there is.
        if told.is_empty() {
            all.push(judged(desk, claim, None, Some(row)));
        }
    }
    all
}

fn judged(desk: &Desk<'_>, claim: &str, object: Option<Row<'_>>, row: Option<Row<'_>>) -> Judged {
    let uid = object.and_then(|object| object.text("object_uid"));
    let integer = |column: &str| row.and_then(|row| row.integer(column));
    let points = row.and_then(|row| {
        let key = (row.owned("pod_uid")?, row.owned("volume")?);
        desk.history.volumes.get(&key).cloned()
    });
    let facts = VolumeFacts {
        object_kind: Some("PersistentVolumeClaim".to_owned()),
        volume_claim: Some(claim.to_owned()),
        phase: object.and_then(|object| object.owned("phase")),
        created_time: object.and_then(|object| object.moment("created_time")),
        deleted_time: object.and_then(|object| object.moment("deleted_time")),
        storage_class: object.and_then(|object| object.owned("storage_class")),
        access_modes: object
            .map(|object| object.entries("access_modes"))
            .unwrap_or_default()
            .into_iter()
            .map(|(mode, _)| mode.to_owned())
            .collect(),
        shares_node_filesystem: None,
        time: row.map(|row| row.time()),
        volume_capacity_bytes: integer("volume_capacity_bytes"),
        volume_available_bytes: integer("volume_available_bytes"),
        volume_used_bytes: integer("volume_used_bytes"),
        volume_inodes: integer("volume_inodes"),
        volume_inodes_free: integer("volume_inodes_free"),
        used_points: points.unwrap_or_default(),
        events: uid.map(|uid| desk.events(uid)).unwrap_or_default(),
    };
    let mut judged = Judged::new(VerdictKind::Volume, claim, health::volume(&facts, desk.now));
    let owned = |name: &str| object.or(row).and_then(|row| row.owned(name));
    judged.cluster = owned("cluster");
    judged.namespace = owned("namespace");
    judged.node = row.and_then(|row| row.owned("node"));
    judged.uid = uid.map(str::to_owned);
    judged
}
