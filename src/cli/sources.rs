//! Files and folders as sources of a session.

use super::pump::{self, Job};
use super::{Evidence, Failure};
use layerproof::session::Session;
use layerproof::session::protocol::Setting;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Files that a folder may hold; more is most likely the wrong folder.
const MAX_FILES: usize = 100_000;
/// Folders inside each other.
const MAX_DEPTH: usize = 64;

/// A session with everything opened, and where each source can be read again.
pub(super) struct Loaded {
    pub(super) session: Session,
    paths: BTreeMap<u32, PathBuf>,
}

/// Opens every input.
pub(super) fn load(evidence: &Evidence) -> Result<Loaded, Failure> {
    let mut loaded = Loaded { session: Session::new(), paths: BTreeMap::new() };
    settings(&mut loaded.session, evidence)?;
    let given = evidence.inputs.len() + evidence.claims.len() + evidence.history_lines.len();
    if given == 0 && evidence.context.is_none() {
        return Err(Failure::Usage("nothing to read; give files, folders, `-` or --claim DIGEST".to_owned()));
    }
    let mut jobs = Vec::new();
    for input in &evidence.inputs {
        loaded.add(input, &mut jobs)?;
    }
    for path in &evidence.history_lines {
        let source = loaded.add_file(path, &path.file_name().unwrap_or(path.as_os_str()).to_string_lossy(), &mut jobs)?;
        let setting = Setting::HistoryLines { source, value: true };
        loaded.session.set(&setting).map_err(|error| Failure::Usage(error.to_string()))?;
    }
    if let Some(context) = &evidence.context {
        loaded.add_folder(context, context, 0, &mut jobs)?;
    }
    let found = pump::read_all(&jobs, loaded.session.limits())?;
    for (job, facts) in jobs.iter().zip(found) {
        loaded.session.adopt(job.source, facts);
    }
    for claim in &evidence.claims {
        loaded.session.claim(claim);
    }
    Ok(loaded)
}

fn settings(session: &mut Session, evidence: &Evidence) -> Result<(), Failure> {
    let mut set = |setting: Setting| session.set(&setting).map_err(|error| Failure::Usage(error.to_string()));
    for argument in &evidence.build_args {
        let (key, value) = argument.split_once('=').unwrap_or((argument, ""));
        set(Setting::BuildArg { key: key.to_owned(), value: Some(value.to_owned()) })?;
    }
    if let Some(value) = evidence.target.clone() {
        set(Setting::Target { value: Some(value) })?;
    }
    if let Some(value) = evidence.platform.clone() {
        set(Setting::Platform { value: Some(value) })?;
    }
    if let Some(value) = evidence.as_of.clone() {
        set(Setting::AsOf { value: Some(value) })?;
    }
    for limit in &evidence.limits {
        let parsed = limit.split_once('=').and_then(|(key, number)| Some((key, number.parse().ok()?)));
        let (key, value) = parsed.ok_or_else(|| Failure::Usage(format!("--limit {limit}: expected NAME=NUMBER")))?;
        set(Setting::Limit { key: key.to_owned(), value })?;
    }
    Ok(())
}

impl Loaded {
    fn add(&mut self, input: &Path, jobs: &mut Vec<Job>) -> Result<(), Failure> {
        if input.as_os_str() == "-" {
            let source = self.session.reserve();
            let limits = self.session.limits();
            let facts = pump::side_by_side("standard input", None, &mut std::io::stdin().lock(), Path::new("-"), limits)?;
            self.session.adopt(source, facts);
            return Ok(());
        }
        let metadata = fs::metadata(input).map_err(|error| Failure::File(input.to_owned(), error))?;
        if metadata.is_dir() {
            self.add_folder(input, input, 0, jobs)
        } else {
            self.add_file(input, &input.file_name().unwrap_or(input.as_os_str()).to_string_lossy(), jobs).map(drop)
        }
    }

    /// Every file below `folder`, named by its path below `root`. Symbolic links are followed inside `root` only. What Git keeps
    /// for itself in a checkout is no file of the repository.
    fn add_folder(&mut self, root: &Path, folder: &Path, depth: usize, jobs: &mut Vec<Job>) -> Result<(), Failure> {
        if depth > MAX_DEPTH {
            return Err(Failure::Usage(format!("{}: folders are nested more than {MAX_DEPTH} deep", folder.display())));
        }
        let failed = |error| Failure::File(folder.to_owned(), error);
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).map_err(failed)? {
            paths.push(entry.map_err(failed)?.path());
        }
        paths.sort();
        for path in paths {
            if !stays_inside(root, &path) || path.file_name().is_some_and(|name| name == ".git") {
                continue;
            }
            if path.is_dir() && !path.is_symlink() {
                self.add_folder(root, &path, depth + 1, jobs)?;
            } else if path.is_file() {
                let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                let prefix = root.file_name().map(|name| format!("{}/", name.to_string_lossy())).unwrap_or_default();
                self.add_file(&path, &format!("{prefix}{name}"), jobs)?;
            }
        }
        Ok(())
    }

    fn add_file(&mut self, path: &Path, name: &str, jobs: &mut Vec<Job>) -> Result<u32, Failure> {
        if self.paths.len() >= MAX_FILES {
            return Err(Failure::Usage(format!("more than {MAX_FILES} files; name the ones that matter")));
        }
        let failed = |error| Failure::File(path.to_owned(), error);
        let metadata = fs::metadata(path).map_err(failed)?;
        if !metadata.is_file() {
            return Err(Failure::Usage(format!("{}: not a regular file; devices and pipes are not opened", path.display())));
        }
        let source = self.session.reserve();
        jobs.push(Job { source, name: name.to_owned(), path: path.to_owned(), size: metadata.len() });
        self.paths.insert(source, path.to_owned());
        Ok(source)
    }

    /// Streams sources once more until nothing is asked for.
    pub(super) fn run_passes(&mut self) -> Result<(), Failure> {
        loop {
            let needs = self.session.needs();
            let sources: Vec<u32> = needs.iter().map(|need| need.source).filter(|id| self.paths.contains_key(id)).collect();
            let Some(&source) = sources.first() else { return Ok(()) };
            let path = self.paths[&source].clone();
            let mut file = File::open(&path).map_err(|error| Failure::File(path.clone(), error))?;
            self.session.begin_pass(source);
            pump::pump(&mut file, &path, |piece| self.session.pass_push(source, piece))?;
            if let Err(error) = self.session.end_pass(source) {
                return Err(Failure::Usage(error.to_string()));
            }
        }
    }
}

/// Whether a path, links resolved, still lies below the folder that was named.
fn stays_inside(root: &Path, path: &Path) -> bool {
    let resolved = fs::canonicalize(path).ok();
    fs::canonicalize(root).ok().zip(resolved).is_some_and(|(root, path)| path.starts_with(root))
}
