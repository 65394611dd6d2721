// An engine that is started while the first file is still on its way: held over the window, or looked for in a dialogue.
import type { StartEngine } from "./case.js";
import type { Engine } from "./engine.js";

/** Starts engines, one of them ahead of being asked for. */
export interface Ahead {
  start: StartEngine;
  /** A file is about to come. */
  prepare(): void;
}

export function ahead(start: StartEngine): Ahead {
  let started: Promise<Engine> | undefined;
  return {
    async start() {
      const early = started;
      started = undefined;
      const engine = await early;
      return engine?.alive ? engine : start();
    },
    prepare() {
      started ??= start();
      // Why there is none is told when it is asked for.
      started.catch(() => undefined);
    },
  };
}
