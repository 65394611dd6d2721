// One case: the files a person brought, the engine that reads them, and the report over all of them.
//
// The shell keeps the list of files, because an engine can be ended at any time (cancel, a crash): the next one is given the
// same files again. Everything that is decided or worded comes from the engine.
import type { Artefact, Choices, EntryRow, Example, Explanation, ExportFormat, Report, Request, Response, Setting } from "../../protocol.js";
import { AssetsError } from "./assets.js";
import { EngineGone, type Answer, type Engine } from "./engine.js";
import { feed, feedAgain, linesOf, type Watch } from "./feed.js";
import { Item, itemsOf } from "./item.js";
import { Progress } from "./progress.js";

/** Starts an engine; called when the first file comes, and again after one has gone. */
export type StartEngine = () => Promise<Engine>;

/** A page of an archive's entries. */
export interface EntriesPage {
  total: number;
  entries: EntryRow[];
}

/** What is under way. */
export type Phase = "idle" | "starting" | "reading" | "again" | "judging" | "building";

/** While many small files come in, a report is asked for at most this often, in milliseconds. */
const REPORT_EVERY = 1_000;
/** … and one that takes long only so seldom that reading has most of the time. */
const REPORT_SHARE = 8;
/** While work is under way, views are told of changes at most this often, in milliseconds. */
const CHANGE_EVERY = 100;
/** After a cancel, files up to this size are read again without being asked for, in bytes. */
const CHEAP = 64 << 20;

export class Case extends EventTarget {
  items: readonly Item[] = [];
  report: Report | null = null;
  choices: readonly Choices[] = [];
  phase: Phase = "idle";
  /** Why the second pass that is under way is needed, in words. */
  why = "";
  /** Why there is no engine, when it could not be started or broke without a file being at fault. */
  engineTrouble: unknown = null;
  readonly progress = new Progress(() => this.#changed());

  #engine: Engine | undefined;
  #settings = new Map<string, Setting>();
  #abort = new AbortController();
  #running: Promise<void> | undefined;
  #more = false;
  #reported = 0;
  /** How long the last report took, in milliseconds. */
  #judging = 0;
  #stale = false;
  #rebuild = false;
  /** Whether the running engine was asked to rebuild. */
  #rebuilding = false;
  #telling = 0;
  #toldAt = 0;

  constructor(private readonly start: StartEngine) {
    super();
  }

  /** True while anything is under way. */
  get busy(): boolean {
    return this.phase !== "idle";
  }

  /** Adds files and reads them; what is in the list already stays. */
  async add(files: Iterable<{ name: string; blob: Blob }>): Promise<void> {
    await this.#bring(await itemsOf(files));
  }

  /** Adds a text: a digest, the output of a command, any document. */
  async paste(text: string): Promise<void> {
    if (text.trim() !== "") await this.#bring([Item.text(text)]);
  }

  /** Adds files and texts in one go. */
  async together(files: Iterable<{ name: string; blob: Blob }>, texts: Iterable<string>): Promise<void> {
    await this.#bring([...(await itemsOf(files)), ...Array.from(texts, Item.text)]);
  }

  /** Gives the engine back while nothing is under way. The report stays; what comes later reads everything again. */
  rest(): void {
    if (this.busy) return;
    this.#drop();
    for (const item of this.items) if (item.state === "read") item.reset("waiting");
  }

  /** Puts the files of a built-in example in place of everything else. */
  async example(name: Example): Promise<void> {
    await this.clear();
    await this.#ready(this.#abort.signal);
    if (this.engineTrouble) return;
    const answer = await this.#ask({ type: "example", name }, "example");
    let at = 0;
    const bytes = answer.bytes ?? new ArrayBuffer(0);
    await this.add(answer.files.map(({ name, size }) => ({ name, blob: new Blob([bytes.slice(at, (at += size))]) })));
  }

  /** Takes one item out of the case. */
  async remove(item: Item): Promise<void> {
    if (item.state === "reading") await this.cancel();
    this.items = this.items.filter((other) => other !== item);
    if (this.items.length === 0) return this.clear();
    if (item.source !== null) await this.#tell({ type: "remove", source: item.source });
    await this.#kick();
  }

  /** Forgets everything. */
  async clear(): Promise<void> {
    await this.#stop();
    this.items = [];
    this.report = null;
    this.choices = [];
    this.engineTrouble = null;
    this.#settings.clear();
    this.#changed();
  }

  /**
   * Stops what is under way. The engine is ended, since it may be inside a long computation; the next one is given the files
   * that had been read, unless they are large: those, and what was not read yet, wait for `again`. Who stops a build has everything
   * read and wants to keep it: then it is given all of them.
   */
  async cancel(): Promise<void> {
    if (!this.busy) return;
    const kept = this.#rebuilding && this.phase !== "reading" ? Infinity : CHEAP;
    await this.#stop();
    for (const item of this.items) item.reset(item.state === "read" && item.size <= kept ? "waiting" : "stopped");
    await this.#kick();
  }

  /** Reads an item that was stopped or failed. */
  again(item: Item): Promise<void> {
    item.reset("waiting");
    return this.#kick();
  }

  /** Tries once more to start an engine that could not be started. */
  retry(): Promise<void> {
    this.engineTrouble = null;
    return this.#kick();
  }

  /** Sets an option and judges anew. */
  async set(option: Setting): Promise<void> {
    this.#settings.set("key" in option ? `${option.name} ${option.key}` : option.name, option);
    await this.#tell({ type: "set", option });
    await this.#kick();
  }

  /** Takes the lines of an item for texts of steps, or for whatever its content shows. It goes with the item: an engine that starts later is told. */
  async readLines(item: Item, areLines: boolean): Promise<void> {
    item.areLines = areLines;
    if (item.source !== null) await this.#tell(linesOf(item, item.source));
    await this.#kick();
  }

  /** Rebuilds what can be rebuilt. */
  rebuild(): Promise<void> {
    this.#rebuild = true;
    return this.#kick();
  }

  /** A page of the entries of an archive. */
  entries(evidence: string, filter: string, from: number, count: number): Promise<EntriesPage> {
    return this.#ask({ type: "entries", evidence, filter, from, count }, "entries");
  }

  /** The history that each builder would write. */
  async explain(evidence: string): Promise<Explanation[]> {
    return (await this.#ask({ type: "explain", evidence }, "explained")).builders;
  }

  /** The report as a text. */
  export(format: ExportFormat): Promise<Answer<"text">> {
    return this.#ask({ type: "export", format }, "text");
  }

  /** A rebuilt artefact, whole. */
  async artefact(artefact: Artefact): Promise<{ name: string; blob: Blob }> {
    const parts: ArrayBuffer[] = [];
    for (let from = 0; ; ) {
      const { total, file_name: name, bytes } = await this.#ask({ type: "save", artefact, from }, "chunk");
      if (bytes) parts.push(bytes);
      from += bytes?.byteLength ?? 0;
      if (from >= total || !bytes?.byteLength) return { name, blob: new Blob(parts) };
    }
  }

  #bring(added: Item[]): Promise<void> {
    this.items = [...this.items, ...added];
    this.#changed();
    return this.#kick();
  }

  /** Sees to it that everything gets read and judged; resolves when nothing is left to do. */
  #kick(): Promise<void> {
    this.#more = true;
    this.#running ??= this.#work();
    return this.#running;
  }

  async #work(): Promise<void> {
    const { signal } = this.#abort;
    try {
      while (this.#more && !signal.aborted) {
        this.#more = false;
        while (await this.#step(signal));
      }
    } catch (error) {
      if (!signal.aborted) this.#broken(error);
    }
    this.#running = undefined;
    this.progress.end();
    this.#phase("idle");
    if (this.#more && !signal.aborted && !this.engineTrouble) await this.#kick();
  }

  /** Does the next thing that is to be done; false when there is nothing left. */
  async #step(signal: AbortSignal): Promise<boolean> {
    if (this.items.length === 0) return false;
    const engine = await this.#ready(signal);
    if (!engine || signal.aborted) return false;
    const next = this.items.find((item) => item.state === "waiting");
    if (next) await this.#read(engine, next, signal);
    else if (this.#rebuild) await this.#askRebuild(engine);
    else if (this.#stale) await this.#judge(engine, signal);
    else return this.#secondPass(engine, signal);
    return true;
  }

  async #ready(signal: AbortSignal): Promise<Engine | undefined> {
    if (this.#engine?.alive) return this.#engine;
    if (this.engineTrouble) return undefined;
    this.#phase("starting");
    try {
      const engine = await this.start();
      if (signal.aborted) engine.end();
      else this.#engine = engine;
      for (const option of this.#settings.values()) await engine.ask({ type: "set", option }, "done");
      this.#stale = true;
    } catch (error) {
      if (!signal.aborted) this.engineTrouble = error;
    }
    return this.#engine;
  }

  async #read(engine: Engine, item: Item, signal: AbortSignal): Promise<void> {
    this.#stale = true;
    this.progress.begin(this.items);
    this.#phase("reading");
    await feed(engine, item, this.#watch(signal));
    if (performance.now() - this.#reported > Math.max(REPORT_EVERY, REPORT_SHARE * this.#judging)) await this.#judge(engine, signal);
  }

  async #judge(engine: Engine, signal: AbortSignal): Promise<void> {
    if (this.phase !== "reading") this.#phase("judging");
    this.#stale = false;
    const began = performance.now();
    const answer = await engine.ask({ type: "report" }, "report");
    this.#judging = performance.now() - began;
    if (signal.aborted) return;
    this.report = answer.report;
    this.choices = answer.choices;
    const became = new Map(answer.sources.map((one) => [one.source, one]));
    for (const item of this.items) {
      const one = item.source === null ? undefined : became.get(item.source);
      item.evidence = one?.evidence ?? null;
      item.mayBeLines = one?.may_be_lines ?? false;
    }
    this.#reported = performance.now();
    this.#changed();
  }

  async #askRebuild(engine: Engine): Promise<void> {
    this.#rebuild = false;
    this.#rebuilding = true;
    this.#phase("building");
    await engine.ask({ type: "rebuild" }, "done");
    this.#stale = true;
  }

  /** Streams one source once more, if the engine needs that. */
  async #secondPass(engine: Engine, signal: AbortSignal): Promise<boolean> {
    const need = (await engine.ask({ type: "needs" }, "needs")).needs[0];
    const item = this.items.find((item) => item.source === need?.source);
    if (!need || !item) return false;
    this.why = need.why;
    this.progress.begin([item], true);
    this.#phase("again");
    await feedAgain(engine, item, need, this.#watch(signal), () => {
      if (!this.#rebuilding) return;
      this.progress.end();
      this.#phase("building");
    });
    this.#stale = true;
    return true;
  }

  #watch(signal: AbortSignal): Watch {
    return { signal, tick: () => this.progress.tick() };
  }

  /** Tells a running engine something that changes the report. One that starts later is told anyway. */
  async #tell(body: Request): Promise<void> {
    this.#stale = true;
    if (this.#engine?.alive) await this.#engine.ask(body, "done").catch((error: unknown) => this.#broken(error));
  }

  async #ask<Type extends Response["type"]>(body: Request, expect: Type): Promise<Answer<Type>> {
    if (!this.#engine?.alive) throw new EngineGone("ended");
    try {
      return await this.#engine.ask(body, expect);
    } catch (error) {
      if (error instanceof AssetsError) {
        this.#broken(error);
        this.#changed();
      }
      throw error;
    }
  }

  async #stop(): Promise<void> {
    this.#abort.abort();
    this.#drop();
    await this.#running;
    this.#abort = new AbortController();
    this.#more = this.#rebuild = this.#stale = false;
  }

  #drop(): void {
    this.#engine?.end();
    this.#engine = undefined;
    this.#rebuilding = false;
    this.#reported = 0;
  }

  /** The engine broke. The file under which it did so is set aside already (`feed`); the others are read again. */
  #broken(error: unknown): void {
    const blamed = this.items.some((item) => item.trouble?.kind === "crashed" && !item.trouble.told);
    this.#drop();
    for (const item of this.items) {
      if (item.trouble?.kind === "crashed") item.trouble.told = true;
      if (item.state === "read") item.reset("waiting");
    }
    if (blamed) this.#more = true;
    else this.engineTrouble = error;
  }

  #phase(phase: Phase): void {
    this.phase = phase;
    this.#changed();
  }

  /** Tells the views; only so often while work is under way, since many small files change the case many times a second. */
  #changed(): void {
    clearTimeout(this.#telling);
    const wait = this.busy ? CHANGE_EVERY - (performance.now() - this.#toldAt) : 0;
    if (wait > 0) this.#telling = window.setTimeout(() => this.#tellViews(), wait);
    else this.#tellViews();
  }

  #tellViews(): void {
    this.#toldAt = performance.now();
    this.dispatchEvent(new Event("change"));
  }
}
