import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, told } from '../api/client';
import type { Node } from '../devices/useNodes';
import { type Key, useSpeech, useT } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import { momentOf } from '../parts/format';
import { Loading } from '../parts/Loading';

type Forward = Schemas['ForwardAnswer'];
const STATES: Record<string, { name: Key; tag: string }> = {
  waiting: { name: 'forwarding.waiting', tag: 'person' },
  'given up': { name: 'forwarding.givenUp', tag: 'danger' },
  sent: { name: 'forwarding.sent', tag: 'verified' },
};

interface ForwardsProps {
  rules: Schemas['RuleWithCounts'][];
  nodes: Node[];
}

/** Instance by instance: what waits, was sent, or was given up, and what the node said last. */
export function Forwards({ rules, nodes }: ForwardsProps) {
  const t = useT();
  const [state, setState] = useState<string>('');
  const found = useInfiniteQuery({
    queryKey: ['forwarding', 'forwards', state],
    queryFn: ({ pageParam }) =>
      told(
        api.GET('/api/imaging/forwarding', {
          params: { query: { state: state || null, limit: 20, cursor: pageParam } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: 10_000,
  });
  const all = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <div className="row">
        <h3>{t('forwarding.onItsWay')}</h3>
        <label>
          <span className="hidden">{t('jobs.state')}</span>
          <select value={state} onChange={(event) => setState(event.target.value)}>
            <option value="">{t('forwarding.every')}</option>
            {Object.entries(STATES).map(([value, { name }]) => (
              <option key={value} value={value}>
                {t(name)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {found.isPending && <Loading />}
      {found.isError && <Failed error={found.error} again={() => found.refetch()} />}
      {found.isSuccess && all.length === 0 && <p className="soft">{t('aside.none')}</p>}
      {all.length > 0 && <Rows forwards={all} rules={rules} nodes={nodes} />}
      {found.hasNextPage && (
        <button type="button" onClick={() => found.fetchNextPage()}>
          {t('frame.more')}
        </button>
      )}
    </>
  );
}

function Rows({ forwards, rules, nodes }: ForwardsProps & { forwards: Forward[] }) {
  const { language, t } = useSpeech();
  const ruleNames = new Map(rules.map(({ rule }) => [rule.id, rule.name]));
  const nodeNames = new Map(nodes.map((node) => [node.id, node.name]));
  return (
    <div className="wide">
      <table className="rules">
        <thead>
          <tr>
            <th scope="col">{t('patients.when')}</th>
            <th scope="col">{t('rules.rule')}</th>
            <th scope="col">{t('forwarding.to')}</th>
            <th scope="col">{t('image.instance')}</th>
            <th scope="col">{t('jobs.state')}</th>
            <th scope="col" className="number">
              {t('forwarding.attempts')}
            </th>
            <th scope="col">{t('forwarding.said')}</th>
          </tr>
        </thead>
        <tbody>
          {forwards.map((one) => (
            <tr key={one.id}>
              <td>{momentOf(one.updatedAt, language)}</td>
              <td>
                <Data>{ruleNames.get(one.ruleId) ?? '–'}</Data>
              </td>
              <td>
                <Data>{nodeNames.get(one.nodeId) ?? '–'}</Data>
              </td>
              <td className="mono">
                <Data>{one.instanceId}</Data>
              </td>
              <td>
                <State of={one} />
              </td>
              <td className="number">{one.attempts}</td>
              <td lang="en">
                <Data>{one.lastError}</Data>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function State({ of }: { of: Forward }) {
  const { language, t } = useSpeech();
  const known = STATES[of.state];
  return (
    <>
      <span className={`tag ${known?.tag ?? 'plain'}`}>{known ? t(known.name) : of.state}</span>
      {of.nextAttemptAt && (
        <p className="small soft">{t('forwarding.next', { when: momentOf(of.nextAttemptAt, language) })}</p>
      )}
    </>
  );
}
