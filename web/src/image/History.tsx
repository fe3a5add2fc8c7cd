import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, told } from '../api/client';
import { useMay } from '../frame/session';
import { type Key, useSpeech } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import { momentOf } from '../parts/format';
import { Loading } from '../parts/Loading';
import { categoryKey } from '../parts/words';
import type { Detail } from './ImageScreen';
import { Reassign } from './Reassign';

type Decision = Schemas['DecisionAnswer'];

const KINDS: Record<string, Key> = {
  link: 'decision.link',
  create: 'decision.create',
  reject: 'decision.reject',
  'rule-out': 'decision.ruleOut',
  split: 'decision.split',
  category: 'decision.category',
  undo: 'decision.undo',
  calibration: 'decision.calibration',
};

/** What was decided, by whom and when; the latest that stands can be taken back. */
export function History({ image }: { image: Detail }) {
  const { t } = useSpeech();
  const mayDecide = useMay('imaging:capture');
  const [reassigning, setReassigning] = useState(false);
  const queries = useQueryClient();
  const told_ = useQuery({
    queryKey: ['images', 'history', image.id],
    queryFn: () =>
      told(api.GET('/api/imaging/images/{image_id}/decisions', { params: { path: { image_id: image.id } } })),
  });
  const undo = useMutation({
    mutationFn: (id: string) =>
      told(api.POST('/api/imaging/decisions/{decision_id}/undo', { params: { path: { decision_id: id } } })),
    onSuccess: () => {
      for (const topic of ['images', 'inbox', 'patients', 'overview'])
        void queries.invalidateQueries({ queryKey: [topic] });
    },
  });
  const rows = told_.data?.items ?? [];
  const undone = new Set(rows.map((row) => row.undoes));
  return (
    <>
      {told_.isPending && <Loading />}
      {told_.isError && <Failed error={told_.error} again={() => told_.refetch()} />}
      {told_.data && rows.length === 0 && <p className="soft">{t('image.noHistory')}</p>}
      <ol className="history">
        {rows.map((row) => (
          <li key={row.decisionId} className={undone.has(row.decisionId) ? 'undone' : ''}>
            <Told row={row} />
            {mayDecide && row.kind !== 'undo' && !undone.has(row.decisionId) && (
              <button type="button" className="quiet" onClick={() => undo.mutate(row.decisionId)}>
                {t('inbox.undo')}
              </button>
            )}
          </li>
        ))}
      </ol>
      {undo.isError && <Failed error={undo.error} />}
      {mayDecide && image.status === 'linked' && (
        <button type="button" onClick={() => setReassigning(true)}>
          {t('image.reassign')}
        </button>
      )}
      {reassigning && <Reassign image={image} onClose={() => setReassigning(false)} />}
    </>
  );
}

function Told({ row }: { row: Decision }) {
  const { language, t } = useSpeech();
  const kind = KINDS[row.kind];
  const detail = row.detail as { verified?: string[]; reason?: string | null; from?: string; to?: string };
  return (
    <div>
      <strong>{kind ? t(kind) : row.kind}</strong> <Data>{row.by}</Data>{' '}
      <span className="soft">{momentOf(row.madeAt, language)}</span>
      {detail.to && (
        <p>
          {t(categoryKey(detail.from))} → {t(categoryKey(detail.to))}
        </p>
      )}
      {detail.verified && detail.verified.length > 0 && (
        <p className="soft small">{t('image.verified', { what: detail.verified.join(', ') })}</p>
      )}
      {detail.reason && (
        <p className="small">
          <Data>{detail.reason}</Data>
        </p>
      )}
    </div>
  );
}
