//! Lists and watches of one kind, for ever.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hasher};
use std::pin::pin;
use std::time::Duration;

use futures::StreamExt;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::{Api, ApiResource};
use kube::core::DynamicResourceScope;
use kube::runtime::watcher;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use tokio::sync::mpsc::Sender;

use crate::api::{Event, Meta, Pod, Slice, Thing};
use crate::kind::Kind;
use crate::status::{SharedStatus, WatchState};
use crate::world::{Change, Object};

/// Objects in one answer to a list.
const PAGE: u32 = 500;

/// How long is waited after faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// After the first; it doubles with each further one.
    pub first: Duration,
    /// The longest.
    pub most: Duration,
    /// Until a resource is tried again that may not be read, or is not served.
    pub dark: Duration,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            first: Duration::from_millis(500),
            most: Duration::from_secs(30),
            dark: Duration::from_secs(60),
        }
    }
}

/// An object with the little that the watcher asks of it.
#[derive(Debug, Clone)]
struct Watched<T> {
    meta: ObjectMeta,
    object: T,
}

/// What has `metadata`.
trait HasMeta {
    fn meta(&self) -> &Meta;
}

impl HasMeta for Pod {
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}

impl HasMeta for Slice {
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}

impl HasMeta for Event {
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}

impl HasMeta for Thing {
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}

impl<'de, T: Deserialize<'de> + HasMeta> Deserialize<'de> for Watched<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let object = T::deserialize(from)?;
        let told = object.meta();
        let meta = ObjectMeta {
            name: Some(told.name.clone()),
            namespace: told.namespace.clone(),
            uid: Some(told.uid.clone()),
            resource_version: told.resource_version.clone(),
            ..ObjectMeta::default()
        };
        Ok(Watched { meta, object })
    }
}

impl<T> kube::Resource for Watched<T> {
    type DynamicType = ApiResource;
    type Scope = DynamicResourceScope;

    fn kind(of: &ApiResource) -> Cow<'_, str> {
        of.kind.as_str().into()
    }
    fn group(of: &ApiResource) -> Cow<'_, str> {
        of.group.as_str().into()
    }
    fn version(of: &ApiResource) -> Cow<'_, str> {
        of.version.as_str().into()
    }
    fn plural(of: &ApiResource) -> Cow<'_, str> {
        of.plural.as_str().into()
    }
    fn meta(&self) -> &ObjectMeta {
        &self.meta
    }
    fn meta_mut(&mut self) -> &mut ObjectMeta {
        &mut self.meta
    }
}

/// Watches a kind until nobody takes its changes any more.
pub(crate) async fn watch(
    client: kube::Client,
    kind: Kind,
    changes: Sender<Change>,
    status: SharedStatus,
    pace: Pace,
) {
    match kind {
        Kind::Pod => {
            let wrap = |pod| Object::Pod(Box::new(pod));
            Watcher::new(client, kind, changes, status, pace)
                .run(wrap)
                .await;
        }
        Kind::EndpointSlice => {
            let wrap = |slice| Object::Slice(Box::new(slice));
            Watcher::new(client, kind, changes, status, pace)
                .run(wrap)
                .await;
        }
        Kind::Event => {
            let wrap = |event| Object::Event(Box::new(event));
            Watcher::new(client, kind, changes, status, pace)
                .run(wrap)
                .await;
        }
        _ => {
            let wrap = |thing| Object::Thing(Box::new(thing));
            Watcher::new(client, kind, changes, status, pace)
                .run(wrap)
                .await;
        }
    }
}

struct Watcher {
    client: kube::Client,
    kind: Kind,
    changes: Sender<Change>,
    status: SharedStatus,
    pace: Pace,
    faults_in_a_row: u32,
}

/// The receiver of changes is gone.
struct Stopped;

impl Watcher {
    fn new(
        client: kube::Client,
        kind: Kind,
        changes: Sender<Change>,
        status: SharedStatus,
        pace: Pace,
    ) -> Watcher {
        Watcher {
            client,
            kind,
            changes,
            status,
            pace,
            faults_in_a_row: 0,
        }
    }

    async fn run<T>(mut self, wrap: impl Fn(T) -> Object)
    where
        T: HasMeta + DeserializeOwned + Clone + std::fmt::Debug + Send + 'static,
    {
        self.status.watch(self.kind, |_| {});
        loop {
            let outcome = match self.served().await {
                Ok(Some(version)) => self.follow(version, &wrap).await,
                Ok(None) => self.dark(WatchState::NotServed).await,
                Err(error) => self.fault(&error).await.map(|_| ()),
            };
            if let Err(Stopped) = outcome {
                return;
            }
        }
    }

    /// The best version that this API server has; `None` when it has none.
    async fn served(&self) -> Result<Option<&'static str>, kube::Error> {
        let versions = self.kind.versions();
        if let [only] = versions {
            return Ok(Some(only));
        }
        for version in versions {
            let address = format!("{}/{version}", self.kind.group());
            match self.client.list_api_group_resources(&address).await {
                Ok(list) if list.resources.iter().any(|r| r.name == self.kind.plural()) => {
                    return Ok(Some(version));
                }
                Ok(_) => {}
                Err(kube::Error::Api(answer)) if answer.code == 404 => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Lists and watches until the version is not served any more.
    async fn follow<T>(&mut self, version: &str, wrap: &impl Fn(T) -> Object) -> Result<(), Stopped>
    where
        T: HasMeta + DeserializeOwned + Clone + std::fmt::Debug + Send + 'static,
    {
        let group = self.kind.group();
        let resource = ApiResource {
            group: group.to_owned(),
            version: version.to_owned(),
            api_version: match group {
                "" => version.to_owned(),
                group => format!("{group}/{version}"),
            },
            kind: self.kind.name().to_owned(),
            plural: self.kind.plural().to_owned(),
        };
        let api: Api<Watched<T>> = Api::all_with(self.client.clone(), &resource);
        let mut events = pin!(watcher::watcher(
            api,
            watcher::Config::default().page_size(PAGE)
        ));
        let mut listed = Vec::new();
        while let Some(event) = events.next().await {
            match event {
                Ok(watcher::Event::Init) => listed = Vec::new(),
                Ok(watcher::Event::InitApply(seen)) => listed.push(wrap(seen.object)),
                Ok(watcher::Event::InitDone) => {
                    // Only a list that came to its end says what is gone.
                    let all = std::mem::take(&mut listed);
                    self.well(true, all.len() as u64);
                    self.send(Change::Replace(self.kind, all)).await?;
                }
                Ok(watcher::Event::Apply(seen)) => {
                    self.well(false, 1);
                    self.send(Change::Apply(self.kind, wrap(seen.object)))
                        .await?;
                }
                Ok(watcher::Event::Delete(seen)) => {
                    self.well(false, 1);
                    let uid = seen.object.meta().uid.clone();
                    self.send(Change::Delete(self.kind, uid)).await?;
                }
                Err(error) => {
                    let answer = match &error {
                        watcher::Error::InitialListFailed(e)
                        | watcher::Error::WatchStartFailed(e)
                        | watcher::Error::WatchFailed(e) => self.fault(e).await?,
                        watcher::Error::WatchError(answer) => {
                            self.fault(&kube::Error::Api(answer.clone())).await?
                        }
                        watcher::Error::NoResourceVersion => {
                            self.failing("the answer has no resource version".to_owned())
                                .await?;
                            Answer::Again
                        }
                    };
                    if answer == Answer::Elsewhere {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    async fn send(&self, change: Change) -> Result<(), Stopped> {
        self.changes.send(change).await.map_err(|_| Stopped)
    }

    fn well(&mut self, listed: bool, objects: u64) {
        self.faults_in_a_row = 0;
        self.status.watch(self.kind, |watch| {
            watch.lists += u64::from(listed);
            watch.note_told(objects);
            if watch.state != WatchState::Watching {
                tracing::info!(resource = self.kind.plural(), "watching");
                watch.state = WatchState::Watching;
            }
        });
    }

    /// Notes a fault, and waits.
    async fn fault(&mut self, error: &kube::Error) -> Result<Answer, Stopped> {
        match error {
            kube::Error::Api(answer) if answer.code == 401 || answer.code == 403 => {
                let group = match self.kind.group() {
                    "" => String::new(),
                    group => format!(" in API group {group}"),
                };
                let right = match answer.code {
                    401 => "the API server does not accept the account's token".to_owned(),
                    _ => format!(
                        "the account needs the verbs list and watch on {}{group}",
                        self.kind.plural()
                    ),
                };
                self.dark(WatchState::Forbidden(right)).await?;
                Ok(Answer::Again)
            }
            kube::Error::Api(answer) if answer.code == 404 => {
                self.dark(WatchState::NotServed).await?;
                Ok(Answer::Elsewhere)
            }
            // The history that was watched is gone: the list comes anew at once, and nothing is wrong.
            kube::Error::Api(answer) if answer.code == 410 && self.faults_in_a_row == 0 => {
                self.faults_in_a_row = 1;
                Ok(Answer::Again)
            }
            error => {
                self.failing(in_words(error)).await?;
                Ok(Answer::Again)
            }
        }
    }

    async fn failing(&mut self, why: String) -> Result<(), Stopped> {
        let wait = backoff(self.pace, self.faults_in_a_row);
        self.faults_in_a_row = self.faults_in_a_row.saturating_add(1);
        self.status.watch(self.kind, |watch| {
            if watch.state.word() != "failing" {
                tracing::warn!(resource = self.kind.plural(), %why, "the watch broke off and is tried again");
            }
            watch.note_fault(WatchState::Failing(why));
        });
        self.wait(wait).await
    }

    async fn dark(&mut self, state: WatchState) -> Result<(), Stopped> {
        self.status.watch(self.kind, |watch| {
            if watch.state != state {
                tracing::warn!(
                    resource = self.kind.plural(),
                    why = state.detail().unwrap_or_else(|| state.word()),
                    "left out; the rest goes on"
                );
                watch.note_fault(state);
            }
        });
        self.send(Change::Dark(self.kind)).await?;
        self.wait(jitter(self.pace.dark)).await
    }

    async fn wait(&self, time: Duration) -> Result<(), Stopped> {
        tokio::select! {
            () = tokio::time::sleep(time) => Ok(()),
            () = self.changes.closed() => Err(Stopped),
        }
    }
}

/// What to do after a fault.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    /// Go on with the same version.
    Again,
    /// Look for a version that is served.
    Elsewhere,
}

/// The error and what lies behind it.
pub(crate) fn in_words(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(cause) = below {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        below = cause.source();
    }
    text.truncate(text.floor_char_boundary(400));
    text
}

/// The wait after so many faults in a row.
fn backoff(pace: Pace, faults: u32) -> Duration {
    let doubled = 2_u32.saturating_pow(faults.min(16));
    jitter(pace.first.saturating_mul(doubled).min(pace.most))
}

/// Between half of a time and all of it, so that many who were cut off together do not come back together.
fn jitter(time: Duration) -> Duration {
    let random = std::hash::RandomState::new().build_hasher().finish();
    let share = 0.5 + (random % 1000) as f64 / 2000.0;
    time.mul_f64(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_bound_and_differ() {
        let pace = Pace {
            first: Duration::from_secs(1),
            most: Duration::from_secs(30),
            dark: Duration::from_secs(60),
        };
        for _ in 0..100 {
            let first = backoff(pace, 0);
            assert!(first >= Duration::from_millis(500) && first <= Duration::from_secs(1));
            let third = backoff(pace, 2);
            assert!(third >= Duration::from_secs(2) && third <= Duration::from_secs(4));
            assert!(backoff(pace, 1000) <= Duration::from_secs(30));
        }
        let waits: std::collections::HashSet<_> = (0..50).map(|_| backoff(pace, 5)).collect();
        assert!(waits.len() > 5);
    }
}
