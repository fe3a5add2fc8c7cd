import { api, type Schemas, told } from '../api/client';
import { useT } from '../messages';
import { Failed } from '../parts/Failed';
import { useAction } from '../parts/useAction';

export type Job = Schemas['JobAnswer'];

/** Whether a job has not come to its end yet. */
export function isOpen(job: Job): boolean {
  return job.state === 'queued' || job.state === 'running';
}

/** Whether a job did, or may yet do, what it was asked for. */
export function isGood(job: Job | undefined): boolean {
  return job !== undefined && (isOpen(job) || job.state === 'done');
}

/** Stops a job, or tries it again. */
export function JobActs({ job }: { job: Job }) {
  const t = useT();
  const params = { path: { job_id: job.id } };
  const cancel = useAction(() => told(api.POST('/api/jobs/{job_id}/cancel', { params })), ['job']);
  const retry = useAction(() => told(api.POST('/api/jobs/{job_id}/retry', { params })), ['job']);
  const failed = cancel.error ?? retry.error;
  return (
    <>
      {isOpen(job) && (
        <button type="button" className="danger" disabled={job.cancelAsked} onClick={() => cancel.mutate()}>
          {t('jobs.cancel')}
        </button>
      )}
      {(job.state === 'failed' || job.state === 'cancelled') && (
        <button type="button" onClick={() => retry.mutate()}>
          {t('frame.again')}
        </button>
      )}
      {Boolean(failed) && <Failed error={failed} />}
    </>
  );
}
