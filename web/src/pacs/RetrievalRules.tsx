import { useQuery } from '@tanstack/react-query';
import { api, type Schemas, told } from '../api/client';
import type { Node } from '../devices/useNodes';
import { useSpeech, useT } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import { FormDialog } from '../parts/FormDialog';
import { momentOf } from '../parts/format';
import { Section } from '../parts/Section';
import { useAction } from '../parts/useAction';
import { field } from '../signin/form';
import { MODALITIES } from './question';
import { Rehearsal } from './Rehearsal';
import { RuleFields, RuleTable, Switch } from './RuleParts';

type Rule = Schemas['porion__http__retrieval_rules__RuleAnswer'];
const KINDS = ['priors', 'history'] as const;

/** What is fetched by itself, once a day. */
export function RetrievalRules({ nodes }: { nodes: Node[] }) {
  const t = useT();
  const found = useQuery({
    queryKey: ['rules', 'retrieval'],
    queryFn: () => told(api.GET('/api/imaging/retrieval-rules')),
  });
  return (
    <Section title={t('retrieval.title')} found={found}>
      {({ items }) => (
        <>
          <p className="soft">{t('retrieval.lead')}</p>
          {items.length > 0 && (
            <RuleTable columns={['pacs.node', 'rules.what', 'retrieval.next', 'retrieval.last']}>
              {items.map((rule) => (
                <Row key={rule.id} rule={rule} node={nodes.find((node) => node.id === rule.nodeId)} />
              ))}
            </RuleTable>
          )}
          {nodes.length > 0 && <AddRule nodes={nodes} />}
        </>
      )}
    </Section>
  );
}

function Row({ rule, node }: { rule: Rule; node: Node | undefined }) {
  const { language, t } = useSpeech();
  const params = { path: { rule_id: rule.id } };
  const turn = useAction(
    (enabled: boolean) =>
      told(api.PATCH('/api/imaging/retrieval-rules/{rule_id}', { params, body: { enabled } })),
    ['rules'],
  );
  const remove = useAction(
    () => told(api.DELETE('/api/imaging/retrieval-rules/{rule_id}', { params })),
    ['rules'],
  );
  const failed = turn.error ?? remove.error;
  return (
    <tr>
      <td>
        <Data>{rule.name}</Data>
      </td>
      <td>
        <Data>{node?.name ?? rule.nodeId}</Data>
      </td>
      <td>
        {t(`retrieval.kind.${rule.kind}`)}
        <br />
        {t('retrieval.years', { count: rule.years })} <Data>{rule.modalities.join(' ')}</Data>
      </td>
      <td>{rule.enabled ? momentOf(rule.nextRunAt, language) : <span className="soft">–</span>}</td>
      <td>
        {momentOf(rule.lastRunAt, language)}
        {rule.note && (
          <p className="small" lang="en">
            <Data>{rule.note}</Data>
          </p>
        )}
      </td>
      <td>
        <div className="row">
          <Switch name={rule.name} on={rule.enabled} turn={(on) => turn.mutate(on)} />
          <Rehearsal id={rule.id} name={rule.name} />
          <button type="button" className="danger" onClick={() => remove.mutate()}>
            {t('frame.remove')}
          </button>
        </div>
        {Boolean(failed) && <Failed error={failed} />}
      </td>
    </tr>
  );
}

function AddRule({ nodes }: { nodes: Node[] }) {
  const t = useT();
  function add(form: FormData) {
    const body = {
      name: field(form, 'name'),
      node: field(form, 'node'),
      kind: form.get('kind') === 'history' ? ('history' as const) : ('priors' as const),
      years: Number(field(form, 'years')),
      hour: Number(field(form, 'hour')),
      modalities: MODALITIES.filter((code) => form.has(code)),
    };
    return told(api.POST('/api/imaging/retrieval-rules', { body }));
  }
  return (
    <FormDialog title={t('retrieval.add')} act={add} topics={['rules']}>
      <div className="fields">
        <RuleFields nodes={nodes} use="retrieve" />
        <label>
          {t('rules.what')}
          <select name="kind">
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t(`retrieval.kind.${kind}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('retrieval.howFar')}
          <input name="years" type="number" min={1} max={50} defaultValue={5} required />
        </label>
        <label>
          {t('retrieval.hour')}
          <input name="hour" type="number" min={0} max={23} defaultValue={1} required />
        </label>
      </div>
      <fieldset className="ticks">
        <legend>{t('retrieval.modalities')}</legend>
        {MODALITIES.map((code) => (
          <label key={code} className="tick">
            <input type="checkbox" name={code} />
            {code}
          </label>
        ))}
      </fieldset>
    </FormDialog>
  );
}
