/** Fifty launches of one study at once: the tests of npm test, at full size. */
import { afterEach } from 'vitest';
import { figure } from './figure.js';
import '../workflow/launches.test.js';

afterEach((context) => {
  if (context.task.result?.state === 'fail') return;
  figure(context, `${context.task.suite?.name ?? 'launches'}: ${context.task.name}`, `${process.env['SULCUS_SCALE'] === undefined ? 10 : 50} commands at once`);
});
