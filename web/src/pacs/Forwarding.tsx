import { useQuery } from '@tanstack/react-query';
import { api, type Schemas, told } from '../api/client';
import type { Node } from '../devices/useNodes';
import { type Translate, useT } from '../messages';
import { Data } from '../parts/Data';
import { Failed } from '../parts/Failed';
import { FormDialog } from '../parts/FormDialog';
import { Section } from '../parts/Section';
import { useAction } from '../parts/useAction';
import { CATEGORIES, categoryKey } from '../parts/words';
import { field } from '../signin/form';
import { Forwards } from './Forwards';
import { MODALITIES } from './question';
import { RuleFields, RuleTable, Switch } from './RuleParts';

type Rule = Schemas['RuleWithCounts'];

/** What is sent on by itself, and what became of it. */
export function Forwarding({ nodes }: { nodes: Node[] }) {
  const t = useT();
  const found = useQuery({
    queryKey: ['forwarding', 'rules'],
    queryFn: () => told(api.GET('/api/imaging/forwarding/rules')),
  });
  return (
    <Section title={t('forwarding.title')} found={found}>
      {({ items }) => (
        <>
          <p className="soft">{t('forwarding.lead')}</p>
          {items.length > 0 && (
            <RuleTable columns={['forwarding.to', 'rules.what', 'forwarding.counts']}>
              {items.map((one) => (
                <Row key={one.rule.id} of={one} />
              ))}
            </RuleTable>
          )}
          {nodes.length > 0 && <AddRule nodes={nodes} />}
          <Forwards rules={items} nodes={nodes} />
        </>
      )}
    </Section>
  );
}

function Row({ of: { rule, node, counts } }: { of: Rule }) {
  const t = useT();
  const params = { path: { rule_id: rule.id } };
  const turn = useAction(
    (enabled: boolean) =>
      told(api.PATCH('/api/imaging/forwarding/rules/{rule_id}', { params, body: { enabled } })),
    ['forwarding'],
  );
  const again = useAction(
    () => told(api.POST('/api/imaging/forwarding/rules/{rule_id}/retry', { params })),
    ['forwarding'],
  );
  const remove = useAction(
    () => told(api.DELETE('/api/imaging/forwarding/rules/{rule_id}', { params })),
    ['forwarding'],
  );
  const failed = turn.error ?? again.error ?? remove.error;
  return (
    <tr>
      <td>
        <Data>{rule.name}</Data>
      </td>
      <td>{node ? <Data>{node}</Data> : <em className="soft">{t('forwarding.gone')}</em>}</td>
      <td>
        <Data>{whatOf(rule, t)}</Data>
      </td>
      <td>
        {t('forwarding.stand', {
          waiting: counts.waiting ?? 0,
          sent: counts.sent ?? 0,
          givenUp: counts['given up'] ?? 0,
        })}
      </td>
      <td>
        <div className="row">
          <Switch name={rule.name} on={rule.enabled} turn={(on) => turn.mutate(on)} />
          {(counts['given up'] ?? 0) > 0 && (
            <button type="button" disabled={again.isPending} onClick={() => again.mutate()}>
              {t('forwarding.again')}
            </button>
          )}
          <button type="button" className="danger" onClick={() => remove.mutate()}>
            {t('frame.remove')}
          </button>
        </div>
        {again.data && <p role="status">{t('forwarding.waitAgain', { count: again.data.instances })}</p>}
        {Boolean(failed) && <Failed error={failed} />}
      </td>
    </tr>
  );
}

/** What a rule sends, in a line. */
function whatOf(rule: Rule['rule'], t: Translate): string {
  const narrowed = [rule.source, rule.category && t(categoryKey(rule.category)), rule.modality];
  const when = t(rule.verifiedOnly ? 'forwarding.verified' : 'forwarding.atOnce');
  return [...narrowed, when].filter(Boolean).join(', ');
}

function AddRule({ nodes }: { nodes: Node[] }) {
  const t = useT();
  function add(form: FormData) {
    const body = {
      name: field(form, 'name'),
      node: field(form, 'node'),
      source: field(form, 'source').trim(),
      category: field(form, 'category'),
      modality: field(form, 'modality'),
      verifiedOnly: form.has('verifiedOnly'),
    };
    return told(api.POST('/api/imaging/forwarding/rules', { body }));
  }
  return (
    <FormDialog title={t('forwarding.add')} act={add} topics={['forwarding']}>
      <div className="fields">
        <RuleFields nodes={nodes} use="forward" />
        <label>
          {t('forwarding.source')}
          <input name="source" maxLength={16} />
        </label>
        <label>
          {t('image.category')}
          <select name="category">
            <option value="">{t('forwarding.every')}</option>
            {CATEGORIES.map((category) => (
              <option key={category} value={category}>
                {t(categoryKey(category))}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('pacs.modality')}
          <select name="modality">
            <option value="">{t('pacs.anyModality')}</option>
            {MODALITIES.map((code) => (
              <option key={code} value={code}>
                {code}
              </option>
            ))}
          </select>
        </label>
      </div>
      <label className="tick">
        <input type="checkbox" name="verifiedOnly" defaultChecked />
        {t('forwarding.verifiedOnly')}
      </label>
    </FormDialog>
  );
}
