// Marks what differs between an instruction and a history entry, word by word. Only a reading aid: what counts was decided
// before (`relation`).

/** A run of text, and whether only this side has it. */
export interface Run {
  text: string;
  only: boolean;
}

/** Longer lines are shown unmarked: the comparison takes time that grows with both lengths. */
const MOST_WORDS = 600;

/** Both lines as runs. */
export function diff(left: string, right: string): [Run[], Run[]] {
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

/** Neighbours of a kind become one run; blanks are never marked by themselves. */
function runs(parts: string[], kept: Set<number>): Run[] {
  const found: Run[] = [];
  parts.forEach((text, at) => {
    const only = !kept.has(at) && text.trim() !== "";
    const last = found.at(-1);
    const blank = text.trim() === "" && !kept.has(at);
    if (last && (last.only === only || blank)) last.text += text;
    else found.push({ text, only });
  });
  return found;
}
