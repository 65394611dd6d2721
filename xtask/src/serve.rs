//! `cargo xtask serve`: a small static server on loopback, enough to look at the page.

use crate::{
    page,
    tools::{Outcome, Trouble, root, say},
};
use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Component, Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

/// Connections served at once; more wait in the system's queue or are turned away.
const MOST_CONNECTIONS: usize = 32;
/// Bytes of a request's first lines; no browser needs more for a file.
const MOST_REQUEST: u64 = 16 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);

/// The task.
pub(crate) fn task(arguments: &[String]) -> Outcome<bool> {
    let (mut port, mut as_is) = (0, false);
    let mut rest = arguments.iter();
    while let Some(option) = rest.next() {
        match option.as_str() {
            "--port" => port = rest.next().and_then(|n| n.parse().ok()).ok_or_else(|| Trouble::new("--port needs a number"))?,
            "--as-is" => as_is = true,
            other => return Err(Trouble::new(format!("“{other}” is no option of serve"))),
        }
    }
    if !as_is {
        page::build()?;
    }
    let site = root().join("dist/site");
    if !site.join("index.html").is_file() {
        return Err(Trouble::new("dist/site is not there").advice("cargo xtask build"));
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map_err(|why| Trouble::new(format!("port {port} of 127.0.0.1: {why}")).advice("cargo xtask serve --port 0"))?;
    let address = listener.local_addr().map_err(|why| Trouble::new(why.to_string()))?;
    say(format!("http://{address}/   (Ctrl+C ends it)"));
    accept(&listener, site);
    Ok(true)
}

fn accept(listener: &TcpListener, site: PathBuf) {
    let (site, open) = (Arc::new(site), Arc::new(AtomicUsize::new(0)));
    for stream in listener.incoming().flatten() {
        if open.load(Ordering::Relaxed) >= MOST_CONNECTIONS {
            continue;
        }
        open.fetch_add(1, Ordering::Relaxed);
        let (site, open) = (site.clone(), open.clone());
        thread::spawn(move || {
            // A browser that went away is no trouble of ours.
            let _ = answer(stream, &site);
            open.fetch_sub(1, Ordering::Relaxed);
        });
    }
}

/// One request, one answer, and the connection ends.
fn answer(stream: TcpStream, site: &Path) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut lines = BufReader::new(stream.try_clone()?.take(MOST_REQUEST)).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let found = if matches!(method, "GET" | "HEAD") { file_of(site, target) } else { None };
    match found.and_then(|path| Some((File::open(&path).ok()?, path))) {
        Some((file, path)) => send(stream, file, &path, method == "HEAD"),
        None => head(&stream, "404 Not Found", "text/plain; charset=utf-8", 0),
    }
}

fn send(mut stream: TcpStream, mut file: File, path: &Path, head_only: bool) -> io::Result<()> {
    head(&stream, "200 OK", media_type(path), file.metadata()?.len())?;
    if !head_only {
        io::copy(&mut file, &mut stream)?;
    }
    Ok(())
}

fn head(mut stream: &TcpStream, status: &str, media_type: &str, length: u64) -> io::Result<()> {
    // No caching: what was just built is what is looked at.
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\nCache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
    )
}

/// The file below `site` that a request names; `None` for anything outside or odd.
fn file_of(site: &Path, target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let path = Path::new(path);
    let plain = path.components().all(|part| matches!(part, Component::Normal(_))) && !target.contains('%');
    let file = site.join(if plain { path } else { return None });
    if file.is_dir() { Some(file.join("index.html")) } else { fs::metadata(&file).is_ok().then_some(file) }
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|end| end.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_below_the_site_are_named() {
        let site = root().join("xtask");
        assert_eq!(file_of(&site, "/Cargo.toml?x#y"), Some(site.join("Cargo.toml")));
        assert_eq!(file_of(&site, "/"), Some(site.join("index.html")));
        for outside in ["/../Cargo.toml", "//etc/passwd", "/%2e%2e/Cargo.toml", "Cargo.toml", "", "/none"] {
            assert_eq!(file_of(&site, outside), None, "{outside}");
        }
    }

    #[test]
    fn a_request_is_answered_over_loopback() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || answer(listener.accept().unwrap().0, &root().join("xtask")));
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET /Cargo.toml HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && text.contains("[package]"), "{text}");
    }
}
