//! What the API server tells of itself.

use super::row::{NEVER, ROW};
use crate::table::{Table, TableKind};

/// A label that the series does not have.
const LABEL: &str = "series without the label";
const SOURCE: &str = "GET /metrics";

columns! {
    CONTROL_PLANE_COLUMNS {
        key cluster "": "Name of the cluster, as configured."; "configuration"; "not configured";
        key series "": "The name of the series; 5xx of apiserver_request_total once more, as apiserver_request_total_5xx."; SOURCE; NEVER;
        key part "": "The labels below in one text: code=200,verb=GET."; SOURCE; "series without any of them";
        text endpoint "": "Label endpoint, or storage_cluster_id: the etcd."; SOURCE; LABEL;
        text resource "": "Label resource."; SOURCE; LABEL;
        text verb "": "Label verb."; SOURCE; LABEL;
        text code "": "Label code."; SOURCE; LABEL;
        text method "": "Label method."; SOURCE; LABEL;
        text operation "": "Label operation."; SOURCE; LABEL;
        text request_kind "": "Label request_kind."; SOURCE; LABEL;
        text webhook "": "Label name: the admission webhook."; SOURCE; LABEL;
        text api_group "": "Label group."; SOURCE; LABEL;
        text reason "": "Label reason."; SOURCE; LABEL;
        text priority_level "": "Label priority_level."; SOURCE; LABEL;
        gauge series_value "1": "The value, of a gauge: in the unit of the series."; SOURCE; "counters and histograms";
        delta increase "1": "What a counter has counted; of a histogram how many were observed."; SOURCE; "gauges";
        delta increase_usec "us": "The sum of a histogram's observations."; SOURCE; "gauges and counters";
    }
}

/// A row for each series that Container Insights has of the control plane, its other labels added up.
pub static CONTROL_PLANE: Table = Table {
    name: "control_plane",
    kind: TableKind::Measurement,
    help: "A series of the API server's own metrics in one interval; read only where it is asked for.",
    key: &["cluster", "series", "part"],
    sort: &["cluster", "series", "part", "time"],
    columns: join!(ROW, CONTROL_PLANE_COLUMNS),
};
