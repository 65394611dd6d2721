use super::super::Flag;
use super::super::nearest::nearest;
use super::{Line, Refusal, flags};

/// Keys of `--mount`.
const KEYS: [&str; 19] = [
    "type",
    "from",
    "source",
    "target",
    "readonly",
    "id",
    "sharing",
    "required",
    "size",
    "mode",
    "uid",
    "gid",
    "src",
    "dst",
    "destination",
    "ro",
    "rw",
    "readwrite",
    "env",
];
/// Kinds of `--mount`.
const KINDS: [&str; 5] = ["bind", "cache", "tmpfs", "secret", "ssh"];
/// Keys that may stand without a value.
const SWITCHES: [&str; 5] = ["readonly", "ro", "readwrite", "rw", "required"];

/// Checks the values of RUN's flags, as far as no variable stands in them.
pub(super) fn check(line: &Line) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for (name, allowed) in [("network", &["default", "none", "host"][..]), ("security", &["insecure", "sandbox"])] {
        let value = flags::last(line.flags, name).filter(|value| !allowed.contains(&value.as_str()));
        let flag = line.flags.iter().rev().find(|flag| flag.name == name);
        if let (Some(value), Some(flag)) = (value, flag) {
            let refusal = Refusal::new("dockerfile.flag-value").with("flag", name).with("value", &value);
            refusals.push(refusal.with("allowed", &allowed.join(", ")).at(flag.span));
        }
    }
    let mounts = line.flags.iter().filter(|flag| flag.name == "mount");
    refusals.extend(mounts.filter_map(check_mount).take(super::MOST_REFUSALS));
    refusals
}

fn check_mount(flag: &Flag) -> Option<Refusal> {
    let value = flag.value.as_deref()?;
    let Some(fields) = fields(value) else {
        return Some(Refusal::new("dockerfile.mount-quotes").with("value", value).at(flag.span));
    };
    fields.iter().find_map(|field| check_field(field)).map(|refusal| refusal.at(flag.span))
}

fn check_field(field: &str) -> Option<Refusal> {
    let (key, value) = field.split_once('=').map_or((field, None), |(key, value)| (key, Some(value)));
    let key = key.to_ascii_lowercase();
    let value = match value {
        Some(value) => value,
        None if SWITCHES.contains(&key.as_str()) => return None,
        None => return Some(Refusal::new("dockerfile.mount-field").with("field", field)),
    };
    let has_variable = value.strip_suffix('$').unwrap_or(value).contains('$');
    match key.as_str() {
        "from" if has_variable => Some(Refusal::new("dockerfile.from-expanded").with("value", value)),
        "type" if !has_variable && !KINDS.iter().any(|kind| kind.eq_ignore_ascii_case(value)) => {
            let refusal = Refusal::new("dockerfile.flag-value").with("flag", "mount").with("value", value);
            Some(refusal.with("allowed", &KINDS.join(", ")))
        }
        key if !KEYS.contains(&key) => {
            let near = nearest(key, KEYS).unwrap_or("target");
            Some(Refusal::new("dockerfile.mount-key").with("key", key).with("near", near))
        }
        _ => None,
    }
}

/// Splits at commas that no quotes hold; `None` when the quotes are wrong (RFC 4180).
pub(super) fn fields(text: &str) -> Option<Vec<String>> {
    let (mut fields, mut rest) = (Vec::new(), text);
    loop {
        let (field, behind) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_field(quoted)?,
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                let plain = &rest[..end];
                (if plain.contains('"') { None } else { Some(plain.to_owned()) }?, &rest[end..])
            }
        };
        fields.push(field);
        match behind.strip_prefix(',') {
            Some(next) => rest = next,
            None => return behind.is_empty().then_some(fields),
        }
    }
}

/// The text up to the closing quote, doubled quotes halved, and what follows.
fn quoted_field(text: &str) -> Option<(String, &str)> {
    let (mut field, mut rest) = (String::new(), text);
    loop {
        let (part, behind) = rest.split_once('"')?;
        field.push_str(part);
        match behind.strip_prefix('"') {
            Some(next) => {
                field.push('"');
                rest = next;
            }
            None => return Some((field, behind)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_split_as_csv() {
        assert_eq!(fields("type=bind,ro,\"source=a,b\""), Some(vec!["type=bind".into(), "ro".into(), "source=a,b".into()]));
        assert_eq!(fields("\"a\"\"b\""), Some(vec!["a\"b".into()]));
        assert_eq!(fields("a\"b"), None);
        assert_eq!(fields("\"a"), None);
    }

    #[test]
    fn keys_and_kinds_are_known() {
        assert_eq!(check_field("target=/x"), None);
        assert_eq!(check_field("type=$KIND"), None);
        assert_eq!(check_field("type=bound").map(|refusal| refusal.code), Some("dockerfile.flag-value"));
        assert_eq!(check_field("tagret=/x").map(|refusal| refusal.code), Some("dockerfile.mount-key"));
        assert_eq!(check_field("from=$stage").map(|refusal| refusal.code), Some("dockerfile.from-expanded"));
    }
}
