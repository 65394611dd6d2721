// Engines that several elements of one page share: a few workers, lent out one at a time.
import type { Request, Response } from "../../protocol.js";
import { assets } from "../shell/assets.js";
import { EngineGone, WorkerEngine, type Answer, type Engine } from "../shell/engine.js";

/** Workers that may run at once: reading is bound by the processor, and the page itself wants a core too. */
const MOST = Math.max(1, Math.min(2, (navigator.hardwareConcurrency || 2) - 1));

const idle: WorkerEngine[] = [];
const queue: (() => void)[] = [];
let running = 0;

/** Lends an engine with an empty session; waits while all are lent. Its `end` gives it back. */
export async function lease(): Promise<Engine> {
  while (running >= MOST && idle.length === 0) await new Promise<void>((resolve) => queue.push(resolve));
  const free = idle.pop();
  if (free?.alive) return new Lease(free);
  running++;
  try {
    return new Lease(await WorkerEngine.start(await assets()));
  } catch (error) {
    gone();
    throw error;
  }
}

function gone(): void {
  running--;
  queue.shift()?.();
}

/** A worker on loan. It goes back with an empty session, or, if that cannot be had quickly, not at all. */
class Lease implements Engine {
  #sources = new Set<number>();
  #pending = 0;
  #altered = false;
  #over = false;

  constructor(private readonly worker: WorkerEngine) {}

  get alive(): boolean {
    return !this.#over && this.worker.alive;
  }

  async ask<Type extends Response["type"]>(body: Request, expect: Type, bytes?: ArrayBuffer, length?: number): Promise<Answer<Type>> {
    if (this.#over) throw new EngineGone("given back");
    this.#altered ||= body.type === "set" || body.type === "rebuild" || body.type === "begin-pass";
    this.#pending++;
    try {
      const answer = await this.worker.ask(body, expect, bytes, length);
      const plain: Response = answer;
      if (plain.type === "opened") this.#sources.add(plain.source);
      return answer;
    } finally {
      this.#pending--;
    }
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    const reusable = this.worker.alive && this.#pending === 0 && !this.#altered;
    if (!reusable) {
      this.worker.end();
      return gone();
    }
    for (const source of this.#sources) void this.worker.ask({ type: "remove", source }, "done").catch(() => undefined);
    idle.push(this.worker);
    queue.shift()?.();
  }
}
