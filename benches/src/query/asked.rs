//! Asking, and what it costs.

use query::Query;

use super::questions::{Ask, Question};
use crate::bench::Failure;
use crate::cost::{Cost, Meter, median};
use crate::stores::TimedStore;

/// Times that each question is asked; twice before, to warm up.
pub(super) const RUNS: usize = 15;

/// A question's answer and what it cost.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) name: &'static str,
    pub(super) cost: Cost,
    pub(super) tier: String,
    /// Series or rows in the answer.
    pub(super) size: usize,
    /// The mean of all values of a metric question.
    pub(super) mean: Option<f64>,
}

/// Asks every question.
pub(super) async fn all(store: &TimedStore, questions: &[Question]) -> Result<Vec<Asked>, Failure> {
    let query = store.query()?;
    let mut all = Vec::new();
    for question in questions {
        let mut costs = Vec::new();
        let mut last = None;
        for run in 0..RUNS + 2 {
            let meter = Meter::start();
            let (mut asked, body) = once(&query, question, store.now()).await?;
            let cost = meter.stop();
            if run >= 2 {
                costs.push(cost);
            }
            if let Some(body) = body {
                let answer: serde_json::Value = serde_json::from_slice(&body)?;
                asked.size = answer["rows"].as_array().map_or(0, Vec::len);
            }
            last = Some(asked);
        }
        let Some(mut asked) = last else { continue };
        if asked.size == 0 {
            return Err(format!("'{}' found nothing", question.name).into());
        }
        asked.cost = median(&costs);
        all.push(asked);
    }
    Ok(all)
}

/// Asks once, up to the bytes that a server would send; of a statement, these bytes.
async fn once(
    query: &Query,
    question: &Question,
    now: i64,
) -> Result<(Asked, Option<Vec<u8>>), Failure> {
    let mut body = None;
    let mut asked = Asked {
        name: question.name,
        cost: Cost::default(),
        tier: "–".to_owned(),
        size: 0,
        mean: None,
    };
    match &question.ask {
        Ask::Metrics(request) => {
            let answer = query.metrics((**request).clone(), now).await?;
            std::hint::black_box(serde_json::to_vec(&answer)?);
            let values: Vec<f64> = answer
                .series
                .iter()
                .flat_map(|s| s.values.iter().flatten())
                .copied()
                .collect();
            asked.size = answer.series.len();
            asked.mean = Some(values.iter().sum::<f64>() / values.len().max(1) as f64);
            asked.tier = answer.stats.tier;
        }
        Ask::Sql(request) => {
            body = Some(query.sql(request.clone()).await?.collect().await?);
            asked.tier = "raw".to_owned();
        }
        Ask::Entities(entity, request) => {
            let answer = query.entities(entity, request, now)?;
            std::hint::black_box(serde_json::to_vec(&answer)?);
            asked.size = answer.entities.len();
        }
    }
    Ok((asked, body))
}
