/** Fifty launches of one study at once: the tests of npm test, at full size. */
import { afterEach } from 'vitest';
import { figure } from './figure.js';
import '../workflow/launches.test.js';

afterEach((context) => {
  if (context.task.result?.state === 'fail') return;
  const { name, suite } = context.task;
  figure(context, `${suite?.name ?? 'launches'} ${name}`, suite?.name === 'a launch' ? 'exit code 0' : `${process.env['SULCUS_SCALE'] === undefined ? 10 : 50} commands at once`);
});
