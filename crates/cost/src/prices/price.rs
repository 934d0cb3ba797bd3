//! A price, which may be lower from some quantity on.

/// The price up to some quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Tier {
    /// Quantities from the tier before up to this one, in the item's unit; none for all that is above.
    pub up_to: Option<f64>,
    /// USD for one unit. Never negative.
    pub usd: f64,
    /// Whether a source of the table's date gives it.
    pub confirmed: bool,
}

/// The price of an item in a region.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// At least one; upper ends rise, and only the last has none.
    pub(crate) tiers: Vec<Tier>,
    /// What has to be known about it, in a sentence.
    pub(crate) note: Option<String>,
}

/// What falls into one tier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Share<'a> {
    pub(crate) from: f64,
    pub(crate) quantity: f64,
    pub(crate) tier: &'a Tier,
}

impl Share<'_> {
    pub(crate) fn usd(&self) -> f64 {
        self.quantity * self.tier.usd
    }
}

impl Price {
    /// The tiers, from the first unit on.
    pub fn tiers(&self) -> &[Tier] {
        &self.tiers
    }

    /// What has to be known about it.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// How a quantity falls into the tiers when `before` units were charged already; the tier of the next unit is there
    /// for a quantity of 0 too.
    pub(crate) fn shares(&self, before: f64, quantity: f64) -> Vec<Share<'_>> {
        let mut shares = Vec::new();
        let mut from: f64 = 0.0;
        for tier in &self.tiers {
            let end = tier.up_to.unwrap_or(f64::INFINITY);
            let begin = from.max(before);
            let holds = (before + quantity).min(end) - begin;
            let is_next = shares.is_empty() && before < end;
            if holds > 0.0 || is_next {
                shares.push(Share {
                    from,
                    quantity: holds.max(0.0),
                    tier,
                });
            }
            from = end;
        }
        shares
    }

    /// USD for a quantity, each part of it at the price of its tier.
    pub fn usd(&self, quantity: f64) -> f64 {
        self.shares(0.0, quantity).iter().map(Share::usd).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Item, PriceTable};
    use super::*;

    fn metrics() -> Price {
        let table = PriceTable::builtin();
        table
            .region("us-east-1")
            .unwrap()
            .price(Item::CustomMetric)
            .clone()
    }

    #[test]
    fn each_part_has_the_price_of_its_tier() {
        let price = metrics();
        for (quantity, usd) in [
            (0.0, 0.0),
            (0.1, 0.03),
            (318.0, 95.40),
            (9_999.0, 2_999.70),
            (10_000.0, 3_000.00),
            (10_001.0, 3_000.10),
            (250_000.0, 27_000.00),
            (250_001.0, 27_000.05),
            (300_000.0, 29_500.00),
            (1_000_000.0, 64_500.00),
            (1_000_001.0, 64_500.02),
            (1_200_000.0, 68_500.00),
        ] {
            let found = price.usd(quantity);
            assert!((found - usd).abs() < 1e-6, "{quantity}: {found}, not {usd}");
        }
    }

    #[test]
    fn an_edge_belongs_to_the_tier_below() {
        let price = metrics();
        let counts = |quantity| price.shares(0.0, quantity).len();
        assert_eq!(counts(0.0), 1);
        assert_eq!(counts(10_000.0), 1);
        assert_eq!(counts(10_000.5), 2);
        assert_eq!(counts(250_000.0), 2);
        assert_eq!(counts(1_000_000.0), 3);
        assert_eq!(counts(5_000_000.0), 4);
        let last = price.shares(0.0, 1_200_000.0);
        let last = last.last().unwrap();
        assert_eq!((last.from, last.quantity), (1_000_000.0, 200_000.0));
    }
    #[test]
    fn parts_that_follow_each_other_cost_what_the_whole_costs() {
        let price = metrics();
        for (before, quantity) in [
            (0.0, 12_000.0),
            (9_000.0, 2_000.0),
            (10_000.0, 5.0),
            (240_000.0, 900_000.0),
            (2_000_000.0, 10.0),
        ] {
            let part: f64 = price.shares(before, quantity).iter().map(Share::usd).sum();
            let whole = price.usd(before + quantity) - price.usd(before);
            assert!((part - whole).abs() < 1e-6, "{before} {quantity}");
        }
        assert_eq!(price.shares(10_000.0, 0.0)[0].tier.usd, 0.10);
        assert_eq!(price.shares(5_000_000.0, 0.0)[0].tier.usd, 0.02);
    }
}
