import { expect, it } from 'vitest';
import { addressOf, placeOf } from './router';

it('reads the screen and the object in an address', () => {
  expect(placeOf('/')).toEqual({ screen: 'inbox', id: null });
  expect(placeOf('/patients/a%2Fb')).toEqual({ screen: 'patients', id: 'a/b' });
});

it('writes an address that is read back', () => {
  expect(placeOf(addressOf('images', 'x/y?z'))).toEqual({ screen: 'images', id: 'x/y?z' });
  expect(addressOf('inbox')).toBe('/inbox');
});
