import { type FormEvent, useId } from 'react';
import type { Node } from '../devices/useNodes';
import { type Key, useT } from '../messages';
import { Data } from '../parts/Data';
import { useKept } from '../parts/useKept';
import { MODALITIES, NOTHING_TYPED, questionOf, type Typed, WHENS, type When } from './question';
import type { Asking } from './useAsking';

const SHOWS: Record<(typeof MODALITIES)[number], Key> = {
  OPG: 'category.PANORAMIC',
  CEPH: 'pacs.ceph',
  PA: 'category.PERIAPICAL',
  BW: 'category.BITEWING',
  OCC: 'category.OCCLUSAL',
  CBCT: 'category.CBCT',
  HW: 'category.HAND_WRIST',
  TMJ: 'category.TMJ',
};

/** Whom to ask, and for what. */
export function AskForm({ nodes, asking }: { nodes: Node[]; asking: Asking }) {
  const t = useT();
  const [typed, change] = useKept('pacs.typed', NOTHING_TYPED);
  const names = nodes.map((node) => node.name);
  const chosen = typed.nodes?.filter((name) => names.includes(name)) ?? names;
  const hint = useId();

  function set(part: Partial<Typed>) {
    change((before) => ({ ...before, ...part }));
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    asking.ask(questionOf(typed, chosen, new Date()));
  }
  return (
    <form className="stack" onSubmit={submit}>
      <fieldset className="ticks">
        <legend>{t('pacs.nodes')}</legend>
        {names.map((name) => (
          <label key={name} className="tick">
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={(event) =>
                set({
                  nodes: event.target.checked ? [...chosen, name] : chosen.filter((one) => one !== name),
                })
              }
            />
            <Data>{name}</Data>
          </label>
        ))}
      </fieldset>
      <div className="fields">
        <label>
          {t('field.name')}
          <input
            value={typed.name}
            maxLength={200}
            placeholder={t('pacs.namePlace')}
            aria-describedby={hint}
            onChange={(event) => set({ name: event.target.value })}
          />
        </label>
        <label>
          {t('pacs.patientId')}
          <input
            value={typed.patientId}
            maxLength={64}
            onChange={(event) => set({ patientId: event.target.value })}
          />
        </label>
        <label>
          {t('field.birthDate')}
          <input
            type="date"
            value={typed.birthDate}
            onChange={(event) => set({ birthDate: event.target.value })}
          />
        </label>
        <label>
          {t('pacs.when')}
          <select value={typed.when} onChange={(event) => set({ when: event.target.value as When })}>
            {WHENS.map((when) => (
              <option key={when} value={when}>
                {t(`pacs.when.${when}`)}
              </option>
            ))}
          </select>
        </label>
        {typed.when === 'own' && (
          <>
            <label>
              {t('pacs.from')}
              <input type="date" value={typed.from} onChange={(event) => set({ from: event.target.value })} />
            </label>
            <label>
              {t('pacs.to')}
              <input type="date" value={typed.to} onChange={(event) => set({ to: event.target.value })} />
            </label>
          </>
        )}
        <label>
          {t('pacs.modality')}
          <select value={typed.modality} onChange={(event) => set({ modality: event.target.value })}>
            <option value="">{t('pacs.anyModality')}</option>
            {MODALITIES.map((code) => (
              <option key={code} value={code}>
                {code} · {t(SHOWS[code])}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('pacs.accession')}
          <input
            value={typed.accession}
            maxLength={16}
            onChange={(event) => set({ accession: event.target.value })}
          />
        </label>
      </div>
      <p id={hint} className="soft small">
        {t('pacs.hint')}
      </p>
      <div className="row">
        <button type="submit" className="primary" disabled={chosen.length === 0}>
          {t('pacs.ask')}
        </button>
        {asking.state === 'asking' && (
          <button type="button" className="danger" onClick={asking.stop}>
            {t('jobs.cancel')}
          </button>
        )}
        <button type="button" className="quiet" onClick={() => change(() => NOTHING_TYPED)}>
          {t('pacs.clear')}
        </button>
      </div>
    </form>
  );
}
