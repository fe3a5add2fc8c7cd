import { useQuery } from '@tanstack/react-query';
import { api, told } from '../api/client';
import { useSpeech } from '../messages';
import { Data } from '../parts/Data';
import { momentOf } from '../parts/format';
import { Section } from '../parts/Section';
import type { DeviceAnswer } from './Devices';

/** What devices asked us to commit to before they delete their own copy. */
export function Commitments({ devices }: { devices: readonly DeviceAnswer[] }) {
  const { language, t } = useSpeech();
  const found = useQuery({
    queryKey: ['devices', 'commitments'],
    queryFn: () => told(api.GET('/api/imaging/commitments', { params: { query: { limit: 20 } } })),
  });
  const names = new Map(devices.map((one) => [one.id, one.name || one.aeTitle]));
  return (
    <Section title={t('commitments.title')} found={found}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="soft">{t('commitments.none')}</p>
        ) : (
          <div className="wide">
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('patients.when')}</th>
                  <th scope="col">{t('devices.device')}</th>
                  <th scope="col">{t('commitments.state')}</th>
                  <th scope="col" className="number">
                    {t('commitments.asked')}
                  </th>
                  <th scope="col" className="number">
                    {t('commitments.failed')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((one) => (
                  <tr key={one.id}>
                    <td>{momentOf(one.requestedAt, language)}</td>
                    <td>
                      <Data>{names.get(one.deviceId) ?? one.deviceId}</Data>
                    </td>
                    <td>
                      <Data>{one.state}</Data> <Data>{one.lastError}</Data>
                    </td>
                    <td className="number">{one.asked.length}</td>
                    <td className="number">{one.failed.length}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )
      }
    </Section>
  );
}
