import { describe, expect, it } from 'vitest';
import { Unshown, whyOf } from './pixels/failure';
import { placeOf, wantedSyntax } from './source';

describe('frames', () => {
  it('come as they are on this machine, and small over a network', () => {
    expect(wantedSyntax('127.0.0.1')).toBe('1.2.840.10008.1.2.1');
    expect(wantedSyntax('localhost')).toBe('1.2.840.10008.1.2.1');
    expect(wantedSyntax('porion.clinic.example')).toBe('1.2.840.10008.1.2.4.201');
  });

  it('know their place', () => {
    expect(placeOf('/dicom-web/studies/1.2/series/3.4/instances/5.6/frames/7')).toEqual({
      instance: '5.6',
      number: 7,
    });
    expect(() => placeOf('/elsewhere')).toThrow(Unshown);
  });
});

describe('an answer that is none', () => {
  it.each([
    [0, 'network'],
    [401, 'forbidden'],
    [403, 'forbidden'],
    [404, 'gone'],
    [422, 'undecodable'],
    [500, 'network'],
    [503, 'busy'],
  ] as const)('of status %d is told as %s', (status, why) => expect(whyOf(status)).toBe(why));
});
