import type { Schemas } from '../api/client';
import { useT } from '../messages';
import { field } from '../signin/form';
import { type Node, USES } from './useNodes';

/** What an administrator says of a remote node: a new one, or one that is known. */
export function NodeFields({ node }: { node?: Node }) {
  const t = useT();
  return (
    <>
      <div className="fields">
        <label>
          {t('devices.name')}
          <input name="name" defaultValue={node?.name} maxLength={64} required />
        </label>
        <label>
          {t('devices.title')}
          <input name="aeTitle" defaultValue={node?.aeTitle} maxLength={16} />
        </label>
        <label>
          {t('nodes.host')}
          <input name="host" defaultValue={node?.host} maxLength={200} />
        </label>
        <label>
          {t('nodes.port')}
          <input name="port" type="number" min={1} max={65535} defaultValue={node?.port || ''} />
        </label>
        <label>
          {t('nodes.calling')}
          <input name="calling" defaultValue={node?.calling} maxLength={16} />
        </label>
        <label>
          {t('nodes.dicomweb')}
          <input name="dicomweb" type="url" defaultValue={node?.dicomweb} maxLength={500} />
        </label>
        <label>
          {t(node?.hasToken ? 'nodes.newToken' : 'nodes.token')}
          <input name="token" type="password" autoComplete="off" maxLength={1000} />
        </label>
      </div>
      <fieldset className="ticks">
        <legend>{t('nodes.uses')}</legend>
        {USES.map((use) => (
          <Tick key={use} name={`use-${use}`} is={node?.uses.includes(use) ?? true}>
            {t(`nodes.use.${use}`)}
          </Tick>
        ))}
      </fieldset>
      <div className="row">
        <Tick name="tls" is={node?.tls ?? false}>
          {t('nodes.tls')}
        </Tick>
        <Tick name="mayBeLocal" is={node?.mayBeLocal ?? false}>
          {t('nodes.local')}
        </Tick>
        {node?.hasToken && (
          <Tick name="noToken" is={false}>
            {t('nodes.noToken')}
          </Tick>
        )}
      </div>
    </>
  );
}

function Tick({ name, is, children }: { name: string; is: boolean; children: string }) {
  return (
    <label className="tick">
      <input type="checkbox" name={name} defaultChecked={is} />
      {children}
    </label>
  );
}

/** What was typed, as the API takes it: an empty text takes away, and a token that was not typed stays. */
export function nodeIn(form: FormData): Schemas['NewNode'] {
  return {
    name: field(form, 'name'),
    aeTitle: field(form, 'aeTitle'),
    host: field(form, 'host'),
    port: Number(field(form, 'port')) || null,
    calling: field(form, 'calling'),
    dicomweb: field(form, 'dicomweb'),
    token: form.has('noToken') ? '' : field(form, 'token') || null,
    tls: form.has('tls'),
    mayBeLocal: form.has('mayBeLocal'),
    uses: USES.filter((use) => form.has(`use-${use}`)),
  };
}
