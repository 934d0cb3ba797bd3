//! Metric math: the metrics of an alarm, computed into the one series that it looks at.

use std::collections::BTreeMap;

use alarm::definition::MetricDataQuery;
use alarm::{Band, Period};
use anomaly::{Model, Width};
use metric_math::{
    Bounds, Expression, Grid, SearchCall, Series, Set, Source, SourceError, Value, evaluate,
};
use query::WindowSource;

use super::source::metric_stat;

/// What is computed, and of what.
#[derive(Debug)]
pub(super) struct Math {
    set: Set,
    /// The id that is looked at.
    result: String,
    /// The id of the band that it is compared with.
    band: Option<String>,
    /// The metrics that are read, by id.
    pub(super) metrics: Vec<(String, WindowSource)>,
}

/// Models by what they are of, in writing; those that are not trained are not there.
pub(super) type Models<'a> = BTreeMap<&'a str, &'a Model>;

impl Math {
    /// # Errors
    /// The expressions make no alarm, in words for people.
    pub(super) fn new(queries: &[MetricDataQuery], band: Option<&str>) -> Result<Math, String> {
        let mut metrics = Vec::new();
        let mut expressions = Vec::new();
        let mut returned = Vec::new();
        for query in queries {
            if query.return_data.unwrap_or(true) && Some(query.id.as_str()) != band {
                returned.push(query.id.clone());
            }
            match (&query.expression, &query.metric_stat) {
                (Some(text), _) => {
                    let expression = Expression::parse(text)
                        .map_err(|fault| format!("expression '{}': {fault}", query.id))?;
                    expressions.push((query.id.clone(), expression));
                }
                (None, Some(stat)) => metrics.push((query.id.clone(), metric_stat(stat)?)),
                (None, None) => {}
            }
        }
        let [result] = returned.as_slice() else {
            return Err("exactly one of Metrics is looked at".to_owned());
        };
        let ids: Vec<String> = metrics.iter().map(|(id, _)| id.clone()).collect();
        let set = Set::new(ids, expressions).map_err(|fault| fault.to_string())?;
        if let Some(fault) = metric_math::alarm_rules::check(&set, result, band).first() {
            return Err(fault.to_string());
        }
        Ok(Math {
            result: result.clone(),
            band: band.map(str::to_owned),
            metrics,
            set,
        })
    }

    /// What models are needed of, in writing.
    pub(super) fn models(&self) -> Vec<String> {
        let of_band = self.band.as_deref().map(|band| self.set.needs(band));
        let needs = of_band.into_iter().chain([self.set.needs(&self.result)]);
        let mut models: Vec<String> = needs
            .flatten()
            .flat_map(|needs| needs.bands)
            .map(|call| call.of)
            .collect();
        models.sort();
        models.dedup();
        models
    }

    /// The values of what a model is to learn, from those of the metrics.
    ///
    /// # Errors
    /// It cannot be computed, in words for people.
    pub(super) fn learned(
        &self,
        of: &str,
        metrics: &BTreeMap<String, Series>,
        grid: &Grid,
    ) -> Result<Vec<Option<f64>>, String> {
        const ID: &str = "learned";
        if let Some(series) = metrics.get(of) {
            return Ok(series.values.clone());
        }
        let expression = Expression::parse(of).map_err(|fault| fault.to_string())?;
        let others = self.set.expressions().iter().filter_map(|id| {
            let expression = self.set.expression(id)?;
            Some((id.clone(), expression.clone()))
        });
        let all = others.chain([(ID.to_owned(), expression)]);
        let set = Set::new(self.set.metrics().to_vec(), all).map_err(|fault| fault.to_string())?;
        let value = evaluate(&set, ID, metrics, &metric_math::NoSource, grid);
        let value = value.map_err(|fault| fault.to_string())?;
        let first = value.into_series().into_iter().next();
        Ok(first.map(|series| series.values).unwrap_or_default())
    }

    /// The periods of the series that is looked at.
    ///
    /// # Errors
    /// It cannot be computed, in words for people.
    pub(super) fn periods(
        &self,
        metrics: &BTreeMap<String, Series>,
        models: &Models<'_>,
        grid: &Grid,
    ) -> Result<Vec<Period>, String> {
        let known = Known(models);
        let compute = |id: &str| {
            evaluate(&self.set, id, metrics, &known, grid).map_err(|fault| fault.to_string())
        };
        let values = match compute(&self.result)? {
            Value::Series(series) => series.values,
            Value::Array(several) => match several.into_iter().next() {
                Some(series) => series.values,
                None => vec![None; grid.count],
            },
        };
        let bands = match &self.band {
            None => vec![None; grid.count],
            Some(band) => bands(compute(band)?, grid.count),
        };
        let periods = grid.starts_us().zip(values).zip(bands);
        Ok(periods
            .map(|((start, value), band)| Period {
                start,
                value,
                band,
                samples: None,
            })
            .collect())
    }
}

/// A band is an array of its upper and its lower bounds.
fn bands(value: Value, count: usize) -> Vec<Option<Band>> {
    let mut several = value.into_series().into_iter();
    let (Some(upper), Some(lower)) = (several.next(), several.next()) else {
        return vec![None; count];
    };
    let both = upper.values.into_iter().zip(lower.values);
    both.map(|bounds| match bounds {
        (Some(upper), Some(lower)) => Some(Band { lower, upper }),
        _ => None,
    })
    .collect()
}

/// Answers bands from models. Nothing is expected where there is no model yet.
struct Known<'a>(&'a Models<'a>);

impl Source for Known<'_> {
    fn search(&self, _: &SearchCall, _: &Grid) -> Result<Vec<Series>, SourceError> {
        Err(SourceError("SEARCH cannot be used in an alarm".to_owned()))
    }

    fn band(&self, of: &str, width: f64, grid: &Grid) -> Result<Bounds, SourceError> {
        let width = Width::new(width).map_err(|fault| SourceError(fault.to_string()))?;
        let Some(model) = self.0.get(of) else {
            return Ok(Bounds {
                upper: vec![None; grid.count],
                lower: vec![None; grid.count],
            });
        };
        let bands: Vec<anomaly::Band> = grid
            .starts_us()
            .map(|start| model.band(start, width))
            .collect();
        Ok(Bounds {
            upper: bands.iter().map(|band| Some(band.upper)).collect(),
            lower: bands.iter().map(|band| Some(band.lower)).collect(),
        })
    }
}

/// Values as a series of metric math.
pub(super) fn series(id: &str, values: Vec<Option<f64>>) -> Series {
    Series {
        label: id.to_owned(),
        values,
    }
}
