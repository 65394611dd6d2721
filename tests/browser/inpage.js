// Runs inside the page: looks at it as a person does, through open shadow roots.
const inside = (node) => (node.localName === "slot" && node.assignedNodes().length > 0 ? node.assignedNodes({ flatten: true }) : (node.shadowRoot ?? node).childNodes);
const shown = (element) => element.checkVisibility({ visibilityProperty: true });
const SILENT = new Set(["script", "style", "template", "noscript", "head", "datalist"]);
const BLOCK = /^(block|flex|grid|list-item|table|table-row|flow-root)$/;

function text(node = document.body) {
  if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\s+/g, " ");
  if (node.nodeType === Node.ELEMENT_NODE) {
    if (SILENT.has(node.localName) || (!shown(node) && getComputedStyle(node).display !== "contents")) return "";
    if (node.localName === "br") return "\n";
  }
  const within = [...inside(node)].map(text).join("");
  const display = node.nodeType === Node.ELEMENT_NODE ? getComputedStyle(node).display : "";
  return BLOCK.test(display) ? `\n${within}\n` : display === "table-cell" ? `${within}\t` : within;
}
const tidy = (all) => all.replace(/[ \t]*\n[ \t\n]*/g, "\n").replace(/ {2,}/g, " ").trim();
const pageText = () => tidy(text());

/** Every element, in the order of the document, also below open shadow roots. */
function* elements(root = document) {
  for (const element of root.querySelectorAll("*")) {
    yield element;
    if (element.shadowRoot) yield* elements(element.shadowRoot);
  }
}
const all = (selector) => [...elements()].filter((element) => element.matches(selector));

function name(element) {
  const labelled = (element.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => element.getRootNode().getElementById?.(id)?.textContent ?? "").join(" ");
  const labels = [...(element.labels ?? [])].map((label) => label.textContent).join(" ");
  return tidy(element.getAttribute("aria-label") || labelled.trim() || labels || text(element) || element.value || element.title || "");
}

/** The control with this name: the same text first, then one that begins with it, then one that holds it. */
function control(wanted) {
  const some = all("button, a[href], summary, select, input:not([type=hidden]), textarea, [role=button], [role=tab], [role=checkbox], [tabindex]").filter(shown);
  const named = some.map((element) => [element, name(element)]);
  const by = (fits) => named.find(([, n]) => fits(n))?.[0];
  return by((n) => n === wanted) ?? by((n) => n.startsWith(wanted)) ?? by((n) => n.includes(wanted));
}

function place(element) {
  element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: Math.round(left + width / 2), y: Math.round(top + height / 2), disabled: Boolean(element.disabled) };
}

function focused() {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

/** A drop as the system would send it: entering, over (which the page must allow), dropping. */
function drop(files, target) {
  const dataTransfer = new DataTransfer();
  for (const file of files) dataTransfer.items.add(file);
  const send = (type) => target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, composed: true }));
  send("dragenter");
  const refused = send("dragover");
  if (refused) return false;
  send("drop");
  return true;
}
