//! Check `manifest-rebuild`: the manifest that follows from a config and rebuilt layers, against manifests at hand and digests
//! that indexes and people name.

use super::layer_rebuild::short;
use super::rebuilt_image::{self, Followed};
use super::{Check, End, Kind, Role, Verdict, edges};
use crate::case::{Case, ItemId};
use crate::digest::Digest;
use crate::finding::Said;
use crate::oci::{Content, Descriptor, Manifest};
use crate::rebuild::image::{Blob, ImageManifest, ManifestForm};

pub(super) fn run(case: &Case) -> Vec<Check> {
    let mut checks = Vec::new();
    for (id, document) in case.documents() {
        if let Content::Manifest(manifest) = &document.content {
            checks.extend(compare(case, id, manifest));
        }
    }
    checks.extend(named(case));
    checks
}

/// A manifest at hand whose lowest layer was rebuilt, compression included.
fn compare(case: &Case, id: ItemId, manifest: &Manifest) -> Option<Check> {
    let item = case.item(id);
    let lowest = manifest.layers.first()?.digest.known()?;
    let rebuilt = |digest: &Digest| {
        let mut all = rebuilt_image::layers(case).flat_map(|at| at.layer.packed.iter().map(move |packed| (at, packed)));
        all.find(|(_, packed)| packed.digest == *digest)
    };
    let (at, packed) = rebuilt(lowest)?;
    let from = End::new(Role::Tarball, &at.item.name).digest(at.item.sha256).item(at.id);
    let to = End::new(Role::Manifest, edges::label(case, id)).digest(item.sha256).item(id);
    let config = manifest.config.as_ref()?;
    let written = ImageManifest {
        config: blob(config)?,
        layers: manifest.layers.iter().map(blob).collect::<Option<_>>()?,
        annotations: manifest.annotations.clone(),
    };
    let form = ManifestForm::ALL.into_iter().find(|form| Digest::sha256(written.write(*form).as_bytes()) == item.sha256);
    let (verdict, code) = match form {
        Some(_) => (Verdict::Proved, "manifest-rebuild.reproduced"),
        None => (Verdict::Unknown, "manifest-rebuild.not-reproduced"),
    };
    let mut check = Check::new(Kind::ManifestRebuild, verdict, from, Said::new(code)).to(to);
    check = chain(check, packed.layer.diff_id.to_string(), *lowest, config.digest.known());
    if let Some(form) = form {
        check = check.detail(Said::new(form_code(form)));
    }
    let config_code = match config.digest.known() {
        Some(digest) if rebuilt_image::configs(case).iter().any(|written| written.candidate.image_id().0 == *digest) => {
            "manifest-rebuild.config-rebuilt"
        }
        _ => "manifest-rebuild.config-taken-over",
    };
    check = check.detail(Said::new(config_code));
    let is_taken_over = |layer: &&Descriptor| layer.digest.known().and_then(rebuilt).is_none();
    match manifest.layers.iter().filter(is_taken_over).count() {
        0 if manifest.layers.len() > 1 => {
            check = check.detail(Said::new("manifest-rebuild.layers-rebuilt").with("count", manifest.layers.len()));
        }
        0 => {}
        count => check = check.detail(Said::new("manifest-rebuild.layers-taken-over").with("count", count)),
    }
    if !manifest.annotations.is_empty() {
        check = check.detail(Said::new("manifest-rebuild.annotations-taken-over").with("count", manifest.annotations.len()));
    }
    Some(check)
}

fn blob(descriptor: &Descriptor) -> Option<Blob> {
    Some(Blob { digest: *descriptor.digest.known()?, size: descriptor.size, annotations: descriptor.annotations.clone() })
}

/// Manifests that follow from tarball and Dockerfile alone and that somebody names by digest.
fn named(case: &Case) -> Vec<Check> {
    let mut checks = Vec::new();
    for Followed { lowest, packed, written, form, document } in rebuilt_image::named_manifests(case) {
        let digest = Digest::sha256(document.as_bytes());
        let Some(first) = packed.first() else { continue };
        let from = End::new(Role::Tarball, &lowest.item.name).digest(lowest.item.sha256).item(lowest.id);
        let said = Said::new("manifest-rebuild.from-nothing").with("size", document.len());
        let check = Check::new(Kind::ManifestRebuild, Verdict::Proved, from, said)
            .to(End::new(Role::Manifest, short(digest)).digest(digest));
        let config = written.candidate.image_id().0;
        let mut check = chain(check, first.layer.diff_id.to_string(), first.digest, Some(&config));
        if packed.len() > 1 {
            check = check.detail(Said::new("manifest-rebuild.layers-rebuilt").with("count", packed.len()));
        }
        checks.push(check.detail(Said::new(form_code(form))));
    }
    checks
}

/// The steps from the tarball to the manifest.
fn chain(check: Check, diff_id: String, layer: Digest, config: Option<&Digest>) -> Check {
    let said = Said::new("manifest-rebuild.chain").with("diff_id", diff_id).with("layer", layer);
    check.detail(said.with("config", config.map(ToString::to_string).unwrap_or_default()))
}

fn form_code(form: ManifestForm) -> &'static str {
    match form {
        ManifestForm::BuildKit => "manifest-rebuild.form-buildkit",
        ManifestForm::BuildKitDocker => "manifest-rebuild.form-buildkit-docker",
        ManifestForm::DockerPush => "manifest-rebuild.form-docker-push",
    }
}
