import { useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { api, told } from '../api/client';
import { Link } from '../frame/Link';
import { useT } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import { Section } from '../parts/Section';
import { useAction } from '../parts/useAction';
import { field } from '../signin/form';
import { type DeviceAnswer, useDecideDevice } from './Devices';

const SIGNS: Record<string, string> = { ok: '✓', warning: '▲', fault: '✗' };
const RIGHTS = ['query', 'retrieve', 'pending', 'worklist'] as const;

/** One device: what is wrong with it, what it may do, and how it is called here. */
export function Device({ device }: { device: DeviceAnswer }) {
  const t = useT();
  const decide = useDecideDevice();
  const params = { path: { device_id: device.id } };
  const diagnosis = useQuery({
    queryKey: ['devices', 'diagnosis', device.id],
    queryFn: () => told(api.GET('/api/imaging/devices/{device_id}/diagnosis', { params })),
    staleTime: 0,
    refetchInterval: 10_000,
  });
  const save = useAction(
    (form: FormData) =>
      told(
        api.PATCH('/api/imaging/devices/{device_id}', {
          params,
          body: {
            name: field(form, 'name'),
            address: field(form, 'address'),
            port: Number(field(form, 'port')) || null,
            characterSet: field(form, 'characterSet'),
            dapUnit: field(form, 'dapUnit'),
          },
        }),
      ),
    ['devices'],
  );

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    save.mutate(new FormData(event.currentTarget));
  }
  return (
    <div className="device">
      <Section title={t('devices.diagnosis', { title: device.name || device.aeTitle })} found={diagnosis}>
        {({ findings }) => (
          <ol className="findings" lang="en">
            {findings.map((one) => (
              <li key={one.sentence} className={one.severity}>
                <strong aria-hidden="true">{SIGNS[one.severity] ?? '?'}</strong>{' '}
                <span className="hidden">{one.severity}: </span>
                <Data>{one.sentence}</Data>{' '}
                <span className="soft">
                  <Data>{one.advice}</Data>
                </span>
              </li>
            ))}
          </ol>
        )}
      </Section>
      <section className="card stack" aria-label={t('devices.settings')}>
        <h2>{t('devices.settings')}</h2>
        <form className="stack" onSubmit={submit}>
          <div className="fields">
            <label>
              {t('devices.name')}
              <input name="name" defaultValue={device.name} maxLength={200} />
            </label>
            <label>
              {t('devices.address')}
              <input name="address" defaultValue={device.address} maxLength={100} required />
            </label>
            <label>
              {t('devices.port')}
              <input name="port" type="number" min={1} max={65535} defaultValue={device.port ?? ''} />
            </label>
            <label>
              {t('devices.characterSet')}
              <input name="characterSet" defaultValue={device.characterSet} maxLength={60} />
            </label>
            <label>
              {t('devices.dapUnit')}
              <input name="dapUnit" defaultValue={device.dapUnit} maxLength={60} />
            </label>
          </div>
          {save.isError && <Failed error={save.error} />}
          {save.isSuccess && <p role="status">{t('frame.saved')}</p>}
          <div className="row">
            <button type="submit" className="primary">
              {t('frame.save')}
            </button>
            {device.state !== 'approved' && (
              <button type="button" onClick={() => decide.mutate({ id: device.id, decision: 'approve' })}>
                {t('devices.approve')}
              </button>
            )}
            {device.state !== 'blocked' && (
              <button
                type="button"
                className="danger"
                onClick={() => decide.mutate({ id: device.id, decision: 'block' })}
              >
                {t('devices.block')}
              </button>
            )}
            <Link to="/devices">{t('frame.close')}</Link>
          </div>
        </form>
        <Rights device={device} />
      </section>
    </div>
  );
}

/** What the device may do besides sending; off until an administrator allows it. */
function Rights({ device }: { device: DeviceAnswer }) {
  const t = useT();
  const set = useAction(
    (rights: string[]) =>
      told(
        api.PATCH('/api/imaging/devices/{device_id}', {
          params: { path: { device_id: device.id } },
          body: { rights },
        }),
      ),
    ['devices'],
  );
  const held: string[] = device.rights;
  return (
    <fieldset className="ticks">
      <legend>{t('devices.rights')}</legend>
      {RIGHTS.map((right) => (
        <label key={right} className="tick">
          <input
            type="checkbox"
            checked={held.includes(right)}
            onChange={(event) =>
              set.mutate(event.target.checked ? [...held, right] : held.filter((one) => one !== right))
            }
          />
          {t(`devices.right.${right}`)}
        </label>
      ))}
      {set.isError && <Failed error={set.error} />}
    </fieldset>
  );
}
