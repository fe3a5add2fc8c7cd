import { expect, it } from 'vitest';
import { topicsOf } from './live';

it.each([
  ['{"topics":["inbox","images"]}', ['inbox', 'images']],
  ['{"topics":[1,"inbox"]}', ['inbox']],
  ['{"topics":"inbox"}', []],
  ['null', []],
  ['not json', []],
])('%s names %j', (data, topics) => {
  expect(topicsOf(data)).toEqual(topics);
});
