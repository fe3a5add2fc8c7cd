import { api, told } from '../api/client';
import { useSpeech, useT } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import { FormDialog } from '../parts/FormDialog';
import { agoOf } from '../parts/format';
import { Section } from '../parts/Section';
import { useAction } from '../parts/useAction';
import { visible } from '../parts/visible';
import { NodeFields, nodeIn } from './NodeFields';
import { type Node, useNodes } from './useNodes';

/** PACS and worklist servers that we ask, and archives that we send to. */
export function Nodes() {
  const t = useT();
  const found = useNodes();
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
          <FormDialog
            title={t('nodes.add')}
            act={(form) => told(api.POST('/api/imaging/nodes', { body: nodeIn(form) }))}
            topics={['devices']}
          >
            <NodeFields />
          </FormDialog>
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
  const abilities = Object.entries(node.abilities);
  return (
    <li>
      <div className="row">
        <strong>
          <Data>{node.name}</Data>
        </strong>
        <span className="mono">
          <Data>{addressesOf(node)}</Data>
        </span>
        <span className="soft">
          {node.testedAt ? t('nodes.tested', { ago: agoOf(node.testedAt, language) }) : t('nodes.untested')}
        </span>
        <button type="button" disabled={test.isPending} onClick={() => test.mutate()}>
          {t('nodes.test')}
        </button>
        <FormDialog
          title={t('nodes.edit', { name: visible(node.name) })}
          opens={t('patients.edit')}
          sends={t('frame.save')}
          act={(form) => told(api.PATCH('/api/imaging/nodes/{node_id}', { params, body: nodeIn(form) }))}
          topics={['devices']}
        >
          <NodeFields node={node} />
        </FormDialog>
        <button type="button" className="danger" onClick={() => remove.mutate()}>
          {t('frame.remove')}
        </button>
      </div>
      {abilities.length > 0 && (
        <ul className="abilities">
          {abilities.map(([name, why]) => (
            <li key={name}>
              <span className="mono">{name}</span>{' '}
              {why === null ? (
                <span className="tag verified">{t('nodes.works')}</span>
              ) : (
                <span className="soft" lang="en">
                  <Data>{why}</Data>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {test.isError && <Failed error={test.error} />}
      {remove.isError && <Failed error={remove.error} />}
    </li>
  );
}

/** Where a node is: over DICOM, over DICOMweb, or both. */
function addressesOf(node: Node): string {
  return [node.host && `${node.aeTitle} ${node.host}:${node.port}`, node.dicomweb]
    .filter(Boolean)
    .join(' · ');
}
