//! A price table from TOML.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{
    Counting, FreeTier, Item, Price, PriceFault, PriceFaults, PriceTable, Region, Setting, Tier,
};

const TOP: [&str; 4] = ["as_of", "counting", "free_tier", "regions"];
const COUNTING: [&str; 8] = [
    "gigabyte_bytes",
    "log_event_bytes",
    "archive_ratio",
    "metrics_per_cluster",
    "metrics_per_node",
    "metrics_per_workload",
    "metrics_per_service",
    "metrics_per_namespace",
];
const FREE_TIER: [&str; 4] = [
    "custom_metrics",
    "alarm_metrics",
    "dashboards",
    "log_gigabytes",
];
const SETTING: [&str; 2] = ["value", "confirmed"];
const TIER: [&str; 3] = ["up_to", "usd", "confirmed"];

pub(super) fn read(text: &str) -> Result<PriceTable, PriceFaults> {
    let mut reader = Reader {
        text,
        faults: Vec::new(),
    };
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = error.span().map(|span| span.start);
        reader.fault(at, "", None, format!("not TOML: {}", error.message()));
    }
    // What does not parse is not told of a second time as missing.
    let table = if reader.faults.is_empty() {
        reader.table(root.get_ref())
    } else {
        None
    };
    match table {
        Some(table) if reader.faults.is_empty() => Ok(table),
        _ => {
            reader
                .faults
                .sort_by_key(|fault| fault.line.unwrap_or(usize::MAX));
            Err(PriceFaults(reader.faults))
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    faults: Vec<PriceFault>,
}

/// A table in the text, with its path.
struct Section<'a> {
    path: String,
    /// Where it begins; none for the whole text.
    at: Option<usize>,
    table: &'a DeTable<'a>,
}

impl<'a> Section<'a> {
    fn key(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    fn get(&self, name: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.get(name)
    }
}

impl Reader<'_> {
    fn table(&mut self, root: &DeTable<'_>) -> Option<PriceTable> {
        let root = Section {
            path: String::new(),
            at: None,
            table: root,
        };
        self.refuse_unknown(&root, &TOP);
        let as_of = self.date(&root);
        let counting = self.counting(&root);
        let free_tier = self.free_tier(&root);
        let regions = self.regions(&root);
        Some(PriceTable {
            as_of: as_of?,
            counting: counting?,
            free_tier: free_tier?,
            regions: regions?,
        })
    }

    fn date(&mut self, root: &Section<'_>) -> Option<String> {
        const EXAMPLE: &str = "write the date of the prices, as in as_of = \"2026-09-01\"";
        let value = self.required(root, "as_of", EXAMPLE)?;
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(moment) => moment.to_string(),
            _ => String::new(),
        };
        if is_date(&text) {
            return Some(text);
        }
        self.wrong(value, "as_of", EXAMPLE.to_owned());
        None
    }

    fn counting(&mut self, root: &Section<'_>) -> Option<Counting> {
        let section = self.section(root, "counting")?;
        self.refuse_unknown(&section, &COUNTING);
        let found = COUNTING.map(|name| self.setting(&section, name));
        let [
            gigabyte,
            event,
            archive,
            cluster,
            node,
            workload,
            service,
            namespace,
        ] = found;
        if let Some(Setting { value, .. }) = gigabyte
            && value == 0.0
            && let Some(written) = section.get("gigabyte_bytes")
        {
            let message = "must be above 0; write 1073741824 or 1000000000".to_owned();
            self.wrong(written, &section.key("gigabyte_bytes"), message);
        }
        Some(Counting {
            gigabyte_bytes: gigabyte?,
            log_event_bytes: event?,
            archive_ratio: archive?,
            metrics_per_cluster: cluster?,
            metrics_per_node: node?,
            metrics_per_workload: workload?,
            metrics_per_service: service?,
            metrics_per_namespace: namespace?,
        })
    }

    fn setting(&mut self, parent: &Section<'_>, name: &str) -> Option<Setting> {
        let example = format!("write {name} = {{ value = …, confirmed = true }}");
        let value = self.required(parent, name, &example)?;
        let section = self.as_section(value, parent.key(name), &example)?;
        self.refuse_unknown(&section, &SETTING);
        let number = self.number(&section, "value");
        let confirmed = self.flag(&section, "confirmed");
        Some(Setting {
            value: number?,
            confirmed: confirmed?,
        })
    }

    fn free_tier(&mut self, root: &Section<'_>) -> Option<FreeTier> {
        let section = self.section(root, "free_tier")?;
        self.refuse_unknown(&section, &FREE_TIER);
        let [metrics, alarms, dashboards, logs] = FREE_TIER.map(|name| self.number(&section, name));
        Some(FreeTier {
            custom_metrics: metrics?,
            alarm_metrics: alarms?,
            dashboards: dashboards?,
            log_gigabytes: logs?,
        })
    }

    fn regions(&mut self, root: &Section<'_>) -> Option<Vec<Region>> {
        let section = self.section(root, "regions")?;
        if section.table.is_empty() {
            let message = "holds no region; write [regions.us-east-1] and its prices below it";
            self.fault(section.at, "regions", None, message.to_owned());
        }
        let read: Vec<Option<Region>> = section
            .table
            .iter()
            .map(|(id, value)| {
                let id = id.get_ref().to_string();
                let example = format!("write [regions.{id}] and its prices below it");
                let inner = self.as_section(value, section.key(&id), &example)?;
                self.region(id, &inner)
            })
            .collect();
        let mut regions = read.into_iter().collect::<Option<Vec<Region>>>()?;
        regions.sort_by(|a, b| a.id.cmp(&b.id));
        Some(regions)
    }

    fn region(&mut self, id: String, section: &Section<'_>) -> Option<Region> {
        let mut known = vec!["name"];
        known.extend(Item::ALL.map(Item::key));
        self.refuse_unknown(section, &known);
        let name = match section.get("name") {
            None => Some(id.clone()),
            Some(value) => self.words(value, &section.key("name")),
        };
        let prices = Item::ALL.map(|item| self.price(section, item));
        // An array of options has no `collect`; the order stays that of Item::ALL.
        let prices: Vec<Price> = prices.into_iter().collect::<Option<_>>()?;
        Some(Region {
            id,
            name: name?,
            prices: prices.try_into().ok()?,
        })
    }

    fn price(&mut self, region: &Section<'_>, item: Item) -> Option<Price> {
        let example = format!(
            "write {} = {{ unit = \"{}\", usd = …, confirmed = true }}; usd = 0 for what is not charged",
            item.key(),
            item.unit()
        );
        let value = self.required(region, item.key(), &example)?;
        let section = self.as_section(value, region.key(item.key()), &example)?;
        let tiered = section.get("tiers").is_some();
        if tiered {
            self.refuse_unknown(&section, &["unit", "note", "tiers"]);
        } else {
            self.refuse_unknown(&section, &["unit", "note", "usd", "confirmed", "tiers"]);
        }
        self.unit(&section, item);
        let note = match section.get("note") {
            None => None,
            Some(value) => Some(self.words(value, &section.key("note"))?),
        };
        let tiers = if tiered {
            self.tiers(&section)?
        } else {
            let usd = self.number(&section, "usd");
            let confirmed = self.flag(&section, "confirmed");
            vec![Tier {
                up_to: None,
                usd: usd?,
                confirmed: confirmed?,
            }]
        };
        Some(Price { tiers, note })
    }

    fn unit(&mut self, section: &Section<'_>, item: Item) {
        let fit = format!("must be \"{}\", which the price is for", item.unit());
        if let Some(value) = self.required(section, "unit", &fit)
            && value.get_ref().as_str() != Some(item.unit())
        {
            self.wrong(value, &section.key("unit"), fit);
        }
    }

    fn tiers(&mut self, section: &Section<'_>) -> Option<Vec<Tier>> {
        const EXAMPLE: &str = "write tiers = [{ up_to = 10000, usd = 0.3, confirmed = true }, { usd = 0.1, confirmed = true }]";
        let value = section.get("tiers")?;
        let key = section.key("tiers");
        let Some(items) = value.get_ref().as_array().filter(|items| !items.is_empty()) else {
            self.wrong(value, &key, format!("must list tiers; {EXAMPLE}"));
            return None;
        };
        let count = items.len();
        let read: Vec<Option<Tier>> = items
            .iter()
            .enumerate()
            .map(|(index, item)| {
                let path = format!("{key}[{index}]");
                let inner = self.as_section(item, path, EXAMPLE)?;
                self.tier(&inner, index + 1 == count)
            })
            .collect();
        let tiers = read.into_iter().collect::<Option<Vec<Tier>>>()?;
        let mut below = 0.0;
        for (index, tier) in tiers.iter().enumerate() {
            let Some(end) = tier.up_to else { continue };
            if end <= below {
                let message =
                    format!("must be above {below}, where the tier before ends; tiers rise");
                let path = format!("{key}[{index}].up_to");
                let at = items.get(index).map(|item| item.span().start);
                self.fault(at, &path, Some(end.to_string()), message);
            }
            below = end;
        }
        Some(tiers)
    }

    fn tier(&mut self, section: &Section<'_>, last: bool) -> Option<Tier> {
        self.refuse_unknown(section, &TIER);
        let up_to = match (section.get("up_to"), last) {
            (None, true) => None,
            (Some(value), true) => {
                let message = "the last tier has no end; leave up_to out of it".to_owned();
                self.wrong(value, &section.key("up_to"), message);
                None
            }
            (_, false) => Some(self.number(section, "up_to")?),
        };
        let usd = self.number(section, "usd");
        let confirmed = self.flag(section, "confirmed");
        Some(Tier {
            up_to,
            usd: usd?,
            confirmed: confirmed?,
        })
    }

    /// A number that is not below 0.
    fn number(&mut self, section: &Section<'_>, name: &str) -> Option<f64> {
        let example = format!("write a number, as in {name} = 0.5");
        let value = self.required(section, name, &example)?;
        let text = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => "",
        };
        let key = section.key(name);
        match text.replace('_', "").parse::<f64>() {
            Ok(number) if number.is_finite() && number >= 0.0 => Some(number),
            Ok(number) if number < 0.0 => {
                self.wrong(value, &key, "must not be negative".to_owned());
                None
            }
            Ok(_) => {
                self.wrong(value, &key, format!("must be finite; {example}"));
                None
            }
            Err(_) => {
                self.wrong(value, &key, format!("is no number; {example}"));
                None
            }
        }
    }

    fn flag(&mut self, section: &Section<'_>, name: &str) -> Option<bool> {
        let example = format!("write {name} = true or {name} = false");
        let value = self.required(section, name, &example)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong(value, &section.key(name), example);
        }
        flag
    }

    fn words(&mut self, value: &Spanned<DeValue<'_>>, key: &str) -> Option<String> {
        let words = value.get_ref().as_str().map(str::to_owned);
        if words.is_none() {
            self.wrong(value, key, "must be a text in quotes".to_owned());
        }
        words
    }

    fn section<'a>(&mut self, parent: &Section<'a>, name: &str) -> Option<Section<'a>> {
        let example = format!("write [{}] and its keys below it", parent.key(name));
        let value = self.required(parent, name, &example)?;
        self.as_section(value, parent.key(name), &example)
    }

    fn as_section<'a>(
        &mut self,
        value: &'a Spanned<DeValue<'a>>,
        path: String,
        example: &str,
    ) -> Option<Section<'a>> {
        match value.get_ref() {
            DeValue::Table(table) => Some(Section {
                path,
                at: Some(value.span().start),
                table,
            }),
            _ => {
                self.wrong(value, &path, format!("must be a table; {example}"));
                None
            }
        }
    }

    fn required<'a>(
        &mut self,
        section: &Section<'a>,
        name: &str,
        example: &str,
    ) -> Option<&'a Spanned<DeValue<'a>>> {
        let value = section.get(name);
        if value.is_none() {
            let key = section.key(name);
            self.fault(section.at, &key, None, format!("is missing; {example}"));
        }
        value
    }

    fn refuse_unknown(&mut self, section: &Section<'_>, known: &[&str]) {
        for (name, _) in section.table {
            let word = name.get_ref().as_ref();
            if known.contains(&word) {
                continue;
            }
            let message = match catalogue::nearest(word, known.iter().copied()) {
                Some(near) => format!("there is no such key here; did you mean {near}?"),
                None => format!("there is no such key here; known are {}", known.join(", ")),
            };
            self.fault(Some(name.span().start), &section.key(word), None, message);
        }
    }

    fn wrong(&mut self, value: &Spanned<DeValue<'_>>, key: &str, message: String) {
        const MOST: usize = 60;
        let span = value.span();
        let written = self
            .text
            .get(span.clone())
            .filter(|text| text.len() <= MOST && !text.contains('\n'))
            .map(str::to_owned);
        self.fault(Some(span.start), key, written, message);
    }

    fn fault(&mut self, at: Option<usize>, key: &str, value: Option<String>, message: String) {
        let line = at.and_then(|at| self.text.get(..at));
        self.faults.push(PriceFault {
            line: line.map(|before| before.matches('\n').count() + 1),
            key: key.to_owned(),
            value,
            message,
        });
    }
}

/// `YYYY-MM-DD`, with a month and a day that there are.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let number = |part: &str, digits: usize| {
        (part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse::<u32>().ok())
            .flatten()
    };
    number(year, 4).is_some()
        && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
        && number(day, 2).is_some_and(|day| (1..=31).contains(&day))
}
