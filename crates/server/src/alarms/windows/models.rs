//! Models of what is normal, trained on what is stored and trained again as time goes on.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use alarm::definition::AnomalyDetector;
use anomaly::Model;
use parking_lot::Mutex;

const SECOND: i64 = 1_000_000;
/// How long a model is used before it learns anew: its trend is followed for a day.
const USED: i64 = 6 * 3600 * SECOND;
/// How long to wait before trying again what could not be trained.
const AGAIN: i64 = 600 * SECOND;
/// Seconds that are learned from: two weeks.
pub(super) const LEARNED_SECONDS: u32 = 14 * 86_400;
/// Models that are kept; the one that was trained first goes when there are more.
const MOST: usize = 10_000;

/// What a model is of: all that the alarm's source says, with what its detector excludes and whose hours it follows, so that
/// another definition is learned anew; and the expression.
pub(super) type ModelKey = (String, String);

/// All models.
#[derive(Debug, Default)]
pub(super) struct ModelShelf {
    models: Mutex<HashMap<ModelKey, Kept>>,
}

#[derive(Debug, Clone)]
struct Kept {
    at: i64,
    model: Option<Arc<Model>>,
}

impl ModelShelf {
    /// The model, unless it has to be trained now.
    pub(super) fn get(&self, key: &ModelKey, now: i64) -> Option<Option<Arc<Model>>> {
        let models = self.models.lock();
        let kept = models.get(key)?;
        let used = if kept.model.is_some() { USED } else { AGAIN };
        let age = now.saturating_sub(kept.at);
        (0..used).contains(&age).then(|| kept.model.clone())
    }

    /// Trains it on values of periods from `start` on, and keeps it. Without enough of them there is none yet.
    pub(super) fn train(
        &self,
        key: ModelKey,
        detector: &AnomalyDetector,
        (start, seconds): (i64, u32),
        values: &[Option<f64>],
        now: i64,
    ) -> Option<Arc<Model>> {
        let length = i64::from(seconds) * SECOND;
        let points: Vec<(i64, f64)> = (0_i64..)
            .zip(values)
            .filter_map(|(i, value)| Some((start + i * length, (*value)?)))
            .collect();
        let trained = detector.train(&points, seconds);
        if let Err(why) = &trained {
            tracing::debug!(of = key.1, %why, "there is no band yet");
        }
        let model = trained.ok().map(Arc::new);
        let mut models = self.models.lock();
        if models.len() >= MOST && !models.contains_key(&key) {
            let oldest = models.iter().min_by_key(|(_, kept)| kept.at);
            let oldest = oldest.map(|(key, _)| key.clone());
            oldest.and_then(|key| models.remove(&key));
        }
        let kept = Kept {
            at: now,
            model: model.clone(),
        };
        models.insert(key, kept);
        model
    }
}

/// Models by the expressions that they are of.
pub(super) type Found = BTreeMap<String, Arc<Model>>;

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60 * SECOND;

    fn key() -> ModelKey {
        ("[]".to_owned(), "m1".to_owned())
    }

    #[test]
    fn a_model_is_used_for_hours_and_one_that_could_not_be_trained_is_tried_again_soon() {
        let shelf = ModelShelf::default();
        assert_eq!(shelf.get(&key(), 0), None);
        let plain = AnomalyDetector::default();
        let little = [Some(1.0), None];
        assert!(shelf.train(key(), &plain, (0, 60), &little, 0).is_none());
        assert_eq!(shelf.get(&key(), AGAIN - 1), Some(None));
        assert_eq!(shelf.get(&key(), AGAIN), None, "it is tried again");
        let day: Vec<Option<f64>> = (0..1440)
            .map(|minute| Some(f64::from(minute % 7)))
            .collect();
        let now = 1440 * MINUTE;
        assert!(shelf.train(key(), &plain, (0, 60), &day, now).is_some());
        assert!(matches!(shelf.get(&key(), now + USED - 1), Some(Some(_))));
        assert_eq!(shelf.get(&key(), now + USED), None);
        assert_eq!(shelf.get(&key(), now - 1), None, "a clock that went back");
    }

    #[test]
    fn a_model_is_learned_as_its_detector_says() {
        let shelf = ModelShelf::default();
        let day = vec![Some(1.0); 1440];
        let detector = AnomalyDetector {
            excluded_time_ranges: vec![anomaly::Range {
                start_us: 0,
                end_us: 600 * MINUTE,
            }],
            metric_timezone: "Europe/Berlin".parse().unwrap(),
        };
        let model = shelf.train(key(), &detector, (0, 60), &day, 1440 * MINUTE);
        let model = model.unwrap();
        assert_eq!(model.points(), 840);
        assert_eq!(model.settings().time_zone, detector.metric_timezone);
    }
}
