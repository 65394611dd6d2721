//! Check `library-file`: what a library file of official-images pins, against the indexes, layouts and Dockerfiles at hand.

use super::edges::{descriptor_label, end, references};
use super::{Check, End, Kind, Role, Verdict, Want};
use crate::case::{Body, Case, ItemId};
use crate::finding::{Said, visible};
use crate::oci::{Descriptor, Platform};
use crate::official::{Builder, Entry, Fetch, LibraryFile, Pin};
use crate::order::{self, Gather, Map};

/// Pins that are listed, and comparisons that are made, for one library file.
const SHOWN: usize = 100;
/// Index entries that are looked at.
const COMPARED: usize = 1_000;

/// For each library file: one check that lists what it pins, and one for each entry of an index and each Dockerfile that it
/// has to do with.
pub(super) fn run(case: &Case) -> Vec<Check> {
    let files = case.items().filter_map(|(id, item)| match &item.body {
        Body::LibraryFile(file) => Some(Library { case, id, image: image_name(&item.name), file }),
        _ => None,
    });
    files.flat_map(|library| library.checks()).list()
}

/// The image is called as the file is.
fn image_name(name: &str) -> String {
    name.rsplit('/').next().unwrap_or(name).to_owned()
}

struct Library<'c> {
    case: &'c Case,
    id: ItemId,
    image: String,
    file: &'c LibraryFile,
}

impl Library<'_> {
    fn checks(&self) -> Vec<Check> {
        let mut checks: Vec<Check> = references(self.case)
            .iter()
            .filter(|reference| !reference.descriptor.annotations.is_empty())
            .take(COMPARED)
            .filter_map(|reference| {
                let to = End::new(Role::Manifest, descriptor_label(reference.descriptor));
                let to = End { digest: reference.descriptor.digest.known().copied(), item: reference.target, ..to };
                self.compare(reference.descriptor).map(|check| check.to(to))
            })
            .take(SHOWN)
            .list();
        checks.extend(self.case.dockerfiles().filter_map(|(id, _)| self.dockerfile(id)));
        checks.push(self.listing());
        checks
    }

    /// What the file pins, and what to fetch. It compares nothing by itself.
    fn listing(&self) -> Check {
        let pins: usize = self.file.entries.iter().map(|entry| entry.pins.len()).sum();
        let said =
            Said::new("library-file.pins").with("image", &self.image).with("tags", self.file.entries.len()).with("pins", pins);
        let mut check = Check::new(Kind::LibraryFile, Verdict::Unknown, end(self.case, self.id), said);
        if self.file.entries.iter().flat_map(|entry| &entry.pins).any(|pin| pin.builder == Builder::OciImport) {
            check = check.detail(Said::new("library-file.oci-import"));
        }
        let wanted = self.case.options().platform.as_deref();
        let fits = |pin: &&Pin| wanted.is_none_or(|wanted| pin.platform().is_none_or(|own| own == wanted));
        let rows = self.file.entries.iter().flat_map(|entry| {
            groups(entry.pins.iter().filter(fits)).into_iter().map(move |(pin, architectures)| (entry, pin, architectures))
        });
        let mut details: Vec<Said> = rows.take(SHOWN + 1).map(|(entry, pin, names)| self.pin(entry, pin, &names)).list();
        if details.len() > SHOWN {
            details[SHOWN] = Said::new("library-file.more");
        }
        check = details.into_iter().fold(check, Check::detail);
        self.wants().into_iter().fold(check, Check::want)
    }

    fn pin(&self, entry: &Entry, pin: &Pin, architectures: &str) -> Said {
        let shown = |text: &str| visible(text.as_bytes());
        let tags: Vec<&str> = entry.all_tags().list();
        Said::new("library-file.pin")
            .with("tags", shown(&tags.join(", ")))
            .with("architectures", architectures)
            .with("repo", shown(&pin.git_repo))
            .with("commit", shown(&pin.git_commit))
            .with("path", shown(&pin.path()))
            .with("builder", builder_word(&pin.builder))
    }

    /// What to fetch for the newest tag on the wanted platform, or on amd64.
    fn wants(&self) -> Vec<Want> {
        let latest = self.file.entries_of("latest").next().or(self.file.entries.first());
        let Some(entry) = latest else { return Vec::new() };
        let wanted = self.case.options().platform.as_deref().unwrap_or("linux/amd64");
        let pin = entry.pins.iter().find(|pin| pin.platform() == Some(wanted)).or(entry.pins.first());
        let Some((pin, tag)) = pin.zip(entry.all_tags().next()) else { return Vec::new() };
        let fetch = Fetch::of(pin, &self.image, tag);
        let named =
            |said: Said| said.with("tag", visible(tag.as_bytes())).with("architecture", visible(pin.architecture.as_bytes()));
        let raw = fetch.raw.into_iter().map(|raw| Want {
            bring: named(Said::new("want.pinned-file").with("address", &raw).with("path", visible(pin.path().as_bytes()))),
            why: named(Said::new("want.why-pinned")),
            command: Some(format!("curl -fsSLO {}", crate::official::shell_quote(&raw))),
        });
        let commands = fetch.commands.into_iter().map(|command| Want {
            bring: named(Said::new(if command.starts_with("git ") { "want.pinned-folder" } else { "want.published" })),
            why: named(Said::new("want.why-pinned")),
            command: Some(command),
        });
        raw.chain(commands).list()
    }

    /// An index entry that says which source it was made of, or which tag it is.
    fn compare(&self, descriptor: &Descriptor) -> Option<Check> {
        let notes = Notes::of(descriptor)?;
        let check = |verdict, said: Said| {
            let said = said.with("image", &self.image).with("label", descriptor_label(descriptor));
            Check::new(Kind::LibraryFile, verdict, end(self.case, self.id), said)
        };
        let platform = descriptor.platform.as_ref();
        let mut pins = self.file.entries.iter().flat_map(|entry| entry.pins.iter().map(move |pin| (entry, pin)));
        let fits_platform = |pin: &Pin| notes.fits_architecture(pin, platform);
        if let Some((repo, commit, directory)) = notes.source {
            let (_, pin) = pins.find(|(_, pin)| {
                same_repo(&pin.git_repo, repo)
                    && fits_platform(pin)
                    && directory.is_none_or(|directory| directory == pin.directory)
            })?;
            let said = |code| {
                Said::new(code).with("commit", visible(pin.git_commit.as_bytes())).with("found", visible(commit.as_bytes()))
            };
            return Some(match commit == pin.git_commit {
                true => check(Verdict::Agrees, said("library-file.same-commit")),
                false => check(Verdict::Unknown, said("library-file.other-commit")),
            });
        }
        let tag = notes.tag_of(&self.image)?;
        let (_, pin) = pins.find(|(entry, pin)| entry.all_tags().any(|own| own == tag) && fits_platform(pin))?;
        let said =
            Said::new("library-file.tag").with("tag", visible(tag.as_bytes())).with("commit", visible(pin.git_commit.as_bytes()));
        let fetch = Fetch::of(pin, &self.image, tag);
        let check = check(Verdict::Agrees, said.with("builder", builder_word(&pin.builder)));
        Some(fetch.raw.into_iter().fold(check, |check, raw| {
            check.repeat(format!("curl -fsSL {} | cmp - index.json", crate::official::shell_quote(&raw)))
        }))
    }

    /// A Dockerfile carries no commit; all that can be said is where the pinned one is, or that none is built.
    fn dockerfile(&self, id: ItemId) -> Option<Check> {
        let mut pins = self.file.entries.iter().flat_map(|entry| &entry.pins).peekable();
        pins.peek()?;
        let built: Vec<&Pin> = pins.filter(|pin| pin.builder != Builder::OciImport).list();
        let code = if built.is_empty() { "library-file.not-built" } else { "library-file.dockerfile" };
        let said = Said::new(code).with("image", &self.image);
        let check = Check::new(Kind::LibraryFile, Verdict::Unknown, end(self.case, self.id), said).to(end(self.case, id));
        let mut raws: Vec<String> = built.iter().filter_map(|pin| Fetch::of(pin, &self.image, "latest").raw).list();
        order::sort(&mut raws);
        raws.dedup();
        let name = crate::official::shell_quote(&self.case.item(id).name);
        let compare = |raw: &String| format!("curl -fsSL {} | cmp - {name}", crate::official::shell_quote(raw));
        Some(raws.iter().take(5).map(compare).fold(check, Check::repeat))
    }
}

/// Pins that differ in the architecture only, together.
fn groups<'a>(pins: impl Iterator<Item = &'a Pin>) -> Vec<(&'a Pin, String)> {
    let mut places: Map<(&str, &str, String), usize> = Map::new();
    let mut groups: Vec<(&Pin, Vec<String>)> = Vec::new();
    for pin in pins {
        let place = *places.entry((&pin.git_repo, &pin.git_commit, pin.path())).or_insert(groups.len());
        if place == groups.len() {
            groups.push((pin, Vec::new()));
        }
        groups[place].1.push(visible(pin.architecture.as_bytes()));
    }
    groups.into_iter().map(|(pin, architectures)| (pin, architectures.join(", "))).list()
}

/// What annotations say about where an image comes from.
struct Notes<'d> {
    /// Repository, commit and folder: `repo.git#commit:folder`, or repository and revision apart.
    source: Option<(&'d str, &'d str, Option<&'d str>)>,
    architecture: Option<&'d str>,
    names: Vec<&'d str>,
}

impl<'d> Notes<'d> {
    fn of(descriptor: &'d Descriptor) -> Option<Self> {
        let note = |key: &str| descriptor.annotations.get(key).map(String::as_str);
        let revision = note("org.opencontainers.image.revision");
        let source = note("org.opencontainers.image.source").and_then(|source| match source.split_once('#') {
            Some((repo, rest)) => {
                let (commit, directory) = rest.split_once(':').map_or((rest, None), |(commit, folder)| (commit, Some(folder)));
                Some((repo, commit, directory.map(|folder| folder.trim_matches('/'))))
            }
            None => revision.map(|revision| (source, revision, None)),
        });
        let names: Vec<&str> =
            ["io.containerd.image.name", "org.opencontainers.image.ref.name"].into_iter().filter_map(note).list();
        let architecture = note("com.docker.official-images.bashbrew.arch");
        let is_attestation = descriptor.attests().is_some();
        (!is_attestation && (source.is_some() || !names.is_empty())).then_some(Self { source, architecture, names })
    }

    /// The tag of this image in one of the names: `amd64/debian:12`, `docker.io/library/debian:12`, or a tag alone beside a
    /// full name.
    fn tag_of(&self, image: &str) -> Option<&'d str> {
        self.names.iter().find_map(|name| {
            let (repository, tag) = name.rsplit_once(':')?;
            (repository.rsplit('/').next() == Some(image)).then_some(tag)
        })
    }

    fn fits_architecture(&self, pin: &Pin, platform: Option<&Platform>) -> bool {
        if let Some(architecture) = self.architecture {
            return architecture == pin.architecture;
        }
        let prefix = self.names.iter().find_map(|name| name.rsplit_once('/')?.0.rsplit('/').next());
        let named = prefix.is_some_and(|prefix| prefix == pin.architecture);
        named || platform.zip(pin.platform()).is_some_and(|(platform, own)| platform.agrees_with(&parse_platform(own)))
    }
}

fn parse_platform(text: &str) -> Platform {
    let mut parts = text.split('/');
    let mut next = || parts.next().unwrap_or_default().to_owned();
    let (os, architecture, variant) = (next(), next(), next());
    Platform { os, architecture, variant: (!variant.is_empty()).then_some(variant), ..Platform::default() }
}

fn same_repo(left: &str, right: &str) -> bool {
    let plain = |text: &str| text.trim_end_matches('/').trim_end_matches(".git").to_ascii_lowercase();
    plain(left) == plain(right)
}

fn builder_word(builder: &Builder) -> String {
    match builder {
        Builder::Unnamed => "BuildKit, or the classic builder before 2024".to_owned(),
        Builder::Classic => "the classic builder".to_owned(),
        Builder::BuildKit => "BuildKit".to_owned(),
        Builder::OciImport => "oci-import: published as it is, not built".to_owned(),
        Builder::Other(name) => visible(name.as_bytes()),
    }
}
