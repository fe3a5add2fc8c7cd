/** Pictures that the server has drawn, as red, green and blue. */

import { Unshown } from './failure';

export interface Colours {
  readonly samples: Uint8Array<ArrayBuffer>;
  readonly columns: number;
  readonly rows: number;
}

/** The pixels of a picture that browsers know. */
export async function coloursOf(picture: Blob): Promise<Colours> {
  const bitmap = await createImageBitmap(picture).catch(() => {
    throw new Unshown('undecodable');
  });
  const { width: columns, height: rows } = bitmap;
  const context = new OffscreenCanvas(columns, rows).getContext('2d');
  if (!context) throw new Unshown('graphics');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { samples: withoutAlpha(context.getImageData(0, 0, columns, rows).data), columns, rows };
}

export function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    out[to] = rgba[from] as number;
    out[to + 1] = rgba[from + 1] as number;
    out[to + 2] = rgba[from + 2] as number;
  }
  return out;
}
