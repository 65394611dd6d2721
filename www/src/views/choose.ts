// The target stage and the build arguments of a Dockerfile, where it has any.
import { html, nothing, type TemplateResult } from "lit";
import type { Choices, Setting } from "../../protocol.js";
import { strings } from "../strings.js";

const words = strings.texts;

export function choose(choices: Choices, name: string, set: (option: Setting) => void): TemplateResult | typeof nothing {
  if (choices.stages.length < 2 && choices.arguments.length === 0) return nothing;
  return html`<details class="choose">
    <summary>${words.choose(name)}</summary>
    <form @submit=${(event: SubmitEvent) => submit(event, choices, set)}>
      ${choices.stages.length < 2 ? nothing : stages(choices)}
      ${choices.arguments.map(
        ({ name, default: preset, value }) => html`<label
          ><span><code>${name}</code> <span class="quiet">${preset === null ? words.noDefault : words.defaultIs(preset)}</span></span>
          <input name="argument" data-name=${name} .value=${value ?? ""} autocomplete="off" spellcheck="false"
        /></label>`,
      )}
      <button type="submit">${words.apply}</button>
    </form>
  </details>`;
}

function stages({ stages, target }: Choices): TemplateResult {
  return html`<label
    ><span>${words.target}</span>
    <select name="target">
      <option value="" ?selected=${target === null}>${words.last}</option>
      ${stages.map((stage) => html`<option value=${stage} ?selected=${stage === target}>${stage}</option>`)}
    </select>
  </label>`;
}

/** Sends only what changed. */
function submit(event: SubmitEvent, choices: Choices, set: (option: Setting) => void): void {
  event.preventDefault();
  const form = event.currentTarget as HTMLFormElement;
  const target = form.querySelector("select")?.value || null;
  if (target !== choices.target && choices.stages.length > 1) set({ name: "target", value: target });
  for (const input of form.querySelectorAll<HTMLInputElement>("input[name=argument]")) {
    const before = choices.arguments.find(({ name }) => name === input.dataset["name"]);
    const value = input.value === "" ? null : input.value;
    if (before && value !== before.value) set({ name: "build-arg", key: before.name, value });
  }
}
