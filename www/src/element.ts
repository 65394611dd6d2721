// The element <layer-proof>.
import { build } from "layerproof:assets";
import { assets } from "./shell/assets.js";
import { WorkerEngine } from "./shell/engine.js";

/** Starts the engine on request and shows its version. */
export class LayerProof extends HTMLElement {
  connectedCallback(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const [main, title, button, status] = [document.createElement("main"), document.createElement("h1"), document.createElement("button"), document.createElement("p")];
    title.textContent = "layerproof";
    button.textContent = "Start the engine";
    status.setAttribute("role", "status");
    status.textContent = `Version ${build.version}, build ${build.label}`;
    button.addEventListener("click", () => void this.#start(status));
    main.append(title, button, status);
    root.replaceChildren(main);
  }

  async #start(status: HTMLElement): Promise<void> {
    const engine = await WorkerEngine.start(await assets());
    status.textContent = `The engine runs: version ${build.version}, build ${build.label}`;
    engine.end();
  }
}

if (!customElements.get("layer-proof")) customElements.define("layer-proof", LayerProof);
