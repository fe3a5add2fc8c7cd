import { useState } from 'react';
import { Link } from '../frame/Link';
import { isGood, isOpen } from '../jobs/JobActs';
import { useT } from '../messages';
import { Failed } from '../parts/Failed';
import { type Found, hereOf, keyOf } from './answers';
import { Outcomes } from './Outcomes';
import { StudyRow } from './StudyRow';
import type { Asking } from './useAsking';
import { type Retrieves, useRetrieves } from './useRetrieves';

/** What the nodes answered; studies are chosen and retrieved here. */
export function Answers({ asking }: { asking: Asking }) {
  const t = useT();
  const retrieves = useRetrieves();
  return (
    <section className="card stack" aria-labelledby="pacs-answers">
      <h2 id="pacs-answers">{t('pacs.found')}</h2>
      <Outcomes asking={asking} />
      {asking.found.length > 0 && <Studies found={asking.found} retrieves={retrieves} />}
      {asking.found.length === 0 && asking.state === 'over' && <p className="soft">{t('pacs.nothing')}</p>}
    </section>
  );
}

function Studies({ found, retrieves }: { found: Found[]; retrieves: Retrieves }) {
  const t = useT();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const missing = found.filter((one) => hereOf(one) !== 'all' && !isGood(retrieves.jobs[keyOf(one)]));
  const wanted = found.filter((one) => ticked.has(keyOf(one)));

  function tick(key: string) {
    setTicked((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  }
  function retrieve() {
    retrieves.ask.mutate(wanted);
    setTicked(new Set());
  }
  return (
    <>
      <div className="row">
        <button
          type="button"
          disabled={missing.length === 0}
          onClick={() => setTicked(new Set(missing.map(keyOf)))}
        >
          {t('pacs.chooseMissing')}
        </button>
        <button
          type="button"
          className="primary"
          disabled={wanted.length === 0 || retrieves.ask.isPending}
          onClick={retrieve}
        >
          {wanted.length === 0 ? t('pacs.retrieveChosen') : t('pacs.retrieve', { count: wanted.length })}
        </button>
      </div>
      {retrieves.ask.isError && <Failed error={retrieves.ask.error} />}
      <Coming retrieves={retrieves} />
      <div className="wide">
        <table className="answers">
          <thead>
            <tr>
              <th scope="col">
                <span className="hidden">{t('pacs.choose')}</span>
              </th>
              <th scope="col">{t('pacs.claimed')}</th>
              <th scope="col">{t('pacs.study')}</th>
              <th scope="col">{t('pacs.modality')}</th>
              <th scope="col" className="number">
                {t('pacs.counts')}
              </th>
              <th scope="col">{t('pacs.here')}</th>
              <th scope="col">{t('pacs.whose')}</th>
              <th scope="col">{t('pacs.node')}</th>
            </tr>
          </thead>
          <tbody>
            {found.map((one) => (
              <StudyRow
                key={keyOf(one)}
                found={one}
                ticked={ticked.has(keyOf(one))}
                tick={() => tick(keyOf(one))}
                retrieves={retrieves}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** How far all that was asked for is, and where it goes. */
function Coming({ retrieves }: { retrieves: Retrieves }) {
  const t = useT();
  const jobs = Object.values(retrieves.jobs);
  if (jobs.length === 0) return null;
  const failed = jobs.filter((job) => job.state === 'failed' || job.state === 'cancelled').length;
  const done = jobs.filter((job) => !isOpen(job)).length - failed;
  return (
    <p role="status" className="row">
      <span>
        {t('pacs.retrieved', { count: jobs.length, done })}
        {failed > 0 && ` ${t('pacs.retrievedNot', { count: failed })}`}
      </span>
      <Link to="/inbox">{t('pacs.toInbox')}</Link>
      <Link to="/jobs">{t('pacs.toJobs')}</Link>
    </p>
  );
}
