import type { ReactNode } from 'react';
import type { Node, Use } from '../devices/useNodes';
import { type Key, useT } from '../messages';
import { visible } from '../parts/visible';

/** Rules, a row each: what the columns are called beside the name and what can be done. */
export function RuleTable({ columns, children }: { columns: readonly Key[]; children: ReactNode }) {
  const t = useT();
  return (
    <div className="wide">
      <table className="rules">
        <thead>
          <tr>
            {(['rules.rule', ...columns] as const).map((column) => (
              <th key={column} scope="col">
                {t(column)}
              </th>
            ))}
            <th scope="col">
              <span className="hidden">{t('jobs.act')}</span>
            </th>
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** The name of a rule, and the node that it is about. */
export function RuleFields({ nodes, use }: { nodes: Node[]; use: Use }) {
  const t = useT();
  return (
    <>
      <label>
        {t('rules.name')}
        <input name="name" maxLength={64} required />
      </label>
      <label>
        {t('pacs.node')}
        <select name="node" required>
          {nodes
            .filter((node) => node.uses.includes(use))
            .map((node) => (
              <option key={node.id} value={node.id}>
                {visible(node.name)}
              </option>
            ))}
        </select>
      </label>
    </>
  );
}

interface SwitchProps {
  name: string;
  on: boolean;
  turn: (on: boolean) => void;
}

/** Whether a rule is on, and the way to switch it. */
export function Switch({ name, on, turn }: SwitchProps) {
  const t = useT();
  return (
    <label className="tick">
      <input
        type="checkbox"
        checked={on}
        aria-label={`${t('rules.on')}: ${visible(name)}`}
        onChange={(event) => turn(event.target.checked)}
      />
      {t('rules.on')}
    </label>
  );
}
