use super::{Evidence, Failure, sources};
use layerproof::session::{Saved, protocol::Artefact};
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    evidence: Evidence,
    /// Folder to write into; it is made if it is not there. Files in it that have the same name are not overwritten.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// What is written beside the layers.
const ARTEFACTS: [Artefact; 3] = [Artefact::Config, Artefact::Manifest, Artefact::OciLayout];

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut loaded = sources::load(&arguments.evidence)?;
    loaded.session.rebuild();
    loaded.run_passes()?;
    let report = loaded.session.report();
    fs::create_dir_all(&arguments.out).map_err(|error| Failure::File(arguments.out.clone(), error))?;
    let mut written = 0;
    let mut write = |saved: &Saved| -> Result<(), Failure> {
        let path = arguments.out.join(&saved.file_name);
        write_new(&path, &saved.bytes)?;
        println!("{}  {} bytes", path.display(), saved.bytes.len());
        written += 1;
        Ok(())
    };
    loaded.session.save_layers().iter().try_for_each(&mut write)?;
    for artefact in ARTEFACTS {
        match loaded.session.save(artefact) {
            Ok(saved) => write(&saved)?,
            Err(said) => println!("{said}"),
        }
    }
    for check in report.checks.iter().filter(|check| check.kind.ends_with("-rebuild")) {
        println!("{}: {}", check.title, check.text);
    }
    Ok(ExitCode::from(if written > 0 { 0 } else { 1 }))
}

fn write_new(path: &std::path::Path, bytes: &[u8]) -> Result<(), Failure> {
    use std::io::Write as _;
    let failed = |error| Failure::File(path.to_owned(), error);
    let mut file = fs::File::create_new(path).map_err(failed)?;
    file.write_all(bytes).map_err(failed)
}
