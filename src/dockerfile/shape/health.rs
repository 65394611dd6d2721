use super::super::split::BLANKS;
use super::super::words::{self, Array};
use super::super::{Duration, Healthcheck};
use super::{Line, Refusal, command_line, flags, needs};

/// The first word and what follows it; only ASCII blanks separate here.
fn kind(args: &str) -> (&str, &str) {
    let end = args.find(BLANKS).unwrap_or(args.len());
    (&args[..end], args[end..].trim_start_matches(BLANKS))
}

/// Whether the check is turned off.
pub(super) fn is_none(args: &str) -> bool {
    kind(args).0.eq_ignore_ascii_case("none")
}

/// The array behind `CMD`.
pub(super) fn array(args: &str) -> Array {
    words::array(kind(args).1)
}

/// Reads `NONE` and `CMD …`.
pub(super) fn healthcheck(line: &Line, json: Option<&[String]>) -> Result<Healthcheck, Refusal> {
    let (kind, rest) = kind(line.args);
    if kind.is_empty() {
        return Err(needs(line));
    }
    let has_command = json.map_or(!rest.is_empty(), |list| !list.is_empty());
    if kind.eq_ignore_ascii_case("none") {
        let refusal = Refusal::new("dockerfile.healthcheck-none-arguments").with("args", rest);
        return if has_command { Err(refusal) } else { Ok(Healthcheck::Disabled) };
    }
    if !kind.eq_ignore_ascii_case("cmd") {
        return Err(Refusal::new("dockerfile.healthcheck-kind").with("word", kind));
    }
    if !has_command {
        return Err(Refusal::new("dockerfile.healthcheck-command-missing"));
    }
    Ok(Healthcheck::Test {
        command: command_line(rest, json),
        interval: duration(line, "interval")?,
        timeout: duration(line, "timeout")?,
        start_period: duration(line, "start-period")?,
        start_interval: duration(line, "start-interval")?,
        retries: retries(line)?,
    })
}

/// Zero, or at least a millisecond.
fn duration(line: &Line, name: &str) -> Result<Duration, Refusal> {
    let Some(text) = flags::last(line.flags, name).filter(|text| !text.is_empty()) else { return Ok(Duration::default()) };
    let is_allowed = |duration: &Duration| duration.nanos() == 0 || duration.nanos() >= 1_000_000;
    Duration::parse(&text).filter(is_allowed).ok_or_else(|| bad_value(line, name, &text, "dockerfile.duration"))
}

fn retries(line: &Line) -> Result<u32, Refusal> {
    let Some(text) = flags::last(line.flags, "retries").filter(|text| !text.is_empty()) else { return Ok(0) };
    let number = text.parse::<i32>().ok().and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| bad_value(line, "retries", &text, "dockerfile.retries"))
}

fn bad_value(line: &Line, name: &str, text: &str, code: &'static str) -> Refusal {
    let refusal = Refusal::new(code).with("flag", name).with("value", text);
    match line.flags.iter().rev().find(|flag| flag.name == name) {
        Some(flag) => refusal.at(flag.span),
        None => refusal,
    }
}
