import { isOpen, type Job, JobActs } from '../jobs/JobActs';
import { useT } from '../messages';
import { Data } from '../parts/Data';
import { type Found, hereOf } from './answers';

const TAGS = { all: 'verified', some: 'person', none: 'plain' } as const;

/** How much of an answer is here: what we held when it was asked, or how far its retrieve is. */
export function Here({ found, job }: { found: Found; job: Job | undefined }) {
  const t = useT();
  if (job && isOpen(job)) return <Coming job={job} />;
  if (job && job.state !== 'done')
    return (
      <>
        <span className="tag danger">{t(job.state === 'failed' ? 'pacs.failed' : 'pacs.cancelled')}</span>
        {job.error && (
          <p className="small" lang="en">
            <Data>{job.error}</Data>
          </p>
        )}
        <JobActs job={job} />
      </>
    );
  const held = (job ? numberOf(job.result?.held) : found.held) ?? 0;
  const stated = (job && numberOf(job.result?.expected)) ?? found.stated;
  const here = job ? 'all' : hereOf(found);
  const counted = stated === null ? 'pacs.heldOfUnknown' : 'pacs.heldOf';
  return (
    <span className={`tag ${TAGS[here]}`}>
      {t(`pacs.here.${here}`)} {here !== 'none' && t(counted, { held, stated: stated ?? 0 })}
    </span>
  );
}

function Coming({ job }: { job: Job }) {
  const t = useT();
  const arrived = numberOf(job.progress.arrived) ?? numberOf(job.progress.completed) ?? 0;
  const expected = numberOf(job.progress.expected);
  return (
    <div className="coming">
      <progress aria-label={t('jobs.progress')} {...(expected ? { value: arrived, max: expected } : {})} />
      <span className="small">
        {job.state === 'queued'
          ? t('pacs.queued')
          : t('pacs.heldOf', { held: arrived, stated: expected ?? '?' })}
      </span>
      <JobActs job={job} />
    </div>
  );
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
