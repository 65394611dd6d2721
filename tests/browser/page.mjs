// What a test can do with a page: look, drop, click, type, wait. One class for all engines.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { pause } from "./engines/process.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const IN_PAGE = fs.readFileSync(path.join(here, "inpage.js"), "utf8");
const AXE = path.join(root, "www/node_modules/axe-core/axe.min.js");
export const screenshots = path.join(root, "target/screenshots");

const KEYS = { Enter: "\uE007", Tab: "\uE004", Escape: "\uE00C", Backspace: "\uE003", Delete: "\uE017", ArrowLeft: "\uE012", ArrowUp: "\uE013", ArrowRight: "\uE014", ArrowDown: "\uE015",
  Home: "\uE011", End: "\uE010", PageUp: "\uE00E", PageDown: "\uE00F", Space: " ", Shift: "\uE008", Control: "\uE009", Alt: "\uE00A" };

export class Page {
  constructor(browser, engine) {
    this.browser = browser;
    this.engine = engine;
  }

  /** Opens a URL or a file. */
  async open(where) {
    await this.browser.open(/^[a-z]+:/.test(where) ? where : pathToFileURL(where).href);
    await this.eval("void (window.__problems ??= (addEventListener('error', (e) => __problems.push(e.message)), addEventListener('securitypolicyviolation', (e) => __problems.push(`policy: ${e.violatedDirective} ${e.blockedURI}`)), []))");
  }

  /** The value of an expression in the page; a promise is waited for. Values cross as JSON. */
  eval(expression) {
    return this.browser.evaluate(expression);
  }

  /** The value of an expression that may use what inpage.js offers. */
  look(expression) {
    return this.eval(`(async () => { ${IN_PAGE}\nreturn ${expression}; })()`);
  }

  /** The text that a person sees. */
  text() {
    return this.look("pageText()");
  }

  /** Waits until the visible text matches; gives the match. */
  async waitFor(pattern, seconds = 20) {
    const wanted = typeof pattern === "string" ? { exec: (t) => (t.includes(pattern) ? [pattern] : null) } : pattern;
    let text = "";
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(100)) {
      text = await this.text();
      const match = wanted.exec(text);
      if (match) return match;
    }
    throw new Error(`after ${seconds} s the page does not show ${pattern}; it shows:\n${text.slice(0, 3000)}`);
  }

  /** Waits until an expression is true. */
  async until(expression, seconds = 20) {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(100)) if (await this.look(expression)) return;
    throw new Error(`after ${seconds} s not true: ${expression}`);
  }

  /** Clicks the control with this name where a mouse would. */
  async click(name) {
    const look = () => this.look(`(() => { const found = control(${JSON.stringify(name)}); return found ? place(found) : null; })()`);
    let at = await look();
    // A person does not click what still moves (a smooth scroll, a note that goes away).
    for (let moves = true, tries = 0; at && moves && tries < 40; tries++) {
      await pause(50);
      const next = await look();
      moves = next?.x !== at.x || next?.y !== at.y;
      at = next;
    }
    if (!at) throw new Error(`nothing to click is named ${JSON.stringify(name)}; the page shows:\n${(await this.text()).slice(0, 3000)}`);
    if (at.disabled) throw new Error(`${JSON.stringify(name)} is disabled`);
    const press = [{ type: "pointerMove", x: at.x, y: at.y, duration: 0 }, { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }];
    await this.browser.act([{ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions: press }]);
  }

  /** Presses keys one after the other: `Tab`, `Shift+Tab`, `o`. Gives the name of what has the focus then. */
  async press(...strokes) {
    for (const stroke of strokes) {
      const keys = stroke.split("+").map((key) => KEYS[key] ?? key);
      const actions = [...keys.map((value) => ({ type: "keyDown", value })), ...keys.toReversed().map((value) => ({ type: "keyUp", value }))];
      await this.browser.act([{ type: "key", id: "keyboard", actions }]);
    }
    return this.look("(() => { const element = focused(); return element ? name(element).slice(0, 200) : ''; })()");
  }

  /** Types into what has the focus. */
  async type(text) {
    const actions = [...text].flatMap((c) => [{ type: "keyDown", value: c === "\n" ? KEYS.Enter : c }, { type: "keyUp", value: c === "\n" ? KEYS.Enter : c }]);
    await this.browser.act([{ type: "key", id: "keyboard", actions }]);
  }

  /** Puts the focus on the control with this name. */
  focus(name) {
    return this.look(`void control(${JSON.stringify(name)}).focus()`);
  }

  /** Gives files to the page's own file input. */
  async choose(files) {
    await this.look("(() => { window.__input = all('input[type=file]').find((input) => !input.webkitdirectory) ?? null; if (window.__input) window.__input.value = ''; })()");
    if (!(await this.eval("Boolean(window.__input)"))) throw new Error("the page has no file input");
    await this.browser.setFiles("window.__input", files.map((file) => path.resolve(file)));
  }

  /** Drops files onto an element (the page's body when not said). */
  async drop(files, onto = "body") {
    await this.eval(`(() => { const input = document.createElement("input"); input.type = "file"; input.multiple = true; input.ariaLabel = "test"; document.body.append(input); window.__dropped = input; })()`);
    await this.browser.setFiles("window.__dropped", files.map((file) => path.resolve(file)));
    const allowed = await this.look(`(() => { const { files } = window.__dropped, list = [...files]; window.__dropped.remove(); return drop(list, all(${JSON.stringify(onto)})[0]); })()`);
    if (!allowed) throw new Error("the page does not accept a drop here");
  }

  /** Pastes text, or files by name and content, at the focus. */
  paste({ text = "", files = [] }) {
    return this.look(`(() => {
      const clipboardData = new DataTransfer();
      if (${JSON.stringify(text)}) clipboardData.setData("text/plain", ${JSON.stringify(text)});
      for (const [name, content] of ${JSON.stringify(files)}) clipboardData.items.add(new File([content], name));
      const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true, composed: true });
      // Firefox makes an empty one of its own.
      if (event.clipboardData !== clipboardData) Object.defineProperty(event, "clipboardData", { value: clipboardData });
      (focused() ?? document.body).dispatchEvent(event);
    })()`);
  }

  async resize(width, height = 800) {
    await this.browser.resize(width, height);
  }

  /** Lays the page out for paper, or back. Where the engine cannot be told, what the style sheets say of paper is made to hold on the screen. */
  async print(is) {
    if (this.browser.print) return this.browser.print(is);
    await this.look(`(() => {
      const roots = [document, ...all("*").flatMap((element) => element.shadowRoot ?? [])];
      for (const sheet of new Set(roots.flatMap((root) => [...root.adoptedStyleSheets, ...root.styleSheets])))
        for (const rule of sheet.cssRules)
          if (rule instanceof CSSMediaRule && (rule.__paper ??= rule.media.mediaText === "print")) rule.media.mediaText = ${is} ? "all" : "print";
    })()`);
  }

  /** Whether something sticks out to the side. */
  overflows() {
    return this.eval("document.documentElement.scrollWidth > document.documentElement.clientWidth");
  }

  /** A picture of the whole page below target/screenshots, never in git. */
  async screenshot(name) {
    fs.mkdirSync(screenshots, { recursive: true });
    fs.writeFileSync(path.join(screenshots, `${name}-${this.engine}.png`), Buffer.from(await this.browser.screenshot(), "base64"));
  }

  /** What axe-core finds: one line for each place. */
  async axe() {
    if (!(await this.eval("Boolean(window.axe)"))) await this.eval(`(() => { ${fs.readFileSync(AXE, "utf8")}\n; return true; })()`);
    const found = await this.eval("axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${v.help} (${n.target.flat().join(' ')})`)))");
    return found;
  }

  /** What went wrong in the page so far: console warnings and errors, uncaught errors, violations of the policy. */
  async problems() {
    const own = await this.eval("(window.__problems ?? []).splice(0)");
    return [...own, ...(await this.browser.problems())];
  }
}
