/** One thin row of tools: those that are held, and those that do something at once. */

import type { ReactNode } from 'react';
import { type Command, keyOf } from '../keys';
import { useWords } from '../words';
import { Icon } from './icons';

export interface ToolbarProps {
  /** Groups of tools with a gap between them. */
  readonly groups: readonly (readonly Command[])[];
  /** Tools that are on: held, or a state that a second press ends. */
  readonly on: ReadonlySet<string>;
  /** Tools that have an on and an off. */
  readonly switches: ReadonlySet<Command>;
  readonly disabled?: ReadonlySet<Command>;
  readonly press: (command: Command) => void;
  readonly children?: ReactNode;
}

const NONE: ReadonlySet<Command> = new Set();

export function Toolbar({ groups, on, switches, disabled = NONE, press, children }: ToolbarProps) {
  const { say } = useWords();
  return (
    <div className="viewer-tools" role="toolbar" aria-label={say('tools')}>
      {groups.map((group) => (
        <div className="viewer-group" key={group.join()}>
          {group.map((command) => (
            <Tool
              key={command}
              command={command}
              pressed={switches.has(command) ? on.has(command) : undefined}
              disabled={disabled.has(command)}
              press={press}
            />
          ))}
        </div>
      ))}
      {children}
    </div>
  );
}

interface ToolProps {
  readonly command: Command;
  readonly pressed: boolean | undefined;
  readonly disabled: boolean;
  readonly press: (command: Command) => void;
}

function Tool({ command, pressed, disabled, press }: ToolProps) {
  const { say } = useWords();
  const key = keyOf(command);
  return (
    <button
      type="button"
      className="viewer-tool"
      data-command={command}
      aria-label={say(`do.${command}`)}
      aria-pressed={pressed}
      aria-keyshortcuts={key || undefined}
      title={key ? `${say(`do.${command}`)} (${key})` : say(`do.${command}`)}
      disabled={disabled}
      onClick={() => press(command)}
    >
      <Icon of={command} />
    </button>
  );
}
