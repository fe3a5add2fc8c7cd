import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link } from '../frame/Link';
import { addressOf } from '../frame/router';
import { type Key, useSpeech } from '../messages';
import { Data } from '../parts/Data';
import { sentenceOf } from '../parts/Failed';
import { categoryKey } from '../parts/words';
import { fromDrop, fromInput } from './picked';
import { type Group, groupsOf, type Picked } from './plan';
import { type Outcome, sendGroup } from './send';
import './import.css';

interface Sent {
  path: string;
  size: number;
  sent: number;
  state: 'waiting' | 'sending' | 'done' | 'failed';
  error?: string;
}

const WORDS: Record<string, Key> = {
  linked: 'import.linked',
  pending: 'import.pending',
  duplicate: 'import.duplicate',
  conflict: 'import.conflict',
  quarantined: 'import.quarantined',
  skipped: 'import.skipped',
};

/** Files, folders and ZIPs: dropped or chosen, each with its progress, each found file with its outcome. */
export default function Import() {
  const { t } = useSpeech();
  const queries = useQueryClient();
  const [files, setFiles] = useState<Sent[]>([]);
  const [outcomes, setOutcomes] = useState<Outcome[]>([]);
  const [left, setLeft] = useState<Group[]>([]);
  const [over, setOver] = useState(false);
  const stop = useRef(new AbortController());
  const busy = files.some((one) => one.state === 'sending');
  useEffect(() => () => stop.current.abort(), []);

  function mark(picked: readonly Picked[], change: Partial<Sent>) {
    const paths = new Set(picked.map((one) => one.path));
    setFiles((all) =>
      all.map((one) => (paths.has(one.path) && one.state !== 'done' ? { ...one, ...change } : one)),
    );
  }
  async function send(groups: Group[]) {
    setLeft([]);
    for (const group of groups) {
      mark(group.files, { state: 'sending' });
      try {
        const found = await sendGroup(group, (picked, sent) => mark([picked], { sent }), stop.current.signal);
        setOutcomes((all) => [...all, ...found]);
        for (const one of group.files) mark([one], { state: 'done', sent: one.file.size });
      } catch (error) {
        mark(group.files, {
          state: 'failed',
          error: sentenceOf(error, t('frame.failed'), t('frame.unreachable')),
        });
        setLeft((all) => [...all, group]);
      }
    }
    for (const topic of ['inbox', 'images', 'overview'])
      void queries.invalidateQueries({ queryKey: [topic] });
  }
  function add(picked: Picked[]) {
    const known = new Set(files.map((one) => one.path));
    const fresh = picked.filter((one) => !known.has(one.path));
    setFiles((all) => [
      ...all,
      ...fresh.map(({ file, path }): Sent => ({ path, size: file.size, sent: 0, state: 'waiting' })),
    ]);
    void send(groupsOf(fresh));
  }
  return (
    <div className="screen">
      <h1>{t('frame.import')}</h1>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a place to drop on; the two fields inside do the same by key */}
      <div
        className={`drop ${over ? 'over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void fromDrop(event.dataTransfer).then(add);
        }}
      >
        <p>{t('import.drop')}</p>
        <Choose label={t('import.files')} add={add} />
        <Choose label={t('import.folder')} add={add} folder />
      </div>
      {left.length > 0 && !busy && (
        <div className="notice danger">
          <p>{t('import.broke', { count: left.reduce((sum, group) => sum + group.files.length, 0) })}</p>
          <button type="button" onClick={() => send(left)}>
            {t('frame.again')}
          </button>
        </div>
      )}
      {files.length > 0 && <Files files={files} />}
      {outcomes.length > 0 && <Outcomes outcomes={outcomes} />}
    </div>
  );
}

function Choose({
  label,
  add,
  folder = false,
}: {
  label: string;
  add: (picked: Picked[]) => void;
  folder?: boolean;
}) {
  return (
    <label className="button">
      {label}
      <input
        type="file"
        multiple
        className="hidden"
        {...(folder ? { webkitdirectory: '' } : {})}
        onChange={(event) => {
          add(fromInput(event.target.files ?? new FileList()));
          event.target.value = '';
        }}
      />
    </label>
  );
}

function Files({ files }: { files: Sent[] }) {
  const { t } = useSpeech();
  const bytes = files.reduce((sum, one) => sum + one.size, 0);
  const sent = files.reduce((sum, one) => sum + one.sent, 0);
  const done = files.filter((one) => one.state === 'done').length;
  return (
    <section className="card stack" aria-labelledby="sent">
      <h2 id="sent">{t('import.sent', { done, count: files.length })}</h2>
      <progress aria-labelledby="sent" max={bytes || 1} value={sent} />
      <ul className="sent" aria-label={t('import.files')}>
        {files
          .filter((one) => one.state !== 'done')
          .slice(0, 50)
          .map((one) => (
            <li key={one.path}>
              <Data>{one.path}</Data>
              <progress aria-label={one.path} max={one.size || 1} value={one.sent} />
              {one.error && <span className="error">{one.error}</span>}
            </li>
          ))}
      </ul>
    </section>
  );
}

const SHOWN = 200;

function Outcomes({ outcomes }: { outcomes: Outcome[] }) {
  const { t } = useSpeech();
  const counts = new Map<string, number>();
  for (const one of outcomes) counts.set(one.outcome, (counts.get(one.outcome) ?? 0) + 1);
  // What needs a person stands on top.
  const sorted = [...outcomes].sort((a, b) => Number(Boolean(b.reason)) - Number(Boolean(a.reason)));
  return (
    <section className="card stack" aria-labelledby="outcomes">
      <h2 id="outcomes">{t('import.outcomes')}</h2>
      <p role="status">
        {[...counts].map(([word, count]) => (
          <span key={word} className="outcome">
            {t(WORDS[word] ?? 'import.other')} <strong>{count}</strong>
          </span>
        ))}
        <Link to="/inbox">{t('frame.home')}</Link>
      </p>
      <div className="wide">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('import.file')}</th>
              <th scope="col">{t('import.what')}</th>
              <th scope="col">{t('import.became')}</th>
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, SHOWN).map((one, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: one path may come twice
              <tr key={`${one.path}|${at}`}>
                <td>
                  <Data>{one.path}</Data>
                </td>
                <td>
                  {one.imageId ? (
                    <Link to={addressOf('images', one.imageId)}>{t(categoryKey(one.category))}</Link>
                  ) : (
                    t(categoryKey(one.category))
                  )}
                </td>
                <td>
                  {t(WORDS[one.outcome] ?? 'import.other')}{' '}
                  {one.reason && (
                    <span lang="en" className="soft">
                      <Data>{one.reason}</Data>
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {sorted.length > SHOWN && (
        <p className="soft">{t('import.moreOutcomes', { count: sorted.length - SHOWN })}</p>
      )}
    </section>
  );
}
