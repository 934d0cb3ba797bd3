//! Persistent volumes and the claims on them.

use cluster::{Kind, ToldError};
use serde_json::json;

use crate::state::Simulation;
use crate::time::rfc3339;

/// Tells of all claims and volumes.
pub(super) fn tell(sim: &mut Simulation) -> Result<(), ToldError> {
    for workload in &sim.workloads {
        let plan = &workload.plan;
        let Some(claim) = plan.claim else { continue };
        for ordinal in 0..plan.replicas {
            let (uid, volume_uid) = (sim.random.uuid(), sim.random.uuid());
            let name = format!("{}-{}-{ordinal}", claim.volume, plan.name);
            let volume = format!("pvc-{uid}");
            let size = format!("{}Gi", claim.size);
            let created = rfc3339(workload.created);
            sim.told.apply(
                Kind::PersistentVolumeClaim,
                json!({
                    "apiVersion": "v1",
                    "kind": "PersistentVolumeClaim",
                    "metadata": {
                        "name": name,
                        "namespace": &*plan.namespace,
                        "uid": uid,
                        "creationTimestamp": created,
                        "labels": {"app.kubernetes.io/name": &*plan.name},
                    },
                    "spec": {
                        "accessModes": ["ReadWriteOnce"],
                        "storageClassName": "standard",
                        "volumeName": volume,
                        "resources": {"requests": {"storage": size}},
                    },
                    "status": {"phase": "Bound", "accessModes": ["ReadWriteOnce"], "capacity": {"storage": size}},
                }),
            )?;
            sim.told.apply(
                Kind::PersistentVolume,
                json!({
                    "apiVersion": "v1",
                    "kind": "PersistentVolume",
                    "metadata": {"name": volume, "uid": volume_uid, "creationTimestamp": created},
                    "spec": {
                        "accessModes": ["ReadWriteOnce"],
                        "storageClassName": "standard",
                        "capacity": {"storage": size},
                        "persistentVolumeReclaimPolicy": "Delete",
                        "claimRef": {
                            "kind": "PersistentVolumeClaim",
                            "namespace": &*plan.namespace,
                            "name": name,
                            "uid": uid,
                        },
                    },
                    "status": {"phase": "Bound"},
                }),
            )?;
        }
    }
    Ok(())
}
