// The answer: sentence, chain, counts.
import { css } from "lit";

export const answerStyle = css`
  .answer { padding-block: 0.25rem; }
  .sentence { font-size: 1.2rem; line-height: 1.45; margin-block-start: 0.35rem; max-inline-size: 46rem; text-wrap: pretty; overflow-wrap: anywhere; }

  .verdict { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.2rem 0.75rem; }
  .rest { margin-block-start: 0.5rem; max-inline-size: 46rem; text-wrap: pretty; overflow-wrap: anywhere; }

  .chain { display: flex; flex-wrap: wrap; row-gap: 0.9rem; margin-block: 1.25rem 0.75rem; }
  .chain li { display: flex; align-items: center; }
  .station { display: grid; border-block-start: 2px solid var(--strong-rule); padding-block-start: 0.3rem; min-inline-size: 6.5rem; max-inline-size: 15rem; align-self: stretch; align-content: start; }
  .station .role { color: var(--quiet); font-size: 0.75rem; }
  .station .label { font-weight: 600; font-size: 0.875rem; overflow-wrap: anywhere; }
  .station .digest { font-size: 0.75rem; justify-self: start; }
  .joint { display: inline-flex; align-items: center; justify-content: center; inline-size: 3.25rem; position: relative; align-self: stretch; }
  .joint::before { content: ""; position: absolute; inset-inline: 0.3rem; inset-block-start: 50%; border-block-start: 4px double var(--verdict); translate: 0 -50%; }
  .joint[data-verdict="proved"]::before, .joint[data-verdict="contradicted"]::before { border-block-start-style: solid; border-block-start-width: 3px; }
  .joint[data-verdict="unknown"]::before, .joint[data-verdict="ambiguous"]::before { border-block-start: 2px dashed var(--verdict); }
  .joint .icon { position: relative; background: var(--ground); border-radius: 50%; outline: 3px solid var(--ground); }

  .counts { display: flex; flex-wrap: wrap; gap: 0.25rem 1.1rem; font-size: 0.875rem; padding-block: 0.5rem; border-block: 1px solid var(--rule); }
  .count { all: unset; display: inline-flex; gap: 0.35em; align-items: center; padding: 0.15rem 0.1rem; }
  button.count { cursor: pointer; text-decoration: underline; text-decoration-color: var(--verdict); text-underline-offset: 0.25em; }
  button.count:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  .counts .none { color: var(--quiet); --verdict: var(--strong-rule); }

  @container (max-width: 34rem) {
    .chain { flex-direction: column; row-gap: 0; }
    .chain li { flex-direction: column; align-items: start; }
    .station { max-inline-size: none; padding-block: 0.3rem; }
    .joint { inline-size: 1.5rem; block-size: 2rem; margin-inline-start: 0.5rem; }
    .joint::before { inset: 0 auto 0 50%; border: 0; border-inline-start: 4px double var(--verdict); translate: -50% 0; }
    .joint:dir(rtl)::before { translate: 50% 0; }
    .joint[data-verdict="proved"]::before, .joint[data-verdict="contradicted"]::before { border-inline-start: 3px solid var(--verdict); }
    .joint[data-verdict="unknown"]::before, .joint[data-verdict="ambiguous"]::before { border-block-start: 0; border-inline-start: 2px dashed var(--verdict); }
    .sentence { font-size: 1.05rem; }
  }
`;
