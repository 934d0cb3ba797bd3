//! The names of the control plane: series of the API server's own metrics.

use super::dimensions as d;
use super::{Published, event};
use crate::formula::{Formula, column};
use crate::metric::{DimensionSet, Metric, Rows};
use crate::names::list::Group;

const UNREAD: &str = "server.kubernetes.control_plane is off; an API server without the series";
const UNUSED: &str = "none within the interval; as above";

fn series(name: &'static str) -> Group {
    event("ControlPlane", "control_plane", Rows::Equal("series", name))
}

/// The mean of what a histogram observed.
fn mean_seconds() -> Formula {
    column("increase_usec") / column("increase") / 1e6
}

const fn enhanced(sets: &'static [DimensionSet]) -> Published {
    (d::NONE, sets)
}

pub(super) fn metrics(list: &mut Vec<Metric>) {
    macro_rules! gauges {
        ($($name:literal $unit:literal $help:literal, $sets:expr;)*) => {
            $(list! { list, series($name); $name, $unit, column("series_value"), $help, published enhanced($sets), absent UNREAD; })*
        };
    }
    macro_rules! counters {
        ($($name:literal $help:literal, $sets:expr;)*) => {
            $(list! { list, series($name); $name, "Count", column("increase"), $help, published enhanced($sets), absent UNREAD; })*
        };
    }
    macro_rules! histograms {
        ($($name:literal $help:literal, $sets:expr;)*) => {
            $(list! { list, series($name); $name, "Seconds", mean_seconds(), $help, published enhanced($sets), absent UNUSED; })*
        };
    }
    gauges! {
        "apiserver_storage_size_bytes" "Bytes" "Size of the etcd's database.", d::BY_ENDPOINT;
        "apiserver_storage_db_total_size_in_bytes" "Bytes" "The same, by its name in Kubernetes 1.26 and 1.27.", d::BY_ENDPOINT;
        "etcd_db_total_size_in_bytes" "Bytes" "The same, by its name before 1.26.", d::BY_ENDPOINT;
        "apiserver_longrunning_requests" "Count" "Requests without an end, such as watches.", d::BY_RESOURCE;
        "apiserver_storage_objects" "Count" "Objects stored.", d::BY_RESOURCE;
        "apiserver_current_inflight_requests" "Count" "The most requests under way within the last second.", d::BY_REQUEST_KIND;
        "apiserver_current_inqueue_requests" "Count" "The most requests in queues within the last second.", d::BY_REQUEST_KIND;
        "apiserver_requested_deprecated_apis" "Count" "Resources of deprecated versions that were asked for.", d::BY_GROUP;
        "apiserver_flowcontrol_request_concurrency_limit" "Count" "Requests of a priority level that may be under way.", d::BY_PRIORITY_LEVEL;
    }
    counters! {
        "apiserver_request_total" "Requests.", d::BY_CODE_VERB;
        "apiserver_request_total_5xx" "Requests that the server could not answer.", d::BY_CODE_VERB;
        "rest_client_requests_total" "Requests that the server made itself.", d::BY_CODE_METHOD;
        "apiserver_flowcontrol_rejected_requests_total" "Requests that flow control refused.", d::BY_REASON;
    }
    histograms! {
        "apiserver_request_duration_seconds" "Mean time of a request.", d::BY_VERB;
        "rest_client_request_duration_seconds" "Mean time of a request that the server made itself.", d::BY_VERB;
        "apiserver_storage_list_duration_seconds" "Mean time of a list from etcd.", d::BY_RESOURCE;
        "apiserver_admission_controller_admission_duration_seconds" "Mean time in an admission controller.", d::BY_OPERATION;
        "apiserver_admission_step_admission_duration_seconds" "Mean time in an admission step.", d::BY_OPERATION;
        "etcd_request_duration_seconds" "Mean time of a request to etcd.", d::BY_OPERATION;
        "apiserver_admission_webhook_admission_duration_seconds" "Mean time in an admission webhook.", d::BY_NAME;
    }
}
