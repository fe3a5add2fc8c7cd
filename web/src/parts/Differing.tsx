import { Data } from './Data';
import type { Letters } from './diff';

/** A text whose letters that the other one lacks are marked, for the eye and for the ear. */
export function Differing({ letters }: { letters: Letters[] }) {
  return (
    <bdi>
      {letters.map((run, at) =>
        run.same ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: runs of one text never move
          <Data key={at}>{run.text}</Data>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: runs of one text never move
          <mark key={at} className="differs">
            <Data>{run.text}</Data>
          </mark>
        ),
      )}
    </bdi>
  );
}
