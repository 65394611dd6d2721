// The client of one worker: requests go out with a number, the answer with the same number comes back.
import type { Request, Response } from "../../protocol.js";
import type { Missing } from "../worker.js";
import { AssetsError, type Assets } from "./assets.js";
import { Helpers, transferOf, type Note } from "./helpers.js";
import { workerFrom } from "./spawn.js";

/** What crosses the message channel, in both directions. Bytes travel beside the body and are transferred, not copied. */
export interface Envelope<Body> {
  request: number;
  body: Body;
  /** Bytes that belong to the body. */
  bytes?: ArrayBuffer | undefined;
  /** How many of them count; a buffer is often larger than what was read into it. */
  length?: number | undefined;
}

/** An answer of one kind, with the bytes that came beside it. */
export type Answer<Type extends Response["type"]> = Extract<Response, { type: Type }> & { bytes?: ArrayBuffer | undefined };

/** A request that could not be done; the texts come from the engine's catalogue. */
export class Failure extends Error {
  constructor(
    readonly code: string,
    readonly text: string,
    readonly advice: string,
  ) {
    super(text);
  }
}

/** The code with which a panicking engine takes its leave (`src/web/panics.rs`). */
const PANICKED = "web.panicked";

/** The worker is gone: it was ended, or it broke. */
export class EngineGone extends Error {}

/** What the views and the case need of an engine; tests stand in for it. */
export interface Engine {
  /** Sends a request and waits for its answer, which must be of the kind named. */
  ask<Type extends Response["type"]>(body: Request, expect: Type, bytes?: ArrayBuffer, length?: number): Promise<Answer<Type>>;
  /** Ends the worker at once; everything that waits is refused. */
  end(): void;
  /** False once the worker is gone. */
  readonly alive: boolean;
}

/** What a worker says: an answer, a note for a helper, or that a part of the engine cannot be had. */
type Heard = Envelope<Response> | Note | Missing;

interface Waiting {
  resolve(answer: Envelope<Response>): void;
  reject(error: Error): void;
}

/** An engine in a worker of its own, and in those of its helpers. */
export class WorkerEngine implements Engine {
  alive = true;
  #waiting = new Map<number, Waiting>();
  #last = 0;
  #helpers: Helpers;

  private constructor(
    private readonly worker: Worker,
    assets: Assets,
  ) {
    const tell = (note: Note) => worker.postMessage(note, transferOf(note));
    this.#helpers = new Helpers(assets, tell, (missing) => this.#heard(missing));
    worker.addEventListener("message", ({ data }: MessageEvent<Heard>) => this.#heard(data));
    worker.addEventListener("error", (event) => this.#gone(new EngineGone(event.message || "worker error")));
    worker.addEventListener("messageerror", () => this.#gone(new EngineGone("message error")));
  }

  /** Starts a worker and waits until its session is there. */
  static async start(assets: Assets): Promise<WorkerEngine> {
    const engine = new WorkerEngine(workerFrom(assets, "layerproof", { texts: assets.texts }), assets);
    await engine.#answer(0, "ready");
    return engine;
  }

  ask<Type extends Response["type"]>(body: Request, expect: Type, bytes?: ArrayBuffer, length?: number): Promise<Answer<Type>> {
    if (!this.alive) return Promise.reject(new EngineGone("ended"));
    const request = ++this.#last;
    const answer = this.#answer(request, expect);
    const envelope: Envelope<Request> = { request, body, bytes, length };
    this.worker.postMessage(envelope, bytes ? [bytes] : []);
    return answer;
  }

  end(): void {
    this.#gone(new EngineGone("ended"));
  }

  #answer<Type extends Response["type"]>(request: number, expect: Type): Promise<Answer<Type>> {
    return new Promise<Envelope<Response>>((resolve, reject) => this.#waiting.set(request, { resolve, reject })).then(
      ({ body, bytes }) => {
        if (body.type === "failed") throw this.#failure(body);
        if (body.type !== expect) throw new EngineGone(`expected ${expect}, came ${body.type}`);
        return { ...(body as Extract<Response, { type: Type }>), bytes };
      },
    );
  }

  #failure({ code, text, advice }: Extract<Response, { type: "failed" }>): Error {
    if (code !== PANICKED) return new Failure(code, text, advice);
    // The instance ends right after it said so.
    const gone = new EngineGone(text);
    this.#gone(gone);
    return gone;
  }

  #heard(data: Heard): void {
    if (Array.isArray(data)) this.#helpers.pass(data);
    else if ("missing" in data) this.#gone(new AssetsError("not-loaded", data.missing));
    else this.#settle(data);
  }

  #settle(envelope: Envelope<Response>): void {
    const waiting = this.#waiting.get(envelope.request);
    this.#waiting.delete(envelope.request);
    waiting?.resolve(envelope);
  }

  #gone(why: Error): void {
    if (!this.alive) return;
    this.alive = false;
    this.worker.terminate();
    this.#helpers.end();
    for (const waiting of this.#waiting.values()) waiting.reject(why);
    this.#waiting.clear();
  }
}
