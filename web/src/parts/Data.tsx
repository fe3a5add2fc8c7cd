import { pieces } from './visible';

/** A value from a file, a device or a register: isolated from the text around it, with nothing hidden. */
export function Data({ children }: { children: string | number | null | undefined }) {
  const text = String(children ?? '');
  const shown = pieces(text);
  if (shown.every((piece) => !piece.escaped)) return <bdi>{text}</bdi>;
  return (
    <bdi>
      {shown.map((piece, at) =>
        piece.escaped ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move
          <span key={at} className="escape">
            {piece.text}
          </span>
        ) : (
          piece.text
        ),
      )}
    </bdi>
  );
}
