//! The digests of a case as a graph, and the chain that carries the answer.

use super::catalogue;
use super::model::{Edge, Graph, Link, Node, Verdict};
use crate::checks::{Check, End, Role};
use crate::finding::Args;
use crate::order::{self, Gather, Map, Set};

/// The graph of all ends of `checks`; `evidence_id` says which evidence holds an item.
pub(super) fn graph(checks: &[Check], evidence_id: &dyn Fn(crate::case::ItemId) -> String) -> Graph {
    let mut nodes = Map::new();
    let mut edges = Vec::new();
    for (check, number) in checks.iter().zip(0..) {
        let from = node(&mut nodes, &check.from, evidence_id);
        if let Some(end) = &check.to {
            let to = node(&mut nodes, end, evidence_id);
            edges.push(Edge { from, to, verdict: verdict(check.verdict), check: number });
        }
    }
    Graph { nodes: nodes.into_values().list(), edges }
}

/// Identifier of an end's node: its role and digest, or its role and label where it has no digest.
pub(super) fn node_id(end: &End) -> String {
    match end.digest {
        Some(digest) => format!("{}-{}", role_id(end.role), &digest.hex()[..12]),
        None => {
            let label = crate::digest::Digest::sha256(end.label.as_bytes());
            format!("{}-n{}", role_id(end.role), &label.hex()[..11])
        }
    }
}

fn node(nodes: &mut Map<(Role, String), Node>, end: &End, evidence_id: &dyn Fn(crate::case::ItemId) -> String) -> String {
    let id = node_id(end);
    let node = nodes.entry((end.role, id.clone())).or_insert_with(|| Node {
        id: id.clone(),
        role: role_id(end.role).to_owned(),
        role_text: catalogue::text(role_code(end.role), &Args::new()),
        label: end.shown(),
        digest: end.digest.map(|digest| digest.to_string()),
        evidence: None,
    });
    node.evidence = node.evidence.take().or_else(|| end.item.map(evidence_id));
    id
}

/// The verdict in the report's spelling.
pub(super) fn verdict(verdict: crate::checks::Verdict) -> Verdict {
    match verdict {
        crate::checks::Verdict::Contradicted => Verdict::Contradicted,
        crate::checks::Verdict::Ambiguous => Verdict::Ambiguous,
        crate::checks::Verdict::Unknown => Verdict::Unknown,
        crate::checks::Verdict::Agrees => Verdict::Agrees,
        crate::checks::Verdict::Proved => Verdict::Proved,
    }
}

macro_rules! roles {
    ($($role:ident = $id:literal,)*) => {
        fn role_id(role: Role) -> &'static str {
            match role { $(Role::$role => $id,)* }
        }

        fn role_code(role: Role) -> &'static str {
            match role { $(Role::$role => concat!("role.", $id),)* }
        }
    };
}

roles! {
    Index = "index",
    Manifest = "manifest",
    Config = "config",
    Layer = "layer",
    DiffId = "diff-id",
    Tarball = "tarball",
    Dockerfile = "dockerfile",
    History = "history",
    AddHash = "add-hash",
    ChainId = "chain-id",
    ChecksumList = "checksum-list",
    LibraryFile = "library-file",
    Claim = "claim",
    Attestation = "attestation",
    Archive = "archive",
    File = "file",
}

/// How far a role stands from what a person pulls: the chain runs from small ranks to large ones.
fn rank(role: &str) -> Option<u8> {
    const ORDER: [&str; 9] = ["claim", "index", "manifest", "config", "diff-id", "layer", "add-hash", "tarball", "checksum-list"];
    ORDER.iter().zip(0..).find(|(name, _)| **name == role).map(|(_, rank)| rank)
}

/// The longest walk through the graph from what is pulled down to what was built in: edges join ends of different ranks, so
/// the walk cannot go in circles. Among equally long walks the one whose edges are proved is taken.
pub(super) fn chain(graph: &Graph) -> Vec<Link> {
    let ranks: Map<&str, u8> = graph.nodes.iter().filter_map(|node| Some((node.id.as_str(), rank(&node.role)?))).gather();
    let mut down: Map<&str, Set<(&str, u32, Verdict)>> = Map::new();
    for edge in &graph.edges {
        let (from, to) = (edge.from.as_str(), edge.to.as_str());
        let Some((upper, lower)) = ranks.get(from).zip(ranks.get(to)) else { continue };
        match upper.cmp(lower) {
            std::cmp::Ordering::Less => down.entry(from).or_default().insert((to, edge.check, edge.verdict)),
            std::cmp::Ordering::Greater => down.entry(to).or_default().insert((from, edge.check, edge.verdict)),
            std::cmp::Ordering::Equal => continue,
        };
    }
    let mut by_rank: Vec<&str> = ranks.keys().copied().list();
    order::sort_by_key(&mut by_rank, |id| std::cmp::Reverse(ranks.get(id).copied()));
    let mut best: Map<&str, (u32, u32, Option<Step<'_>>)> = Map::new();
    for id in by_rank {
        let longest =
            down.get(id).into_iter().flatten().filter_map(|step| extend(&best, *step)).max_by_key(|walk| (walk.0, walk.1));
        best.insert(id, longest.unwrap_or((0, 0, None)));
    }
    let start = best.iter().max_by_key(|(id, walk)| (walk.0, walk.1, std::cmp::Reverse(**id))).map(|(id, _)| *id);
    walk(start, &best)
}

/// Where a walk goes next: node, check and verdict of the edge.
type Step<'a> = (&'a str, u32, Verdict);

fn extend<'a>(best: &Map<&'a str, (u32, u32, Option<Step<'a>>)>, step: Step<'a>) -> Option<(u32, u32, Option<Step<'a>>)> {
    let (length, proved, _) = best.get(step.0)?;
    Some((length + 1, proved + u32::from(step.2 == Verdict::Proved), Some(step)))
}

fn walk(start: Option<&str>, best: &Map<&str, (u32, u32, Option<Step<'_>>)>) -> Vec<Link> {
    let mut links = Vec::new();
    let mut here = start;
    while let Some(id) = here {
        let step = best.get(id).and_then(|walk| walk.2);
        links.push(Link {
            node: id.to_owned(),
            verdict: step.map(|(_, _, verdict)| verdict),
            check: step.map(|(_, check, _)| check),
        });
        here = step.map(|(next, _, _)| next);
    }
    if links.len() < 2 { Vec::new() } else { links }
}
