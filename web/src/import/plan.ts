/** What is sent how: small files together, large ones in pieces that go on where they stopped. */

export interface Picked {
  file: File;
  /** The name within the folder that was chosen or dropped. */
  path: string;
}

export interface Group {
  files: Picked[];
  resumable: boolean;
}

export const LARGE = 8 << 20;
const TOGETHER = 16 << 20;
const MOST = 100;

/** Groups in the order in which the files were picked; empty files are left out. */
export function groupsOf(picked: readonly Picked[]): Group[] {
  const groups: Group[] = [];
  let bytes = 0;
  let open: Group | null = null;
  for (const one of picked) {
    if (one.file.size === 0) continue;
    if (one.file.size >= LARGE) {
      groups.push({ files: [one], resumable: true });
      continue;
    }
    if (!open || bytes + one.file.size > TOGETHER || open.files.length >= MOST) {
      open = { files: [], resumable: false };
      groups.push(open);
      bytes = 0;
    }
    open.files.push(one);
    bytes += one.file.size;
  }
  return groups;
}

/** Seconds to wait before the next try: 1, 2, 4 ... at most 30. */
export function pauseBefore(attempt: number): number {
  return Math.min(2 ** (attempt - 1), 30);
}
