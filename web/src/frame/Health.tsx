import { useState } from 'react';
import { useSpeech } from '../messages';
import { Data } from '../parts/Data';
import { Dialog } from '../parts/Dialog';
import { momentOf } from '../parts/format';
import { useOverview } from './overview';

const SIGNS = { ok: '●', warning: '▲', fault: '■', unknown: '○' } as const;
type Sign = keyof typeof SIGNS;

/** How everything is, as a shape, a colour and a word; a click explains it. */
export function Health() {
  const { t } = useSpeech();
  const overview = useOverview();
  const [open, setOpen] = useState(false);
  const health = overview.isError ? 'unknown' : signOf(overview.data?.health);
  return (
    <>
      <button type="button" className={`health ${health}`} onClick={() => setOpen(true)}>
        <span aria-hidden="true">{SIGNS[health]}</span> {t(`health.${health}`)}
      </button>
      {open && <Explained onClose={() => setOpen(false)} />}
    </>
  );
}

function signOf(health: string | undefined): Sign {
  return health === 'ok' || health === 'warning' || health === 'fault' ? health : 'unknown';
}

function Explained({ onClose }: { onClose: () => void }) {
  const { language, t } = useSpeech();
  const { data, isError } = useOverview();
  return (
    <Dialog title={t('health.title')} onClose={onClose}>
      {isError && <p>{t('frame.unreachable')}</p>}
      <p>
        {data?.newestArrival
          ? t('health.newest', { when: momentOf(data.newestArrival, language) })
          : t('health.nothingYet')}
      </p>
      {data?.findings.length === 0 && <p>{t('health.nothingWrong')}</p>}
      <ul className="findings" lang="en">
        {data?.findings.map((one) => (
          <li key={`${one.about}|${one.sentence}`} className={one.severity}>
            <strong>
              {SIGNS[signOf(one.severity)]} <Data>{one.about}</Data>
            </strong>{' '}
            <Data>{one.sentence}</Data> <span className="soft">{one.advice}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
