import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, told } from '../api/client';
import { useT } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import { Loading } from '../parts/Loading';
import { visible } from '../parts/visible';
import type { Detail } from './ImageScreen';
import { groupOf, narrowed, type Row } from './tagrows';

const AT_ONCE = 400;
const LONG = 300;

/** Every attribute of an instance: searched, by group, private ones on request, values as they are. */
export function Tags({ image }: { image: Detail }) {
  const t = useT();
  const [typed, setTyped] = useState('');
  const [withPrivate, setWithPrivate] = useState(true);
  const [most, setMost] = useState(AT_ONCE);
  const [instance, setInstance] = useState(image.instances[0]?.sopInstanceUid ?? '');
  const tags = useQuery({
    queryKey: ['images', 'tags', image.id, instance],
    queryFn: () =>
      told(
        api.GET('/api/imaging/images/{image_id}/tags', {
          params: { path: { image_id: image.id }, query: instance ? { instance } : {} },
        }),
      ),
  });
  const found = narrowed(tags.data?.rows ?? [], typed, withPrivate);
  return (
    <section className="stack" aria-label={t('image.tags')}>
      {image.instances.length > 1 && (
        <label>
          {t('image.instance')}
          <select value={instance} onChange={(event) => setInstance(event.target.value)}>
            {image.instances.map((one, at) => (
              <option key={one.sopInstanceUid} value={one.sopInstanceUid}>
                {one.instanceNumber ?? at + 1}: {visible(one.sopInstanceUid)}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        {t('image.findTag')}
        <input
          type="search"
          value={typed}
          maxLength={200}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <label className="tick">
        <input
          type="checkbox"
          checked={withPrivate}
          onChange={(event) => setWithPrivate(event.target.checked)}
        />
        {t('image.private')}
      </label>
      {tags.isPending && <Loading />}
      {tags.isError && <Failed error={tags.error} again={() => tags.refetch()} />}
      <p className="soft small" role="status">
        {tags.data && t('image.found', { count: found.length })}
      </p>
      <Rows rows={found.slice(0, most)} />
      {found.length > most && (
        <button type="button" onClick={() => setMost(most + AT_ONCE)}>
          {t('frame.more')}
        </button>
      )}
    </section>
  );
}

/** Two sheets, one over the other. */
function CopySign() {
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" fill="none" stroke="currentColor">
      <rect x="1.5" y="4.5" width="8" height="8" rx="1" />
      <path d="M4.5 4.5v-3h8v8h-3" />
    </svg>
  );
}

function Rows({ rows }: { rows: Row[] }) {
  const t = useT();
  return (
    <table className="tags">
      <thead>
        <tr>
          <th scope="col">{t('image.tag')}</th>
          <th scope="col">{t('image.value')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          <Line key={row.path} row={row} begins={at === 0 || groupOf(row) !== groupOf(rows[at - 1] ?? row)} />
        ))}
      </tbody>
    </table>
  );
}

function Line({ row, begins }: { row: Row; begins: boolean }) {
  const t = useT();
  const [whole, setWhole] = useState(false);
  const shown = whole ? row.value : row.value.slice(0, LONG);
  return (
    <>
      {begins && (
        <tr className="group">
          <th colSpan={2} scope="rowgroup">
            {t('image.group', { group: groupOf(row) })}
          </th>
        </tr>
      )}
      <tr>
        <th scope="row" style={{ paddingInlineStart: `${8 + row.depth * 12}px` }}>
          <Data>{row.name || row.keyword || t('image.unnamed')}</Data>
          {row.private && <span className="tag plain">{t('image.privateOne')}</span>}
          <span className="mono soft">
            {' '}
            <Data>{row.tag}</Data> {row.vr}
          </span>
        </th>
        <td>
          <Data>{shown}</Data>
          {shown.length < row.value.length && (
            <button type="button" className="quiet" onClick={() => setWhole(true)}>
              {t('image.whole', { count: row.value.length })}
            </button>
          )}
          {row.value && (
            <button
              type="button"
              className="quiet copy"
              aria-label={t('image.copy', { name: visible(row.name || row.tag) })}
              onClick={() => navigator.clipboard.writeText(row.value)}
            >
              <CopySign />
            </button>
          )}
        </td>
      </tr>
    </>
  );
}
