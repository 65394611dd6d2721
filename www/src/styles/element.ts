// The element inside somebody else's page: its font and accent come from there, its verdicts do not.
import { css } from "lit";
import { stackedRows } from "./parts.js";

export const elementStyle = css`
  :host { display: block; margin-block: 1rem; contain: content; }
  :host([hidden]) { display: none; }
  .lp { --sans: var(--layer-proof-font, inherit); font-family: var(--sans); line-height: 1.5; color: var(--ink); background: var(--ground); container-type: inline-size; border: 1px solid var(--rule); border-radius: 4px; padding: 0.9rem 1rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem; text-align: start; }
  .lp > div:empty, .lp > .unseen { margin: 0; }
  .work p { display: flex; justify-content: space-between; gap: 0.5rem; flex-wrap: wrap; }
  .trouble { border-inline-start: 4px solid var(--contradicted); padding-inline-start: 0.6rem; overflow-wrap: anywhere; }
  .pick { min-inline-size: 0; max-inline-size: 100%; flex-direction: row; align-items: center; gap: 0.5rem; flex-wrap: wrap; }
  @container (max-width: 34rem) {
    ${stackedRows}
  }
`;
