/** Letter by letter: what two texts share and where they differ. */

export interface Letters {
  text: string;
  same: boolean;
}

const LONGEST = 200;

/** Both texts cut into runs of letters that the other one has too, or has not; capitals do not count. */
export function differences(one: string, other: string): [Letters[], Letters[]] {
  const [left, right] = [[...one].slice(0, LONGEST), [...other].slice(0, LONGEST)];
  const shared = longest(left, right);
  const [inLeft, inRight] = [new Set<number>(), new Set<number>()];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    if (alike(left[i], right[j])) {
      inLeft.add(i++);
      inRight.add(j++);
    } else if (at(shared, i + 1, j) >= at(shared, i, j + 1)) i++;
    else j++;
  }
  return [runs(left, inLeft), runs(right, inRight)];
}

function alike(one: string | undefined, other: string | undefined): boolean {
  return one?.toLocaleLowerCase() === other?.toLocaleLowerCase();
}

function at(table: number[][], i: number, j: number): number {
  return table[i]?.[j] ?? 0;
}

/** The length of the longest common subsequence of every two ends. */
function longest(left: string[], right: string[]): number[][] {
  const table: number[][] = [];
  for (let i = left.length - 1; i >= 0; i--) {
    const row: number[] = [];
    table[i] = row;
    for (let j = right.length - 1; j >= 0; j--) {
      row[j] = alike(left[i], right[j])
        ? at(table, i + 1, j + 1) + 1
        : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}

function runs(letters: string[], same: Set<number>): Letters[] {
  const found: Letters[] = [];
  letters.forEach((letter, index) => {
    const last = found.at(-1);
    if (last && last.same === same.has(index)) last.text += letter;
    else found.push({ text: letter, same: same.has(index) });
  });
  return found;
}
