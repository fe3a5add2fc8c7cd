import { useQuery } from '@tanstack/react-query';
import { api, told } from '../api/client';
import { Link } from '../frame/Link';
import { addressOf } from '../frame/router';
import { useSpeech } from '../messages';
import { Data } from '../parts/Data';
import { bytesOf, momentOf } from '../parts/format';
import { Section } from '../parts/Section';
import { categoryKey } from '../parts/words';

/** What Porion holds, and what it kept aside: contradictions, files that could not be read, rejected images. */
export function Aside() {
  const { language, t } = useSpeech();
  const states = useQuery({
    queryKey: ['images', 'states'],
    queryFn: () => told(api.GET('/api/imaging/states')),
  });
  const conflicts = useQuery({
    queryKey: ['images', 'conflicts'],
    queryFn: () => told(api.GET('/api/imaging/conflicts')),
  });
  const quarantine = useQuery({
    queryKey: ['images', 'quarantine'],
    queryFn: () => told(api.GET('/api/imaging/quarantine')),
  });
  const rejected = useQuery({
    queryKey: ['inbox', 'rejected'],
    queryFn: () =>
      told(api.GET('/api/imaging/pending', { params: { query: { status: 'quarantined', limit: 50 } } })),
  });
  return (
    <>
      <Section title={t('aside.states')} found={states}>
        {(held) => (
          <ul className="counts">
            {(['linked', 'pending', 'conflict', 'quarantined'] as const).map((state) => (
              <li key={state}>
                {t(`aside.${state}`)} <strong>{new Intl.NumberFormat(language).format(held[state])}</strong>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={t('aside.rejectedTitle')} found={rejected}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft">{t('aside.none')}</p>
          ) : (
            <ul>
              {items.map((item) => (
                <li key={item.id}>
                  {item.images.slice(0, 3).map((image) => (
                    <Link key={image.id} to={addressOf('images', image.id)}>
                      {t(categoryKey(image.category))}{' '}
                    </Link>
                  ))}
                  <Data>{item.reason}</Data>
                </li>
              ))}
            </ul>
          )
        }
      </Section>
      <Section title={t('aside.conflictsTitle')} found={conflicts}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft">{t('aside.none')}</p>
          ) : (
            <ul>
              {items.map((one) => (
                <li key={one.id} className="mono">
                  <Data>{one.sopInstanceUid}</Data>{' '}
                  <a download href={`/api/imaging/conflicts/${encodeURIComponent(one.id)}/file`}>
                    {t('image.download', { size: bytesOf(one.size, language) })}
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </Section>
      <Section title={t('aside.quarantineTitle')} found={quarantine}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft">{t('aside.none')}</p>
          ) : (
            <ul>
              {items.map((one) => (
                <li key={one.id}>
                  <Data>{one.path}</Data> <span className="soft">{momentOf(one.receivedAt, language)}</span>{' '}
                  <span lang="en">
                    <Data>{one.reason}</Data>
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Section>
    </>
  );
}
