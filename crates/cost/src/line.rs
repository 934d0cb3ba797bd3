//! One thing that is charged for.

use serde::Serialize;

use crate::prices::{Item, Price};

/// An item of the estimate: quantity, price, amount.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// What it is, in words.
    pub item: &'static str,
    /// The key of its price in the table.
    pub price: &'static str,
    /// How much of it in a month, in `unit`.
    pub quantity: f64,
    /// What the price is for.
    pub unit: &'static str,
    /// USD for one unit; none where the quantity spans tiers of several prices, which `tiers` has.
    pub unit_price_usd: Option<f64>,
    /// The parts of the quantity by tier; empty where it is in one.
    pub tiers: Vec<TierPart>,
    /// USD a month, before the free tier.
    pub usd_month: f64,
    /// How the quantity was come by, and what was taken for granted.
    pub assumption: String,
    /// False where a price that was used is not confirmed by a source of the table's date.
    pub confirmed: bool,
}

/// The part of a quantity that has one price.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TierPart {
    /// Where the tier begins.
    pub from: f64,
    /// Where it ends; none for the last.
    pub up_to: Option<f64>,
    /// How much falls into it.
    pub quantity: f64,
    /// USD for one unit.
    pub unit_price_usd: f64,
    /// USD a month.
    pub usd_month: f64,
    /// Whether a source of the table's date gives the price.
    pub confirmed: bool,
}

impl Line {
    pub(crate) fn new(
        words: &'static str,
        item: Item,
        price: &Price,
        quantity: f64,
        assumption: String,
    ) -> Line {
        Line::after(0.0, words, item, price, quantity, assumption)
    }

    /// A line of an item of which other lines have `before` units: tiers are of all of them together.
    pub(crate) fn after(
        before: f64,
        words: &'static str,
        item: Item,
        price: &Price,
        quantity: f64,
        assumption: String,
    ) -> Line {
        let shares = price.shares(before, quantity);
        let assumption = match price.note() {
            Some(note) => format!("{assumption} {note}"),
            None => assumption,
        };
        let parts: Vec<TierPart> = shares
            .iter()
            .map(|share| TierPart {
                from: share.from,
                up_to: share.tier.up_to,
                quantity: share.quantity,
                unit_price_usd: share.tier.usd,
                usd_month: share.usd(),
                confirmed: share.tier.confirmed,
            })
            .collect();
        let single = match parts.as_slice() {
            [part] => Some(part.unit_price_usd),
            _ => None,
        };
        Line {
            item: words,
            price: item.key(),
            quantity,
            unit: item.unit(),
            unit_price_usd: single,
            usd_month: parts.iter().map(|part| part.usd_month).sum(),
            confirmed: parts.iter().all(|part| part.confirmed),
            tiers: if single.is_some() { Vec::new() } else { parts },
            assumption,
        }
    }
}
