import { Link } from '../frame/Link';
import { useT } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import type { Outcome } from './answers';
import type { Asking } from './useAsking';

/** How far the question is, and how each node ended. */
export function Outcomes({ asking }: { asking: Asking }) {
  const t = useT();
  const { found, outcomes, question, state, error } = asking;
  const silent = question?.nodes.filter((name) => !outcomes.some((one) => one.node === name)) ?? [];
  return (
    <div className="stack">
      <p role="status" aria-busy={state === 'asking'}>
        {t(`pacs.state.${state}`)} {t('pacs.answers', { count: found.length })}
      </p>
      <ul className="findings outcomes">
        {outcomes.map((one) => (
          <Ended key={one.node} outcome={one} />
        ))}
        {silent.map((name) => (
          <li key={name} className="soft">
            <span aria-hidden="true">{state === 'asking' ? '…' : '–'}</span> <Data>{name}</Data>:{' '}
            {t(state === 'asking' ? 'pacs.still' : 'pacs.notToTheEnd')}
          </li>
        ))}
      </ul>
      {Boolean(error) && <Failed error={error} />}
    </div>
  );
}

export function Ended({ outcome }: { outcome: Outcome }) {
  const t = useT();
  const severity = outcome.error ? 'fault' : outcome.capped ? 'warning' : 'ok';
  return (
    <li className={severity}>
      <strong aria-hidden="true">{{ fault: '✗', warning: '▲', ok: '✓' }[severity]}</strong>{' '}
      <Data>{outcome.node}</Data>:{' '}
      {(outcome.answers > 0 || !outcome.error) && t('pacs.answers', { count: outcome.answers })}{' '}
      {outcome.capped && t('pacs.capped')}
      {outcome.error && (
        <>
          <span lang="en">
            <Data>{outcome.error}</Data>
          </span>{' '}
          <Link to="/devices">{t('pacs.testIt')}</Link>
        </>
      )}
    </li>
  );
}
