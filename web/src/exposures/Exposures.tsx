import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, told } from '../api/client';
import { useMay } from '../frame/session';
import { useSpeech, useT } from '../messages';
import { Failed } from '../parts/Failed';
import { dateOf, dayOf } from '../parts/format';
import { Loading } from '../parts/Loading';
import { DeviceDoses } from './DeviceDoses';
import { areDays, type Days, yearTo } from './figures';
import { Levels } from './Levels';
import './exposures.css';

/** What the clinic's X-rays cost: by device, kind and age, over the days that somebody chooses. */
export default function Exposures() {
  const t = useT();
  const [days, setDays] = useState(() => {
    const { from, to } = yearTo(new Date());
    return { from: dayOf(from), to: dayOf(to) };
  });
  const mayExport = useMay('imaging:admin');
  const whole = areDays(days);
  return (
    <div className="screen">
      <h1>{t('frame.exposures')}</h1>
      <p className="soft doses-lead">{t('doses.lead')}</p>
      <div className="row">
        <label>
          {t('doses.from')}
          <input
            type="date"
            value={days.from}
            max={days.to}
            onChange={(event) => setDays({ ...days, from: event.target.value })}
          />
        </label>
        <label>
          {t('doses.to')}
          <input
            type="date"
            value={days.to}
            min={days.from}
            onChange={(event) => setDays({ ...days, to: event.target.value })}
          />
        </label>
        {mayExport && whole && <Tables {...days} />}
      </div>
      {whole ? <Found days={days} /> : <p className="soft">{t('doses.choose')}</p>}
      <Levels />
    </div>
  );
}

/** All exposures as a table that spreadsheets open, with and without names. */
function Tables({ from, to }: Days) {
  const { language, t } = useSpeech();
  const decimal = new Intl.NumberFormat(language).format(1.5).includes(',') ? 'comma' : 'point';
  const address = (names: boolean) =>
    `/api/exposures/log?${new URLSearchParams({ from, to, decimal, names: String(names) })}`;
  return (
    <>
      <a className="button" href={address(false)} download>
        {t('doses.table')}
      </a>
      <a className="button" href={address(true)} download>
        {t('doses.named')}
      </a>
    </>
  );
}

function Found({ days }: { days: Days }) {
  const { from, to } = days;
  const { language, t } = useSpeech();
  const found = useQuery({
    queryKey: ['images', 'figures', from, to],
    queryFn: () => told(api.GET('/api/exposures/figures', { params: { query: { from, to } } })),
  });
  if (found.isPending) return <Loading />;
  if (found.isError) return <Failed error={found.error} again={() => found.refetch()} />;
  const { exposures, withoutDose, groups } = found.data;
  const shown = { from: dateOf(from, language), to: dateOf(to, language) };
  return (
    <>
      <p role="status">
        {exposures === 0 ? t('doses.none', shown) : t('doses.count', { count: exposures, ...shown })}{' '}
        {withoutDose > 0 && <strong>{t('patients.withoutDose', { count: withoutDose })}</strong>}
      </p>
      {groups.map((group) => (
        <DeviceDoses key={`${group.device}|${group.category}`} group={group} days={days} />
      ))}
    </>
  );
}
