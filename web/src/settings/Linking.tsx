import { useQuery } from '@tanstack/react-query';
import { api, type Schemas, told } from '../api/client';
import { useSpeech } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import { momentOf } from '../parts/format';
import { Section } from '../parts/Section';
import { useAction } from '../parts/useAction';

/** Which sources may link certain images by themselves, and the samples that a person looks at. */
export function Linking() {
  const { t } = useSpeech();
  const found = useQuery({
    queryKey: ['linking', 'sources'],
    queryFn: () => told(api.GET('/api/imaging/linking')),
  });
  const set = useAction(
    ({ sourceKey, unattended, oneIn }: Schemas['SourceAnswer']) =>
      told(api.PUT('/api/imaging/linking', { body: { sourceKey, unattended, oneIn } })),
    ['linking'],
  );
  return (
    <Section title={t('linking.title')} found={found}>
      {({ items }) => (
        <>
          <p className="soft">{t('linking.lead')}</p>
          {items.length === 0 && <p className="soft">{t('linking.none')}</p>}
          {items.map((source) => (
            <div key={source.sourceKey}>
              <label className="tick">
                <input
                  type="checkbox"
                  checked={source.unattended}
                  onChange={(event) => set.mutate({ ...source, unattended: event.target.checked })}
                />
                <Data>{source.sourceKey}</Data>{' '}
                <span className="soft">
                  {t('linking.counts', { count: source.images, linked: source.linked })}
                </span>
              </label>
              {source.stopped && (
                <p className="notice danger" lang="en">
                  <Data>{source.stopped}</Data>
                </p>
              )}
            </div>
          ))}
          {set.isError && <Failed error={set.error} />}
          <Samples />
        </>
      )}
    </Section>
  );
}

function Samples() {
  const { language, t } = useSpeech();
  const found = useQuery({
    queryKey: ['linking', 'samples'],
    queryFn: () => told(api.GET('/api/imaging/linking/samples')),
  });
  const judge = useAction(
    ({ id, right }: { id: string; right: boolean }) =>
      told(
        api.POST('/api/imaging/linking/samples/{sample_id}', {
          params: { path: { sample_id: id } },
          body: { right },
        }),
      ),
    ['linking', 'inbox', 'images'],
  );
  const open = found.data?.items.filter((one) => one.state === 'open') ?? [];
  if (open.length === 0) return null;
  return (
    <>
      <h3>{t('linking.samples')}</h3>
      {open.map((one) => (
        <div key={one.id} className="row">
          <Data>{one.sourceKey}</Data> {momentOf(one.madeAt, language)}
          <button type="button" onClick={() => judge.mutate({ id: one.id, right: true })}>
            {t('linking.right')}
          </button>
          <button type="button" className="danger" onClick={() => judge.mutate({ id: one.id, right: false })}>
            {t('linking.wrong')}
          </button>
        </div>
      ))}
      {judge.isError && <Failed error={judge.error} />}
    </>
  );
}
