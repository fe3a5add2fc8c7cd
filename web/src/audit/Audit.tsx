import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, told } from '../api/client';
import { useSpeech } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import { momentOf } from '../parts/format';
import { Section } from '../parts/Section';
import { useAction } from '../parts/useAction';
import { useRested } from '../patients/useFound';

/** Who did or saw what, newest first, and whether the chain is whole. */
export default function Audit() {
  const { t } = useSpeech();
  const [typed, setTyped] = useState('');
  const object = useRested(typed.trim());
  const found = useInfiniteQuery({
    queryKey: ['audit', object],
    queryFn: ({ pageParam }) =>
      told(
        api.GET('/api/audit', {
          params: { query: { limit: 100, before: pageParam, object: object || null } },
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.before,
  });
  return (
    <div className="screen">
      <h1>{t('frame.audit')}</h1>
      <Verify />
      <label className="patients-find">
        {t('audit.object')}
        <input
          type="search"
          value={typed}
          maxLength={64}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <Section title={t('audit.links')} found={found}>
        {({ pages }) => <Links links={pages.flatMap((page) => page.items)} />}
      </Section>
      {found.hasNextPage && (
        <button type="button" onClick={() => found.fetchNextPage()}>
          {t('frame.more')}
        </button>
      )}
    </div>
  );
}

function Verify() {
  const { t } = useSpeech();
  const verify = useAction(() => told(api.GET('/api/audit/verify')), []);
  return (
    <div className="row" role="status">
      <button type="button" disabled={verify.isPending} onClick={() => verify.mutate()}>
        {t('audit.verify')}
      </button>
      {verify.data && (
        <span className={`tag ${verify.data.whole ? 'verified' : 'danger'}`}>
          {verify.data.whole
            ? t('audit.whole', { count: verify.data.links })
            : t('audit.broken', { number: verify.data.brokenAt ?? 0 })}
        </span>
      )}
      {verify.isError && <Failed error={verify.error} />}
    </div>
  );
}

function Links({ links }: { links: Schemas['AuditLink'][] }) {
  const { language, t } = useSpeech();
  return (
    <div className="wide">
      <table>
        <thead>
          <tr>
            <th scope="col" className="number">
              {t('audit.number')}
            </th>
            <th scope="col">{t('patients.when')}</th>
            <th scope="col">{t('audit.who')}</th>
            <th scope="col">{t('audit.did')}</th>
            <th scope="col">{t('audit.on')}</th>
          </tr>
        </thead>
        <tbody>
          {links.map((link) => (
            <tr key={link.number}>
              <td className="number">{link.number}</td>
              <td>{momentOf(link.at, language)}</td>
              <td>
                <Data>{link.actor}</Data>
              </td>
              <td lang="en">
                <Data>{link.action}</Data>
              </td>
              <td className="mono">
                <Data>{`${link.objectKind} ${link.objectId}`}</Data>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
