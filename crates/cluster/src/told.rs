//! A cluster without an API server: objects are handed in, rows come out, by the same way as those of a watched one.

use std::collections::HashMap;

use catalogue::tables::{EVENT, IDENTITY, OBJECT};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::kind::Kind;
use crate::rows::{RowError, Rows, TableBatch};
use crate::world::{Change, Object, World};

/// An object that cannot be read as one of its kind.
#[derive(Debug, thiserror::Error)]
#[error("no object of kind {}: {source}", kind.name())]
pub struct ToldError {
    /// The kind.
    pub kind: Kind,
    /// What is wrong with the JSON.
    pub source: serde_json::Error,
}

/// A cluster that is told of by hand. It reads no clock: times are arguments, in microseconds since 1970.
#[derive(Debug)]
pub struct Told {
    world: World,
    identities: Rows,
    events: Rows,
    objects: Rows,
}

impl Told {
    /// An empty cluster of that name. Identities keep the annotations that are named.
    pub fn new(cluster: &str, annotations: Vec<String>) -> Told {
        let mut world = World::new(cluster, annotations, Vec::new(), HashMap::new());
        // Everything counts as listed: what is not told of is not there.
        for kind in Kind::ALL {
            world.take(Change::Replace(kind, Vec::new()));
        }
        Told {
            world,
            identities: Rows::of(&IDENTITY),
            events: Rows::of(&EVENT),
            objects: Rows::of(&OBJECT),
        }
    }

    /// Takes in an object that is new or has changed, in the JSON of the Kubernetes API.
    ///
    /// # Errors
    /// The JSON is not an object of that kind.
    pub fn apply(&mut self, kind: Kind, json: Value) -> Result<(), ToldError> {
        fn read<T: DeserializeOwned>(kind: Kind, json: Value) -> Result<Box<T>, ToldError> {
            serde_json::from_value(json)
                .map(Box::new)
                .map_err(|source| ToldError { kind, source })
        }
        let object = match kind {
            Kind::Pod => Object::Pod(read(kind, json)?),
            Kind::EndpointSlice => Object::Slice(read(kind, json)?),
            Kind::Event => Object::Event(read(kind, json)?),
            _ => Object::Thing(read(kind, json)?),
        };
        self.world.take(Change::Apply(kind, object));
        Ok(())
    }

    /// The object of that uid is gone.
    pub fn delete(&mut self, kind: Kind, uid: &str) {
        self.world.take(Change::Delete(kind, uid.to_owned()));
    }

    /// Writes what has changed since the last call: rows of `identity` and `event`.
    pub fn write_changes(&mut self, now: i64) {
        self.world.write_identities(&mut self.identities, now);
        self.world.write_events(&mut self.events, now);
    }

    /// Writes the state of every object at a tick: rows of `object`.
    pub fn write_objects(&mut self, tick: i64) {
        self.world.restate(tick);
        self.world.write_objects(&mut self.objects, tick, 0, tick);
    }

    /// The rows that were written since the last call, a batch for each table that has some; identities come first.
    ///
    /// # Errors
    /// The catalogue does not have what this crate fills.
    pub fn take(&mut self) -> Result<Vec<TableBatch>, RowError> {
        let tables = [&mut self.identities, &mut self.objects, &mut self.events];
        let batches = tables.map(Rows::take);
        batches.into_iter().filter_map(Result::transpose).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::rows;
    use serde_json::json;

    #[test]
    fn what_is_told_becomes_rows_once_and_objects_at_each_tick() {
        let mut told = Told::new("demo", Vec::new());
        let pod = json!({
            "metadata": {"name": "web-1", "namespace": "shop", "uid": "u"},
            "spec": {"containers": [{"name": "web", "image": "web:1"}]},
            "status": {"phase": "Running", "containerStatuses": [{"name": "web", "restartCount": 2}]},
        });
        told.apply(Kind::Pod, pod.clone()).unwrap();
        told.write_changes(10);
        for tick in [20, 30] {
            told.write_objects(tick);
        }
        let batches = told.take().unwrap();
        let names: Vec<_> = batches
            .iter()
            .map(|b| (b.table.name, b.batch.num_rows()))
            .collect();
        assert_eq!(names, [("identity", 2), ("object", 4)]);
        assert_eq!(batches[1].batch.schema(), OBJECT.schema());
        let objects = rows(&batches[1].batch);
        assert_eq!(objects[3]["restarts_increase"], "0");
        assert_eq!(objects[3]["interval_usec"], "10");

        // Said again without a change, nothing is written; a deletion is.
        told.apply(Kind::Pod, pod).unwrap();
        told.write_changes(40);
        assert!(told.take().unwrap().is_empty());
        told.delete(Kind::Pod, "u");
        told.write_changes(50);
        let batches = told.take().unwrap();
        assert_eq!(rows(&batches[0].batch)[0]["deleted"], "true");
    }

    #[test]
    fn what_is_no_object_says_of_which_kind() {
        let error = Told::new("demo", Vec::new())
            .apply(Kind::Deployment, json!({"metadata": 7}))
            .unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("no object of kind Deployment"),
            "{error}"
        );
    }
}
