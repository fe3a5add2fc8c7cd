import type { Schemas } from '../api/client';
import { useT } from '../messages';
import { Data } from './Data';
import { said } from './vetoes';

/** Why somebody is not certainly the one, in the page's language. */
export function Veto({ of }: { of: Schemas['VetoAnswer'] }) {
  const t = useT();
  const { words, foreign } = said(of, t);
  return (
    <span lang={foreign ? 'en' : undefined}>
      <Data>{words}</Data>
    </span>
  );
}
