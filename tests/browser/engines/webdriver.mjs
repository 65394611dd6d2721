// A browser behind a WebDriver program on loopback (W3C WebDriver): Chromium and WebKit.
import { pause, start } from "./process.mjs";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const CALL = "const done = arguments[arguments.length - 1]; (async () => (EXPRESSION))().then((v) => done({ v }), (e) => done({ e: String(e?.stack ?? e) }));";

export class WebDriver {
  /** Starts the driver and a session; `patience` is in seconds. */
  async begin(program, args, port, capabilities, env = {}) {
    this.base = `http://127.0.0.1:${port}`;
    this.driver = start(program, args, { env });
    for (let i = 0; !(await fetch(`${this.base}/status`).then((r) => r.ok, () => false)); i++) {
      if (i > 100 || this.driver.exitCode !== null) throw new Error(`${program} does not answer: ${this.driver.said}`);
      await pause(100);
    }
    const session = await this.#send("POST", "/session", { capabilities: { alwaysMatch: capabilities } });
    this.session = `/session/${session.sessionId}`;
    this.version = session.capabilities.browserVersion;
    await this.command("POST", "/timeouts", { script: 120_000, pageLoad: 60_000 });
  }

  async #send(method, where, body) {
    const reply = await fetch(this.base + where, { method, headers: { "content-type": "application/json" }, body: body && JSON.stringify(body) });
    const { value } = await reply.json();
    if (value?.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
  }

  command(method, where, body) {
    return this.#send(method, this.session + where, body);
  }

  async open(url) {
    await this.command("POST", "/url", { url });
  }

  /** The value of an expression, which may be a promise. */
  async evaluate(expression) {
    const { v, e } = await this.command("POST", "/execute/async", { script: CALL.replace("EXPRESSION", () => expression), args: [] });
    if (e) throw new Error(e);
    return v;
  }

  /** Puts files into the input that `expression` gives. */
  async setFiles(expression, files) {
    const element = await this.command("POST", "/execute/sync", { script: `return ${expression}`, args: [] });
    await this.command("POST", `/element/${element[ELEMENT]}/value`, { text: files.join("\n") });
  }

  act(actions) {
    return this.command("POST", "/actions", { actions });
  }

  async end() {
    await this.command("DELETE", "").catch(() => {});
    this.driver?.kill();
  }
}
