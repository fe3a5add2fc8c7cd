import type { Node, Use } from '../devices/useNodes';
import { useT } from '../messages';
import { visible } from '../parts/visible';

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

/** Whether a rule is on, and the way to switch it. */
export function Switch({ name, on, turn }: { name: string; on: boolean; turn: (on: boolean) => void }) {
  const t = useT();
  return (
    <button
      type="button"
      aria-pressed={on}
      aria-label={`${t('rules.on')}: ${visible(name)}`}
      onClick={() => turn(!on)}
    >
      {t(on ? 'rules.on' : 'rules.off')}
    </button>
  );
}
