//! What can be rebuilt from a case, and what it would be compared with.

mod stage;
mod wanted;

use super::{Body, Case, Item, ItemId};
use crate::dockerfile::Dockerfile;
use crate::finding::Said;
use crate::intake::Shape;
use crate::rebuild::tree::{Tree, TreeLimits};
use crate::rebuild::{Added, RebuildLimits, Rebuilt, Step, Task};
use crate::recipe::{BaseImage, Program, StageChoice};
use stage::{Change, Stage};
use std::sync::Arc;

/// How one source is rebuilt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuildPlan {
    /// What is done with it.
    pub task: Task,
    /// What is done before.
    pub base: Option<BaseTree>,
    /// The Dockerfile that says so, if one does.
    pub dockerfile: Option<ItemId>,
    /// The instructions that make the layers, in their order; empty without a Dockerfile.
    pub instructions: Vec<LayerOf>,
    /// Why later layers of the stage are not rebuilt.
    pub stop: Option<Said>,
}

/// The instruction that makes a layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerOf {
    /// Its first line.
    pub line: u32,
    /// The directory that it makes, if it is a WORKDIR.
    pub directory: Option<String>,
}

/// The tree that an earlier rebuild left. Equal only to itself.
#[derive(Debug, Clone)]
pub struct BaseTree(Arc<Rebuilt>);

impl PartialEq for BaseTree {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for BaseTree {}

impl BaseTree {
    /// The tree.
    pub fn tree(&self) -> Option<&Arc<Tree>> {
        self.0.tree.as_ref()
    }
}

impl RebuildPlan {
    /// Whether there is something to compare the rebuilt layers with.
    pub fn is_comparable(&self) -> bool {
        self.task.wanted().any(|wanted| !wanted.diff_ids.is_empty() || !wanted.blobs.is_empty())
    }
}

/// A rebuild that was done, and what it was done for.
#[derive(Debug, Clone)]
pub struct Rebuild {
    /// The plan it followed.
    pub plan: RebuildPlan,
    /// What came out.
    pub rebuilt: Arc<Rebuilt>,
}

impl Case {
    /// How the bytes of an item can become layers; `None` if they cannot, as far as the case shows, or if an earlier source has
    /// to be rebuilt first.
    pub fn rebuild_plan(&self, id: ItemId) -> Option<RebuildPlan> {
        let item = self.item(id);
        if !item.is_whole() || !can_be_added(item) || self.is_layer(item) {
            return None;
        }
        let stages = self.dockerfiles().filter_map(|(dockerfile, file)| Some((dockerfile, self.stage(dockerfile, file)?)));
        for (dockerfile, stage) in stages {
            if stage.sources().any(|source| source == id) {
                return self.plan_in(dockerfile, &stage, id);
            }
        }
        let is_rootfs = item.tar().is_some_and(|tar| tar.shape == Shape::Rootfs);
        is_rootfs.then(|| self.plan_alone(item))
    }

    /// A root file system that no Dockerfile names.
    fn plan_alone(&self, item: &Item) -> RebuildPlan {
        let added = Added::Tarball { destination: b"/".to_vec(), compression: compression(item), owner: None };
        let task = Task::single(added, self.wanted(0, Some(item)));
        RebuildPlan { task, base: None, dockerfile: None, instructions: Vec::new(), stop: None }
    }

    /// A source of a Dockerfile's stage: the steps from it to the next source, for the first source those before it, too.
    fn plan_in(&self, dockerfile: ItemId, stage: &Stage, id: ItemId) -> Option<RebuildPlan> {
        let at = stage.steps.iter().position(|step| step.source() == Some(id))?;
        let before = stage.steps[..at].iter().rposition(|step| step.source().is_some());
        let base = match before.and_then(|before| stage.steps[before].source()) {
            Some(previous) => Some(self.base_of(previous)?),
            None => None,
        };
        // What follows the source before this one was done with it.
        let first = if before.is_some() { at } else { 0 };
        let next = stage.steps[at + 1..].iter().position(|step| step.source().is_some()).map(|next| at + 1 + next);
        let mut plan = RebuildPlan {
            task: Task { keeps_tree: next.is_some(), continues: stage.continues(at), ..Task::default() },
            base,
            dockerfile: Some(dockerfile),
            instructions: Vec::new(),
            stop: stage.stop.clone().filter(|_| next.is_none()),
        };
        let mut number = stage.steps[..first].iter().filter(|step| matches!(step.change, Change::End)).count();
        for step in &stage.steps[first..next.unwrap_or(stage.steps.len())] {
            let made = match &step.change {
                Change::Source(_, added) => Step::Source(added.clone()),
                Change::Directory { path, owner } => Step::Directory { path: path.clone(), owner: *owner },
                Change::End => {
                    plan.instructions.push(LayerOf { line: step.line, directory: step.directory.clone() });
                    number += 1;
                    Step::End(Box::new(self.wanted(number - 1, Some(self.item(id)))))
                }
            };
            plan.task.steps.push(made);
        }
        Some(plan)
    }

    /// The tree that the rebuild of a source left.
    fn base_of(&self, source: ItemId) -> Option<BaseTree> {
        let rebuild = self.rebuild(source)?;
        rebuild.rebuilt.tree.is_some().then(|| BaseTree(Arc::clone(&rebuild.rebuilt)))
    }

    /// Whether an item is a layer that something at hand names: the layer itself needs no rebuilding.
    fn is_layer(&self, item: &Item) -> bool {
        let named = self.named_layers.get_or_init(|| self.find_named_layers());
        named.contains(&item.sha256) || item.diff_id().is_some_and(|diff_id| named.contains(&diff_id.0))
    }

    /// Budgets of a rebuild in this case.
    pub fn rebuild_limits(&self) -> RebuildLimits {
        let limits = &self.options().limits;
        let tree = TreeLimits { content: limits.rebuild, ..TreeLimits::default() };
        RebuildLimits { tree, search: limits.rebuild_search, pack: limits.rebuild_pack }
    }

    /// Every rebuild that was done, with the item that it was done from.
    pub fn rebuilds(&self) -> impl Iterator<Item = (ItemId, &Item, &Rebuild)> {
        self.rebuilt.iter().filter_map(|id| Some((*id, self.item(*id), self.rebuild(*id)?)))
    }

    /// The program of a Dockerfile's target stage, if it begins with nothing.
    pub fn scratch_program<'a>(&self, file: &'a Dockerfile) -> Option<Program<'a>> {
        let given = self.build_arguments();
        let choice = self.options().target.as_deref().map_or(StageChoice::Last, StageChoice::Target);
        let program = Program::of(file, choice, &file.globals(&given).ok()?).ok()??;
        (program.base == BaseImage::Scratch).then_some(program)
    }
}

/// Whether an item can be a source of ADD or COPY: everything that is no account of an image itself.
fn can_be_added(item: &Item) -> bool {
    matches!(item.body, Body::Tarball | Body::Other)
}

fn compression(item: &Item) -> Option<crate::intake::Compression> {
    item.facts.as_ref()?.compression.as_ref().map(|facts| facts.format)
}
