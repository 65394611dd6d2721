// Marks what differs between an instruction and a history entry, word by word. Only a reading aid: what counts was decided
// before (`relation`).

/** A run of text, and whether only this side has it. */
export interface Run {
  text: string;
  only: boolean;
}

/** Longer lines are shown unmarked: the comparison takes time that grows with both lengths. */
const MOST_WORDS = 600;

/** What a builder always writes, or never: the keyword of a command, the shell in front of it, `#(nop)`, continued lines. */
const USUAL = /^\s*RUN\s+|^\/bin\/sh -c (?:#\(nop\)\s*)?|\\(?=\s*\n)/g;

/** Both lines as runs. */
export function diff(left: string, right: string): [Run[], Run[]] {
  return compared(left, right).map((runs, at) => excused(runs, [left, right][at] ?? "")) as [Run[], Run[]];
}

function compared(left: string, right: string): [Run[], Run[]] {
  const [one, other] = [words(left), words(right)];
  if (one.length > MOST_WORDS || other.length > MOST_WORDS) return [[{ text: left, only: false }], [{ text: right, only: false }]];
  const kept = common(one.map(same), other.map(same));
  return [runs(one, new Set(kept.map(([at]) => at))), runs(other, new Set(kept.map(([, at]) => at)))];
}

/** Words, blanks and single signs. */
function words(text: string): string[] {
  return text.match(/\s+|[\w.@%+:/-]+|[^\s\w]/g) ?? [];
}

/** Blanks of any kind are alike. */
function same(word: string): string {
  return /^\s/.test(word) ? " " : word;
}

/** Pairs of positions of a longest common subsequence. */
function common(one: string[], other: string[]): [number, number][] {
  const width = other.length + 1;
  const longest = new Uint16Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i--) {
    for (let j = other.length - 1; j >= 0; j--) {
      const at = i * width + j;
      longest[at] =
        one[i] === other[j] ? longest[at + width + 1]! + 1 : Math.max(longest[at + width]!, longest[at + 1]!);
    }
  }
  return walk(one, other, longest, width);
}

function walk(one: string[], other: string[], longest: Uint16Array, width: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < one.length && j < other.length; ) {
    const at = i * width + j;
    if (one[i] === other[j]) pairs.push([i++, j++]);
    else if (longest[at + width]! >= longest[at + 1]!) i++;
    else j++;
  }
  return pairs;
}

/** Neighbours of a kind become one run; a blank is marked only between two marked words. */
function runs(parts: string[], kept: Set<number>): Run[] {
  const differs = (at: number) => at >= 0 && at < parts.length && !kept.has(at) && parts[at]?.trim() !== "";
  return joined(parts.map((text, at) => ({ text, only: text.trim() === "" ? differs(at - 1) && differs(at + 1) : differs(at) })));
}

function joined(runs: Run[]): Run[] {
  const found: Run[] = [];
  for (const { text, only } of runs) {
    const last = found.at(-1);
    if (last?.only === only) last.text += text;
    else found.push({ text, only });
  }
  return found;
}

/** Takes the mark from what differs in every pair of lines, so that it stays on what differs in this one. */
function excused(list: Run[], whole: string): Run[] {
  const usual = Array.from(whole.matchAll(USUAL), (match) => [match.index, match.index + match[0].length] as const);
  let at = 0;
  const cut = list.flatMap(({ text, only }) => {
    const from = at;
    at += text.length;
    return only ? pieces(text, from, usual) : [{ text, only }];
  });
  return joined(cut.flatMap(bare));
}

/** Blanks at the ends of a marked run are not marked. */
function bare({ text, only }: Run): Run[] {
  const [, before = "", words = "", after = ""] = only ? (/^(\s*)(.*?)(\s*)$/s.exec(text) ?? []) : ["", "", text, ""];
  return [{ text: before, only: false }, { text: words, only }, { text: after, only: false }].filter((run) => run.text !== "");
}

function pieces(text: string, from: number, usual: readonly (readonly [number, number])[]): Run[] {
  const inside = (at: number) => usual.some(([start, end]) => at >= start && at < end);
  return joined(Array.from({ length: text.length }, (_, at) => ({ text: text.charAt(at), only: !inside(from + at) })));
}
