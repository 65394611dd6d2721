//! What the instructions of a stage leave in the config.

use super::config::{HealthSettings, HistoryItem, RunSettings};
use crate::dockerfile::{Command, Healthcheck, Pairs};
use crate::order::Gather;
use crate::recipe::{
    Base, Expected, Family, Layer, Program, Recorded, State, Step, Values, command, health_test, join_workdir, port_range,
};

/// docker's PATH for an image that sets none.
const PATH: &str = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Follows a program that begins with `scratch`, as BuildKit does. Returns the settings and the author.
pub fn settings(program: &Program<'_>, values: &Values<'_>) -> (RunSettings, Option<String>) {
    let mut state = State::new(Family::BuildKit, program, &Base::default(), values);
    let mut settings = Settings::default();
    settings.run.env.push(PATH.to_owned());
    "/".clone_into(&mut settings.run.working_dir);
    for step in &program.steps {
        state.enter(step);
        settings.step(&mut state, step);
        state.apply(step.instruction);
    }
    (settings.run, settings.author)
}

#[derive(Default)]
struct Settings {
    run: RunSettings,
    author: Option<String>,
    /// The stage whose CMD set the command.
    cmd_of: Option<usize>,
}

impl Settings {
    fn step(&mut self, state: &mut State<'_>, step: &Step<'_>) {
        let run = &mut self.run;
        match &step.instruction.command {
            Command::Env(pairs) => {
                expanded(state, pairs).into_iter().for_each(|(name, value)| set_env(&mut run.env, &name, &value))
            }
            Command::Label(pairs) => run.labels.extend(expanded(state, pairs)),
            Command::Cmd(line) => {
                run.cmd = command(state, line);
                run.args_escaped = true;
                self.cmd_of = Some(step.stage);
            }
            Command::Entrypoint(line) => {
                run.entrypoint = command(state, line);
                if self.cmd_of != Some(step.stage) {
                    run.cmd.clear();
                }
            }
            Command::Expose(words) => {
                let words: Vec<String> = words.iter().flat_map(|word| state.expand(word).words).list();
                run.exposed_ports.extend(words.iter().flat_map(|word| port_range(word)));
            }
            Command::Volume(paths) => run.volumes.extend(state.texts(paths)),
            Command::User(user) => run.user = state.text(user),
            Command::Workdir(path) => {
                let path = state.text(path);
                state.workdir = join_workdir(state.os, &state.workdir, &path);
                run.working_dir.clone_from(&state.workdir);
            }
            Command::Stopsignal(signal) => run.stop_signal = state.text(signal),
            Command::Shell(words) => {
                state.shell.clone_from(words);
                run.shell.clone_from(words);
            }
            Command::Healthcheck(check) => run.healthcheck = Some(health(check)),
            Command::Onbuild(trigger) => run.on_build.push(trigger.text.clone()),
            Command::Maintainer(name) => self.author = Some(name.clone()),
            _ => {}
        }
    }
}

/// Names and values of a line; all of them see the variables from before the line.
fn expanded(state: &mut State<'_>, list: &Pairs) -> Vec<(String, String)> {
    list.pairs.iter().map(|(name, value)| (state.text(name), state.text(value))).list()
}

fn set_env(env: &mut Vec<String>, name: &str, value: &str) {
    let entry = format!("{name}={value}");
    match env.iter_mut().find(|known| known.split_once('=').is_some_and(|(known, _)| known == name)) {
        Some(known) => *known = entry,
        None => env.push(entry),
    }
}

fn health(check: &Healthcheck) -> HealthSettings {
    match check {
        Healthcheck::Disabled => HealthSettings { test: vec!["NONE".to_owned()], ..HealthSettings::default() },
        Healthcheck::Test { command, interval, timeout, start_period, start_interval, retries } => HealthSettings {
            test: health_test(command),
            interval: interval.nanos(),
            timeout: timeout.nanos(),
            start_period: start_period.nanos(),
            start_interval: start_interval.nanos(),
            retries: *retries,
        },
    }
}

/// A history in BuildKit's way of dating it: each layer has its own time, an entry without one that of the layer before it
/// (of the first layer where none came yet). `times` has one time for each layer; `None` if the numbers differ.
pub fn history(written: &[Expected], times: &[String]) -> Option<Vec<HistoryItem>> {
    let recorded: Vec<&Expected> = written.iter().filter(|expected| expected.recorded == Recorded::Always).list();
    let layers = recorded.iter().filter(|expected| expected.layer == Layer::Always).count();
    if layers != times.len() {
        return None;
    }
    let mut below = 0;
    let item = |expected: &&Expected| {
        let makes_layer = expected.layer == Layer::Always;
        below += usize::from(makes_layer);
        Some(HistoryItem {
            created: times.get(below.max(1) - 1).cloned(),
            created_by: expected.texts.first()?.filled(""),
            empty_layer: !makes_layer,
        })
    };
    recorded.iter().map(item).collect()
}
