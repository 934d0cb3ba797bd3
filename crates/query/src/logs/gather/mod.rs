//! What is counted over lines: by time and level, by values, by what they are alike in.
//!
//! Each takes batches as they come and is bounded in memory, whatever the lines are.

mod all;
mod buckets;
mod facets;
mod histogram;
mod patterns;

pub use facets::{Facet, FacetValue};
pub use histogram::{Bucket, Histogram};
pub use patterns::LogPattern;

pub(crate) use all::Gather;
pub(crate) use buckets::Buckets;
pub(crate) use facets::{Facets, Facetted};
pub(crate) use histogram::Counts;
pub(crate) use patterns::Templates;
