import { expect, it } from 'vitest';
import { nodeIn } from './NodeFields';

function typed(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

it('says of a node what was typed and ticked', () => {
  const node = nodeIn(typed({ name: 'PACS', host: 'pacs', port: '104', tls: 'on', 'use-query': 'on' }));
  expect(node).toMatchObject({ name: 'PACS', host: 'pacs', port: 104, tls: true, mayBeLocal: false });
  expect(node.uses).toEqual(['query']);
});

it('takes away a text that was emptied, and keeps a port and a token that were not typed', () => {
  expect(nodeIn(typed({ name: 'PACS', host: '', port: '', token: '' }))).toMatchObject({
    host: '',
    port: null,
    token: null,
  });
});

it('takes a token away only when that is asked for', () => {
  expect(nodeIn(typed({ name: 'PACS', token: 'secret' })).token).toBe('secret');
  expect(nodeIn(typed({ name: 'PACS', token: '', noToken: 'on' })).token).toBe('');
});
