//! Alarms of a server that are evaluated by nobody: what is put, set and kept is what there is.

use std::path::Path;
use std::sync::Arc;

use query::Query;
use serde_json::{Value, json};
use server::{AlarmSettings, Alarms};
use store::Store;

use super::{Answer, Server, ask};

/// Alarms that are kept in a folder.
pub fn in_folder(folder: &Path, store: &Arc<Store>, query: &Arc<Query>) -> Arc<Alarms> {
    let settings = AlarmSettings {
        folder: folder.join("alarms"),
        ..AlarmSettings::default()
    };
    Arc::new(Alarms::open(settings, Arc::clone(store), Arc::clone(query)).unwrap())
}

/// An alarm over one series.
pub fn over_one() -> Value {
    json!({
        "Namespace": "ContainerInsights", "MetricName": "pod_memory_utilization",
        "Dimensions": [{"Name": "ClusterName", "Value": "production"}], "Statistic": "Maximum", "Period": 60,
        "EvaluationPeriods": 3, "ComparisonOperator": "GreaterThanThreshold", "Threshold": 80,
    })
}

impl Server {
    pub async fn put_alarm(&self, name: &str, definition: &Value) -> Answer {
        let json = [("content-type", "application/json")];
        let path = format!("/api/alarms/{name}");
        ask(&self.router, "PUT", &path, &json, definition.to_string()).await
    }

    /// The alarms that the examples of the API's description are about.
    pub async fn alarms_of_examples(&self) {
        let mut definition = over_one();
        definition["Tags"] = json!([{"Key": "severity", "Value": "warning"}]);
        for name in ["web-memory", "old-web-memory"] {
            let answer = self.put_alarm(name, &definition).await;
            assert_eq!(answer.status, 201, "{}", answer.json());
        }
    }
}
