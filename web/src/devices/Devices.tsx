import { useQuery } from '@tanstack/react-query';
import { api, type Schemas, told } from '../api/client';
import { Link } from '../frame/Link';
import { addressOf } from '../frame/router';
import { useSpeech } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import { agoOf } from '../parts/format';
import { Section } from '../parts/Section';
import { useAction } from '../parts/useAction';
import { AddDevice } from './AddDevice';
import { Commitments } from './Commitments';
import { Device } from './Device';
import { Network } from './Network';
import { Nodes } from './Nodes';
import './devices.css';

export type DeviceAnswer = Schemas['DeviceAnswer'];

/** Who sends, who asks to be let in, where we listen, and whom we ask. */
export default function Devices({ id }: { id: string }) {
  const { t } = useSpeech();
  const found = useQuery({
    queryKey: ['devices', 'all'],
    queryFn: () => told(api.GET('/api/imaging/devices')),
  });
  const all = found.data?.items ?? [];
  const opened = all.find((one) => one.id === id);
  return (
    <div className="screen">
      <h1>{t('frame.devices')}</h1>
      {all
        .filter((one) => one.state === 'waiting')
        .map((one) => (
          <Waiting key={one.id} device={one} />
        ))}
      {opened && <Device key={opened.id} device={opened} />}
      <Section title={t('devices.all')} found={found}>
        {({ items }) => (
          <>
            <Rows devices={items.filter((one) => one.state !== 'waiting')} />
            <AddDevice />
          </>
        )}
      </Section>
      <Network />
      <Nodes />
      <Commitments devices={all} />
    </div>
  );
}

export function useDecideDevice() {
  return useAction(
    ({ id, decision }: { id: string; decision: 'approve' | 'block' }) => {
      const params = { path: { device_id: id } };
      return decision === 'approve'
        ? told(api.POST('/api/imaging/devices/{device_id}/approve', { params, body: { address: null } }))
        : told(api.POST('/api/imaging/devices/{device_id}/block', { params }));
    },
    ['devices', 'overview'],
  );
}

function Waiting({ device }: { device: DeviceAnswer }) {
  const { language, t } = useSpeech();
  const decide = useDecideDevice();
  const called = (device.asked as { called?: string }).called;
  return (
    <section
      className="notice person waiting-device"
      aria-label={t('devices.wants', { title: device.aeTitle })}
    >
      <p>
        <strong>
          <Data>{device.aeTitle}</Data>
        </strong>{' '}
        {t('devices.wantsToSend')}{' '}
        <span className="mono">
          <Data>{device.address}</Data>
        </span>
        {device.lastSeen && <> · {agoOf(device.lastSeen, language)}</>}
        {called && (
          <>
            {' '}
            · {t('devices.called')} <Data>{called}</Data>
          </>
        )}
      </p>
      {device.lastError && (
        <p className="small" lang="en">
          <Data>{device.lastError}</Data>
        </p>
      )}
      <div className="row">
        <button
          type="button"
          className="primary"
          onClick={() => decide.mutate({ id: device.id, decision: 'approve' })}
        >
          {t('devices.approve')}
        </button>
        <button
          type="button"
          className="danger"
          onClick={() => decide.mutate({ id: device.id, decision: 'block' })}
        >
          {t('devices.block')}
        </button>
        <Link to={addressOf('devices', device.id)}>{t('devices.look')}</Link>
      </div>
      {decide.isError && <Failed error={decide.error} />}
    </section>
  );
}

function Rows({ devices }: { devices: readonly DeviceAnswer[] }) {
  const { language, t } = useSpeech();
  if (devices.length === 0) return <p className="soft">{t('devices.none')}</p>;
  return (
    <div className="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('devices.device')}</th>
            <th scope="col">{t('devices.title')}</th>
            <th scope="col">{t('devices.address')}</th>
            <th scope="col">{t('devices.seen')}</th>
            <th scope="col" className="number">
              {t('devices.stored')}
            </th>
            <th scope="col">{t('devices.error')}</th>
          </tr>
        </thead>
        <tbody>
          {devices.map((device) => (
            <tr key={device.id}>
              <td>
                <Link to={addressOf('devices', device.id)}>
                  <Data>{device.name || device.aeTitle}</Data>
                </Link>{' '}
                {device.state === 'blocked' && <span className="tag danger">{t('devices.blocked')}</span>}
              </td>
              <td className="mono">
                <Data>{device.aeTitle}</Data>
              </td>
              <td className="mono">
                <Data>{device.address}</Data>
              </td>
              <td>
                {device.lastSeen ? (
                  agoOf(device.lastSeen, language)
                ) : (
                  <span className="soft">{t('devices.never')}</span>
                )}
              </td>
              <td className="number">{new Intl.NumberFormat(language).format(device.stored)}</td>
              <td lang="en">
                <Data>{device.lastError}</Data>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
