//! Finds the stages of a file and what is wrong with their order.

use super::{Command, CopyFrom, Dockerfile, Keyword, Stage};
use crate::finding::{Finding, ReadError, visible};
use crate::order::Gather;

/// Fills in the stages.
pub(super) fn find(file: &mut Dockerfile) -> Result<(), ReadError> {
    let froms: Vec<usize> = (0..file.instructions.len()).filter(|index| begins_stage(file, *index)).list();
    let Some(first) = froms.first().copied() else {
        let at = file.instructions.first().map(|instruction| instruction.span.at()).unwrap_or_default();
        let found = "no FROM among the instructions";
        return Err(ReadError::new("dockerfile.no-from", "a FROM instruction", found).at(at));
    };
    let ends = froms.iter().skip(1).copied().chain([file.instructions.len()]);
    file.stages = froms.iter().zip(ends).enumerate().map(|(index, (from, end))| stage(file, index, *from, end)).list();
    for stage in &file.stages {
        if let Some(name) = &stage.name {
            file.names.entry(name.clone()).or_default().push(stage.index);
        }
    }
    refuse_before_from(file, first);
    note_repeated_names(file);
    refuse_unknown_stages(file);
    Ok(())
}

fn begins_stage(file: &Dockerfile, index: usize) -> bool {
    file.instructions[index].keyword == Keyword::From
}

fn stage(file: &Dockerfile, index: usize, from: usize, end: usize) -> Stage {
    let (image, platform, alias) = match &file.instructions[from].command {
        Command::From(from) => (from.image.clone(), from.platform.clone(), from.alias.as_deref()),
        _ => (String::new(), None, None),
    };
    Stage { index, from, instructions: from + 1..end, name: alias.map(str::to_ascii_lowercase), image, platform }
}

/// Only ARG may stand before the first FROM.
fn refuse_before_from(file: &mut Dockerfile, first: usize) {
    for instruction in &mut file.instructions[..first] {
        if instruction.accepted && instruction.keyword != Keyword::Arg {
            instruction.accepted = false;
            let problem = Finding::warn("dockerfile.before-from").at(instruction.span.at());
            file.problems.push(problem.with("keyword", instruction.keyword.name()));
        }
    }
}

fn note_repeated_names(file: &mut Dockerfile) {
    for (name, numbers) in &file.names {
        for pair in numbers.windows(2) {
            let [earlier, later] = [pair[0], pair[1]].map(|number| file.instructions[file.stages[number].from].span);
            let finding = Finding::warn("dockerfile.stage-name-repeated").at(later.at());
            file.findings.push(finding.with("name", visible(name.as_bytes())).with("line", earlier.line));
        }
    }
}

/// `COPY --from=7` in a file without a stage 7.
fn refuse_unknown_stages(file: &mut Dockerfile) {
    let mut unknown = Vec::new();
    for stage in &file.stages {
        for (index, instruction) in file.stage_instructions(stage) {
            let Command::Copy(copy) = &instruction.command else { continue };
            if let Some(CopyFrom::NoSuchStage(number)) = copy.from.as_deref().map(|from| file.copy_from(stage, from)) {
                let at = instruction.flag("from").map_or(instruction.span, |flag| flag.span).at();
                let problem = Finding::warn("dockerfile.no-such-stage").at(at).with("number", number);
                unknown.push((index, problem.with("stages", file.stages.len())));
            }
        }
    }
    for (index, problem) in unknown {
        file.instructions[index].accepted = false;
        file.problems.push(problem);
    }
}
