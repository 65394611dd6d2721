use super::super::words::listed;
use super::{Line, Refusal, some};

/// Reads the words of EXPOSE. Those with variables or quotes can be checked only when they are expanded.
pub(super) fn ports(line: &Line, refusals: &mut Vec<Refusal>) -> Result<Vec<String>, Refusal> {
    let words = some(line, listed(line.args))?;
    let is_final = |word: &&String| !word.contains(['$', '"', '\'', line.escape]);
    let wrong = words.iter().filter(is_final).filter(|word| !is_port(word)).take(super::MOST_REFUSALS);
    refusals.extend(wrong.map(|word| Refusal::new("dockerfile.port").with("word", word)));
    Ok(words)
}

/// `[[address:]host:]port[/protocol]`, each port a number or a range.
fn is_port(word: &str) -> bool {
    let (rest, port) = word.rsplit_once(':').map_or((None, word), |(rest, port)| (Some(rest), port));
    let (port, protocol) = port.split_once('/').unwrap_or((port, ""));
    let protocols = ["", "tcp", "udp", "sctp"];
    let host = rest.map(|rest| rest.rsplit_once(':').unwrap_or(("", rest)));
    let is_host = host.is_none_or(|(address, host)| is_address(address) && (host.is_empty() || is_range(host)));
    protocols.iter().any(|known| known.eq_ignore_ascii_case(protocol)) && is_range(port) && is_host
}

fn is_address(text: &str) -> bool {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.is_empty() || bare.parse::<std::net::IpAddr>().is_ok()
}

fn is_range(text: &str) -> bool {
    let number = |text: &str| text.parse::<u16>().ok();
    match text.split_once('-') {
        None => number(text).is_some(),
        Some((from, to)) => number(from).zip(number(to)).is_some_and(|(from, to)| from <= to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_ranges_and_hosts() {
        for word in ["80", "53/udp", "8000-8010/TCP", "8080:80", "127.0.0.1:8080:80", "[::1]:80:80", "127.0.0.1::80", "0"] {
            assert!(is_port(word), "{word}");
        }
        for word in ["", "http", "80/http", "65536", "9-8", "-1", "80:", "localhost:80:80", "/tcp"] {
            assert!(!is_port(word), "{word}");
        }
    }
}
