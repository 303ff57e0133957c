//! Values in any JSON, changed to others that might pass: whatever kinds a record holds.

use crate::dice::Dice;
use serde_json::Value;

/// Changes one value somewhere in it and gives its path; none if chance chose the value that is there.
pub fn change(value: &mut Value, dice: &mut Dice, others: &[Value]) -> Option<String> {
    let mut paths = Vec::new();
    collect(value, String::new(), &mut paths);
    let path = dice.one(&paths)?.clone();
    let place = value.pointer_mut(&path).expect("collected");
    let old = place.clone();
    *place = other(&old, &path, dice, others);
    (*place != old).then_some(path)
}

/// Of what has no parts.
pub fn paths(value: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    collect(value, String::new(), &mut paths);
    paths
}

fn collect(value: &Value, path: String, paths: &mut Vec<String>) {
    match value {
        Value::Object(parts) if !parts.is_empty() => {
            parts.iter().for_each(|(name, part)| collect(part, format!("{path}/{name}"), paths));
        }
        Value::Array(parts) if !parts.is_empty() => {
            parts.iter().enumerate().for_each(|(at, part)| collect(part, format!("{path}/{at}"), paths));
            paths.push(path);
        }
        _ => paths.push(path),
    }
}

/// Another value of the kind.
pub fn other(value: &Value, path: &str, dice: &mut Dice, others: &[Value]) -> Value {
    match value {
        Value::Number(number) => {
            let number = number.as_u64().unwrap_or_default();
            let more = 1 + dice.next() % 3;
            if dice.flip() { (number + more).into() } else { number.saturating_sub(more).into() }
        }
        Value::Bool(is) => (!is).into(),
        Value::Null => "00".repeat(32).into(),
        Value::String(text) if dice.flip() && is_hex(text) => {
            let mut bytes = hex::decode(text).expect("hex");
            dice.damage(&mut bytes);
            hex::encode(bytes).into()
        }
        Value::String(text) => {
            // What another header says there: the signature of one is none of the other.
            let elsewhere: Vec<&Value> = others
                .iter()
                .filter_map(|other| other.pointer(path).or_else(|| other["data"].pointer(path)))
                .filter(|other| other.is_string() && other.as_str() != Some(text))
                .collect();
            let word = ["yes", "no", "present", "absent", "members", "cast", "chair", "member", "passed"];
            let given = dice.one(&elsewhere).map(|value| (*value).clone());
            given.unwrap_or_else(|| (*dice.one(&word).expect("words")).into())
        }
        Value::Array(parts) => {
            let mut parts = parts.clone();
            match dice.one(&parts.clone()) {
                Some(part) if dice.flip() => parts.push(part.clone()),
                Some(_) => {
                    parts.remove(dice.below(parts.len()));
                }
                None => parts.push(Value::Null),
            }
            parts.into()
        }
        Value::Object(_) => Value::Null,
    }
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && hex::decode(text).is_ok()
}
