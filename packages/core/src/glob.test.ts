import { expect, it } from 'vitest';
import { globExpression } from './glob.ts';

it.each([
  ['resnet*', ['resnet', 'resnet20'], ['a-resnet', 'Resnet']],
  ['a?c', ['abc', 'a-c'], ['ac', 'abbc']],
  ['a.b', ['a.b'], ['axb']],
])('%s matches only %j', (pattern, matching, others) => {
  const expression = globExpression(pattern);
  for (const name of matching) expect(name).toMatch(expression);
  for (const name of others) expect(name).not.toMatch(expression);
});
