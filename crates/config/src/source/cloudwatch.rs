//! The CloudWatch agent's `cwagentconfig.json`, taken as it is.
//!
//! Its schema: `agent.*` and `logs.metrics_collected.kubernetes.*` of
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html>.

use serde_json::Value;

use super::{FileText, Given, Read};
use crate::fault::{Fault, Origin};
use crate::key::Key;
use crate::keys;
use crate::value::{FromText, HttpUrl};

const CLUSTER_NAME: &str = "logs.metrics_collected.kubernetes.cluster_name";
const REGION: &str = "agent.region";
const AGENT_INTERVAL: &str = "agent.metrics_collection_interval";
const KUBERNETES_INTERVAL: &str = "logs.metrics_collected.kubernetes.metrics_collection_interval";
const FLUSH_INTERVAL: &str = "logs.force_flush_interval";
const ENDPOINT: &str = "logs.endpoint_override";
const ENHANCED: &str = "logs.metrics_collected.kubernetes.enhanced_container_insights";

/// What the CloudWatch agent takes where nothing is said.
const DEFAULT_INTERVAL: u64 = 60;
const DEFAULT_FLUSH_INTERVAL: u64 = 5;

/// The values that are used; every other key of the file is named in a warning.
pub(crate) fn read(file: &FileText) -> Read {
    let mut reader = Reader {
        file,
        read: Read::default(),
        used: Vec::new(),
    };
    let document: Value = match serde_json::from_str(&file.text) {
        Ok(document @ Value::Object(_)) => document,
        Ok(_) => {
            reader.fault(None, None, "is not a JSON object".to_owned());
            return reader.read;
        }
        Err(error) => {
            reader.fault(None, None, format!("is not JSON: {error}"));
            return reader.read;
        }
    };
    reader.text(&document, CLUSTER_NAME, &keys::CLUSTER);
    reader.text(&document, REGION, &keys::AGENT_CLOUDWATCH_REGION);
    reader.interval(&document);
    reader.flush_interval(&document);
    reader.enhanced(&document);
    reader.endpoint(&document);
    let mut unused = Vec::new();
    leaves("", &document, &mut unused);
    unused.retain(|path| !reader.used.contains(&path.as_str()));
    if !unused.is_empty() {
        reader.read.warnings.push(format!(
            "{}: not used here: {}",
            file.path.display(),
            unused.join(", ")
        ));
    }
    reader.read
}

struct Reader<'a> {
    file: &'a FileText,
    read: Read,
    used: Vec<&'static str>,
}

impl Reader<'_> {
    fn text(&mut self, document: &Value, path: &'static str, key: &'static Key) {
        match at(document, path) {
            None => {}
            Some(Value::String(text)) => self.give(key, path, text.clone()),
            Some(other) => self.fault(
                Some(path),
                Some(other.to_string()),
                "must be a string".to_owned(),
            ),
        }
    }

    /// The collection interval in seconds: the one of `kubernetes`, else the agent's, else 60. It is 1 to 172800 there;
    /// what our ticks cannot do is brought to the next shorter one that they can.
    fn interval(&mut self, document: &Value) {
        let own = self.seconds(document, KUBERNETES_INTERVAL, 1);
        let agents = self.seconds(document, AGENT_INTERVAL, 1);
        let (path, asked) = match (own, agents) {
            (Some(seconds), _) => (KUBERNETES_INTERVAL, seconds),
            (None, Some(seconds)) => (AGENT_INTERVAL, seconds),
            (None, None) => (KUBERNETES_INTERVAL, DEFAULT_INTERVAL),
        };
        let longest = crate::resolve::INTERVAL_MAX_SECONDS;
        let taken = (1..=asked.min(longest))
            .rev()
            .find(|s| crate::resolve::is_interval(*s))
            .unwrap_or(1);
        if taken != asked {
            let file = self.file.path.display();
            self.read.warnings.push(format!(
                "{file}: {path} = {asked} is taken as {taken} seconds"
            ));
        }
        self.give(&keys::AGENT_INTERVAL, path, format!("{taken}s"));
    }

    fn flush_interval(&mut self, document: &Value) {
        let seconds = self
            .seconds(document, FLUSH_INTERVAL, 1)
            .unwrap_or(DEFAULT_FLUSH_INTERVAL);
        self.give(
            &keys::AGENT_FLUSH_INTERVAL,
            FLUSH_INTERVAL,
            format!("{}s", seconds.min(300)),
        );
    }

    fn enhanced(&mut self, document: &Value) {
        match at(document, ENHANCED) {
            None => {}
            Some(Value::Bool(flag)) => {
                self.give(&keys::AGENT_CLOUDWATCH_ENHANCED, ENHANCED, flag.to_string())
            }
            Some(other) => self.fault(
                Some(ENHANCED),
                Some(other.to_string()),
                "must be true or false".to_owned(),
            ),
        }
    }

    /// Where logs go instead of AWS, which is where a server of one's own is named. A name without a scheme and an
    /// endpoint of AWS are none: that key is then among those that are not used.
    fn endpoint(&mut self, document: &Value) {
        let Some(url) = at(document, ENDPOINT).and_then(Value::as_str) else {
            return;
        };
        let Ok(server) = HttpUrl::from_text(url) else {
            return;
        };
        let host = server.host().to_ascii_lowercase();
        let of_aws = [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"]
            .iter()
            .any(|suffix| host.ends_with(suffix));
        if !of_aws {
            self.give(&keys::AGENT_SERVER, ENDPOINT, url.to_owned());
        }
    }

    fn seconds(&mut self, document: &Value, path: &'static str, min: u64) -> Option<u64> {
        let value = at(document, path)?;
        self.used.push(path);
        match value.as_u64() {
            Some(seconds) if seconds >= min => Some(seconds),
            _ => {
                self.fault(
                    Some(path),
                    Some(value.to_string()),
                    format!("must be a whole number of seconds from {min} on"),
                );
                None
            }
        }
    }

    fn give(&mut self, key: &'static Key, path: &'static str, text: String) {
        self.used.push(path);
        let origin = Origin::CloudWatch {
            path: self.file.path.clone(),
            key: path.to_owned(),
        };
        self.read.given.push(Given { key, text, origin });
    }

    fn fault(&mut self, path: Option<&'static str>, value: Option<String>, message: String) {
        self.used.extend(path);
        let origin = Origin::CloudWatch {
            path: self.file.path.clone(),
            key: path.unwrap_or("the file").to_owned(),
        };
        self.read.faults.push(Fault {
            origin: Some(origin),
            key: None,
            value: None,
            message: match value {
                Some(value) => format!("is {value}, and {message}"),
                None => message,
            },
        });
    }
}

/// The value at a path of object keys.
fn at<'v>(document: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.')
        .try_fold(document, |value, name| value.get(name))
}

/// The paths of everything that is not an object; an empty object counts too, since its being there says something.
fn leaves(prefix: &str, value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                let path = if prefix.is_empty() {
                    name.clone()
                } else {
                    format!("{prefix}.{name}")
                };
                leaves(&path, value, out);
            }
        }
        // The object that turns Container Insights on is understood by being there.
        Value::Object(_) if prefix == "logs.metrics_collected.kubernetes" => {}
        _ => out.push(prefix.to_owned()),
    }
}
