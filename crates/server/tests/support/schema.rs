//! Checks a value against the part of JSON Schema that our OpenAPI document uses. A keyword that is not known here is
//! an error, so that nothing in the document goes unchecked.

use serde_json::Value;

/// Keywords that only describe.
const WORDS: [&str; 4] = ["description", "default", "format", "contentMediaType"];

/// Everything that does not fit, with its place.
pub fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    check(document, schema, value, "$", &mut faults);
    faults
}

fn check(document: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    for (keyword, rule) in schema
        .as_object()
        .unwrap_or_else(|| panic!("{at}: a schema is an object: {schema}"))
    {
        match keyword.as_str() {
            "$ref" => check(document, resolve(document, rule), value, at, faults),
            "type" => {
                let types: Vec<&str> = match rule {
                    Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
                    one => one.as_str().into_iter().collect(),
                };
                if !types.iter().any(|name| is(name, value)) {
                    faults.push(format!("{at}: {value} is none of {types:?}"));
                }
            }
            "enum" => {
                if !rule.as_array().unwrap().contains(value) {
                    faults.push(format!("{at}: {value} is not in {rule}"));
                }
            }
            "minimum" => {
                if value.as_f64().is_some_and(|v| v < rule.as_f64().unwrap()) {
                    faults.push(format!("{at}: {value} is below {rule}"));
                }
            }
            "maximum" => {
                if value.as_f64().is_some_and(|v| v > rule.as_f64().unwrap()) {
                    faults.push(format!("{at}: {value} is above {rule}"));
                }
            }
            "required" => {
                for name in rule.as_array().unwrap().iter().filter_map(Value::as_str) {
                    if value
                        .as_object()
                        .is_some_and(|members| !members.contains_key(name))
                    {
                        faults.push(format!("{at}: {name} is missing"));
                    }
                }
            }
            "properties" => {
                for (name, schema) in rule.as_object().unwrap() {
                    if let Some(member) = value.get(name) {
                        check(document, schema, member, &format!("{at}.{name}"), faults);
                    }
                }
            }
            "additionalProperties" => {
                let known = schema.get("properties");
                for (name, member) in value.as_object().into_iter().flatten() {
                    match rule {
                        _ if known.is_some_and(|known| known.get(name).is_some()) => {}
                        Value::Bool(false) => faults.push(format!("{at}: {name} is not described")),
                        Value::Bool(true) => {}
                        schema => check(document, schema, member, &format!("{at}.{name}"), faults),
                    }
                }
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(document, rule, item, &format!("{at}[{index}]"), faults);
                }
            }
            "oneOf" => {
                let fit = |schema: &&Value| self::faults(document, schema, value).is_empty();
                let fitting = rule.as_array().unwrap().iter().filter(fit).count();
                if fitting != 1 {
                    faults.push(format!("{at}: {value} fits {fitting} of the alternatives"));
                }
            }
            word if WORDS.contains(&word) => {}
            other => faults.push(format!("{at}: the keyword {other} is not checked here")),
        }
    }
}

fn resolve<'d>(document: &'d Value, reference: &Value) -> &'d Value {
    let pointer = reference.as_str().unwrap().strip_prefix('#').unwrap();
    document
        .pointer(pointer)
        .unwrap_or_else(|| panic!("{reference} leads nowhere"))
}

fn is(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("{other} is no type"),
    }
}
