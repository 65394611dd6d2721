// Firefox, spoken to directly by WebDriver BiDi: nothing but the browser is needed.
import fs from "node:fs";
import path from "node:path";
import { find, pause, scratch, start } from "./process.mjs";

export const forcesColours = true;
export const packages = "firefox-esr";
export const programs = () => ({ browser: find("firefox-esr", "firefox") });

// Nothing of the browser's own calls out, asks or animates.
const OFF = ["app.update.enabled", "app.normandy.enabled", "browser.safebrowsing.malware.enabled", "browser.safebrowsing.phishing.enabled", "browser.search.update", "browser.region.update.enabled",
  "browser.shell.checkDefaultBrowser", "browser.topsites.contile.enabled", "datareporting.healthreport.uploadEnabled", "datareporting.policy.dataSubmissionEnabled", "dom.push.connection.enabled",
  "extensions.getAddons.cache.enabled", "extensions.systemAddon.update.enabled", "extensions.update.enabled", "network.captive-portal-service.enabled", "network.connectivity-service.enabled", "nimbus.rollouts.enabled",
  "toolkit.telemetry.enabled"];
let runs = 0;

export class Browser {
  #waiting = new Map();
  #last = 0;
  #problems = [];

  async start({ scheme, motion, colours = "own" }) {
    const profile = path.join(scratch, `firefox-${runs++}`);
    fs.mkdirSync(profile, { recursive: true });
    const settings = { ...Object.fromEntries(OFF.map((name) => [name, false])), "services.settings.server": "data:,", "layout.css.prefers-color-scheme.content-override": scheme === "dark" ? 0 : 1,
      "ui.prefersReducedMotion": motion === "reduce" ? 1 : 0, "ui.useOverlayScrollbars": 1, "browser.display.document_color_use": colours === "forced" ? 2 : 1 };
    fs.writeFileSync(path.join(profile, "user.js"), Object.entries(settings).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`).join(""));
    const child = start(programs().browser, ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0", "about:blank"], { env: { HOME: scratch, MOZ_CRASHREPORTER_DISABLE: "1" } });
    let address;
    for (let i = 0; !(address = child.said.match(/BiDi listening on (ws:\S+)/)?.[1]); i++) {
      if (i > 600 || child.exitCode !== null) throw new Error(`Firefox does not answer: ${child.said}`);
      await pause(100);
    }
    this.socket = new WebSocket(`${address}/session`);
    await new Promise((done, fail) => Object.assign(this.socket, { onopen: done, onerror: () => fail(new Error("no connection to Firefox")) }));
    this.socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    this.socket.onclose = () => this.#gone();
    const { capabilities } = await this.send("session.new", { capabilities: { alwaysMatch: { unhandledPromptBehavior: { default: "accept" } } } });
    this.version = capabilities.browserVersion;
    await this.send("session.subscribe", { events: ["log.entryAdded"] });
    // Without a desktop the first window never becomes the active one, and keys press no button in it; a second window does.
    const [first] = (await this.send("browsingContext.getTree")).contexts;
    this.context = (await this.send("browsingContext.create", { type: "window" })).context;
    await this.send("browsingContext.close", { context: first.context });
  }

  send(method, params = {}) {
    return new Promise((resolve, reject) => {
      this.#waiting.set(++this.#last, { method, resolve, reject });
      this.socket.send(JSON.stringify({ id: this.#last, method, params }));
    });
  }

  #receive(message) {
    if (message.method === "log.entryAdded" && /warn|error/.test(message.params.level)) this.#problems.push(message.params.text);
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === "error") waiting?.reject(new Error(`${waiting.method}: ${message.error} ${message.message}`));
    else waiting?.resolve(message.result);
  }

  #gone() {
    for (const { method, reject } of this.#waiting.values()) reject(new Error(`${method}: Firefox is gone`));
    this.#waiting.clear();
  }

  open(url) {
    return this.send("browsingContext.navigate", { context: this.context, url, wait: "complete" });
  }

  async evaluate(expression) {
    const answer = await this.#value(`(async () => JSON.stringify({ v: await (${expression}) }))()`);
    return JSON.parse(answer.value).v;
  }

  async #value(expression) {
    const answer = await this.send("script.evaluate", { expression, target: { context: this.context }, awaitPromise: true, userActivation: true });
    if (answer.type === "exception") throw new Error(answer.exceptionDetails.text);
    return answer.result;
  }

  async setFiles(expression, files) {
    const { sharedId } = await this.#value(expression);
    await this.send("input.setFiles", { context: this.context, element: { sharedId }, files });
  }

  act(actions) {
    return this.send("input.performActions", { context: this.context, actions });
  }

  resize(width, height) {
    return this.send("browsingContext.setViewport", { context: this.context, viewport: { width, height } });
  }

  async screenshot() {
    return (await this.send("browsingContext.captureScreenshot", { context: this.context, origin: "document" })).data;
  }

  async problems() {
    return this.#problems.splice(0);
  }

  async end() {
    await Promise.race([this.send("browser.close").catch(() => {}), pause(3000)]);
  }
}
