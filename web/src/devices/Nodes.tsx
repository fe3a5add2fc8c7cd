import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api, type Schemas, told } from '../api/client';
import { useSpeech, useT } from '../messages';
import { Data } from '../parts/Data';
import { Dialog } from '../parts/Dialog';
import { Failed } from '../parts/Failed';
import { agoOf } from '../parts/format';
import { Section } from '../parts/Section';
import { useAction } from '../parts/useAction';
import { field } from '../signin/form';

type Node = Schemas['NodeAnswer'];

/** PACS and worklist servers that we ask. */
export function Nodes() {
  const t = useT();
  const found = useQuery({
    queryKey: ['devices', 'nodes'],
    queryFn: () => told(api.GET('/api/imaging/nodes')),
  });
  return (
    <Section title={t('nodes.title')} found={found}>
      {({ items }) => (
        <>
          {items.length === 0 && <p className="soft">{t('nodes.none')}</p>}
          <ul className="nodes">
            {items.map((node) => (
              <NodeRow key={node.id} node={node} />
            ))}
          </ul>
          <AddNode />
        </>
      )}
    </Section>
  );
}

function NodeRow({ node }: { node: Node }) {
  const { language, t } = useSpeech();
  const params = { path: { node_id: node.id } };
  const test = useAction(() => told(api.POST('/api/imaging/nodes/{node_id}/test', { params })), ['devices']);
  const remove = useAction(() => told(api.DELETE('/api/imaging/nodes/{node_id}', { params })), ['devices']);
  const abilities = Object.entries(node.abilities as Record<string, unknown>);
  return (
    <li>
      <div className="row">
        <strong>
          <Data>{node.name}</Data>
        </strong>
        <span className="mono">
          <Data>{`${node.aeTitle} ${node.host}:${node.port}`}</Data>
        </span>
        <span className="soft">
          {node.testedAt ? t('nodes.tested', { ago: agoOf(node.testedAt, language) }) : t('nodes.untested')}
        </span>
        <button type="button" disabled={test.isPending} onClick={() => test.mutate()}>
          {t('nodes.test')}
        </button>
        <button type="button" className="danger" onClick={() => remove.mutate()}>
          {t('frame.remove')}
        </button>
      </div>
      {abilities.length > 0 && (
        <ul className="abilities">
          {abilities.map(([name, said]) => (
            <li key={name} className="mono">
              <Data>{name}</Data>: <Data>{typeof said === 'string' ? said : JSON.stringify(said)}</Data>
            </li>
          ))}
        </ul>
      )}
      {test.isError && <Failed error={test.error} />}
      {remove.isError && <Failed error={remove.error} />}
    </li>
  );
}

function AddNode() {
  const t = useT();
  const [open, setOpen] = useState(false);
  const add = useAction(
    (form: FormData) =>
      told(
        api.POST('/api/imaging/nodes', {
          body: {
            name: field(form, 'name'),
            aeTitle: field(form, 'aeTitle') || null,
            host: field(form, 'host') || null,
            port: Number(field(form, 'port')) || null,
            tls: form.has('tls'),
            dicomweb: field(form, 'dicomweb') || null,
            token: field(form, 'token') || null,
          },
        }),
      ),
    ['devices'],
    () => setOpen(false),
  );

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    add.mutate(new FormData(event.currentTarget));
  }
  return (
    <div>
      <button type="button" onClick={() => setOpen(true)}>
        {t('nodes.add')}
      </button>
      {open && (
        <Dialog title={t('nodes.add')} onClose={() => setOpen(false)}>
          <form className="stack" onSubmit={submit}>
            <div className="fields">
              <label>
                {t('devices.name')}
                <input name="name" maxLength={100} required />
              </label>
              <label>
                {t('devices.title')}
                <input name="aeTitle" maxLength={16} />
              </label>
              <label>
                {t('nodes.host')}
                <input name="host" maxLength={200} />
              </label>
              <label>
                {t('devices.port')}
                <input name="port" type="number" min={1} max={65535} />
              </label>
              <label>
                {t('nodes.dicomweb')}
                <input name="dicomweb" type="url" maxLength={500} />
              </label>
              <label>
                {t('nodes.token')}
                <input name="token" type="password" autoComplete="off" maxLength={1000} />
              </label>
            </div>
            <label className="tick">
              <input type="checkbox" name="tls" />
              TLS
            </label>
            {add.isError && <Failed error={add.error} />}
            <button type="submit" className="primary">
              {t('nodes.add')}
            </button>
          </form>
        </Dialog>
      )}
    </div>
  );
}
